"""The walk over a parsed expression: one rule a kind of node, every visit counted against the run's budget.

The rules register themselves: literals, operators, access and loops each in the module of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_DEPTH, Run
from engine.feel.nodes import Literal, Node
from engine.feel.values import Value, coerce
from engine.language import kept


@dataclass(slots=True)
class Scope:
    """Names visible at one place; a name not found here is looked for in the scope around it. Never changed; one is made
    for every turn of a loop, which a frozen dataclass makes at three times the price."""

    names: Names
    around: Scope | None = None


class Variables:
    """The host's context: each value is made a FEEL value when it is first asked for. May stand within another."""

    __slots__ = ("_around", "_given", "_made")

    def __init__(self, given: Mapping[str, object], around: Variables | None = None) -> None:
        self._given = given
        self._around = around
        self._made: dict[str, Value] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default."""
        if name in self._made:
            return self._made[name]
        if name in self._given:
            made = self._made[name] = coerce(self._given[name])
            return made
        return default if self._around is None else self._around.get(name, default)

    def raw(self, name: str, default: Any = None) -> Any:
        """As `get`, without making it a FEEL value: for what reads only a part of it."""
        if name in self._made:
            return self._made[name]
        if name in self._given:
            return self._given[name]
        return default if self._around is None else self._around.raw(name, default)


class Names(Protocol):
    """What names are looked up in."""

    def get(self, name: str, default: Any, /) -> Any:
        """The value of a name, or the default."""


Rule = Callable[[Any, Scope, Run], Value]
Declared = TypeVar("Declared", bound=Rule)

_RULES: dict[type, Rule] = {}
_MISSING = object()
#: The time is looked at when the steps left are a multiple of this and one.
_LOOK = 1023


def rule(node: type) -> Callable[[Declared], Declared]:
    """Declares how nodes of one type are evaluated."""

    def declare(body: Declared) -> Declared:
        _RULES[node] = body
        return body

    return declare


def evaluate(node: Node, scope: Scope, run: Run) -> Value:
    """The value of a node. Raises FeelLimit when the run's budget is used up."""
    if type(node) is Literal:
        return node.value
    run.steps -= 1
    if run.steps < 0:
        raise FeelLimit(kept("The expression takes more steps than one may; make its lists smaller."))
    if not run.steps & _LOOK:
        run.look()
    run.depth += 1
    if run.depth > MAX_DEPTH:
        raise FeelLimit(kept("The expression is nested, or calls itself, more than {max_depth} levels deep.", max_depth=MAX_DEPTH))
    value = _RULES[type(node)](node, scope, run)
    run.depth -= 1
    return value


def lookup(scope: Scope | None, name: str, default: object = _MISSING) -> Value:
    """The value of a name in the nearest scope that has it. Raises KeyError when none has and no default is given."""
    while scope is not None:
        found = scope.names.get(name, _MISSING)
        if found is not _MISSING:
            return found  # type: ignore[no-any-return]  # names hold values, those of the host through Variables
        scope = scope.around
    if default is _MISSING:
        raise KeyError(name)
    return default  # type: ignore[return-value]  # the caller's own marker


def part(scope: Scope | None, name: str, inner: list[str]) -> tuple[object, int]:
    """What the nearest scope holds for a name and, as far as these are contexts, for the inner names behind it, and how
    many names that took: none when no scope has the first. It may not be a FEEL value yet.

    An entry of a large variable of the host is reached without making all of it FEEL values.
    """
    while scope is not None:
        get = scope.names.raw if type(scope.names) is Variables else scope.names.get
        found = get(name, _MISSING)
        if found is not _MISSING:
            taken = 0
            while taken < len(inner) and type(found) is dict and inner[taken] in found:
                found = found[inner[taken]]
                taken += 1
            return found, taken + 1
        scope = scope.around
    return None, 0
