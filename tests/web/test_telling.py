"""How I am told, the calendar's link, and the mail of a program, on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from icalendar import Calendar

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.jobs import MailServer
from engine.model.cases import Case
from engine.model.telling import MailState
from engine.operations.people import people
from engine.operations.rounds import sweeps
from engine.operations.running.outside_calls import Outlets
from tests.operations import acts
from tests.operations.conftest import cast
from tests.operations.telling import told_by_mail
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def library() -> Iterator[World]:
    """The lending library with words for mail; lia, kim and ben have addresses."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = cast(opened, told_by_mail())
    with opened.unit_of_work() as uow:
        for name in ("lia", "kim", "ben"):
            people.change(uow, world.system, world.people[name].id, email=f"{name}@example.org")
        uow.commit()
    yield world
    opened.close()


@pytest.fixture
def loan(library: World) -> Case:
    """A book that is out; lia has to see to its return."""
    case = acts.lent(library)
    task = library.task(case, "recall")
    with library.acting("lia") as (uow, actor):
        acts.claim(uow, actor, task.id)
    return case


def dates(visitor: Visitor, link: str) -> list[tuple[str, str, str]]:
    """What a calendar that has only the link reads: id, title and end of each date."""
    answer = visitor.client.get(link)
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return [(str(one["UID"]), str(one["SUMMARY"]), one["DTEND"].dt.isoformat()) for one in found]


def linked(visitor: Visitor) -> str:
    """A new link."""
    page = visitor.send("/telling/calendar")
    return str(page.get_element_by_id("calendar-link").get("value"))


def test_ways_and_hours_are_chosen_and_kept(visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/telling")
    assert "The mail says: “Something is due soon”." in visitor.text()
    visitor.submit("Save", {"way-dates": "none", "way-late": "digest", "digest_at": "06:30", "quiet": "1", "quiet_from": "19:00"})
    assert "Saved." in visitor.text()
    page = visitor.see("/telling")
    assert page.get_element_by_id("f-digest_at").get("value") == "06:30"
    assert page.xpath("//input[@name='way-dates'][@checked]/@value") == ["none"]
    assert page.xpath("//input[@name='way-late']/@value") == ["mail", "digest"]


def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(visit: Visit) -> None:
    visitor = visit("kim")
    visitor.see("/telling")
    page = visitor.submit("Save", {"digest_at": "25:99"}, status=422)
    assert page.get_element_by_id("f-digest_at").get("aria-invalid") == "true"
    visitor.send("/telling", {"way-late": "none", "digest_at": "08:00"}, status=422)
    assert "does not come in this way" in visitor.text()


def test_outside_people_are_not_asked_about_what_is_for_staff(visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see("/telling")
    assert "Reminders" in visitor.text()
    assert "What is late" not in visitor.text()


def test_a_calendar_reads_due_dates_under_the_link_and_nothing_else(library: World, visit: Visit, loan: Case) -> None:
    visitor = visit("lia")
    link = linked(visitor)
    task = library.task(loan, "recall")
    assert task.due_at is not None
    stranger = Visitor(visitor.client.application.test_client())
    assert (f"{task.id}@parley", "Something is due", task.due_at.isoformat()) in dates(stranger, link)
    body = stranger.client.get(link).get_data(as_text=True)
    for told in (loan.number, task.name, "Ben", "Lia"):
        assert told not in body


def test_a_link_ends_when_it_is_renewed_or_ended_or_its_person_is_deactivated(library: World, visit: Visit) -> None:
    visitor = visit("cor")
    first = linked(visitor)
    second = linked(visitor)
    assert visitor.client.get(first).status_code == 404
    assert visitor.client.get(second).status_code == 200
    visitor.send("/telling/calendar/end")
    assert visitor.client.get(second).status_code == 404
    third = linked(visitor)
    with library.store.unit_of_work() as uow:
        people.deactivate(uow, library.system, library.people["cor"].id)
        uow.commit()
    assert visitor.client.get(third).status_code == 404
    assert visitor.client.get("/calendar/guessed.ics").status_code == 404


def test_walls_hold_in_calendars_at_once(library: World, visit: Visit, loan: Case) -> None:
    visitor = visit("lia")
    link = linked(visitor)
    task = library.task(loan, "recall")
    assert f"{task.id}@parley" in [id for id, _, _ in dates(visitor, link)]
    acts.wall(library, loan, "lia")
    assert f"{task.id}@parley" not in [id for id, _, _ in dates(visitor, link)]


def test_administrators_see_what_was_not_sent_and_try_again_and_nobody_else_does(library: World, visit: Visit, loan: Case) -> None:
    gone = Outlets(MailServer.read("smtp://127.0.0.1:1", "desk@example.org"))
    sweeps.advance(library.store, library.clock, acts.length("P15D"), gone)
    visitor = visit("ada")
    visitor.see("/outgoing-mail")
    assert "To Kim Example" in visitor.text()
    assert "The mail server could not be reached or broke off." in visitor.text()
    visitor.submit("Try again")
    assert "It is sent once more." in visitor.text()
    with library.store.reading() as uow:
        waiting = store.mails.list_(uow, library.program.id, state=MailState.WAITING).items[0]
    visitor.send(f"/outgoing-mail/{waiting.id}/retry", status=409)
    visit("lia").see("/outgoing-mail", status=403)


def test_a_demonstration_shows_its_mail_to_everybody_at_this_machine(library: World, loan: Case) -> None:
    sweeps.advance(library.store, library.clock, acts.length("P12D"), Outlets(recording=True))
    app: Flask = create_app(library.store, Config(mode=Mode.DEMO, secret=b"a secret of the tests, long enough"))
    text = app.test_client().get("/outgoing-mail").get_data(as_text=True)
    assert "kim@example.org" in text
    assert "Something is late. Please sign in." in text
