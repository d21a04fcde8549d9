"""The list of all cases: asked by text, status, step and facts, in five orders, kept under a name, taken out as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from engine import store
from engine.model.errors import BadRequest, Forbidden
from engine.model.tiles import CaseQuestion, CaseSort, Operator
from engine.operations.supervision import exports, lists
from engine.operations.tasks import inbox_views
from engine.store import Store, count_statements
from tests import beginning
from tests.beginning import Begun
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

ALL = CaseQuestion(
    state=None, text="L2", status="lent", element="loan/recall", facts=(("bookClass", Operator.IS, "Fragile"),), sort=CaseSort.OLDEST
)


def five(opened: Store) -> World:
    """Five loans of two classes, an hour apart; of the second the book is out, the terms of the third were refused."""
    made = cast(opened, shelf.library())
    for number in range(5):
        people = [("borrower", "bea" if number == 4 else "ben"), ("curator", "cor")]
        case = made.open_case("lia", "library", people, {"bookClass": "sturdy" if number % 2 else "fragile"})
        if number in (1, 2):
            made.complete("ben", case, "answer-terms", shelf.ACCEPT if number == 1 else shelf.REFUSE)
        made.advance("PT1H")
    return made


@pytest.fixture(scope="module")
def _five() -> Begun:
    return beginning.begun(five)


@pytest.fixture
def loans(_five: Begun) -> Iterator[World]:
    """The five loans, five hours later."""
    world = _five.again()
    yield world
    world.store.close()


def listed(world: World, *facts: str, by: str = "kim", **asked: str) -> str:
    """The last digits of the cases' numbers, read two a page."""
    found: list[str] = []
    cursor = None
    while True:
        with world.reading(by) as (uow, actor):
            page = lists.answer(uow, actor, lists.question(asked, facts), cursor=cursor, limit=2)
        found += [line.number[-1] for line in page.items]
        cursor = page.next
        if cursor is None:
            return "".join(found)


@pytest.mark.parametrize(
    ("sort", "wanted"), [("urgent", "12453"), ("due", "12453"), ("oldest", "12345"), ("newest", "54321"), ("intensity", "24135")]
)
def test_each_order_gives_every_case_once_page_by_page(loans: World, sort: str, wanted: str) -> None:
    assert listed(loans, sort=sort) == wanted


@pytest.mark.parametrize(
    ("fact", "wanted"),
    [
        ("bookClass:is:fragile", "153"),
        ("bookClass:is:Sturdy", "24"),
        ("bookClass:is-not:sturdy", "153"),
        ("terms:is:accepted", "2"),
        ("terms:is-not:accepted", "1453"),
        ("terms:is:nonsense", ""),
        ("shelves:at-least:0", ""),
    ],
)
def test_a_fact_is_asked_for_by_its_code_or_its_word(loans: World, fact: str, wanted: str) -> None:
    assert listed(loans, fact) == wanted


def test_what_is_asked_holds_in_every_order(loans: World) -> None:
    for sort in CaseSort:
        assert sorted(listed(loans, "bookClass:is:fragile", sort=sort.value, element="loan/answer-terms", state="all")) == ["1", "5"], sort


def test_numbers_are_compared_as_numbers(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk()))
    for shelves in (9, 10, -1, 2.5):
        acts.started(world, "desk", {"shelves": shelves})
    found = {how: len(listed(world, f"shelves:{how}:2.5")) for how in ("is", "is-not", "less", "at-most", "at-least", "more")}
    assert found == {"is": 1, "is-not": 3, "less": 1, "at-most": 2, "at-least": 3, "more": 2}


@pytest.mark.parametrize("fact", ["nothing:is:1", "bookClass:less:a", "shelves:is:many", "shelves:is:1e400", "dueBack:is:2026-04-01"])
def test_what_a_fact_cannot_be_asked_is_said(loans: World, fact: str) -> None:
    with pytest.raises(BadRequest):
        listed(loans, fact)


def test_cases_are_found_by_the_step_where_a_task_is_open(loans: World) -> None:
    found = [listed(loans, element=element) for element in ("loan/answer-terms", "loan/recall", "loan")]
    assert found == ["145", "2", ""]


