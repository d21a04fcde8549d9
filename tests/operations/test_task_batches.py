"""One act on several tasks, and handing over: what becomes of each, what is refused and why, who reads the note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.inbox_views import DueWithin, InboxQuestion, Scope
from engine.model.lists import InboxSort
from engine.operations.content import records
from engine.operations.people import task_access
from engine.operations.tasks import handing_over, task_batches, task_lists, user_tasks
from engine.operations.tasks.task_batches import Batch, BatchAct
from tests.operations import acts
from tests.world import World


@pytest.fixture
def lent(library: World) -> Case:
    library.person("lou", "librarian")
    return acts.lent(library)


def done(world: World, by: str, batch: Batch) -> list[str | None]:
    with world.acting(by) as (uow, actor):
        return [one.refused for one in task_batches.act(uow, actor, batch)]


def note_of(world: World, by: str, task_id: str) -> str | None:
    with world.reading(by) as (uow, actor):
        found = handing_over.note(uow, task_access.load(uow, actor, task_id))
    return found.text if found else None


def asked(world: World, by: str, question: InboxQuestion) -> Sequence[str]:
    with world.reading(by) as (uow, actor):
        return [line.case_number for line in task_lists.answer(uow, actor, question).items]


def test_each_task_is_done_or_refused_by_itself(library: World, lent: Case) -> None:
    other = acts.lent(library)
    taken, free = library.task(lent, "recall").id, library.task(other, "recall").id
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, taken)
    refused = done(library, "lia", Batch(BatchAct.CLAIM, (taken, free, "nothing", free)))
    assert refused == ["Somebody else has claimed this task; ask them to release it.", None, "There is nothing here that you may see."]
    assert library.task(other, "recall").assignee_id == library.people["lia"].id
    assert done(library, "lia", Batch(BatchAct.RELEASE, (free,))) == [None]
    assert library.task(other, "recall").assignee_id is None


def test_tasks_go_back_to_nobody_from_who_has_them_by_who_may_assign_them(library: World, lent: Case) -> None:
    other = acts.lent(library)
    taken, free = library.task(lent, "recall").id, library.task(other, "recall").id
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, taken)
    with library.store.unit_of_work() as uow:
        assert task_batches.can_go_back(uow, actor, (taken,))
        assert not task_batches.can_go_back(uow, actor, (taken, free)[1:])
        assert not task_batches.can_go_back(uow, actor, ())
    back = Batch(BatchAct.HAND_OVER, (taken, free), task_batches.NOBODY)
    assert done(library, "ben", back)[0] is not None
    assert library.task(lent, "recall").assignee_id == library.people["lou"].id
    assert done(library, "lia", back) == [None, "Nobody has this task: it waits for everybody in its role."]
    assert library.task(lent, "recall").assignee_id is None


def test_what_would_become_of_each_is_asked_without_doing_it(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    actor = library.actor("lia")
    with library.store.unit_of_work() as uow:
        (told,) = task_batches.act(uow, actor, Batch(BatchAct.CLAIM, (task.id,)))
    assert told.line is not None
    assert (told.refused, told.line.case_number) == (None, lent.number)
    assert library.task(lent, "recall") == task
    assert library.events(lent, "user_task_claimed") == []


@pytest.mark.parametrize(
    "batch",
    [Batch(BatchAct.CLAIM, ()), Batch(BatchAct.CLAIM, tuple(map(str, range(101)))), Batch(BatchAct.HAND_OVER, ("a",))],
    ids=["none", "too many", "to nobody"],
)
def test_a_batch_without_what_it_needs_is_refused(library: World, batch: Batch) -> None:
    with pytest.raises(Invalid):
        done(library, "lia", batch)


def test_a_task_behind_a_wall_is_answered_as_one_that_is_not_there_and_the_try_is_written_down(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    acts.wall(library, lent, "lou")
    batch = Batch(BatchAct.CLAIM, (task.id, "nothing"))
    with library.acting("lou") as (uow, actor):
        first, second = task_batches.act(uow, actor, batch)
    assert (first.line, first.refused) == (second.line, second.refused)
    assert len([entry for entry in library.trail(lent) if entry.event == "wall_met"]) == 1


def test_a_task_is_handed_over_with_a_note_that_its_new_holder_reads(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    done(library, "lia", Batch(BatchAct.CLAIM, (task.id,)))
    lou = library.people["lou"].id
    with library.acting("lia") as (uow, actor):
        assert handing_over.takers(uow, actor, task.id) == ((lou, "Lou Example"),)
        handing_over.hand_over(uow, actor, task.id, lou, "CANARY-note")
    assert note_of(library, "lou", task.id) == "CANARY-note"
    assert [note_of(library, by, task.id) for by in ("cor", "ben")] == [None, None]
    assert all("CANARY" not in str(entry.details) for entry in library.trail(lent))
    library.complete("lou", lent, "recall")
    assert note_of(library, "lou", task.id) is None


def test_a_task_is_handed_over_only_by_its_holder_or_who_assigns_and_to_who_may_do_it(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    lou = library.people["lou"].id
    with pytest.raises(Forbidden), library.acting("kim") as (uow, actor):
        handing_over.hand_over(uow, actor, task.id, lou)
    for person in (library.people["kim"].id, "nobody"):
        with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
            handing_over.hand_over(uow, actor, task.id, person)
    with library.acting("lia") as (uow, actor):
        handing_over.hand_over(uow, actor, task.id, lou)
    with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
        handing_over.hand_over(uow, actor, task.id, lou)
    with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
        handing_over.hand_over(uow, actor, task.id, library.people["lia"].id, "x" * 1001)


def test_a_follow_up_is_a_day_ahead_and_finds_the_task_again_when_it_has_come(library: World, lent: Case) -> None:
    task, soon = library.task(lent, "recall"), clock.now() + timedelta(hours=20)
    for wrong in (clock.now(), clock.now() + timedelta(days=800)):
        assert done(library, "lia", Batch(BatchAct.FOLLOW_UP, (task.id,), at=wrong)) != [None]
    assert done(library, "lia", Batch(BatchAct.FOLLOW_UP, (task.id,), at=soon)) == [None]
    question = InboxQuestion(Scope.ALL, follow_up=True)
    assert asked(library, "lia", question) == []
    library.advance("P1D")
    assert asked(library, "lia", question) == [lent.number]
    assert done(library, "lia", Batch(BatchAct.FOLLOW_UP, (task.id,))) == [None]
    assert asked(library, "lia", question) == []
    assert library.events(lent, "user_task_follow_up_set") == ["recall", "recall"]


def test_who_assigns_sets_how_urgent_a_task_is(library: World, lent: Case) -> None:
    other = acts.lent(library)
    high, low = library.task(other, "recall").id, library.task(lent, "recall").id
    with library.acting("lia") as (uow, actor):
        assert handing_over.prioritise(uow, actor, high, 90).priority == 90
    assert asked(library, "lia", InboxQuestion(Scope.ALL, InboxSort.PRIORITY)) == [other.number, lent.number]
    assert asked(library, "lia", InboxQuestion(Scope.ALL, urgent=True)) == [other.number]
    with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
        handing_over.prioritise(uow, actor, low, 101)
    with pytest.raises((Forbidden, Conflict)), library.acting("kim") as (uow, actor):
        handing_over.prioritise(uow, actor, low, 1)


def test_the_list_is_narrowed_to_what_is_late_or_due_soon(library: World, lent: Case) -> None:
    due = library.task(lent, "recall").due_at
    assert due is not None
    assert asked(library, "lia", InboxQuestion(Scope.ALL, due=DueWithin.LATE)) == []
    library.clock.advance(due - clock.now() - timedelta(days=2))
    assert asked(library, "lia", InboxQuestion(Scope.ALL, due=DueWithin.TODAY)) == []
    assert asked(library, "lia", InboxQuestion(Scope.ALL, due=DueWithin.WEEK)) == [lent.number]
    library.clock.advance(timedelta(days=3))
    assert asked(library, "lia", InboxQuestion(Scope.ALL, due=DueWithin.LATE)) == [lent.number]


def test_a_note_is_in_no_list_of_records_of_who_reads_no_such_class(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with library.acting("lia") as (uow, actor):
        handing_over.hand_over(uow, actor, task.id, library.people["lou"].id, "Ask for the key first")
    with library.reading("lia") as (uow, actor):
        found = task_access.load(uow, actor, task.id)
        kept = [one for one in records.visible(uow, actor, found.case, found.subject, found.pack) if one.form == "hand-over"]
    assert [(one.form_title, one.fields) for one in kept] == []
