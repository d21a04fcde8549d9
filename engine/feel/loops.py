"""Evaluating `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.feel import nodes
from engine.feel.comparison import whole
from engine.feel.interpreter import Scope, evaluate, rule
from engine.feel.limits import Run
from engine.feel.values import Range, Value, kind
from engine.language import kept


class _NoDomain(Exception):
    """What is iterated over is neither a list nor a range of whole numbers or dates."""


@rule(nodes.For)
def _for(node: nodes.For, scope: Scope, run: Run) -> Value:
    results: list[Value] = []
    try:
        for turn in _turns(node.iterations, scope, run):
            if node.looks_back:
                # What a turn sees as `partial` is the list so far, not the list that goes on growing.
                run.touch(results)
                turn = Scope({nodes.PARTIAL: list(results)}, turn)
            results.append(evaluate(node.body, turn, run))
    except _NoDomain as error:
        return run.null(str(error))
    return results


@rule(nodes.Quantified)
def _quantified(node: nodes.Quantified, scope: Scope, run: Run) -> Value:
    settles = node.quantifier is nodes.Quantifier.SOME
    answer: bool | None = not settles
    try:
        for turn in _turns(node.iterations, scope, run):
            result = evaluate(node.condition, turn, run)
            if result is settles:
                return settles
            if not isinstance(result, bool):
                answer = run.null(
                    kept("The condition of {quantifier} gave {kind}, not true or false.", quantifier=node.quantifier, kind=kind(result))
                )
    except _NoDomain as error:
        return run.null(str(error))
    return answer


def _turns(iterations: Sequence[nodes.Iteration], scope: Scope, run: Run) -> Iterator[Scope]:
    """One scope a combination; the last iteration turns fastest, and later ones see the names of earlier ones."""
    if not iterations:
        yield scope
        return
    first, *rest = iterations
    for value in _domain(first, scope, run):
        run.spend(1)
        yield from _turns(rest, Scope({first.name: value}, scope), run)


def _domain(iteration: nodes.Iteration, scope: Scope, run: Run) -> Iterator[Value] | list[Value]:
    domain = evaluate(iteration.domain, scope, run)
    if iteration.last is not None:
        return _between(domain, evaluate(iteration.last, scope, run))
    if isinstance(domain, list):
        return domain
    if isinstance(domain, Range):
        return _within(domain)
    if domain is None:
        raise _NoDomain(kept("What {name} goes through is null.", name=iteration.name))
    return [domain]


def _between(first: Value, last: Value) -> Iterator[Value]:
    """From the first to the last, both included, up or down, by one or by one day."""
    start, end = whole(first), whole(last)
    if start is not None and end is not None:
        return map(Decimal, range(start, end + 1) if start <= end else range(start, end - 1, -1))
    if type(first) is date and type(last) is date:
        return _days(first, last)
    raise _NoDomain(kept("A loop goes through whole numbers or dates, not from {kind} to {kind2}.", kind=kind(first), kind2=kind(last)))


def _days(first: date, last: date) -> Iterator[Value]:
    step = 1 if first <= last else -1
    return (first + timedelta(days=step * count) for count in range(abs((last - first).days) + 1))


def _within(domain: Range) -> Iterator[Value]:
    if domain.low is None or domain.high is None or isinstance(domain.low, datetime):
        raise _NoDomain(kept("A loop needs a range with two ends, of whole numbers or dates."))
    values = _between(domain.low, domain.high)
    return (value for value in values if (domain.low_in or value != domain.low) and (domain.high_in or value != domain.high))
