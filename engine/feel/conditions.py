"""Conditions that a person can build: comparisons of a field with a value, joined by and or or, and back from FEEL.

What is richer than that stays FEEL: `read` gives None for it, and nothing is rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from engine.feel import nodes
from engine.feel.parser import parse_expression
from engine.feel.rendering import number_text
from engine.language import kept
from engine.model.errors import Invalid


class Incomplete(Invalid):
    """A condition needs a field, a comparison and a value."""

    code = "condition-incomplete"


class Op(StrEnum):
    """How a field is compared; the last three take no value."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ONE_OF = "in"
    NONE_OF = "not in"
    TRUE = "is true"
    NOT_TRUE = "is not true"
    EMPTY = "is empty"


@dataclass(frozen=True, slots=True)
class Other:
    """Another field or a setting, to compare with."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, time or duration as FEEL writes it between quotes."""

    text: str


Operand: TypeAlias = str | Decimal | bool | Other | Moment | tuple[str | Decimal, ...] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `field` may be a path such as `settings.rounds`."""

    field: str
    op: Op
    value: Operand = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows or groups of which all (`and`) or any (`or`) hold."""

    join: str
    items: tuple[Row | Group, ...]


Condition: TypeAlias = Row | Group
_WITHOUT_VALUE = frozenset({Op.TRUE, Op.NOT_TRUE, Op.EMPTY})
#: groups inside each other that a person can still read
DEPTH = 3


def read(text: str, names: frozenset[str] = frozenset()) -> Condition | None:
    """The condition that an expression is, or None when it is richer than rows of comparisons. Raises FeelSyntaxError."""
    return _condition(parse_expression(text.strip().removeprefix("="), names), DEPTH)


def write(condition: Condition) -> str:
    """The condition as FEEL; `read` gives it back. Raises Incomplete for a row that is not complete."""
    return _written(condition, inside=False)


def _condition(node: nodes.Node, depth: int) -> Condition | None:
    if isinstance(node, nodes.Logic):
        if depth == 0:
            return None
        parts = [_condition(part, depth - 1) for part in _flat(node, node.op)]
        found = tuple(part for part in parts if part is not None)
        return Group(node.op, found) if len(found) == len(parts) else None
    return _row(node)


def _flat(node: nodes.Node, op: str) -> list[nodes.Node]:
    if isinstance(node, nodes.Logic) and node.op == op:
        return _flat(node.left, op) + _flat(node.right, op)
    return [node]


def _row(node: nodes.Node) -> Row | None:
    match node:
        case nodes.Comparison(op, left, right):
            return _compared(_field(left), op, right)
        case nodes.In(value, tests):
            return _listed(_field(value), tests, Op.ONE_OF)
        case nodes.Call(nodes.Name("not"), (inner,), ()):
            return _denied(_row(inner))
        case nodes.Name() | nodes.Path():
            field = _field(node)
            return Row(field, Op.TRUE) if field else None
        case _:
            return None


def _compared(field: str | None, op: str, right: nodes.Node) -> Row | None:
    if field is None:
        return None
    if op == "=" and isinstance(right, nodes.Literal) and right.value is None:
        return Row(field, Op.EMPTY)
    if op == "=" and isinstance(right, nodes.Literal) and right.value is True:
        return Row(field, Op.TRUE)
    value = _operand(right)
    return None if value is None else Row(field, Op(op), value)


def _denied(row: Row | None) -> Row | None:
    if row is None or row.op not in (Op.TRUE, Op.ONE_OF):
        return None
    return Row(row.field, Op.NOT_TRUE if row.op is Op.TRUE else Op.NONE_OF, row.value)


def _listed(field: str | None, tests: tuple[nodes.Node, ...], op: Op) -> Row | None:
    values = []
    for test in tests:
        operand = test.operand if isinstance(test, nodes.Test) and test.op == "=" else test
        value = _operand(operand)
        if not isinstance(value, (str, Decimal)) or isinstance(value, bool):
            return None
        values.append(value)
    return Row(field, op, tuple(values)) if field and values else None


def _field(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name) and node.name != "?":
        return node.name
    if isinstance(node, nodes.Path):
        base = _field(node.base)
        return f"{base}.{node.name}" if base else None
    return None


def _operand(node: nodes.Node) -> Operand:
    match node:
        case nodes.Literal(bool() as value) | nodes.Literal(str() as value) | nodes.Literal(Decimal() as value):
            return value
        case nodes.Negation(nodes.Literal(Decimal() as value)):
            return -value
        case nodes.AtLiteral(text):
            return Moment(text)
        case nodes.Call(nodes.Name("date" | "duration" | "date and time" | "time"), (nodes.Literal(str() as text),), ()):
            return Moment(text)
        case nodes.Name() | nodes.Path():
            name = _field(node)
            return Other(name) if name else None
        case _:
            return None


def _written(condition: Condition, *, inside: bool) -> str:
    if isinstance(condition, Row):
        return _row_text(condition)
    if condition.join not in ("and", "or") or not condition.items:
        raise Incomplete(kept("A group of conditions joins at least one row by “and” or “or”."))
    text = f" {condition.join} ".join(_written(item, inside=True) for item in condition.items)
    return f"({text})" if inside and len(condition.items) > 1 else text


def _row_text(row: Row) -> str:
    field = row.field.strip()
    if not field:
        raise Incomplete(kept("Choose the field that is compared."))
    if row.op is Op.TRUE:
        return f"{field} = true"
    if row.op is Op.NOT_TRUE:
        return f"not({field} = true)"
    if row.op is Op.EMPTY:
        return f"{field} = null"
    if row.op in (Op.ONE_OF, Op.NONE_OF):
        if not isinstance(row.value, tuple) or not row.value:
            raise Incomplete(kept("Choose at least one value to compare with."))
        listed = f"{field} in ({', '.join(_value_text(value) for value in row.value)})"
        return listed if row.op is Op.ONE_OF else f"not({listed})"
    if row.value is None or isinstance(row.value, tuple):
        raise Incomplete(kept("Give the value to compare with."))
    return f"{field} {row.op} {_value_text(row.value)}"


def _value_text(value: Operand) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
            return f'"{escaped}"'
        case Decimal():
            return number_text(value)
        case Moment(text):
            return f'@"{text}"'
        case Other(name):
            return name
        case _:
            raise Incomplete(kept("Give the value to compare with."))
