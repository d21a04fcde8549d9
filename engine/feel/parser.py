"""Tokens to nodes, by the grammar beside this file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path as File
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.lexer import Lexer

from engine.feel import nodes
from engine.feel.errors import FeelLimit, FeelSyntaxError
from engine.feel.lexer import tokens
from engine.feel.nodes import Iteration, Node, TypeName, UnaryTests
from engine.feel.values import number
from engine.language import kept

#: Grammar rule 64; before any other character a backslash is itself, as patterns need it.
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
#: What no store can keep: half a character, and the character of nothing.
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
_HALF_RANGES = {"<": (False, False), "<=": (False, True), ">": (False, False), ">=": (True, False), "=": (True, True)}


def parse_expression(text: str, names: frozenset[str] = frozenset(), inner: frozenset[str] = frozenset()) -> Node:
    """The tree of an expression. Raises FeelSyntaxError, FeelLimit."""
    return _parse(text, tokens(text, names, inner), "expression")  # type: ignore[return-value]  # what this start gives


def parse_unary_tests(text: str, names: frozenset[str] = frozenset(), inner: frozenset[str] = frozenset()) -> UnaryTests:
    """The tests of a decision cell. Raises FeelSyntaxError, FeelLimit."""
    found = tokens(text, names, inner)
    if _negates_all(found):
        found[0] = Token("_NOT_TESTS", "not", start_pos=found[0].start_pos, line=found[0].line, column=found[0].column)
    return _parse(text, found, "unary_tests")  # type: ignore[return-value]  # what this start gives


def _negates_all(found: list[Token]) -> bool:
    """Whether the whole cell is `not(...)`: the bracket behind not is closed by the last token."""
    if len(found) < 3 or found[0] != "not" or found[0].type != "NAME" or found[1].type != "LPAR":
        return False
    depth = 0
    for place, token in enumerate(found[1:], start=1):
        depth += token.type in ("LPAR", "LSQB", "OPEN_LOW", "_LBRACE")
        depth -= token.type in ("RPAR", "RSQB", "OPEN_HIGH", "_RBRACE")
        if depth == 0:
            return place == len(found) - 1
    return False


def _parse(text: str, found: list[Token], start: str) -> object:
    try:
        return _lark().parse(found, start=start)
    except UnexpectedToken as error:
        raise _syntax_error(text, error) from None
    except UnexpectedInput as error:
        raise FeelSyntaxError(text, max(error.line, 1), max(error.column, 1), kept("This does not fit here.")) from None
    except RecursionError:
        raise FeelLimit(kept("The expression is nested too deeply; split it.")) from None


def _syntax_error(text: str, error: UnexpectedToken) -> FeelSyntaxError:
    if error.token.type != "$END":
        line, column = error.token.line or 1, error.token.column or 1
        doubled = str(error.token) == "=" and text.split("\n")[line - 1][: column - 1].endswith("=")
        what = kept("one = is enough to compare.") if doubled else kept("check what stands before it.")
        return FeelSyntaxError(text, line, column, kept("{token} does not fit here; {what}", token=repr(str(error.token)), what=what))
    lines = text.rstrip().split("\n")
    message = kept("The expression ends too early; complete it.") if text.strip() else kept("The expression is empty; write one.")
    return FeelSyntaxError(text, len(lines), len(lines[-1]) + 1, message)


class _Tokens(Lexer):
    """Hands lark the tokens that were made beforehand."""

    def __init__(self, _conf: object) -> None:
        pass

    def lex(self, data: Any) -> Any:  # type: ignore[override]  # lark passes what parse was given
        return iter(data)


def _unescape(quoted: str) -> str:
    plain = _ESCAPE.sub(_escaped, quoted[1:-1]) if "\\" in quoted else quoted[1:-1]
    whole = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain)
    return _UNSTORABLE.sub("\ufffd", whole)


def _escaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(found[3], found[0])


def _cell(test: Node) -> Node:
    conditional = not isinstance(test, nodes.Test | nodes.Name) and nodes.mentions(test, nodes.TESTED)
    return nodes.Condition(test) if conditional else test


@v_args(inline=True)
class _Build(Transformer[Token, Any]):
    """One method a rule of the grammar; each gives a node."""

    def expression(self, node: Node) -> Node:
        return node

    def number(self, token: Token) -> Node:
        try:
            return nodes.Literal(number(str(token)))
        except ArithmeticError:
            raise FeelLimit(kept("A number in the expression is larger than any number may be.")) from None

    def string(self, token: Token) -> Node:
        return nodes.Literal(_unescape(token))

    def at_literal(self, token: Token) -> Node:
        return nodes.AtLiteral(_unescape(token[1:]))

    def true(self, _token: Token) -> Node:
        return nodes.Literal(True)

    def false(self, _token: Token) -> Node:
        return nodes.Literal(False)

    def null(self, _token: Token) -> Node:
        return nodes.Literal(None)

    def name(self, token: Token) -> Node:
        return nodes.Name(str(token))

    def group(self, _open: Token, node: Node, _close: Token) -> Node:
        return node

    def logic(self, left: Node, op: Token, right: Node) -> Node:
        return nodes.Logic(str(op), left, right)

    def comparator(self, op: Token) -> str:
        return str(op)

    def compare(self, left: Node, op: str, right: Node) -> Node:
        return nodes.Comparison(op, left, right)

    def between(self, value: Node, low: Node, _and: Token, high: Node) -> Node:
        return nodes.Between(value, low, high)

    def contained(self, value: Node, _in: Token, tests: Node | tuple[Node, ...]) -> Node:
        return nodes.In(value, tests if isinstance(tests, tuple) else (tests,))

    def memberships(self, _open: Token, *rest: Any) -> tuple[Node, ...]:
        return rest[:-1]

    def test(self, op: str, operand: Node) -> Node:
        return nodes.Test(op, operand)

    def half_range(self, _open: Token, test: nodes.Test, _close: Token) -> Node:
        if test.op not in _HALF_RANGES:
            return test
        low_in, high_in = _HALF_RANGES[test.op]
        low = test.operand if test.op in (">", ">=", "=") else None
        high = test.operand if test.op in ("<", "<=", "=") else None
        return nodes.RangeOf(low_in, low, high, high_in)

    def instance_of(self, value: Node, kind: TypeName) -> Node:
        return nodes.InstanceOf(value, kind)

    def arithmetic(self, left: Node, op: Token, right: Node) -> Node:
        return nodes.Arithmetic(str(op), left, right)

    def negate(self, _minus: Token, operand: Node) -> Node:
        return nodes.Negation(operand)

    def path(self, base: Node, name: Token) -> Node:
        return nodes.Path(base, str(name))

    def filter(self, base: Node, _open: Token, condition: Node, _close: Token) -> Node:
        return nodes.Filter(base, condition)

    def call(self, target: Node, _open: Token, *rest: Any) -> Node:
        return nodes.Call(target, positional=rest[:-1])

    def call_named(self, target: Node, _open: Token, *rest: Any) -> Node:
        return nodes.Call(target, named=rest[:-1])

    def argument(self, name: Token, value: Node) -> tuple[str, Node]:
        return str(name), value

    def range(self, opened: Token, low: Node, high: Node, closed: Token) -> Node:
        return nodes.RangeOf(opened.type == "LSQB", low, high, closed.type == "RSQB")

    def list(self, _open: Token, *rest: Any) -> Node:
        return nodes.ListOf(tuple(item for item in rest[:-1] if item is not None))

    def context(self, *entries: Any) -> Node:
        return nodes.ContextOf(tuple(entry for entry in entries if entry is not None))

    def entry(self, key: Token, value: Node) -> tuple[str, Node]:
        return (_unescape(key) if key.type == "STRING" else str(key)), value

    def conditional(self, condition: Node, positive: Node, negative: Node) -> Node:
        return nodes.Conditional(condition, positive, negative)

    def iterations(self, *found: Iteration) -> tuple[Iteration, ...]:
        return found

    def iteration(self, name: Token, _in: Token, domain: Node, last: Node | None = None) -> Iteration:
        return Iteration(str(name), domain, last)

    def for_loop(self, iterations: tuple[Iteration, ...], body: Node) -> Node:
        return nodes.For(iterations, body, nodes.mentions(body, nodes.PARTIAL))

    def quantified(self, word: Token, iterations: tuple[Iteration, ...], condition: Node) -> Node:
        return nodes.Quantified(nodes.Quantifier(str(word)), iterations, condition)

    def parameters(self, *found: Any) -> tuple[Any, ...]:
        return tuple(parameter for parameter in found if parameter is not None)

    def parameter(self, name: Token, kind: TypeName | None) -> tuple[str, TypeName | None]:
        return str(name), kind

    def function(self, _word: Token, _open: Token, parameters: Any, _close: Token, external: Token | None, body: Node) -> Node:
        return nodes.FunctionOf(parameters, body, external is not None)

    def type_name(self, name: Token) -> TypeName:
        return TypeName("Null" if name.type == "NULL" else str(name))

    def type_of(self, name: Token, _open: Token, *rest: Any) -> TypeName:
        return TypeName(str(name), rest[:-1])

    def type_entry(self, name: Token, kind: TypeName) -> tuple[str, TypeName]:
        return str(name), kind

    def type_context(self, name: Token, _open: Token, *rest: Any) -> TypeName:
        return TypeName(str(name), tuple(kind for _, kind in rest[:-1]), tuple(key for key, _ in rest[:-1]))

    def type_function(self, _word: Token, _open: Token, *rest: Any) -> TypeName:
        return TypeName("function", tuple(kind for kind in rest[:-2] if kind is not None), result=rest[-1])

    def any_value(self, _minus: Token) -> UnaryTests:
        return UnaryTests(())

    def none_of(self, _open: Token, *rest: Any) -> UnaryTests:
        return UnaryTests(tuple(map(_cell, rest[:-1])), negated=True)

    def any_of(self, *tests: Node) -> UnaryTests:
        return UnaryTests(tuple(map(_cell, tests)))


@cache
def _lark() -> Lark:
    return Lark(
        File(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer=_Tokens,
        start=["expression", "unary_tests"],
        maybe_placeholders=True,
        transformer=_Build(),
    )
