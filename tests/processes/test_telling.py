"""What people outside of the pages are told of a case: nothing that others could read from it, and only by ways that are safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from engine import clock, feel, packs, store
from engine.model.cases import Case
from engine.operations.people import people
from engine.operations.rounds import sweeps
from engine.operations.running.outside_calls import Outlets
from engine.operations.tasks import calendar_feed
from engine.operations.telling import notices
from tests.operations import acts
from tests.processes import answers, telling
from tests.world import ROOT, World

KEPT = Outlets(recording=True)


@dataclass
class Told:
    """A world whose people all have addresses."""

    world: World

    def pass_time(self, text: str) -> None:
        until = feel.add(clock.now(), feel.iso_duration(text))
        sweeps.advance(self.world.store, self.world.clock, until - clock.now(), KEPT)

    def mails(self) -> list[dict[str, Any]]:
        """What was sent, oldest first."""
        with self.world.store.reading() as uow:
            page = store.mails.list_(uow, self.world.program.id, limit=200)
        return [mail.record for mail in reversed(page.items) if isinstance(mail.record, dict)]

    def to(self, name: str) -> list[str]:
        """The subjects of what somebody got."""
        return [mail["subject"] for mail in self.mails() if mail["to"] == [f"{name}@example.org"]]


@pytest.fixture
def told_by_mail(world: World) -> Told:
    with world.store.unit_of_work() as uow:
        for name, person in world.people.items():
            people.change(uow, world.system, person.id, email=f"{name}@example.org", language="es" if name == "ben" else "en")
        uow.commit()
    return Told(world)


def screened(world: World, **of_ana: object) -> Case:
    """A case up to the consent requests, with something noted in ana's screening."""
    case = telling.open_case(world)
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE)
    world.complete("ida", case, "contact_parties", answers.CONTACT)
    world.complete("sol", case, "screen_party", answers.SCREENING | of_ana, of="ana")
    world.complete("sol", case, "screen_party", answers.SCREENING, of="ben")
    for name in telling.PARTIES:
        world.complete("ida", case, "ask_for_needs", answers.NEEDS, of=name)
    world.complete("ida", case, "decide_suitability", answers.SUITABLE)
    telling.appoint(world, case)
    return case


def test_a_request_is_told_in_the_readers_language_and_says_nothing_of_the_dispute(told_by_mail: Told) -> None:
    world = told_by_mail.world
    case = screened(world)
    told_by_mail.pass_time("P4D")
    assert "Something waits for your answer" in told_by_mail.to("ana")
    assert "Algo espera su respuesta" in told_by_mail.to("ben")
    for mail in told_by_mail.mails():
        words = f"{mail['subject']} {mail['text']}"
        for secret in (case.number, "CANARY", "Example", "ediat", "caso", "case ", "dispute"):
            assert secret not in words


def test_who_cannot_safely_get_mail_gets_none_and_nothing_says_why(told_by_mail: Told) -> None:
    world = told_by_mail.world
    case = screened(world, safeContact=["phone", "letter"])
    told_by_mail.pass_time("P4D")
    assert told_by_mail.to("ana") == []
    assert world.notices("ana") != []
    assert "Algo espera su respuesta" in told_by_mail.to("ben")
    with world.store.reading() as uow:
        page = store.mails.list_(uow, world.program.id, limit=200)
        kept_back = [mail for mail in page.items if mail.person_id == world.people["ana"].id]
        chain = store.audit.chain(uow, case.id)
    assert {(str(mail.state), mail.error_code) for mail in kept_back} == {("dropped", "needless")}
    assert all("phone" not in repr(entry.details) and "mail" not in repr(entry.details) for entry in chain if entry.event != "mail_sent")


def test_whose_mail_was_kept_back_is_called_by_who_holds_the_case_and_nobody_else_learns_of_it(told_by_mail: Told) -> None:
    world = told_by_mail.world
    case = screened(world, safeContact=["phone"])
    told_by_mail.pass_time("P8D")
    assert world.notices("mira").count("call-instead") == 1, "once, until it was read"
    assert all("call-instead" not in world.notices(name) for name in ("ana", "ben", "ida", "sol", "sue"))
    with world.reading("mira") as (uow, actor):
        (told,) = [one for one in notices.list_(uow, actor).items if one.title == "Please call somebody"]
    assert "Ana" not in told.text
    assert "call somebody" not in str(world.page("ben", case)), "not even that somebody is called"


def test_who_said_that_mail_is_safe_gets_it(told_by_mail: Told) -> None:
    screened(told_by_mail.world, safeContact=["email"])
    told_by_mail.pass_time("P4D")
    assert told_by_mail.to("ana") != []


def test_every_notice_of_the_program_is_of_a_kind_that_people_choose_about() -> None:
    pack, problems = packs.read((ROOT / "processes/mediation/pack.toml").read_bytes(), file="pack.toml")
    assert (problems, pack is None) == ((), False)
    assert pack is not None
    assert {notice for notice in pack.notices if pack.telling.kind_of(notice) is None} == set()


def test_who_steps_back_in_the_night_gets_no_mail_of_the_case_in_the_morning(told_by_mail: Told) -> None:
    world = told_by_mail.world
    case = telling.in_mediation(world)
    told_by_mail.pass_time("PT13H")  # ten in the evening
    with world.store.unit_of_work() as uow:
        for name in ("mira", "sue"):
            notices.send(uow, world.system, case, world.people[name].id, "session-reminder")
        uow.commit()
    world.send("mira", case, "MediatorRecused")
    told_by_mail.pass_time("PT12H")
    assert "About an appointment" in told_by_mail.to("sue")
    assert "About an appointment" not in told_by_mail.to("mira")


def titles(world: World, secret: str) -> list[tuple[str, str]]:
    """Days and titles of the dates under a link."""
    with world.store.reading() as uow:
        return [(one.at.date().isoformat(), one.title) for one in calendar_feed.entries(uow, secret)]


def link(world: World, name: str) -> str:
    """A new link of somebody's."""
    with world.acting(name) as (uow, actor):
        return calendar_feed.renew(uow, actor)


def test_a_meeting_stands_in_the_calendars_of_those_who_take_part_and_of_nobody_else(underway: tuple[World, Case]) -> None:
    world, case = underway
    with world.store.unit_of_work() as uow:
        people.change(uow, world.system, world.people["ben"].id, language="es")
        uow.commit()
    links = {name: link(world, name) for name in ("ana", "ben", "mira", "noor", "sue", "cem")}
    telling.schedule(world, case)
    found = {name: [title for _, title in titles(world, secret)] for name, secret in links.items()}
    assert "An appointment" in found["ana"]
    assert "Una cita" in found["ben"]
    assert "An appointment" in found["mira"]
    assert not any(title in ("An appointment", "Una cita") for name in ("noor", "sue", "cem") for title in found[name])


def test_who_is_walled_off_or_steps_back_finds_the_meeting_gone(underway: tuple[World, Case]) -> None:
    world, case = underway
    links = {name: link(world, name) for name in ("ana", "ben", "mira")}
    telling.schedule(world, case)
    acts.wall(world, case, "ana")
    assert titles(world, links["ana"]) == []
    assert "An appointment" in [title for _, title in titles(world, links["mira"])]
    world.send("mira", case, "MediatorRecused")
    assert titles(world, links["mira"]) == []


def test_a_meeting_that_is_over_stays_and_the_next_one_stands_beside_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    secret = link(world, "ana")
    telling.meet(world, case, "next")
    telling.schedule(world, case, timedelta(days=9))
    assert [day for day, title in titles(world, secret) if title == "An appointment"] == ["2026-03-05", "2026-03-14"]
