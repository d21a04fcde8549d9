"""Evaluating decisions: what they require first, then their own logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine import clock, feel
from engine.dmn.errors import DecisionError
from engine.dmn.model import Decision, Definitions, Entries, Formula, Invocation, Items, Logic, Procedure, Table
from engine.dmn.tables import Asked, decide
from engine.dmn.types import checked
from engine.feel import Run, Value, Variables
from engine.model.errors import NotFound

#: Steps that one decision may take, everything it requires included.
MAX_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Hits:
    """The rules that applied in the table of one decision, by id."""

    decision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision gives, which rules applied on the way, and why parts of it are null."""

    value: Value
    hits: tuple[Hits, ...]
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    """One evaluation under way."""

    run: Run
    inputs: Variables
    results: dict[str, Value] = field(default_factory=dict)
    hits: list[Hits] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A file of decisions that can be evaluated."""

    definitions: Definitions

    @property
    def id(self) -> str:
        """The id of the file's definitions."""
        return self.definitions.id

    @property
    def name(self) -> str:
        """The name of the file's definitions."""
        return self.definitions.name

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions by id, business knowledge models left out."""
        return {key: found for key, found in self.definitions.decisions.items() if not found.reusable}

    def find(self, decision: str) -> Decision:
        """A decision by id or, failing that, by name. Raises NotFound."""
        known = self.decisions
        by_name = [found for found in known.values() if found.name == decision]
        if decision in known:
            return known[decision]
        if len(by_name) == 1:
            return by_name[0]
        raise NotFound(f"There is no decision {decision}; there are {', '.join(sorted(known)) or 'none'}.")

    def evaluate(self, decision: str, inputs: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """What a decision (by id or name) gives for inputs: a value, a context of several outputs, or a list.

        Raises NotFound for an unknown decision, DecisionError for a violated hit policy or a value that is not
        allowed, FeelLimit when it takes too much.
        """
        return self.evaluate_detail(decision, inputs, now=now).value

    def evaluate_detail(self, decision: str, inputs: Mapping[str, object], *, now: datetime | None = None) -> Outcome:
        """As `evaluate`, with the rules that applied and the reasons for nulls."""
        work = _Work(Run(now or clock.now(), steps=MAX_STEPS), Variables(inputs))
        value = self._result(self.find(decision), work)
        return Outcome(value, tuple(work.hits), tuple(work.run.reasons))

    def _result(self, decision: Decision, work: _Work) -> Value:
        if decision.id in work.results:
            return work.results[decision.id]
        required = [self.definitions.decisions[key] for key in decision.requires]
        context = Variables({found.name: self._result(found, work) for found in required}, work.inputs)
        value = _evaluated(decision.logic, context, work, decision.id)
        if not decision.reusable:
            value = checked(value, decision.type, f"The decision {decision.name}", decision.id, work.run)
        work.results[decision.id] = value
        return value


def _evaluated(logic: Logic, context: Variables, work: _Work, decision: str) -> Value:
    match logic:
        case Formula(expression):
            return expression.within(work.run, context)
        case Table():
            value, hits = decide(logic, Asked(decision, context, work.run))
            work.hits.append(Hits(decision, hits))
            return value
        case Items(items):
            return [_evaluated(item, context, work, decision) for item in items]
        case Entries():
            return _entries(logic, context, work, decision)
        case Invocation():
            return _invoked(logic, context, work, decision)
        case Procedure():
            return _function(logic, context, work, decision)


def _entries(logic: Entries, context: Variables, work: _Work, decision: str) -> Value:
    made: dict[str, Value] = {}
    for name, inner in logic.entries:
        made[name] = _evaluated(inner, Variables(made, context), work, decision)
    return made if logic.result is None else _evaluated(logic.result, Variables(made, context), work, decision)


def _invoked(logic: Invocation, context: Variables, work: _Work, decision: str) -> Value:
    function = logic.function.within(work.run, context)
    if not isinstance(function, feel.Function):
        raise DecisionError(f"{logic.function.text} is not a function; name a business knowledge model.", decision)
    arguments = {name: _evaluated(inner, context, work, decision) for name, inner in logic.arguments}
    return feel.call(work.run, function, (), arguments)


def _function(logic: Procedure, context: Variables, work: _Work, decision: str) -> Value:
    def body(*arguments: Value) -> Value:
        given = dict(zip(logic.parameters, arguments, strict=True))
        return _evaluated(logic.body, Variables(given, context), work, decision)

    return feel.host_function(decision, [f"{name}: any" for name in logic.parameters], body)
