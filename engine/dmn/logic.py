"""Evaluating the logic of a decision: boxed expressions of every kind (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from engine import feel
from engine.dmn.errors import DecisionError
from engine.dmn.model import Choice, Entries, Formula, Invocation, Items, Logic, Loop, LoopKind, Procedure, Sieve, Table, Typed
from engine.dmn.tables import Asked, decide
from engine.dmn.types import conformed
from engine.feel import Value, Variables
from engine.language import kept

# Texts, compiled when a loop first runs (and cached by feel): the grammar is not built by an import.
_ELEMENTS = "for each in domain return each"
_POSITION = "domain[position]"
_FOLDS = {LoopKind.SOME: "any(found)", LoopKind.EVERY: "all(found)"}


def evaluated(logic: Logic, asked: Asked) -> Value:
    """The value of logic. Raises DecisionError, FeelLimit."""
    asked.run.spend(1)
    match logic:
        case Formula(expression):
            return expression.within(asked.run, asked.context)
        case Table():
            return decide(logic, asked)
        case Typed():
            return conformed(evaluated(logic.logic, asked), logic.type, kept("The result"), asked.run)
        case Procedure():
            return _function(logic, asked)
        case Invocation():
            return _invoked(logic, asked)
        case Choice():
            chosen = logic.positive if evaluated(logic.condition, asked) is True else logic.negative
            return evaluated(chosen, asked)
        case _:
            return _composed(logic, asked)


def _composed(logic: Logic, asked: Asked) -> Value:
    match logic:
        case Items(items):
            return [evaluated(item, asked) for item in items]
        case Entries():
            return _entries(logic, asked)
        case Loop():
            return _looped(logic, asked)
        case Sieve():
            return _sifted(logic, asked)
        case _:
            raise TypeError(f"{type(logic).__name__} is evaluated by the decision model itself.")


def _with(asked: Asked, names: Mapping[str, object]) -> Asked:
    return replace(asked, context=Variables(names, asked.context))


def _entries(logic: Entries, asked: Asked) -> Value:
    made: dict[str, Value] = {}
    for name, inner in logic.entries:
        made[name] = evaluated(inner, _with(asked, made))
    return made if logic.result is None else evaluated(logic.result, _with(asked, made))


def _invoked(logic: Invocation, asked: Asked) -> Value:
    function = logic.function.within(asked.run, asked.context)
    if not isinstance(function, feel.Function):
        raise DecisionError(kept("{text} is not a function; name a business knowledge model.", text=logic.function.text), asked.decision)
    arguments = {name: evaluated(inner, asked) for name, inner in logic.arguments}
    return feel.call(asked.run, function, (), arguments)


def _function(logic: Procedure, asked: Asked) -> Value:
    def body(*arguments: Value) -> Value:
        # A function that calls itself is stopped by the depth of the run, not by Python's.
        given = {
            name: conformed(value, declared, f"The argument {name}", asked.run)
            for (name, declared), value in zip(logic.parameters, arguments, strict=True)
        }
        return evaluated(logic.body, _with(asked, given))

    return feel.host_function("", [f"{name}: any" for name, _ in logic.parameters], body)


def _elements(domain: Value, asked: Asked) -> list[Value]:
    found = feel.compile(_ELEMENTS).within(asked.run, {"domain": domain})
    return found if isinstance(found, list) else []


def _looped(logic: Loop, asked: Asked) -> Value:
    domain = evaluated(logic.domain, asked)
    if domain is None:
        return asked.run.null(kept("What {name} goes through is null.", name=logic.name))
    results: list[Value] = []
    for item in _elements(domain, asked):
        asked.run.touch(results)
        results.append(evaluated(logic.body, _with(asked, {logic.name: item, "partial": list(results)})))
    return results if logic.kind is LoopKind.FOR else feel.compile(_FOLDS[logic.kind]).within(asked.run, {"found": results})


def _sifted(logic: Sieve, asked: Asked) -> Value:
    kept: list[Value] = []
    domain = evaluated(logic.domain, asked)
    for item in _elements(domain, asked):
        entries = item if isinstance(item, dict) else {}
        result = evaluated(logic.match, _with(asked, {"item": item, **entries}))
        if isinstance(result, Decimal):
            return feel.compile(_POSITION).within(asked.run, {"domain": domain, "position": result})
        if result is True:
            kept.append(item)
    return kept
