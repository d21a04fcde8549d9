"""Mail on its way, choices, calendar links: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine import store
from engine.model.telling import CalendarFeed, MailState, OutgoingMail, TellingChoices
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def mail(world: World, **fields: object) -> OutgoingMail:
    made = OutgoingMail(fresh(), world.program.id, world.case.id, world.ana.id, "p", "dates", MailState.WAITING, START, START)
    return replace(made, **fields)  # type: ignore[arg-type]


def test_mail_is_taken_by_when_it_is_due_and_kept_with_its_record(uow: UnitOfWork, world: World) -> None:
    later, first = mail(world, due_at=START + DAY), mail(world, record={"to": ["ä@b"], "text": "x"})
    for one in (later, first, mail(world, state=MailState.SENT)):
        store.mails.insert(uow, one)
    assert store.mails.due(uow, START) == first
    assert store.mails.next_due_at(uow) == START
    store.mails.update(uow, replace(first, state=MailState.FAILED, error_code="mail-refused", ended_at=START))
    assert store.mails.due(uow, START) is None
    assert store.mails.due(uow, START + DAY) == later
    assert store.mails.next_due_at(uow) == START + DAY
    locked = store.mails.lock(uow, first.id)
    assert locked is not None
    assert (locked.state, locked.record) == (MailState.FAILED, first.record)
    assert store.mails.list_(uow, world.program.id, state=MailState.FAILED).items == (locked,)
    page = store.mails.list_(uow, world.program.id, limit=2)
    assert len(page.items + store.mails.list_(uow, world.program.id, cursor=page.next).items) == 3


def test_a_daily_mail_that_is_still_to_come_is_found_again_until_it_was_tried(uow: UnitOfWork, world: World) -> None:
    daily = mail(world, kind="", case_id=None, due_at=START + DAY)
    store.mails.insert(uow, daily)
    assert store.mails.untried(uow, world.ana.id, "p", "", START) == daily
    assert store.mails.untried(uow, world.ben.id, "p", "", START) is None
    assert store.mails.untried(uow, world.ana.id, "q", "", START) is None
    assert store.mails.untried(uow, world.ana.id, "p", "", START + DAY) is None
    store.mails.update(uow, replace(daily, attempts=1))
    assert store.mails.untried(uow, world.ana.id, "p", "", START) is None


def test_notices_know_the_mail_that_tells_of_them(uow: UnitOfWork, world: World) -> None:
    told = world.notice(world.ana, mail_id="m-1")
    store.notices.insert_many(uow, [told, world.notice(world.ana)])
    assert store.notices.of_mail(uow, "m-1") == (told,)


def test_choices_are_one_row_a_person(uow: UnitOfWork, world: World) -> None:
    assert store.telling_choices.find(uow, world.ana.id) is None
    first = TellingChoices(world.ana.id, world.program.id, {"dates": "none"}, quiet_from=60)
    store.telling_choices.put(uow, first)
    assert store.telling_choices.find(uow, world.ana.id) == first
    second = replace(first, ways={}, digest_at=0, quiet_from=None)
    store.telling_choices.put(uow, second)
    assert store.telling_choices.find(uow, world.ana.id) == second


def test_a_calendar_link_holds_until_it_is_revoked(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "ana-calendar")
    store.accounts.insert(uow, account)
    feed = CalendarFeed(fresh(), world.program.id, account.id, "d1", START)
    store.calendar_feeds.insert(uow, feed)
    assert store.calendar_feeds.by_digest(uow, "d1") == store.calendar_feeds.of_account(uow, account.id) == feed
    assert store.calendar_feeds.by_digest(uow, "d2") is None
    assert store.calendar_feeds.revoke(uow, account.id, START + timedelta(hours=1)) == 1
    assert store.calendar_feeds.by_digest(uow, "d1") is None
    assert store.calendar_feeds.of_account(uow, account.id) is None
    assert store.calendar_feeds.revoke(uow, account.id, START) == 0
