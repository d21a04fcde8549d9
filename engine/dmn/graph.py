"""What decisions require of each other: no circles, and the inputs that come from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.dmn.model import (
    Choice,
    Decision,
    Entries,
    Formula,
    Invocation,
    Items,
    Logic,
    Loop,
    Procedure,
    Sieve,
    Subgraph,
    Table,
    Typed,
)
from engine.feel import Expression
from engine.language import kept
from engine.model.errors import Problem

#: Decisions that may require each other in a row.
MAX_CHAIN = 40


def requirements(decisions: Mapping[str, Decision], file: str) -> list[Problem]:
    """Decisions that require themselves, by whatever way, or through too long a chain."""
    problems: list[Problem] = []
    heights: dict[str, int] = {}
    for key in decisions:
        _height(key, decisions, heights, (), problems, file)
    return problems


def _height(
    key: str, decisions: Mapping[str, Decision], heights: dict[str, int], below: tuple[str, ...], problems: list[Problem], file: str
) -> int:
    if key in below:
        circle = " requires ".join((*below[below.index(key) :], key))
        problems.append(
            Problem(
                file,
                key,
                "dmn-circle",
                kept("Decisions cannot require each other in a circle; remove one requirement: {circle}.", circle=circle),
            )
        )
        heights[key] = 0
    elif len(below) > MAX_CHAIN:
        problems.append(
            Problem(
                file,
                key,
                "dmn-too-deep",
                kept("More than {max_chain} decisions require each other in a row; join some of them.", max_chain=MAX_CHAIN),
            )
        )
        heights[key] = 0
    if key not in heights:
        heights[key] = 1 + max(
            (_height(inner, decisions, heights, (*below, key), problems, file) for inner in decisions[key].requires), default=0
        )
    return heights[key]


def inputs_of(key: str, decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """The names of the variables that a decision, and those it requires, read from outside, sorted."""
    found: set[str] = set()
    pending, seen = [key], set()
    while pending:
        current = decisions[pending.pop()]
        if current.id in seen:
            continue
        seen.add(current.id)
        given = {decisions[inner].name for inner in current.requires}
        found |= set(_read_by(current.logic, frozenset(given)))
        if not isinstance(current.logic, Subgraph):
            pending.extend(current.requires)
    return tuple(sorted(found))


def _read_by(logic: Logic, bound: frozenset[str]) -> Iterator[str]:
    match logic:
        case Formula(expression):
            yield from expression.names - bound
        case Table():
            for expression in _expressions(logic):
                yield from expression.names - bound
        case Entries():
            yield from _read_by_entries(logic, bound)
        case Invocation():
            yield from logic.function.names - bound
            for _, inner in logic.arguments:
                yield from _read_by(inner, bound)
        case _:
            for inner, names in _inner(logic):
                yield from _read_by(inner, bound | names)


def _inner(logic: Logic) -> Iterator[tuple[Logic, frozenset[str]]]:
    """The logic within logic, with the names that are bound for it."""
    nothing: frozenset[str] = frozenset()
    match logic:
        case Items(items):
            yield from ((item, nothing) for item in items)
        case Procedure():
            yield logic.body, frozenset(name for name, _ in logic.parameters)
        case Choice():
            yield from ((part, nothing) for part in (logic.condition, logic.positive, logic.negative))
        case Loop():
            yield logic.domain, nothing
            yield logic.body, frozenset({logic.name, "partial"})
        case Sieve():
            # What a filter reads may be an entry of an element, so that only its list counts.
            yield logic.domain, nothing
        case Typed():
            yield logic.logic, nothing
        case Subgraph():
            return


def _read_by_entries(logic: Entries, bound: frozenset[str]) -> Iterator[str]:
    for name, inner in logic.entries:
        yield from _read_by(inner, bound)
        bound = bound | {name}
    if logic.result is not None:
        yield from _read_by(logic.result, bound)


def _expressions(table: Table) -> Iterator[Expression]:
    for column in table.inputs:
        yield column.expression
    for output in table.outputs:
        if output.default is not None:
            yield output.default
    for rule in table.rules:
        yield from (cell for cell in (*rule.conditions, *rule.results) if cell is not None)
