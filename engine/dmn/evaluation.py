"""Evaluating decisions: what they require first, then their own logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine import clock, feel
from engine.dmn.logic import evaluated
from engine.dmn.model import Decision, Definitions, Subgraph, ValueType
from engine.dmn.tables import Asked, Hits
from engine.dmn.types import DecisionRun, conformed
from engine.feel import FeelLimit, Value, Variables
from engine.language import kept
from engine.model.errors import NotFound

#: Steps that one decision may take, everything it requires included.
MAX_STEPS = 500_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision gives, which rules applied on the way, and why parts of it are null.

    `violations` are those reasons that are mistakes for certain: a value that is not of its declared type or not allowed.
    """

    value: Value
    hits: tuple[Hits, ...]
    reasons: tuple[str, ...]
    violations: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """One evaluation under way."""

    run: DecisionRun
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
        """A decision or decision service by id or, failing that, by name. Raises NotFound."""
        everything = self.definitions.decisions
        known = {key: found for key, found in everything.items() if not found.reusable or isinstance(found.logic, Subgraph)}
        by_name = [found for found in known.values() if found.name == decision]
        if decision in known:
            return known[decision]
        if len(by_name) == 1:
            return by_name[0]
        raise NotFound(
            kept("There is no decision {decision}; there are {list}.", decision=decision, list=", ".join(sorted(known)) or "none")
        )

    def evaluate(self, decision: str, inputs: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """What a decision (by id or name) gives for inputs: a value, a context of several outputs, or a list.

        A value that is not of its declared type or not allowed is null. Raises NotFound for an unknown decision,
        DecisionError for a violated hit policy, FeelLimit when it takes too much.
        """
        return self.evaluate_detail(decision, inputs, now=now).value

    def evaluate_detail(self, decision: str, inputs: Mapping[str, object], *, now: datetime | None = None) -> Outcome:
        """As `evaluate`, with the rules that applied and the reasons for nulls."""
        run = DecisionRun(now or clock.now(), steps=MAX_STEPS)
        work = _Work(run, self._inputs(inputs, run))
        found = self.find(decision)
        try:
            value = self._result(found, work)
            if isinstance(found.logic, Subgraph):
                value = self._asked_for(found.logic, value, work)
        except RecursionError:
            raise FeelLimit(kept("The decision is nested, or calls itself, too deeply.")) from None
        return Outcome(value, tuple(work.hits), tuple(run.reasons), tuple(run.violations))

    def _result(self, decision: Decision, work: _Work) -> Value:
        if decision.id in work.results:
            return work.results[decision.id]
        if isinstance(decision.logic, Subgraph):
            return self._service(decision, decision.logic, work)
        required = [self.definitions.decisions[key] for key in decision.requires]
        context = Variables({found.name: self._result(found, work) for found in required}, work.inputs)
        value = evaluated(decision.logic, Asked(decision.id, context, work.run, work.hits))
        if not decision.reusable:
            value = conformed(value, decision.type, f"The decision {decision.name}", work.run)
        work.results[decision.id] = value
        return value

    def _service(self, decision: Decision, service: Subgraph, work: _Work) -> Value:
        """A function that decides anew, from what it is given alone (DMN 1.5, 10.4)."""
        given = [self.definitions.decisions[key] for key in service.given]
        outputs = [self.definitions.decisions[key] for key in service.outputs]
        names = (*service.inputs, *(found.name for found in given))

        def body(*arguments: Value) -> Value:
            work.run.spend(100)
            arguments = tuple(
                conformed(value, service.takes.get(name, ValueType()), f"The argument {name}", work.run)
                for name, value in zip(names, arguments, strict=True)
            )
            inputs = self._inputs(dict(zip(service.inputs, arguments, strict=False)), work.run)
            answers = zip(given, arguments[len(service.inputs) :], strict=True)
            results = {found.id: conformed(value, found.type, f"The decision {found.name}", work.run) for found, value in answers}
            inner = _Work(work.run, inputs, results, work.hits)
            made = {found.name: self._result(found, inner) for found in outputs}
            value = made if len(outputs) > 1 else made[outputs[0].name]
            return conformed(value, service.result, f"The decision service {decision.name}", work.run)

        return feel.host_function(decision.name, [f"{name}: any" for name in names], body)

    def _asked_for(self, service: Subgraph, function: Value, work: _Work) -> Value:
        """What a decision service gives for the inputs from outside, by the names of what it takes."""
        names = (*service.inputs, *(self.definitions.decisions[key].name for key in service.given))
        assert isinstance(function, feel.Function)
        return feel.call(work.run, function, [work.inputs.get(name) for name in names])

    def _inputs(self, given: Mapping[str, object], run: DecisionRun) -> Variables:
        """What is given from outside, held to the types that the model's inputs declare."""
        raw = Variables(given)
        typed = {
            name: conformed(raw.get(name), declared, f"The input {name}", run)
            for name, declared in self.definitions.inputs.items()
            if declared != ValueType() and name in given
        }
        return Variables(typed, raw)
