"""Running cases brought to another version: rehearsed, proposed, approved by another, done one by one, undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Conflict, Excluded, Forbidden, Invalid, NotFound
from engine.model.instances import Instance, Snapshot
from engine.model.migration import Fate, Migration, Progress, Rehearsal, Why
from engine.model.states import MigrationRowState, MigrationState
from engine.operations.content import drafts
from engine.operations.releasing import migration, rehearsals
from engine.operations.rounds import sweeps
from engine.operations.running import instances
from engine.operations.tasks import user_tasks
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

LOAN = "loan.bpmn"
STEP = (
    b'<bpmn:userTask id="count-pages" name="Count the pages" parley:due="=settings.checkDue"/>'
    b'<bpmn:sequenceFlow id="f7b" sourceRef="count-pages" targetRef="sign-off-return"/>'
)


def longer(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The library with a step more before the return is signed off."""
    text = files[LOAN]
    old = b'sourceRef="check-return" targetRef="sign-off-return"'
    assert old in text
    text = text.replace(old, b'sourceRef="check-return" targetRef="count-pages"')
    text = text.replace(b"<bpmn:startEvent", STEP + b"<bpmn:startEvent", 1)
    text = text.replace(
        b"<bpmn:flowNodeRef>check-return<", b"<bpmn:flowNodeRef>count-pages</bpmn:flowNodeRef><bpmn:flowNodeRef>check-return<", 1
    )
    return {**files, LOAN: text}


def renamed(files: Mapping[str, bytes], old: str = "answer-terms", new: str = "say-yes-or-no") -> dict[str, bytes]:
    """The library with another id for one element, and the lane, flows and events following."""
    return {**files, **{name: files[name].replace(old.encode(), new.encode()) for name in (LOAN, "pack.toml")}}


@pytest.fixture
def world(either: Store) -> World:
    return cast(either, shelf.library())


def instance(world: World, case: Case) -> Instance:
    return acts.instance(world, case, "loan")


def rehearse(world: World, by: str = "tom", mapping: Mapping[str, str] | None = None) -> Rehearsal:
    with world.reading(by) as (uow, actor):
        return rehearsals.rehearse(uow, actor, "loan", 1, 2, mapping)


def propose(world: World, by: str = "tom", mapping: Mapping[str, str] | None = None) -> Migration:
    with world.acting(by) as (uow, actor):
        return migration.propose(uow, actor, "loan", 1, 2, mapping, why="A step more")


def decide(world: World, found: Migration, by: str = "kim", approve: bool = True, reason: str = "") -> Migration:
    with world.acting(by) as (uow, actor):
        return migration.decide(uow, actor, found.id, approve, reason=reason)


def undo(world: World, found: Migration, by: str = "kim") -> None:
    with world.acting(by) as (uow, actor):
        migration.undo(uow, actor, found.id)


def progress(world: World, found: Migration, by: str = "kim") -> Progress:
    with world.reading(by) as (uow, actor):
        return migration.get(uow, actor, found.id)


def migrate(world: World, mapping: Mapping[str, str] | None = None) -> Migration:
    found = propose(world, mapping=mapping)
    decide(world, found)
    return found


def rows(world: World, case: Case) -> object:
    """Everything that is open of a case."""
    with world.store.reading() as uow:
        return (
            store.user_tasks.open_of_case(uow, case.id),
            [(one.kind, one.token_id, one.task_id, one.due_at, one.rule) for one in store.timers.of_case(uow, case.id)],
            [(one.token_id, one.name, one.correlation, one.since) for one in store.subscriptions.of_case(uow, case.id)],
        )


def test_a_rehearsal_counts_and_changes_nothing(world: World) -> None:
    cases = [acts.loan(world), acts.loan(world), acts.lent(world)]
    world.deploy(longer(shelf.library()))
    before = [instance(world, case) for case in cases]
    found = rehearse(world)
    assert found.counts == {Fate.UNCHANGED: 3}
    assert found.total == 3
    assert {line.name: line.number for line in found.lines} == {"Answer the terms": 2, "Wait for the book": 1, "Recalled": 1}
    assert found.cases is None
    assert [instance(world, case) for case in cases] == before


def test_single_cases_are_for_who_controls_them_and_not_behind_a_wall(world: World) -> None:
    case, walled = acts.loan(world), acts.loan(world)
    world.deploy(longer(shelf.library()))
    acts.wall(world, walled, "kim")
    found = rehearse(world, "kim")
    assert found.cases is not None
    assert [one.number for one in found.cases] == [case.number]
    assert found.total == 1


