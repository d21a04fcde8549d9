"""Evaluating literals, names, lists, contexts, ranges and function definitions."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.calling import BUILT_IN
from engine.feel.comparison import less, ordered
from engine.feel.interpreter import Scope, evaluate, lookup, rule
from engine.feel.iso import iso_date, iso_datetime, iso_duration, iso_time
from engine.feel.limits import Run
from engine.feel.types import fit
from engine.feel.values import Function, Parameter, Range, Signature, Value, kind
from engine.language import kept


@rule(nodes.Literal)
def _literal(node: nodes.Literal, _scope: Scope, _run: Run) -> Value:
    return node.value


@rule(nodes.AtLiteral)
def _at_literal(node: nodes.AtLiteral, _scope: Scope, run: Run) -> Value:
    return at_literal(run, node.text)


def at_literal(run: Run, text: str) -> Value:
    """The date, time, date and time or duration that a text writes; null with a reason for any other text."""
    try:
        if text.lstrip("-").startswith("P"):
            return iso_duration(text)
        if "T" in text and not text.startswith("T"):
            return iso_datetime(text)
        return iso_time(text) if ":" in text else iso_date(text)
    except ValueError as error:
        return run.null(str(error))


@rule(nodes.Name)
def _name(node: nodes.Name, scope: Scope, run: Run) -> Value:
    try:
        return lookup(scope, node.name)
    except KeyError:
        built_in = BUILT_IN.get(node.name)
        return built_in if built_in else run.null(kept("There is no variable {name}.", name=node.name))


@rule(nodes.ListOf)
def _list(node: nodes.ListOf, scope: Scope, run: Run) -> Value:
    return [evaluate(item, scope, run) for item in node.items]


@rule(nodes.ContextOf)
def _context(node: nodes.ContextOf, scope: Scope, run: Run) -> Value:
    entries: dict[str, Value] = {}
    inside = Scope(entries, scope)
    for key, item in node.entries:
        if key in entries:
            return run.null(kept("The context has two entries named {key}.", key=key))
        entries[key] = evaluate(item, inside, run)
    return entries


@rule(nodes.RangeOf)
def _range(node: nodes.RangeOf, scope: Scope, run: Run) -> Value:
    low = None if node.low is None else evaluate(node.low, scope, run)
    high = None if node.high is None else evaluate(node.high, scope, run)
    for end, written in ((low, node.low), (high, node.high)):
        if written is not None and (end is None or not ordered(end)):
            return run.null(kept("A range cannot end at a {kind}.", kind=kind(end)))
    if node.low is not None and node.high is not None and less(high, low) is not False:
        return run.null(kept("A range goes from the smaller value to the larger, both of one kind."))
    return Range(node.low_in, low, high, node.high_in)


@rule(nodes.FunctionOf)
def _function(node: nodes.FunctionOf, scope: Scope, run: Run) -> Value:
    if node.external:
        return run.null(kept("External functions are not run here; write the function in FEEL."))
    names = [name for name, _ in node.parameters]

    def body(caller: Run, *arguments: Value) -> Value:
        return evaluate(node.body, Scope(dict(zip(names, arguments, strict=True)), scope), caller)

    signature = Signature(tuple(_parameter(name, wanted) for name, wanted in node.parameters), body, len(names))
    return Function("", (signature,), node)


def _parameter(name: str, wanted: nodes.TypeName | None) -> Parameter:
    return Parameter(name, lambda value: fit(value, wanted))
