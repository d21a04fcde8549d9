"""The parts of a parsed expression. Frozen, so that a compiled expression can be shared by threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from engine.feel.values import Value


class Quantifier(StrEnum):
    """Whether one element has to satisfy a condition, or all."""

    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean or null."""

    value: Value


@dataclass(frozen=True, slots=True)
class AtLiteral:
    """A date, time or duration written `@"..."`."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, function or `?`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """`{a: 1, b: a + 1}`; each entry sees those before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`[a..b]`, `(a..b)`, or `(< b)` with one end missing."""

    low_in: bool
    low: Node | None
    high: Node | None
    high_in: bool


@dataclass(frozen=True, slots=True)
class Path:
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[condition]` or `base[position]`."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`target(a, b)` or, with `named`, `target(name: a)`."""

    target: Node
    positional: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right` with op one of + - * / **."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left op right` with op one of = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """`left op right` with op one of and, or."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test:
    """A unary test `op operand` against the value tested."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Condition:
    """A test that speaks of the tested value by `?`, so that its own truth decides."""

    expression: Node


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`: true when one of the tests holds."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a decision cell: any of them (`tests`), none of them (`negated`), or `-` (no tests: always true)."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if condition then positive else negative`."""

    condition: Node
    positive: Node
    negative: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in domain`, or `name in domain..last`."""

    name: str
    domain: Node
    last: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """`for iterations return body`. `looks_back` says whether the body reads the results so far by `partial`."""

    iterations: tuple[Iteration, ...]
    body: Node
    looks_back: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some|every iterations satisfies condition`."""

    quantifier: Quantifier
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type: its name, and for list, range, context and function what they hold.

    `inner` are a list's or range's element, a context's entries or a function's parameters (`names` beside them);
    `result` is what a function gives. `allows` says whether a value is among those that a type of the host allows.
    """

    name: str
    inner: tuple[TypeName, ...] = ()
    names: tuple[str, ...] = ()
    result: TypeName | None = None
    allows: Callable[[Value], bool] | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """`function(parameters) body`; `external` ones are read but never run."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    external: bool = False


#: The names that the language itself gives: the value that tests test, and the results of a loop so far.
TESTED = "?"
PARTIAL = "partial"

Node: TypeAlias = (
    Literal
    | AtLiteral
    | Name
    | ListOf
    | ContextOf
    | RangeOf
    | Path
    | Filter
    | Call
    | Arithmetic
    | Negation
    | Comparison
    | Logic
    | Between
    | Test
    | Condition
    | In
    | UnaryTests
    | Conditional
    | For
    | Quantified
    | InstanceOf
    | FunctionOf
)


def mentions(root: object, name: str) -> bool:
    """Whether a name is read anywhere in a node."""
    pending = [root]
    while pending:
        part = pending.pop()
        if isinstance(part, Name) and part.name == name:
            return True
        if isinstance(part, tuple):
            pending.extend(part)
        elif hasattr(part, "__dataclass_fields__"):
            pending.extend(getattr(part, field) for field in part.__dataclass_fields__)
    return False