def test_cases_go_on_by_the_new_version_and_keep_what_they_had(world: World) -> None:
    case = acts.lent(world)
    task = world.task(case, "recall")
    with world.store.reading() as uow:
        timers, waits = store.timers.of_case(uow, case.id), store.subscriptions.of_case(uow, case.id)
    world.deploy(longer(shelf.library()))
    found = migrate(world)
    assert progress(world, found).migration.state is MigrationState.DONE
    assert progress(world, found).counts == {MigrationRowState.MIGRATED: 1}
    after = world.task(case, "recall")
    assert (after.id, after.due_at, after.assignee_id) == (task.id, task.due_at, task.assignee_id)
    with world.store.reading() as uow:
        assert store.timers.of_case(uow, case.id) == timers
        assert store.subscriptions.of_case(uow, case.id) == waits
    assert instance(world, case).definition_version == 2
    world.complete("lia", case, "recall")
    world.complete("cor", case, "check-return", {"damaged": False})
    assert world.names(case) == ["count-pages"]


def test_an_element_of_another_id_is_guessed_by_its_name(world: World) -> None:
    case = acts.loan(world)
    task = world.task(case, "answer-terms")
    world.deploy(renamed(shelf.library()))
    found = rehearse(world)
    assert found.mapping == {"loan/answer-terms": "say-yes-or-no"}
    assert [(one.name, one.fate, one.to) for one in found.lines] == [("Answer the terms", Fate.MOVED, "say-yes-or-no")]
    migrate(world)
    assert world.task(case, "say-yes-or-no").id == task.id


def test_drafts_and_claims_stay(world: World) -> None:
    case = acts.loan(world)
    task = world.task(case, "answer-terms")
    with world.acting("ben") as (uow, actor):
        drafts.save(uow, actor, task.id, {"answer": "yes"})
    world.deploy(renamed(shelf.library()))
    assert rehearse(world).drafts_kept == 1
    migrate(world)
    with world.reading("ben") as (uow, actor):
        kept = drafts.get(uow, actor, task.id)
    assert kept is not None
    assert kept.body == {"answer": "yes"}


def test_what_strands_stays_on_its_version_and_is_listed_with_the_reason(world: World) -> None:
    stuck, free = acts.loan(world), acts.lent(world)
    world.deploy(renamed(shelf.library()))
    found = migrate(world, {"loan/answer-terms": ""})
    assert progress(world, found).counts == {MigrationRowState.STRANDED: 1, MigrationRowState.MIGRATED: 1}
    cases = progress(world, found).cases
    assert cases is not None
    assert (cases[0].number, cases[0].reasons) == (stuck.number, (("Answer the terms", Why.GONE),))
    assert (instance(world, stuck).definition_version, instance(world, free).definition_version) == (1, 2)
    world.complete("ben", stuck, "answer-terms", shelf.REFUSE)
    assert world.names(stuck) == []


def test_the_prediction_is_what_happens(world: World) -> None:
    for _ in range(3):
        acts.loan(world)
    acts.lent(world)
    world.deploy(renamed(shelf.library()))
    for mapping in ({"loan/answer-terms": ""}, None):
        found = rehearse(world, "kim", mapping)
        assert found.cases is not None
        expected = {one.instance_id: one.fate is Fate.STRANDED for one in found.cases}
        done = migrate(world, mapping)
        cases = progress(world, done).cases
        assert cases is not None
        assert {one.instance_id: one.state is MigrationRowState.STRANDED for one in cases} == expected


def test_undo_brings_the_same_bytes_back_and_every_row(world: World) -> None:
    case, other = acts.lent(world), acts.loan(world)
    before = [(instance(world, one).state_blob, world.open_tasks(one)) for one in (case, other)]
    world.deploy(renamed(shelf.library()))
    found = migrate(world)
    assert instance(world, other).state_blob != before[1][0]
    undo(world, found)
    assert [(instance(world, one).state_blob, world.open_tasks(one)) for one in (case, other)] == before
    assert instance(world, case).definition_version == 1
    assert progress(world, found).migration.state is MigrationState.UNDONE


def test_a_case_that_moved_on_is_not_undone_and_says_so(world: World) -> None:
    moved, still = acts.loan(world), acts.loan(world)
    world.deploy(longer(shelf.library()))
    found = migrate(world)
    world.complete("ben", moved, "answer-terms", shelf.ACCEPT)
    undo(world, found)
    cases = progress(world, found).cases
    assert cases is not None
    assert {one.number: one.state for one in cases} == {moved.number: MigrationRowState.KEPT, still.number: MigrationRowState.UNDONE}
    assert (instance(world, moved).definition_version, instance(world, still).definition_version) == (2, 1)


def test_the_state_before_is_kept_as_a_snapshot(world: World) -> None:
    case = acts.loan(world)
    before = instance(world, case)
    world.deploy(longer(shelf.library()))
    migrate(world)
    with world.store.reading() as uow:
        kept: tuple[Snapshot, ...] = store.snapshots.of_instance(uow, before.id)
    assert [one.state_blob for one in kept if one.reason == "migration"] == [before.state_blob]


def test_whoever_proposed_does_not_approve(world: World) -> None:
    world.person("max", "trustee", "keeper")
    acts.loan(world)
    world.deploy(longer(shelf.library()))
    found = propose(world, "max")
    with pytest.raises(Excluded):
        decide(world, found, "max")
    with pytest.raises(Forbidden):
        decide(world, found, "tom")
    assert decide(world, found, "kim").state is MigrationState.RUNNING


