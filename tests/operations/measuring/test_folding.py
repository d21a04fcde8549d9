"""Folding: medians and percentiles as they are defined, what stands at a border, pauses beside the gross figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.measures import CaseRow, Cell, Heard, Measure, MeasureKind, PartRule, Span, TaskRow, Unit
from engine.operations.measuring import folding

MARCH = Span("2026-03", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
NOW = datetime(2026, 5, 1, tzinfo=UTC)
START = datetime(2026, 3, 5, tzinfo=UTC)
TO_CLOSED = Measure("m", "M", "d", MeasureKind.DURATION, start="case.opened", end="case.closed", note="n")


def case(number: int, days: float | None = None, **more: object) -> CaseRow:
    closed = None if days is None else START + timedelta(days=days)
    return replace(CaseRow(f"c{number}", "open" if days is None else "closed", None, None, START, closed), **more)  # type: ignore[arg-type]


def cell(measure: Measure, *cases: CaseRow, tasks: tuple[TaskRow, ...] = (), least: int = 1, standard: float | None = None) -> Cell:
    found = list(folding.items(measure, cases, tasks, [MARCH], NOW))
    return folding.cell(measure, "", "", found, folding.Told(least), standard)


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([3.0], 3.0, 3.0), ([1.0, 2.0], 1.5, 2.0), (list(map(float, range(1, 11))), 5.5, 9.0), ([1.0, 2.0, 9.0], 2.0, 9.0)],
)
def test_the_median_is_the_middle_and_the_90th_percentile_the_nearest_rank(values: list[float], median: float, p90: float) -> None:
    assert (folding.quantile(values, 0.5), folding.quantile(values, 0.9)) == (median, p90)


def test_days_tell_who_keeps_the_standard_and_who_has_none_yet() -> None:
    found = cell(TO_CLOSED, case(1, 10), case(2, 20), case(3, 40), case(4), standard=20)
    assert (found.n, found.median, found.p90, found.within, found.without) == (3, 20.0, 40.0, 67, 1)


def test_pauses_stand_beside_the_gross_figure_by_code() -> None:
    pause = (START + timedelta(days=2), START + timedelta(days=8), "court_stay")
    found = cell(TO_CLOSED, case(1, 10, pauses=(pause,)), case(2, 20), case(3, 5, pauses=(pause,)))
    assert (found.median, found.net_median, found.paused) == (10.0, 4.0, (("court_stay", 4.5),))


def test_what_stood_at_the_end_of_the_month_is_counted_then() -> None:
    measure = Measure("m", "M", "d", MeasureKind.COUNT, when="end", note="n")
    assert cell(measure, case(1), case(2, 10), case(3, 40)).n == 2


def test_a_waived_task_counts_in_the_month_in_which_it_was_waived() -> None:
    measure = Measure("m", "M", "d", MeasureKind.COUNT, unit=Unit.TASK, when="waived", of=("p/e",), note="n")
    moments = (START, MARCH.end, MARCH.begin - timedelta(days=1), None)
    tasks = tuple(TaskRow("c1", "p/e", None, "completed", START, None, NOW, moment) for moment in moments)
    assert cell(measure, case(1), tasks=(*tasks, TaskRow("c1", "p/other", None, "open", START, None, None, START))).n == 1


def test_participants_are_weighed_as_they_stood_at_the_border_and_only_those_there_then() -> None:
    measure = Measure("m", "M", "d", MeasureKind.COUNT, when="end", where="apart.calls >= 2", note="n")
    later = MARCH.end + timedelta(days=1)
    twice, never, gone = Heard(START, None, (START, START)), Heard(START, None), Heard(START, START)
    weighed = [(twice, never), (Heard(START, None, (START, later)), never), (twice, gone)]
    row = [case(at, heard={"calls": heard}) for at, heard in enumerate(weighed)]
    assert cell(measure, *row).n == 1


def test_a_late_task_is_as_late_as_it_was_at_the_border() -> None:
    measure = Measure(
        "m", "M", "d", MeasureKind.COUNT, unit=Unit.TASK, when="end", where="task.late", note="n",
        parts=(PartRule("few", "Few", "task.daysLate <= 3"), PartRule("many", "Many", "true")),
    )  # fmt: skip
    due = MARCH.end - timedelta(days=2)
    tasks = tuple(TaskRow("c1", "p/e", None, "completed", START, due, ended) for ended in (None, NOW, due))
    found = folding.gathered(measure, folding.items(measure, [case(1)], tasks, [MARCH], NOW))
    assert {key[2]: len(items) for key, items in found.items() if key[1] == folding.PARTS} == {"few": 2}


def test_an_expression_that_gives_nothing_counts_for_nothing() -> None:
    measure = Measure("m", "M", "d", MeasureKind.SHARE, fits="milestones.nothing > case.closed", note="n")
    assert (cell(measure, case(1, 3)).n, cell(measure, case(1, 3)).share) == (1, 0)


def test_a_case_counts_as_many_of_a_share_as_it_says_and_those_that_fit_are_the_same_in_each_measure() -> None:
    reached = Measure("m", "M", "d", MeasureKind.SHARE, times="asked", fits="reached", note="n")
    holding = replace(reached, times="reached", fits="holding")
    cases = case(1), case(2, facts={"asked": 3, "reached": 2, "holding": 1}), case(3, facts={"asked": 2, "reached": 2, "holding": 2})
    assert (cell(reached, *cases[1:]).n, cell(reached, *cases[1:]).share) == (5, 80)
    assert (cell(holding, *cases[1:]).n, cell(holding, *cases[1:]).share) == (4, 75)
    fitting = [one.place for one in folding.items(reached, cases[1:], [], [MARCH], NOW) if one.fits]
    assert fitting == [one.place for one in folding.items(holding, cases[1:], [], [MARCH], NOW)]
    assert cell(holding, case(1)).n == 0
