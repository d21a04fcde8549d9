"""Evaluating operators, tests and conditions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from engine.feel import arithmetic, nodes
from engine.feel.comparison import compare, conjunction, contains, equal, holds
from engine.feel.interpreter import Scope, evaluate, lookup, rule
from engine.feel.limits import Run
from engine.feel.types import instance_of, known_type
from engine.feel.values import Value, kind
from engine.language import kept


@rule(nodes.Arithmetic)
def _arithmetic(node: nodes.Arithmetic, scope: Scope, run: Run) -> Value:
    # A long sum is a tree that leans left: walked in a loop, it needs no depth.
    pending = [node]
    while isinstance(pending[-1].left, nodes.Arithmetic):
        pending.append(pending[-1].left)
    run.spend(len(pending))
    value = evaluate(pending[-1].left, scope, run)
    for step in reversed(pending):
        value = arithmetic.operate(run, step.op, value, evaluate(step.right, scope, run))
    return value


@rule(nodes.Negation)
def _negation(node: nodes.Negation, scope: Scope, run: Run) -> Value:
    return arithmetic.negate(run, evaluate(node.operand, scope, run))


@rule(nodes.Comparison)
def _comparison(node: nodes.Comparison, scope: Scope, run: Run) -> Value:
    return compared(run, node.op, evaluate(node.left, scope, run), evaluate(node.right, scope, run))


#: The comparisons of numbers, which are most of all comparisons.
_NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(run: Run, op: str, left: Value, right: Value) -> bool | None:
    """`left op right`, with the reason kept when the two do not compare."""
    if type(left) is Decimal and type(right) is Decimal:
        return _NUMBERS[op](left, right)
    if isinstance(left, (list, dict)) and type(left) is type(right):
        run.weigh(left)
    else:
        run.touch(left, right)
    result = compare(op, left, right)
    if result is None:
        run.null(kept("{kind} {op} {kind2} does not compare.", kind=kind(left), op=op, kind2=kind(right)))
    return result


@rule(nodes.Logic)
def _logic(node: nodes.Logic, scope: Scope, run: Run) -> Value:
    """Three-valued and, or (DMN 1.5, table 50): one false settles an and, one true an or; else a null wins."""
    pending = [node]
    while isinstance(pending[-1].left, nodes.Logic) and pending[-1].left.op == node.op:
        pending.append(pending[-1].left)
    settles = node.op == "or"
    result: bool | None = not settles
    for operand in (pending[-1].left, *(step.right for step in reversed(pending))):
        value = evaluate(operand, scope, run)
        if value is settles:
            return settles
        if not isinstance(value, bool):
            result = None
            run.null(kept("A side of {op} is {kind}, not true or false.", op=node.op, kind=kind(value)))
    return result


@rule(nodes.Between)
def _between(node: nodes.Between, scope: Scope, run: Run) -> Value:
    value = evaluate(node.value, scope, run)
    low = compared(run, ">=", value, evaluate(node.low, scope, run))
    high = compared(run, "<=", value, evaluate(node.high, scope, run))
    return conjunction(low, high)


@rule(nodes.In)
def _in(node: nodes.In, scope: Scope, run: Run) -> Value:
    value = evaluate(node.value, scope, run)
    return _any(_passes(test, value, scope, run) for test in node.tests)


def _any(results: object) -> bool | None:
    answer: bool | None = False
    for result in results:  # type: ignore[attr-defined]  # any iterable of results
        if result is True:
            return True
        if result is None:
            answer = None
    return answer


def _passes(test: nodes.Node, value: Value, scope: Scope, run: Run) -> bool | None:
    if isinstance(test, nodes.Test):
        return compared(run, test.op, value, evaluate(test.operand, scope, run))
    wanted = evaluate(test, scope, run)
    if isinstance(wanted, list):
        run.weigh(wanted)
    result = holds(wanted, value)
    if result is None:
        run.null(kept("A {kind} cannot be looked for in a {kind2}.", kind=kind(value), kind2=kind(wanted)))
    return result


@rule(nodes.Test)
def _test(node: nodes.Test, scope: Scope, run: Run) -> Value:
    return compared(run, node.op, lookup(scope, nodes.TESTED, None), evaluate(node.operand, scope, run))


@rule(nodes.UnaryTests)
def _unary_tests(node: nodes.UnaryTests, scope: Scope, run: Run) -> Value:
    if not node.tests:
        return True
    value = lookup(scope, nodes.TESTED, None)
    result = _any(_cell(test, value, scope, run) for test in node.tests)
    if not node.negated:
        return result
    return None if result is None else not result


def _cell(test: nodes.Node, value: Value, scope: Scope, run: Run) -> bool | None:
    """One test of a decision cell: a comparison, a value to equal or be in, or a condition over `?` that is itself true
    (DMN 1.5, 7.3.3 and grammar rule 7). A condition without `?` is a truth value like any other, to be equalled."""
    if isinstance(test, nodes.Test):
        return compared(run, test.op, value, evaluate(test.operand, scope, run))
    wanted = evaluate(test, scope, run)
    if isinstance(test, nodes.Condition):
        return wanted is True
    if isinstance(wanted, list):
        run.weigh(wanted)
        return equal(wanted, value) is True or contains(wanted, value)
    return holds(wanted, value)


@rule(nodes.Condition)
def _condition(node: nodes.Condition, scope: Scope, run: Run) -> Value:
    return evaluate(node.expression, scope, run)


@rule(nodes.Conditional)
def _conditional(node: nodes.Conditional, scope: Scope, run: Run) -> Value:
    chosen = node.positive if evaluate(node.condition, scope, run) is True else node.negative
    return evaluate(chosen, scope, run)


@rule(nodes.InstanceOf)
def _instance_of(node: nodes.InstanceOf, scope: Scope, run: Run) -> Value:
    value = evaluate(node.value, scope, run)
    if node.type.inner:
        run.weigh(value)
    if not known_type(node.type.name):
        return run.null(kept("There is no type {name}.", name=node.type.name))
    return instance_of(value, node.type)