def test_who_may_not_draw_proposes_nothing_and_outsiders_see_nothing(world: World) -> None:
    acts.loan(world)
    world.deploy(longer(shelf.library()))
    for name in ("kim", "lia"):
        with pytest.raises(Forbidden):
            propose(world, name)
    with pytest.raises(Forbidden):
        rehearse(world, "lia")


def test_a_rejected_proposal_moves_nothing_and_says_why(world: World) -> None:
    case = acts.loan(world)
    world.deploy(longer(shelf.library()))
    found = propose(world)
    with pytest.raises(Invalid):
        decide(world, found, approve=False)
    assert decide(world, found, approve=False, reason="Not now").decision_reason == "Not now"
    assert instance(world, case).definition_version == 1
    with pytest.raises(Conflict):
        decide(world, found)


def test_a_proposal_can_be_taken_back_and_made_again_but_not_twice_at_once(world: World) -> None:
    world.deploy(longer(shelf.library()))
    found = propose(world)
    with pytest.raises(Conflict):
        propose(world)
    with world.acting("tom") as (uow, actor):
        migration.take_back(uow, actor, found.id)
    propose(world)


def test_a_migration_of_no_case_is_done_at_once(world: World) -> None:
    world.deploy(longer(shelf.library()))
    assert decide(world, propose(world)).state is MigrationState.DONE


def test_only_approved_versions_and_known_elements_are_taken(world: World) -> None:
    world.deploy(longer(shelf.library()))
    with world.reading("tom") as (uow, actor):
        with pytest.raises(NotFound):
            rehearsals.rehearse(uow, actor, "loan", 1, 9)
        with pytest.raises(Conflict):
            rehearsals.rehearse(uow, actor, "loan", 1, 1)
        for mapping in ({"loan/nothing": "recall"}, {"loan/recall": "nothing"}, {"recall": "recall"}):
            with pytest.raises(Invalid):
                rehearsals.rehearse(uow, actor, "loan", 1, 2, mapping)


def test_a_suspended_case_goes_along_and_stays_suspended(world: World) -> None:
    case = acts.loan(world)
    running = instance(world, case).id
    with world.acting("kim") as (uow, actor):
        instances.suspend(uow, actor, running)
    world.deploy(longer(shelf.library()))
    migrate(world)
    found = instance(world, case)
    assert (str(found.state), found.definition_version) == ("suspended", 2)


def test_a_case_that_ended_before_its_turn_is_passed(world: World) -> None:
    case = acts.loan(world)
    world.deploy(longer(shelf.library()))
    found = propose(world)
    task, kim, ben = world.task(case, "answer-terms").id, world.actor("kim"), world.actor("ben")
    with world.store.unit_of_work() as uow:
        migration.decide(uow, kim, found.id, True)
        user_tasks.complete(uow, ben, task, shelf.REFUSE)
        uow.commit()
    sweeps.until_quiet(world.store)
    assert progress(world, found).counts == {MigrationRowState.PASSED: 1}


def test_the_case_says_by_which_version_it_goes_on(world: World) -> None:
    case = acts.loan(world)
    world.deploy(longer(shelf.library()))
    found = migrate(world)
    undo(world, found)
    entries = [entry for entry in world.trail(case) if entry.event.startswith("instance_migrat")]
    assert [(entry.event, entry.actor_id, entry.details) for entry in entries] == [
        ("instance_migrated", world.people["kim"].id, {"from": 1, "to": 2, "migration": found.id}),
        ("instance_migration_undone", world.people["kim"].id, {"from": 2, "to": 1, "migration": found.id}),
    ]
    told = [line.text for line in world.page("kim", case).timeline]
    assert "Went on by version 2 instead of 1: Loan" in told


def test_a_task_that_became_another_roles_is_offered_anew_and_undo_gives_the_claim_back(world: World) -> None:
    case = acts.lent(world)
    open_task = world.task(case, "recall").id
    with world.acting("lia") as (uow, actor):
        user_tasks.claim(uow, actor, open_task)
    task = world.task(case, "recall")
    files = shelf.library()
    other = files[LOAN].replace(b'name="Wait for the book"', b'name="Wait for the book" parley:role="keeper"')
    world.deploy({**files, LOAN: other})
    found = migrate(world)
    after = world.task(case, "recall")
    assert (task.role, task.assignee_id) == ("librarian", world.people["lia"].id)
    assert (after.role, after.assignee_id) == ("keeper", None)
    undo(world, found)
    assert world.task(case, "recall") == task


def test_fifty_cases_go_over_and_come_back(world: World) -> None:
    cases = [acts.loan(world) for _ in range(50)]
    before = [instance(world, case).state_blob for case in cases]
    world.deploy(renamed(shelf.library()))
    assert rehearse(world).counts == {Fate.MOVED: 50}
    found = migrate(world)
    assert Counter(instance(world, case).definition_version for case in cases) == {2: 50}
    undo(world, found)
    assert [instance(world, case).state_blob for case in cases] == before
