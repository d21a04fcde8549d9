"""Satisfaction and fairness of many played cases, counted a second time from the numbers that are all there is of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from engine import store
from engine.model.measures import Cell, Figure
from engine.operations.measuring import figures
from engine.store import UnitOfWork
from tests import synthetic
from tests.processes.survey_figures import ANSWERS
from tests.synthetic import Played

YEAR = "2025"
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
#: question, value, how the case ended -> how often
Counted = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class Told:
    """The figures of the year, what was counted of it, and how many were told by the invitation."""

    figures: dict[str, Figure]
    counted: Counted
    invited: int


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with synthetic.cases_played(synthetic.ALL) as played:
        supervisor = played.actor("supervisor")
        with played.store.reading() as uow:
            found = {one.measure.key: one for one in figures.list_(uow, supervisor, YEAR)}
            yield Told(found, _counted(uow), _invited(uow, played))


def _counted(uow: UnitOfWork) -> Counted:
    found: Counted = Counter()
    for row in uow.execute(store.tables.tallies.select()).mappings():
        if row["month"].startswith(YEAR):
            found[row["question"], row["value"], row["part"]] += row["count"]
    return found


def _invited(uow: UnitOfWork, played: Played) -> int:
    """As the audit entries have it: answering leaves none."""
    a = store.tables.audit_entries.c
    said = store.tables.audit_entries.select().with_only_columns(a.details)
    rows = uow.execute(said.where(a.program_id == played.program.id, a.event.like("notice_%"), a.at >= BEGIN, a.at < END))
    return sum(row[0].get("template") == "survey-invitation" for row in rows)


def _people(told: Told, what: str, part: str | None = None) -> int:
    return sum(number for (question, value, of), number in told.counted.items() if (question, value) == ("", what) and part in (None, of))


def _same(cell: Cell, fitting: int, n: int) -> None:
    """Told as counted; withheld where either side is of a few."""
    few = 0 < fitting < 10 or 0 < n - fitting < 10
    assert cell.hidden or not few
    if not cell.hidden:
        assert (cell.n, cell.share) == (n, int(100 * fitting / n + 0.5) if n else None)


def test_as_many_were_invited_as_the_trail_says_and_one_in_four_answers(told: Told) -> None:
    assert _people(told, "invited") == told.invited
    answered = _people(told, "answered")
    assert 0.15 < answered / told.invited < 0.33
    assert not told.figures["survey-rate"].total.hidden
    _same(told.figures["survey-rate"].total, answered, told.invited)


@pytest.mark.parametrize("key", ANSWERS)
def test_a_share_of_answers_is_of_those_that_were_given(told: Told, key: str) -> None:
    given = [(int(value), number) for (question, value, _), number in told.counted.items() if question == ANSWERS[key]]
    many = sum(number for _, number in given)
    assert many == _people(told, "answered")
    _same(told.figures[key].total, sum(number for value, number in given if value >= 4), many)


def test_some_answers_of_a_year_are_told_with_how_many_gave_them(told: Told) -> None:
    shown = [told.figures[key].total for key in ANSWERS if not told.figures[key].total.hidden]
    assert shown
    assert {cell.n for cell in shown} == {_people(told, "answered")}


def test_answers_are_told_apart_by_how_the_case_ended_and_by_nothing_else(told: Told) -> None:
    for key in ("survey-rate", *ANSWERS):
        (split,) = told.figures[key].splits
        assert split.title == "How the case ended"
        assert [cell.key for cell in split.cells] == ["agreement", "none"]
    for cell in told.figures["survey-rate"].splits[0].cells:
        _same(cell, _people(told, "answered", cell.key), _people(told, "invited", cell.key))


def test_no_answer_is_told_where_it_is_not_told_how_many_answered(told: Told) -> None:
    rate = told.figures["survey-rate"]
    silent = [place for place, cell in enumerate(rate.months) if cell.hidden]
    assert silent
    for key in ANSWERS:
        figure = told.figures[key]
        assert all(figure.months[place].hidden or not figure.months[place].n for place in silent), key


def test_the_page_of_an_answer_says_how_many_answered(told: Told) -> None:
    with synthetic.cases_played(synthetic.ALL) as played:
        supervisor = played.actor("supervisor")
        with played.store.reading() as uow:
            rate = figures.rate_of(uow, supervisor, told.figures["fair-voice"])
            assert figures.rate_of(uow, supervisor, told.figures["opened"]) is None
    assert rate is not None
    assert rate.total == told.figures["survey-rate"].total


@pytest.mark.parametrize("question", sorted(ANSWERS.values()))
def test_made_up_people_do_not_all_answer_the_same(told: Told, question: str) -> None:
    assert len({value for asked, value, _ in told.counted if asked == question}) > 2
