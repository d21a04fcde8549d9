"""Decision tables: which rules apply, and what the hit policy makes of them (DMN 1.5, 8.2.8 to 8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine import feel
from engine.dmn.errors import DecisionError
from engine.dmn.model import Aggregation, HitPolicy, Output, Rule, Table
from engine.dmn.types import DecisionRun, conformed
from engine.feel import Expression, Value, Variables
from engine.language import kept

#: compiled when first needed: the first expression of a process builds the grammar, which starting up need not wait for
_FOLDS = {Aggregation.SUM: "sum(found)", Aggregation.MIN: "min(found)", Aggregation.MAX: "max(found)"}


@dataclass(frozen=True, slots=True)
class Hits:
    """The rules that applied in the table of one decision, by id."""

    decision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of one decision: its id, the variables it sees, the run that counts its steps, and the rules that applied
    so far, here and in what it requires."""

    decision: str
    context: Variables
    run: DecisionRun
    hits: list[Hits]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that applies, its place in the table from 1, and its results, one an output."""

    place: int
    rule: Rule
    results: tuple[Value, ...]


def decide(table: Table, asked: Asked) -> Value:
    """The table's answer; the rules behind it are added to the hits.

    An input or output that is not allowed is null, with a reason. Raises DecisionError for a violated hit policy.
    """
    hits = _hits(table, asked)
    if not hits:
        asked.hits.append(Hits(asked.decision, ()))
        return _nothing_applies(table, asked)
    match table.hit_policy:
        case HitPolicy.UNIQUE:
            hits = _only(hits, asked)
        case HitPolicy.ANY:
            hits = _agreeing(hits, asked)
        case HitPolicy.FIRST:
            hits = hits[:1]
        case HitPolicy.PRIORITY:
            hits = _by_priority(table.outputs, hits, asked)[:1]
        case HitPolicy.OUTPUT_ORDER:
            hits = _by_priority(table.outputs, hits, asked)
        case HitPolicy.RULE_ORDER | HitPolicy.COLLECT:
            hits = list(hits)
    asked.hits.append(Hits(asked.decision, tuple(hit.rule.id for hit in hits)))
    return _answer(table, hits, asked)


def many(table: Table) -> bool:
    """Whether the table gives a list."""
    return table.hit_policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)


def _hits(table: Table, asked: Asked) -> list[_Hit]:
    values = [
        conformed(column.expression.within(asked.run, asked.context), column.type, f"The input {column.title}", asked.run)
        for column in table.inputs
    ]
    contexts = [Variables({"?": value}, asked.context) for value in values]
    found: list[_Hit] = []
    for place, rule in enumerate(table.rules, start=1):
        asked.run.spend(1)
        if all(
            condition is None or condition.within(asked.run, context) is True
            for condition, context in zip(rule.conditions, contexts, strict=True)
        ):
            found.append(_Hit(place, rule, _results(table, rule, place, asked)))
            if table.hit_policy is HitPolicy.FIRST:
                break
    return found


def _results(table: Table, rule: Rule, place: int, asked: Asked) -> tuple[Value, ...]:
    return tuple(
        None
        if entry is None
        else conformed(_own(entry, rule, column, asked), output.type, f"The output {output.name} of rule {place}", asked.run)
        for column, (entry, output) in enumerate(zip(rule.results, table.outputs, strict=True))
    )


def _own(entry: Expression, rule: Rule, column: int, asked: Asked) -> Value:
    """One result, held to the type that its cell declares if it declares one."""
    value = entry.within(asked.run, asked.context)
    return conformed(value, rule.types[column], f"A result of {rule.id}", asked.run) if rule.types else value


def _named(hits: Sequence[_Hit]) -> str:
    return "rules " + ", ".join(f"{hit.place} ({hit.rule.id})" for hit in hits)


def _only(hits: list[_Hit], asked: Asked) -> list[_Hit]:
    if len(hits) > 1:
        what = f"The table of {asked.decision} allows one rule to apply, but {_named(hits)} do"
        message = kept("{what}; make their conditions exclude each other.", what=what)
        raise DecisionError(message, asked.decision, tuple(hit.rule.id for hit in hits))
    return hits


def _agreeing(hits: list[_Hit], asked: Asked) -> list[_Hit]:
    first = list(hits[0].results)
    if any(feel.equal(first, list(hit.results)) is not True for hit in hits[1:]):
        message = kept(
            "All rules of {decision} that apply have to give the same result, but {hits} do not.",
            decision=asked.decision,
            hits=_named(hits),
        )
        raise DecisionError(message, asked.decision, tuple(hit.rule.id for hit in hits))
    return hits[:1]


def _by_priority(outputs: Sequence[Output], hits: list[_Hit], asked: Asked) -> list[_Hit]:
    """Sorted by the place of each output's value among its priorities, the first output counting most."""

    def rank(hit: _Hit) -> tuple[int, ...]:
        return tuple(_rank(output, value, asked) for output, value in zip(outputs, hit.results, strict=True) if output.priorities)

    return sorted(hits, key=rank)


def _rank(output: Output, value: Value, asked: Asked) -> int:
    for place, test in enumerate(output.priorities):
        if test.within(asked.run, Variables({"?": value}, asked.context)) is True:
            return place
    return len(output.priorities)


def _answer(table: Table, hits: list[_Hit], asked: Asked) -> Value:
    answers = [_shaped(table.outputs, hit.results) for hit in hits]
    if not many(table):
        return answers[0]
    return answers if table.aggregation is None else _folded(table.aggregation, answers, asked)


def _shaped(outputs: Sequence[Output], results: Sequence[Value]) -> Value:
    if len(outputs) == 1:
        return results[0]
    return {output.name: result for output, result in zip(outputs, results, strict=True)}


def _folded(aggregation: Aggregation, answers: list[Value], asked: Asked) -> Value:
    if aggregation is Aggregation.COUNT:
        return Decimal(len(answers))
    return feel.compile(_FOLDS[aggregation]).within(asked.run, {"found": answers})


def _nothing_applies(table: Table, asked: Asked) -> Value:
    """The defaults; without any, null, or an empty list where a list is given."""
    if any(output.default is not None for output in table.outputs):
        results = [None if output.default is None else output.default.within(asked.run, asked.context) for output in table.outputs]
        answer = _shaped(table.outputs, results)
        return [answer] if many(table) and table.aggregation is None else answer
    if not many(table):
        return None
    if table.aggregation is None:
        return []
    return Decimal(0) if table.aggregation is Aggregation.COUNT else None
