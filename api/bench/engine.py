"""`parley bench engine`: the engine beside the plain library, one step at a time, in one run.

A step is what completing one task costs without a database: load the state, complete, run until everything waits, save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.bench import models, report
from api.bench.footprint import footprint
from api.bench.measuring import Effort, Pair, Round, marks, walks
from api.bench.report import Budget
from engine.bpmn.plain import NAME

_LOOP = Round(models.LOOP, {"late": 0}, ("work",), {"again": True})
_BLOCK = Round(models.BLOCK, {}, ("left", "right"), {"again": True})


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: after which turns of a loop, and after which of how many instances."""

    effort: Effort
    turns: Sequence[int] = (10, 100, 1_000, 10_000)
    done: Sequence[int] = (10, 100, 490)
    instances: int = 500
    stored: int = 1_000  #: how many instances are run before memory is looked at


WHOLE = Plan(Effort(rounds=40, seconds=20.0))
#: For a first look: too few samples to compare machines by.
QUICK = Plan(Effort(rounds=5, seconds=1.0), turns=(10, 100, 1_000))


def engine(*, quick: bool) -> int:
    """Measure and print; 1 when a budget is missed."""
    return measure(QUICK if quick else WHOLE)


def measure(plan: Plan) -> int:
    """The same to a plan of one's own. Raises OtherWay when the two sides do not do the same."""
    effort = plan.effort
    print(f"parley bench engine: {report.machine()}", flush=True)
    three = walks(models.THREE, {}, models.THREE_STEPS, effort.rounds)
    case = walks(models.CASE, models.case_variables(), models.CASE_STEPS, effort.rounds)
    _table("One step", {"process of 3 tasks": three, "process of 56 nodes": case})
    loop = marks(_LOOP, plan.turns, effort)
    _table("One step in a loop of one task with a timer", _after(loop))
    block = marks(_BLOCK, plan.turns, effort)
    _table("One step through the join of a parallel block in a loop", _after(block))
    for drawn, how in ((models.SEQUENTIAL, "one after the other"), (models.PARALLEL, "at once")):
        each = Round(drawn, {"how_many": plan.instances}, ("each",), {"answer": 1})
        _table(f"One step of {plan.instances} instances {how}", _after(marks(each, plan.done, effort)))
    return report.verdict([*_budgets(case, loop, block, plan.turns), *_goals(plan.stored)])


def _after(found: Mapping[int, Pair]) -> dict[str, Pair]:
    return {f"after {mark:,}": pair for mark, pair in found.items()}


def _table(title: str, pairs: Mapping[str, Pair]) -> None:
    header = ("", "engine, ms", "state", "steps/s", f"{NAME}, ms", "state", "times as fast")
    report.table(f"{title}: median (quartiles), processor time", header, [_row(name, pair) for name, pair in pairs.items()])


def _row(name: str, pair: Pair) -> tuple[str, ...]:
    return (
        name,
        str(pair.own),
        report.kilobytes(pair.own_size),
        f"{1 / pair.own.median:,.0f}",
        str(pair.plain),
        report.kilobytes(pair.plain_size) if pair.plain_size else "",
        f"{pair.ratio:,.1f}" if pair.ratio else "",
    )


def _budgets(case: Pair, loop: Mapping[int, Pair], block: Mapping[int, Pair], turns: Sequence[int]) -> list[Budget]:
    found = [
        Budget("step on 56 nodes, times as fast as the library", case.ratio or 0, 10, at_least=True),
        Budget("state on 56 nodes", case.own_size / 1000, 8, unit=" KB"),
        Budget("steps a second on 56 nodes", 1 / case.own.median, 1_500, at_least=True, gated=False),
    ]
    for name, pairs in (("a loop", loop), ("a parallel block in a loop", block)):
        for mark in turns[2:]:
            growth = pairs[mark].own.median / pairs[turns[0]].own.median
            found.append(Budget(f"step after {mark:,} turns of {name}, times that after {turns[0]}", growth, 1.3))
    return found


def _goals(stored: int) -> list[Budget]:
    found = footprint(stored)
    if found is None:
        return []
    return [
        Budget("start, in processor time", found.start, 2, unit=" s", gated=False),
        Budget(f"memory after {stored:,} instances", found.memory / 1_000_000, 120, unit=" MB", gated=False),
    ]
