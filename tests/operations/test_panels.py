"""Panels of the case page: entries by class, versions, releases with a permission, dates, what is kept from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, FormInvalid, Invalid, NotFound, PreconditionFailed
from engine.model.ids import new_id
from engine.model.panel_views import PanelPage
from engine.model.states import CaseState
from engine.operations import trail
from engine.operations.content import entries, panels
from engine.operations.content.entries import Asked
from tests import beginning
from tests.beginning import Begun
from tests.operations import acts, notebook, shelf
from tests.operations.conftest import cast
from tests.world import START, World

CALL = {"calledAt": "2026-03-02T10:00", "channel": "phone", "callSaid": "CANARY-said"}
PROMISE = {"promised": "A new cover", "promisedFor": "2026-03-05", "promiseState": "open"}


@pytest.fixture(scope="session")
def _notebook() -> Begun:
    return beginning.begun(lambda opened: cast(opened, notebook.files()))


@pytest.fixture
def world(_notebook: Begun) -> Iterator[World]:
    """The library with panels on its loans."""
    found = _notebook.again()
    yield found
    found.store.close()


@pytest.fixture
def loan(world: World) -> Case:
    """A loan of ben and bea together, looked after by cor."""
    people = (("borrower", "ben"), ("borrower", "bea"), ("curator", "cor"))
    return world.open_case("lia", "library", people, {"bookClass": "fragile", "wish": "a wish"})


def add(
    world: World, by: str, case: Case, panel: str, form: str, data: Mapping[str, object], of: str | None = None, once: str | None = None
) -> str:
    about = next(iter(world.participant_ids(case, of))) if of else None
    with world.acting(by) as (uow, actor):
        return entries.add(uow, actor, Asked(case.id, panel, form, about), data, once)


def see(world: World, by: str, case: Case, panel: str) -> PanelPage:
    with world.reading(by) as (uow, actor):
        return panels.page(uow, actor, case.id, panel)


def said(world: World, by: str, case: Case, panel: str) -> list[str]:
    """Every answer of the newest versions that somebody reads in a panel."""
    page = see(world, by, case, panel)
    return [str(value) for one in page.entries for part in one.newest.records for _, value in part.fields]


def change(world: World, by: str, case: Case, panel: str, entry: str, data: Mapping[str, object], version: int = 1) -> int:
    with world.acting(by) as (uow, actor):
        return entries.change(uow, actor, case.id, panel, entry, data, version=version)


def release(world: World, by: str, case: Case, entry: str, permission: Mapping[str, object] | None = None) -> None:
    with world.acting(by) as (uow, actor):
        entries.release(uow, actor, case.id, "wishes", entry, permission or {})


def test_a_call_shows_its_content_to_who_reads_the_class_and_only_the_facts_to_others(world: World, loan: Case) -> None:
    add(world, "cor", loan, "calls", "call", CALL, of="ben")
    assert "CANARY-said" in said(world, "cor", loan, "calls")
    assert said(world, "kim", loan, "calls") == ["2026-03-02T10:00", "Phone"]
    assert see(world, "kim", loan, "calls").adds == ()


def test_a_panel_for_staff_is_nowhere_for_outside_participants(world: World, loan: Case) -> None:
    add(world, "cor", loan, "calls", "call", CALL, of="ben")
    with pytest.raises(NotFound):
        see(world, "ben", loan, "calls")
    with world.reading("ben") as (uow, actor):
        assert "calls" not in {one.key for one in panels.all_of(uow, actor, loan.id)}
        told = str(trail.entries(uow, actor, case=loan.id, limit=200))
    assert "CANARY" not in str(world.page("ben", loan)) + told
    assert "entry_written" not in told
    assert not [record for panel in world.page("ben", loan).panels for record in panel.records if record.form == "call"]


def test_what_the_procedure_sent_stands_in_the_log_beside_the_calls(world: World, loan: Case) -> None:
    world.advance("P4D")
    lines = see(world, "cor", loan, "calls").automatic
    assert [line.event for line in lines] == ["notice_sent"]


def test_a_wish_is_unknown_to_the_other_borrower_until_its_own_releases_it(world: World, loan: Case) -> None:
    entry = add(world, "ben", loan, "wishes", "wish", {"wished": "CANARY-wished"}, of="ben")
    assert see(world, "bea", loan, "wishes").entries == ()
    with pytest.raises(NotFound):
        release(world, "bea", loan, entry)
    release(world, "ben", loan, entry)
    (shown,) = see(world, "bea", loan, "wishes").entries
    assert said(world, "bea", loan, "wishes") == ["CANARY-wished"]
    assert (shown.released, len(shown.versions), shown.may_change) == (True, 1, False)


def test_staff_release_only_with_a_permission_that_is_written_down(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "wishes", "wish", {"wished": "CANARY-wished"}, of="ben")
    with pytest.raises(FormInvalid):
        release(world, "cor", loan, entry)
    assert see(world, "bea", loan, "wishes").entries == ()
    release(world, "cor", loan, entry, {"permittedHow": "CANARY-by phone"})
    assert said(world, "bea", loan, "wishes") == ["CANARY-wished"]
    assert "CANARY-by phone" in said(world, "cor", loan, "wishes")
    with pytest.raises(Forbidden):
        release(world, "cor", loan, entry, {"permittedHow": "again"})


def test_the_trail_says_that_something_was_released_and_holds_no_content(world: World, loan: Case) -> None:
    entry = add(world, "ben", loan, "wishes", "wish", {"wished": "CANARY-wished"}, of="ben")
    release(world, "ben", loan, entry)
    with world.store.reading() as uow:
        chain = store.audit.chain(uow, loan.id)
    assert [one.event for one in chain if one.event.startswith("entry_")] == ["entry_written", "entry_released"]
    assert "CANARY" not in str(chain)


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    assert change(world, "cor", loan, "promises", entry, {**PROMISE, "promiseState": "kept"}) == 2
    (shown,) = see(world, "ben", loan, "promises").entries
    assert shown.done
    assert [version.number for version in shown.versions] == [2, 1]
    assert dict(shown.versions[1].records[0].fields)["State"] == "Open"
    assert not shown.may_change


def test_of_two_who_change_an_entry_the_later_is_told_and_nothing_is_overwritten(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    change(world, "cor", loan, "promises", entry, {**PROMISE, "promised": "First"})
    with pytest.raises(PreconditionFailed):
        change(world, "cor", loan, "promises", entry, {**PROMISE, "promised": "Second"})
    assert "First" in said(world, "cor", loan, "promises")


def test_what_a_borrower_wrote_nobody_else_changes(world: World, loan: Case) -> None:
    entry = add(world, "ben", loan, "wishes", "wish", {"wished": "mine"}, of="ben")
    with pytest.raises(Forbidden):
        change(world, "cor", loan, "wishes", entry, {"wished": "yours"})
    assert change(world, "ben", loan, "wishes", entry, {"wished": "mine, better said"}) == 2


def test_a_promise_is_late_when_its_day_is_over_and_not_when_it_is_kept(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    assert not see(world, "cor", loan, "promises").entries[0].late
    world.advance("P4D")
    assert see(world, "cor", loan, "promises").entries[0].late
    change(world, "cor", loan, "promises", entry, {**PROMISE, "promiseState": "kept"})
    assert not see(world, "cor", loan, "promises").entries[0].late


def test_ones_own_note_is_in_no_list_and_no_count_of_anybody_else(world: World, loan: Case) -> None:
    add(world, "cor", loan, "desk", "thought", {"thought": "CANARY-thought"})
    assert see(world, "cor", loan, "desk").number == 1
    assert see(world, "kim", loan, "desk").number == 0
    assert "CANARY" not in str(see(world, "kim", loan, "desk"))


def test_who_may_not_add_and_about_whom_nobody_chose_is_refused_in_words(world: World, loan: Case) -> None:
    with pytest.raises(Forbidden, match="None of your roles adds"):
        add(world, "kim", loan, "promises", "promise", PROMISE)
    with pytest.raises(Invalid, match="Choose whom"):
        add(world, "cor", loan, "wishes", "wish", {"wished": "x"})
    with pytest.raises(Invalid, match="Choose whom"):
        add(world, "ben", loan, "wishes", "wish", {"wished": "x"}, of="bea")
    with pytest.raises(FormInvalid):
        add(world, "cor", loan, "promises", "promise", {**PROMISE, "promisedFor": "some day"})
    with pytest.raises(NotFound):
        add(world, "cor", loan, "promises", "wish", {"wished": "x"})


def test_an_entry_that_is_sent_twice_is_written_once(world: World, loan: Case) -> None:
    once = new_id(START)
    for _ in range(2):
        assert add(world, "cor", loan, "promises", "promise", PROMISE, once=once) == once
    assert len(see(world, "cor", loan, "promises").entries) == 1
    with pytest.raises(Conflict):
        add(world, "ben", loan, "wishes", "wish", {"wished": "x"}, of="ben", once=once)


def test_behind_a_wall_nothing_is_found_added_or_changed(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    acts.wall(world, loan, "cor")
    with pytest.raises(NotFound):
        see(world, "cor", loan, "promises")
    with pytest.raises(NotFound):
        add(world, "cor", loan, "promises", "promise", PROMISE)
    with pytest.raises(NotFound):
        change(world, "cor", loan, "promises", entry, PROMISE)


def test_what_was_written_with_an_earlier_form_is_shown_with_that_form(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    world.advance("P1D")
    files = notebook.files()
    world.deploy(files | {"promise.json": files["promise.json"].replace(b'"title": "What"', b'"title": "Promised thing"')})
    change(world, "cor", loan, "promises", entry, PROMISE)
    (shown,) = see(world, "cor", loan, "promises").entries
    titles = [version.records[0].fields[0][0] for version in shown.versions]
    assert titles == ["Promised thing", "What"]


def test_the_second_torn_book_sends_its_message_once_and_other_entries_none(world: World, loan: Case) -> None:
    torn, wet = {"damageKind": "torn"}, {"damageKind": "wet"}
    world.complete("ben", loan, "answer-terms", shelf.ACCEPT)
    add(world, "cor", loan, "desk", "damage", torn)
    add(world, "cor", loan, "desk", "damage", wet)
    assert world.names(loan) == ["recall"]
    second = add(world, "cor", loan, "desk", "damage", torn)
    assert world.names(loan) == ["check-return"]
    change(world, "cor", loan, "desk", second, torn)
    add(world, "cor", loan, "desk", "damage", torn)
    assert world.names(loan) == ["check-return"]
    with world.store.reading() as uow:
        assert store.inbox_messages.kept(uow, loan.program_id, START).items == (), "nobody waits, so nothing lies there"


def test_a_closed_case_is_read_and_not_written(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    with world.store.unit_of_work() as uow:
        store.cases.update(uow, replace(loan, state=CaseState.CLOSED, closed_at=START))
        uow.commit()
    page = see(world, "cor", loan, "promises")
    assert (len(page.entries), page.adds, page.entries[0].may_change) == (1, (), False)
    assert "closed" in page.closed
    with pytest.raises(Conflict):
        add(world, "cor", loan, "promises", "promise", PROMISE)
    with pytest.raises(Conflict):
        change(world, "cor", loan, "promises", entry, PROMISE)


def test_who_has_nothing_to_do_with_the_loan_finds_no_panel(world: World, loan: Case) -> None:
    entry = add(world, "cor", loan, "promises", "promise", PROMISE)
    with pytest.raises(NotFound):
        see(world, "tom", loan, "promises")
    with pytest.raises(NotFound):
        change(world, "tom", loan, "promises", entry, PROMISE)
