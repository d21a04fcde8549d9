"""The audit trail: unbroken chains, who did what by which way, field names but never what was typed."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from engine import store
from engine.model.cases import Case
from engine.operations import sealing, trail
from engine.operations.cases import cases
from engine.operations.deploying import deployments
from engine.operations.people import people
from engine.operations.people.memberships import NewParticipant
from engine.operations.rounds import sweeps
from engine.operations.running import instances
from engine.operations.tasks import task_lists, user_tasks
from engine.store import Store, tables
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

#: everything above class C1 that can be typed into the library's forms, and free text elsewhere
RETURN = {
    "damaged": True,
    "findings": [{"page": 1, "what": "CANARY-finding"}],
    "place": {"shelf": "CANARY-shelf"},
    "thoughts": "CANARY-thoughts",
}


@pytest.fixture
def whole(library: World) -> Case:
    """A loan from request to return with something confidential in every field, draft, reason and name."""
    with library.acting("lia") as (uow, actor):
        new = [
            NewParticipant("borrower", name="CANARY Person", email="canary@example.org", phone="+1 555 0100"),
            NewParticipant("borrower", person_id=library.people["ben"].id),
            NewParticipant("curator", person_id=library.people["cor"].id),
        ]
        case = cases.open_(uow, actor, "library", new, {"bookClass": "fragile", "wish": "CANARY-wish"})
    task = library.task(case, "answer-terms")
    with library.acting("lia") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"why": "CANARY-draft"})
    library.complete("lia", case, "answer-terms", {**shelf.ACCEPT, "from": "2026-03-03", "method": "paper"}, mode="on-behalf")
    with library.acting("lia") as (uow, actor):
        user_tasks.assign(uow, actor, library_task(uow, case), library.people["lia"].id, "CANARY-reason")
    acts.control(library, "kim", case, "suspend", reason="CANARY-reason")
    acts.control(library, "kim", case, "resume", reason="CANARY-reason")
    library.advance("P9D")
    library.complete("lia", case, "recall")
    with library.acting("cor") as (uow, actor):
        user_tasks.save_draft(uow, actor, library_task(uow, case), {"thoughts": "CANARY-draft"})
    library.complete("cor", case, "check-return", RETURN)
    return case


def library_task(uow: store.UnitOfWork, case: Case) -> str:
    return store.user_tasks.open_of_case(uow, case.id)[0].id


def rows(opened: Store) -> dict[str, str]:
    """All that is stored, as text by table."""
    found = {}
    with opened.reading() as uow:
        for table in tables.metadata.sorted_tables:
            found[table.name] = str([tuple(row) for row in uow.execute(table.select())])
    return found


#: where content and contacts belong, by design
SEALED = {"records", "drafts", "persons"}


def test_what_is_typed_stays_where_it_belongs(library: World, whole: Case) -> None:
    leaks = {name for name, text in rows(library.store).items() if "canary" in text.lower()}
    assert leaks == {"records", "drafts", "persons"} - {"drafts"}


def test_what_is_typed_reaches_no_log(library: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case = acts.loan(library)
    library.complete("ben", case, "answer-terms", shelf.REFUSE)
    with pytest.raises(Exception, match="form has mistakes"):
        library.complete("ben", acts.loan(library), "answer-terms", {"answer": "CANARY-answer", "why": 5, "CANARY-field": 1})
    said = [str(record.__dict__) for record in caplog.records if not record.name.startswith("sqlalchemy")]
    assert "CANARY" not in str(said)


def test_who_watches_sees_the_progress_and_nothing_that_was_said(library: World, whole: Case) -> None:
    page = library.page("kim", whole)
    assert "canary" not in str(page).lower()
    assert [code for code, _, at in page.milestones if at] == ["lent"]
    with library.reading("kim") as (uow, actor):
        seen = (cases.list_(uow, actor), task_lists.inbox(uow, actor), task_lists.list_(uow, actor), instances.list_(uow, actor))
    assert "canary" not in str(seen).lower()


def test_an_entry_says_who_did_what_where_and_by_which_way(library: World, whole: Case) -> None:
    done = {entry.element_id: entry for entry in library.trail(whole) if entry.event == "user_task_completed"}
    lia, cor = library.people["lia"].id, library.people["cor"].id
    assert [(done[key].actor_id, done[key].via) for key in ("recall", "check-return")] == [(lia, "page"), (cor, "page")]
    assert done["answer-terms"].on_behalf_of is not None
    fields = done["check-return"].details["fields"]  # type: ignore[index]
    assert {cls: sorted(names) for cls, names in fields.items()} == {"C1": ["damaged"], "C3": ["findings", "place"], "C6": ["thoughts"]}
    assert all(entry.task_id and entry.instance_id and entry.definition_id for entry in done.values())


def test_each_element_is_written_down_as_it_is_done(library: World, whole: Case) -> None:
    library.complete("kim", whole, "sign-off-return")
    done = library.events(whole, "element_completed")
    assert done == ["requested", "answer-terms", "accepted", "recall", "check-return", "sign-off-return", "closed"]


def test_the_chains_of_cases_and_program_hold(library: World, whole: Case) -> None:
    assert acts.chain_holds(library)
    trail = library.trail(whole)
    assert [entry.seq for entry in trail] == list(range(1, len(trail) + 1))


def test_a_reader_is_told_no_name_of_a_field_whose_class_they_may_not_read(library: World, whole: Case) -> None:
    def told(by: str) -> set[str]:
        with library.reading(by) as (uow, actor):
            page = trail.entries(uow, actor, case=whole.id, event="user_task_completed", limit=200)
        found = {entry.element_id: entry.details["fields"] for entry in page.items}  # type: ignore[index]
        return set(found["check-return"])

    assert told("ben") == {"C1", "C3"}
    assert told("kim") == {"C1", "C3", "C6"}, "who views the audit reads every name, though no answer"


@pytest.mark.parametrize(
    "change",
    [{"actor_id": "somebody"}, {"event": "nothing"}, {"via": "rest"}, {"element_id": "elsewhere"}, {"details": {"fields": []}}],
)
def test_an_entry_that_was_changed_is_found(library: World, whole: Case, change: dict[str, object]) -> None:
    entry = next(one for one in library.trail(whole) if one.event == "user_task_completed")
    with library.store.unit_of_work() as uow:
        uow.execute(tables.audit_entries.update().where(tables.audit_entries.c.id == entry.id).values(change))
        uow.commit()
    with library.store.reading() as uow:
        (found,) = sealing.verify(uow, library.program.id)
    assert found.startswith(f"{whole.id} entry {entry.seq}:")


def test_entries_cut_off_after_a_seal_are_found(library: World, whole: Case) -> None:
    assert sweeps.seal_chains(library.store) == 1
    assert sweeps.seal_chains(library.store) == 0
    last = library.trail(whole)[-1]
    with library.store.unit_of_work() as uow:
        uow.execute(tables.audit_entries.delete().where(tables.audit_entries.c.id == last.id))
        uow.commit()
    assert not acts.chain_holds(library)


def test_a_chain_that_went_on_after_its_seal_still_holds(library: World, whole: Case) -> None:
    sweeps.seal_chains(library.store)
    library.complete("kim", whole, "sign-off-return")
    assert acts.chain_holds(library)


def test_acts_on_the_program_have_a_chain_of_their_own(library: World) -> None:
    with library.acting("ada") as (uow, actor):
        people.change(uow, actor, library.people["ben"].id, name="CANARY New", email="canary@example.org")
    with library.store.reading() as uow:
        entry = store.audit.chain(uow, library.program.id)[-1]
    assert (entry.event, entry.details) == ("person_changed", {"person": library.people["ben"].id, "fields": ["name", "email"]})


def test_two_cases_opened_by_one_person_are_two_chains(empty: Store) -> None:
    world = cast(empty, shelf.library())
    one, other = acts.loan(world), acts.loan(world)
    assert world.trail(one)[0].previous is None
    assert replace(world.trail(other)[0], seq=1).chain == other.id
    with world.reading("tom") as (uow, actor):
        assert deployments.list_(uow, actor).items[0].pack == "library"
