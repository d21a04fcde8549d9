"""A decision model as read: decisions, their logic, and what they require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from engine.feel import Expression, Kind


class HitPolicy(StrEnum):
    """What a table gives when its rules apply (DMN 1.5, 8.2.8)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What a COLLECT table makes of the outputs it collects."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type that a value has to have: its kind (None is any), whether it is a list of them, the allowed values, and
    the types of the entries that a context has to have."""

    kind: Kind | None = None
    many: bool = False
    allowed: Expression | None = None
    entries: tuple[tuple[str, ValueType], ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One column of conditions. `title` is what people read."""

    id: str
    title: str
    expression: Expression
    type: ValueType


@dataclass(frozen=True, slots=True)
class Output:
    """One column of results. `priorities` are its values, the most important first; `default` counts when no rule applies."""

    id: str
    name: str
    type: ValueType
    priorities: tuple[Expression, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. A condition of None is always true, a result of None is null; `types` are those that single results declare."""

    id: str
    conditions: tuple[Expression | None, ...]
    results: tuple[Expression | None, ...]
    types: tuple[ValueType, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A literal expression."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Entries:
    """A boxed context: each entry sees those before it; `result` gives the value when there is a final one."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A boxed list."""

    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A boxed call of a function, with arguments by name."""

    function: Expression
    arguments: tuple[tuple[str, Logic], ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A boxed function: parameters with their types, and its body."""

    parameters: tuple[tuple[str, ValueType], ...]
    body: Logic


@dataclass(frozen=True, slots=True)
class Choice:
    """A boxed conditional."""

    condition: Logic
    positive: Logic
    negative: Logic


class LoopKind(StrEnum):
    """What a boxed loop gives: all results, or whether one or all are true."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Loop:
    """A boxed loop over a list."""

    kind: LoopKind
    name: str
    domain: Logic
    body: Logic


@dataclass(frozen=True, slots=True)
class Sieve:
    """A boxed filter of a list."""

    domain: Logic
    match: Logic


@dataclass(frozen=True, slots=True)
class Typed:
    """Logic whose value has to be of a type."""

    logic: Logic
    type: ValueType


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A decision service: a function of inputs and of decisions given from outside, to the values of decisions.

    `result` is the type that the service itself declares for what it gives, `takes` those for what it is given, by name.
    """

    inputs: tuple[str, ...]
    given: tuple[str, ...]
    outputs: tuple[str, ...]
    result: ValueType = field(default_factory=ValueType)
    takes: Mapping[str, ValueType] = field(default_factory=dict)


Logic: TypeAlias = Table | Formula | Entries | Items | Invocation | Procedure | Choice | Loop | Sieve | Typed | Subgraph


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision or, with `reusable`, a business knowledge model or a decision service, whose logic is a function.

    `inputs` are the names of the variables it needs from outside, those of the decisions it requires included;
    `outputs` the names of what it gives: one for a value, several for a context.
    """

    id: str
    name: str
    logic: Logic
    requires: tuple[str, ...] = ()
    type: ValueType = field(default_factory=ValueType)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    reusable: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file: its id, name, all decisions by id, and the types of the inputs that declare one, by name."""

    id: str
    name: str
    decisions: Mapping[str, Decision]
    inputs: Mapping[str, ValueType] = field(default_factory=dict)
