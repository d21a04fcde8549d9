"""Expressions compiled once and evaluated often; the public verbs of this package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from engine import clock
from engine.feel import access, builtins, literals, loops, nodes, operators
from engine.feel.analysis import entry_path, free_names, lost_condition, read_paths, retyped, written_keys
from engine.feel.errors import FeelLimit
from engine.feel.interpreter import Scope, Variables
from engine.feel.interpreter import evaluate as walk
from engine.feel.lexer import needs_help
from engine.feel.limits import Run
from engine.feel.nodes import Node, UnaryTests
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.values import Kind, Value, kind
from engine.language import kept

#: The modules whose import declares the rules and functions.
RULES = (access, builtins, literals, loops, operators)

#: Values of a context looked at in search of names that need help.
_MAX_NAMES_SOUGHT = 2_000
_WORDS = r"(?:if|then|else|for|in|return|some|every|satisfies|and|or|between|true|false|null|function)"
#: What a name that needs help would hold; and what it would hold behind a dot or in brackets, where an entry can be named.
_HELP_SIGNS = re.compile(rf"[-+*/.]|\b{_WORDS}\b")
_INNER_SIGNS = re.compile(rf"\.[^,()\[\]{{}}<>=!\"]*?(?:[-+*/.]|\b{_WORDS}\b)|\[")


@dataclass(frozen=True, slots=True)
class Result:
    """A value, and why it or a part of it is null."""

    value: Value
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    `names` are the variables it certainly reads from its context; `maybe_names` those inside filters, which may be
    entries of the elements instead.
    """

    text: str
    node: Node
    names: frozenset[str]
    maybe_names: frozenset[str]

    @property
    def entries(self) -> frozenset[str]:
        """The names that it gives values when it is a context, such as a script; none for anything else."""
        return frozenset(name for name, _ in self.node.entries) if isinstance(self.node, nodes.ContextOf) else frozenset()

    def paths(self) -> frozenset[tuple[str, ...]]:
        """What of a context decides its value, beside the moment: (name,), or (name, entry, …) where only an entry is read."""
        return read_paths(self.node)

    def path(self) -> tuple[str, ...] | None:
        """The name, and the entries of it, that it does no more than read; None for any other."""
        return entry_path(self.node)

    def keys(self) -> frozenset[str]:
        """Every name that can become an entry of a context it gives: keys and texts it holds, at any depth."""
        return written_keys(self.node)

    def evaluate(self, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """The value in a context. Never raises for what the values are; raises FeelLimit when a budget is used up."""
        return self.within(Run(now or clock.now()), context)

    def detail(self, context: Mapping[str, object], *, now: datetime | None = None) -> Result:
        """The value in a context with the reasons for nulls. Raises FeelLimit."""
        run = Run(now or clock.now())
        return Result(self.within(run, context), tuple(run.reasons))

    def within(self, run: Run, context: Mapping[str, object] | Variables) -> Value:
        """The value as a part of a larger run, whose budget and reasons it shares. Raises FeelLimit."""
        names = context if isinstance(context, Variables) else Variables(context)
        try:
            value = walk(self.node, Scope(names), run)
        except RecursionError:
            raise FeelLimit(kept("The expression is nested, or calls itself, too deeply.")) from None
        if isinstance(value, (list, dict)):
            run.weigh(value)
        return value


def compile(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """Parses an expression, or takes it from the cache. A leading `=` is ignored.

    `names` are names that the context will have; those with an operator or keyword in them can be read only when they
    are given here. Raises FeelSyntaxError, FeelLimit.
    """
    return _compiled(text, _meant(names, text), frozenset(), unary=False)


def compile_unary(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """As `compile`, for the tests of a decision cell; evaluated with the tested value as `?` in the context."""
    return _compiled(text, _meant(names, text), frozenset(), unary=True)


def split_unary(text: str, names: frozenset[str] = frozenset()) -> tuple[Expression, ...]:
    """The single tests of a decision cell, each to be evaluated as the whole is: the values of a list of allowed values."""
    whole = compile_unary(text, names)
    tests = whole.node.tests if isinstance(whole.node, UnaryTests) else ()
    return tuple(Expression(text, UnaryTests((test,)), whole.names, whole.maybe_names) for test in tests)


def with_types(expression: Expression, lookup: Callable[[str], nodes.TypeName | None]) -> Expression:
    """An expression that knows types of the host by name, in `instance of` and for the parameters of functions."""
    return replace(expression, node=retyped(expression.node, lookup))


def has_lost_condition(tests: Expression) -> bool:
    """Whether a cell holds a condition without `?`, which no value but true or false can pass."""
    return lost_condition(tests.node)


def literal_kind(expression: Expression) -> Kind | None:
    """The kind of an expression that is a literal, for checks at publish; None for any other, and for null."""
    node = expression.node
    return kind(node.value) if isinstance(node, nodes.Literal) and node.value is not None else None


def evaluate(text: str, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
    """The value of an expression in a context; null where the standard says so.

    Raises FeelSyntaxError for a text that is no expression, FeelLimit when a budget is used up.
    """
    return _for_context(text, context, unary=False).evaluate(context, now=now)


def evaluate_detail(text: str, context: Mapping[str, object], *, now: datetime | None = None) -> Result:
    """As `evaluate`, with the reasons for nulls."""
    return _for_context(text, context, unary=False).detail(context, now=now)


def unary(text: str, value: object, context: Mapping[str, object], *, now: datetime | None = None) -> bool | None:
    """Whether a value passes the tests of a decision cell: `-`, values, comparisons, ranges, lists, `not(...)`, or a
    condition over `?`. Null when the tests do not apply. Raises FeelSyntaxError, FeelLimit."""
    whole = {**context, nodes.TESTED: value}
    result = _for_context(text, whole, unary=True).evaluate(whole, now=now)
    return result if isinstance(result, bool) else None


def _for_context(text: str, context: Mapping[str, object], *, unary: bool) -> Expression:
    outer, inner = _signs(text)
    names = _meant(_unusual(context), text) if outer else _NO_NAMES
    if not inner:
        return _compiled(text, names, _NO_NAMES, unary=unary)
    known = getattr(context, "entry_names", None)  # a host that keeps its values unread knows their names itself
    return _compiled(text, names, _meant(known() if known else entry_names(context.values()), text), unary=unary)


@lru_cache(maxsize=4096)
def _signs(text: str) -> tuple[bool, bool]:
    """Whether a text may mean a variable whose name needs help, and an entry whose name does."""
    outer = bool(_HELP_SIGNS.search(text))
    return outer, outer and bool(_INNER_SIGNS.search(text))


_NO_NAMES: frozenset[str] = frozenset()
#: Names known to need no help, so that the many contexts that hold no other are looked through at once.
_usual: set[str] = set()
_MAX_USUAL = 10_000


def _unusual(names: Mapping[str, object]) -> Iterable[str]:
    """The names that need help."""
    rest = [name for name in names if name not in _usual and isinstance(name, str)]
    if not rest:
        return _NO_NAMES
    if len(_usual) > _MAX_USUAL:
        _usual.clear()
    _usual.update(name for name in rest if not needs_help(name))
    return [name for name in rest if needs_help(name)]


def _meant(names: Iterable[str], text: str) -> frozenset[str]:
    """The names that need help and that the text can mean: only these become part of the cache's key."""
    return frozenset(name for name in names if needs_help(name) and all(word in text for word in name.split()))


#: Types of values that hold no names, most of all values.
_LEAVES = frozenset({str, int, float, bool, Decimal, type(None)})


def entry_names(values: Iterable[object]) -> Iterator[str]:
    """The names within values that need help, so far as they are looked for; a host may give them by a method of this name."""
    pending = list(values)
    seen = 0
    while pending and seen < _MAX_NAMES_SOUGHT:
        value = pending.pop()
        seen += 1
        if type(value) in _LEAVES:
            continue
        if isinstance(value, Mapping):
            yield from _unusual(value)
            pending.extend(value.values())
        elif isinstance(value, (list, tuple)):
            pending.extend(value[:1])


@lru_cache(maxsize=2048)
def _compiled(text: str, names: frozenset[str], inner: frozenset[str], *, unary: bool) -> Expression:
    # An equals sign put before an expression by an editor becomes a space, so that places in errors stay right.
    bare = text if unary else re.sub(r"\A(\s*)=", r"\1 ", text, count=1)
    node: Node = parse_unary_tests(bare, names, inner) if unary else parse_expression(bare, names, inner)
    certain, maybe = free_names(node)
    return Expression(text, node, certain, maybe)
