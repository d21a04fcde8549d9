"""Figures of the library: who reads them, what is withheld, and who is left out behind a wall."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from api.reporting import files
from engine import store
from engine.model.errors import BadRequest, Forbidden, NotFound
from engine.model.measures import Figure
from engine.operations.measuring import figures
from engine.store import Store
from tests import beginning
from tests.beginning import Begun
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.papers import text_of
from tests.world import World

ENOUGH = 12


def _played(opened: Store) -> World:
    world = cast(opened, shelf.library())
    for _ in range(ENOUGH):
        acts.lent(world)
    for _ in range(3):
        world.complete("ben", acts.loan(world), "answer-terms", shelf.REFUSE)
    return world


@pytest.fixture(scope="module")
def _busy() -> Begun:
    return beginning.begun(_played)


@pytest.fixture
def busy(_busy: Begun) -> Iterator[World]:
    """Twelve loans whose terms are accepted, and three refused ones."""
    world = _busy.again()
    yield world
    world.store.close()


def figure(world: World, key: str, period: str = "2026-03", by: str = "kim") -> Figure:
    with world.reading(by) as (uow, actor):
        return figures.get(uow, actor, f"library/{key}", period)


def test_figures_are_the_same_however_many_cases_are_asked_for_at_once(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with busy.reading("kim") as (uow, actor):
        whole = figures.list_(uow, actor, "2026-03")
        monkeypatch.setattr(figures, "_counted", {})
        monkeypatch.setattr(store.measures, "_AT_ONCE", 4)
        assert figures.list_(uow, actor, "2026-03") == whole


def test_a_count_tells_how_many_and_withholds_small_groups(busy: World) -> None:
    found = figure(busy, "lent")
    assert found.total.n == ENOUGH + 3
    assert [(cell.key, cell.n, cell.hidden) for cell in found.splits[0].cells] == [("fragile", ENOUGH + 3, False)]


def test_a_share_says_of_how_many_and_is_withheld_where_only_few_are_the_exception(busy: World) -> None:
    assert figure(busy, "accepted").total.hidden, "Three refused: with 80 % of 15 they would be counted."
    for _ in range(7):
        busy.complete("ben", acts.loan(busy), "answer-terms", shelf.REFUSE)
    total = figure(busy, "accepted").total
    assert (total.n, total.share) == (22, 55)


def test_days_count_only_what_has_come_to_an_end_and_tell_how_many_have_not(busy: World) -> None:
    total = figure(busy, "out").total
    assert (total.n, total.median, total.without) == (0, None, ENOUGH + 3)


def test_only_who_reads_figures_may(busy: World) -> None:
    for name in ("lia", "ben", "tom"):
        with busy.reading(name) as (uow, actor), pytest.raises(Forbidden):
            figures.list_(uow, actor, "2026-03")


@pytest.mark.parametrize("period", ["2026-13", "March", "2026-3", "", "99999"])
def test_what_is_no_period_is_said_to_be_none(busy: World, period: str) -> None:
    with busy.reading("kim") as (uow, actor), pytest.raises(BadRequest):
        figures.list_(uow, actor, period)


def test_a_figure_that_is_not_there_is_not_found(busy: World) -> None:
    with pytest.raises(NotFound):
        figure(busy, "weather")


def test_a_month_without_cases_tells_zero(busy: World) -> None:
    assert figure(busy, "lent", "2026-02").total.n == 0


def test_a_case_behind_a_wall_counts_for_nobody_it_is_hidden_from(busy: World) -> None:
    with busy.reading("kim") as (uow, actor):
        open_ = store.cases.list_(uow, actor.program_id).items[0]
    acts.wall(busy, open_, "kim")
    assert figure(busy, "lent").total.n == ENOUGH + 2
    assert figure(busy, "lent", by="kit").total.n == ENOUGH + 3


def test_a_month_with_too_few_cases_is_withheld_and_so_is_what_would_give_it_away(busy: World) -> None:
    busy.jump("P40D")
    acts.loan(busy)
    found = figure(busy, "lent", "2026-04")
    assert (found.total.hidden, found.total.n) == (True, None)
    assert [cell.hidden for cell in found.months] == [False, False, True, True], "March and the year would give April away."
    assert figure(busy, "lent", "2026").total.n == ENOUGH + 4


def test_figures_of_very_many_rows_are_counted_anew_after_some_minutes_and_never_shared_across_a_wall(
    busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_MANY", 1)
    monkeypatch.setattr(figures, "_counted", {})

    def number(name: str = "kim") -> int | None:
        with busy.reading(name) as (uow, actor):
            return next(one for one in figures.list_(uow, actor, "2026-03") if one.measure.key == "lent").total.n

    assert number() == ENOUGH + 3
    last = acts.loan(busy)
    assert number() == ENOUGH + 3, "As it was counted before."
    busy.clock.advance(timedelta(minutes=10))
    assert number() == ENOUGH + 4
    acts.wall(busy, last, "kim")
    assert (number(), number("kit")) == (ENOUGH + 3, ENOUGH + 4)


def test_figures_are_counted_anew_as_soon_as_something_happened_and_not_before(busy: World) -> None:
    counted = figure(busy, "lent")
    assert figure(busy, "lent") is counted
    acts.loan(busy)
    assert figure(busy, "lent").total.n == ENOUGH + 4
    counted = figure(busy, "lent")
    busy.clock.advance(timedelta(minutes=1))
    assert figure(busy, "lent") is not counted, "What is late changes although nothing happens."


def test_a_report_that_would_single_somebody_out_is_withheld_with_a_sentence(empty: Store) -> None:
    world = cast(empty, shelf.library())
    acts.lent(world)
    with world.reading("kim") as (uow, actor):
        found = figures.list_(uow, actor, "2026-03")
        assert figures.isolates(found)
        written = {name: made() for name, made in files.of(uow, actor, "2026-03").items()}
    drawn = text_of(written["figures-2026-03.pdf"])
    assert "This report is withheld: so few cases stand behind it that its numbers would single somebody out." in drawn
    assert "Loans asked for" not in drawn
    lines = list(csv.DictReader(io.StringIO(written["figures-2026-03.csv"].decode())))
    assert {(line["withheld"], line["n"]) for line in lines} == {("yes", "")}, "No zero either: it tells which groups have cases."
    with world.reading("kim") as (uow, actor):
        alone = figures.get(uow, actor, found[0].key, "2026-03")
        year = figures.get(uow, actor, found[0].key, "2026")
    assert all(cell.hidden for cell in (alone.total, alone.months[-1], *(cell for split in alone.splits for cell in split.cells)))
    assert [cell.hidden for cell in year.months] == [False, False, True], "two months without a case, and this one"


def test_a_report_without_cases_singles_nobody_out(empty: Store) -> None:
    world = cast(empty, shelf.library())
    with world.reading("kim") as (uow, actor):
        assert not figures.isolates(figures.list_(uow, actor, "2026-03"))