def test_a_name_finds_cases_for_who_reads_identities_only(loans: World) -> None:
    assert (listed(loans, q="bea", by="lia"), listed(loans, q="Bea", by="kim"), listed(loans, q="001", by="kim")) == ("5", "", "1")


def test_who_does_not_list_all_cases_asks_by_state_and_number_alone(loans: World) -> None:
    assert listed(loans, by="cor", sort="newest") == "54321"
    for asked in ({"element": "loan/recall"}, {"status": "lent"}, {"sort": "intensity"}):
        with pytest.raises(Forbidden):
            listed(loans, by="cor", **asked)
    with pytest.raises(Forbidden):
        listed(loans, "bookClass:is:fragile", by="ben")


def test_a_cursor_of_another_order_is_refused(loans: World) -> None:
    with loans.reading("kim") as (uow, actor):
        cursor = lists.answer(uow, actor, lists.question({"sort": "intensity"}), limit=2).next
        for sort in ("urgent", "oldest"):
            with pytest.raises(BadRequest):
                lists.answer(uow, actor, lists.question({"sort": sort}), cursor=cursor)


def test_a_question_is_read_again_from_its_address() -> None:
    texts = lists.asked(ALL)
    facts = texts.pop("fact")
    assert lists.question({key: str(text) for key, text in texts.items()}, list(facts)) == ALL


def test_a_view_of_the_list_is_none_of_the_inbox(loans: World) -> None:
    with loans.acting("kim") as (uow, actor):
        lists.save(uow, actor, "Out", ALL, "keeper")
    with loans.reading("kim") as (uow, actor):
        (view,) = lists.views(uow, actor)
        assert (lists.of_view(view), inbox_views.seen(uow, actor)) == (ALL, ())
    with loans.reading("kit") as (uow, actor):
        assert [view.name for view in lists.views(uow, actor)] == ["Out"]


def test_the_file_holds_the_list_for_who_may_take_it_out_and_is_written_down(loans: World) -> None:
    with loans.acting("kim") as (uow, actor):
        rows = list(csv.reader(io.StringIO(exports.cases(uow, actor, lists.question({"sort": "oldest"})))))
    assert [row[0] for row in rows] == ["Case", *(f"L2026-00{number}" for number in range(1, 6))]
    assert (rows[2][9], "Wait for the book" in rows[2][10]) == ("Sturdy", True)
    assert "Example" not in str([row for row in rows if "borrower" in row[10]])
    with loans.reading("kim") as (uow, actor):
        (entry,) = store.audit.list_(uow, actor.program_id, event="cases_exported").items
    assert entry.details == {"lines": 5, "asked": ["sort"]}
    with pytest.raises(Forbidden), loans.acting("lia") as (uow, actor):
        exports.cases(uow, actor, lists.question({}))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_file_is_a_formula(cell: str) -> None:
    assert exports.safe(cell).startswith("'")
    assert exports.safe("Waits for =") == "Waits for ="


def test_a_page_of_the_list_takes_three_statements_however_it_is_asked(loans: World) -> None:
    for asked in ({}, {"sort": "intensity"}, {"tile": "library/late"}, {"element": "loan/recall"}):
        with loans.reading("kim") as (uow, actor), count_statements(loans.store) as counted:
            lists.answer(uow, actor, lists.question(asked), limit=100)
        # three; the packs and the program, which a request knows already; how the step asked for is drawn
        assert counted.count <= 5 + ("element" in asked), asked


@pytest.mark.parametrize("given", [{"state": "zzz"}, {"sort": "zzz"}, {"bucket": "zzz", "tile": "library/late"}])
def test_an_address_that_asks_for_what_there_is_not_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        lists.check(given)


@pytest.mark.parametrize("given", [{"bucket": "1"}, {"bucket": "9", "tile": "library/late"}])
def test_a_group_of_days_that_no_tile_has_is_refused(library: World, given: dict[str, str]) -> None:
    lists.check(given)
    with library.reading("kim") as (uow, actor), pytest.raises(BadRequest, match="no such group of days late"):
        lists.answer(uow, actor, lists.question(given))
