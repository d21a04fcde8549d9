"""Records, drafts, notices, kept messages."""

from __future__ import annotations

from dataclasses import replace

from engine import store
from engine.model.content import Draft
from engine.model.files import File
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def test_records_come_back_with_their_bodies_by_class(uow: UnitOfWork, world: World) -> None:
    body = {"text": "wörds", "list": [1, 2.5, None, True], "deep": {"a": []}}
    private, shared = world.record(body=body), world.record(cls="C3", at=START + DAY, task_id="t-1")
    store.records.insert_many(uow, [shared, private])
    assert store.records.of_case(uow, world.case.id) == (private, shared)
    assert store.records.of_case(uow, world.case.id, classes={"C3"}) == (shared,)
    assert store.records.of_case(uow, world.case.id, classes=set()) == ()
    assert store.records.of_case(uow, world.case.id, form="other") == ()
    assert store.records.get(uow, private.id) == private
    assert store.records.of_task(uow, "t-1") == (shared,)


def test_a_draft_is_its_writers_own_and_its_version_rises(uow: UnitOfWork, world: World) -> None:
    draft = Draft("t-1", world.program.id, world.case.id, world.ana.id, {"a": 1}, START)
    assert store.drafts.put(uow, draft) == 1
    assert store.drafts.put(uow, replace(draft, body={"a": 2}, at=START + DAY)) == 2
    assert store.drafts.get(uow, "t-1", world.ana.id) == replace(draft, body={"a": 2}, at=START + DAY, version=2)
    assert store.drafts.get(uow, "t-1", world.ben.id) is None
    store.drafts.put(uow, replace(draft, person_id=world.ben.id))
    assert store.drafts.delete(uow, "t-1", world.ana.id) == 1
    assert store.drafts.delete(uow, "t-1") == 1


def test_notices_are_read_by_their_recipient_once(uow: UnitOfWork, world: World) -> None:
    first, second = world.notice(world.ana), world.notice(world.ana, at=START + DAY)
    store.notices.insert_many(uow, [first, second])
    store.notices.insert(uow, world.notice(world.ben))
    page = store.notices.of_person(uow, world.program.id, world.ana.id, limit=1)
    assert page.items == (second,)
    assert store.notices.of_person(uow, world.program.id, world.ana.id, cursor=page.next).items == (first,)
    assert store.user_tasks.waiting(uow, world.program.id, world.ana.id, ()).unread == 2
    assert not store.notices.mark_read(uow, world.ben.id, first.id, START)
    assert store.notices.mark_read(uow, world.ana.id, first.id, START)
    assert store.notices.mark_read(uow, world.ana.id, first.id, START + DAY)
    assert store.notices.of_person(uow, world.program.id, world.ana.id, unread=True).items == (second,)
    assert store.notices.of_case(uow, world.case.id)[0] == replace(first, read_at=START)


def test_all_notices_are_read_up_to_one_and_only_by_whom_they_are_for(uow: UnitOfWork, world: World) -> None:
    first, second, third = (world.notice(world.ana, at=START + n * DAY) for n in range(3))
    store.notices.insert_many(uow, [first, second, third, world.notice(world.ben)])
    assert not store.notices.mark_all_read(uow, world.program.id, world.ben.id, third.id, START)
    assert store.notices.mark_all_read(uow, world.program.id, world.ana.id, second.id, START)
    assert store.notices.of_person(uow, world.program.id, world.ana.id, unread=True).items == (third,)
    assert len(store.notices.of_person(uow, world.program.id, world.ben.id, unread=True).items) == 1


def test_a_message_id_is_taken_once(uow: UnitOfWork, world: World) -> None:
    assert store.inbox_messages.insert(uow, world.message(message_id="m-1"))
    assert not store.inbox_messages.insert(uow, world.message(message_id="m-1"))
    assert store.inbox_messages.insert(uow, world.message(message_id="m-1", name="other"))
    assert store.inbox_messages.insert(uow, world.message())
    assert store.inbox_messages.insert(uow, world.message())


def test_a_kept_message_is_delivered_once_the_oldest_first_while_it_lives(uow: UnitOfWork, world: World) -> None:
    newer, older = world.message(received_at=START + DAY, expires_at=START + 3 * DAY), world.message(payload=[1])
    for message in (newer, older):
        store.inbox_messages.insert(uow, message)
    take = store.inbox_messages.take_matching
    assert take(uow, world.program.id, "returned", "other", START) is None
    assert take(uow, world.program.id, "returned", "c-1", START) == replace(older, delivered_at=START)
    assert take(uow, world.program.id, "returned", "c-1", START + 3 * DAY) is None
    assert take(uow, world.program.id, "returned", "c-1", START + DAY) == replace(newer, delivered_at=START + DAY)
    assert take(uow, world.program.id, "returned", "c-1", START) is None
    assert store.inbox_messages.prune(uow, START + 2 * DAY) == 1


def test_a_file_comes_back_part_by_part_and_goes_when_it_was_not_sent(uow: UnitOfWork, world: World) -> None:
    sent = File(
        id=fresh(), program_id=world.program.id, case_id=world.case.id, task_id="t-1", field="photo", cls="C3", participant_id=None,
        author_id=world.ana.id, media_type="image/png", size=5, digest="d", scanned=True, at=START, sent_at=None, name="wörds.png",
    )  # fmt: skip
    unsent = replace(sent, id=fresh(), at=START + DAY)
    for file in (sent, unsent):
        store.files.insert(uow, file, [b"one", b"\x00\xff"])
    assert store.files.unsent(uow, "t-1", world.ana.id) == (sent, unsent)
    assert store.files.unsent(uow, "t-1", world.ben.id) == ()
    assert store.files.size_unsent(uow, world.program.id, world.ana.id) == 10
    assert store.files.mark_sent(uow, [sent.id], START + DAY) == 1
    assert store.files.mark_sent(uow, [sent.id], START) == 0
    store.files.delete_of_task(uow, "t-1")
    assert store.files.get(uow, sent.id) == replace(sent, sent_at=START + DAY)
    assert [store.files.part(uow, sent, number) for number in (0, 1, 2)] == [b"one", b"\x00\xff", None]
    assert store.files.part(uow, unsent, 0) is None
