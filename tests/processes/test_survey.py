"""P10 step 8: how it was, asked of each party after closing, counted and never kept with who answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.model.cases import Case
from engine.model.errors import FormInvalid, Invalid, NotFound
from engine.model.portal import KeyKind
from engine.model.surveys import Tally
from engine.operations.people import portal_keys, walls
from engine.operations.telling import surveys
from engine.operations.telling.surveys import Asked
from tests.processes import answers, telling
from tests.visiting import Visitor
from tests.world import World

CONFIG = Config(mode=Mode.SERVE, secret=b"a secret of 32 bytes for tests..")
GIVEN = {"surveyProcess": 5, "surveyOutcome": 2, "surveyVoice": 4}


@pytest.fixture
def closed(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A case that was closed without an agreement; both parties are invited."""
    world, case = underway
    telling.meet(world, case, "impasse")
    telling.to_sign_off(world, case, answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    return world, case


def asked(world: World, name: str) -> tuple[Asked, ...]:
    with world.reading(name) as (uow, actor):
        return surveys.open_to(uow, actor)


def answer(world: World, name: str, data: dict[str, object] | None = None, of: str | None = None) -> None:
    (found,) = asked(world, of or name)
    with world.acting(name) as (uow, actor):
        surveys.answer(uow, actor, found.invitation.id, data if data is not None else GIVEN)


def counted(world: World) -> dict[tuple[str, str], int]:
    return {(one.question, one.value): one.count for one in tallies(world)}


def tallies(world: World) -> tuple[Tally, ...]:
    with world.reading("sue") as (uow, actor):
        return store.surveys.tallies(uow, actor.program_id, "mediation", "after-case", ["2026-03"])


def test_closing_invites_each_party_and_nobody_else(closed: tuple[World, Case]) -> None:
    world, _ = closed
    assert [len(asked(world, name)) for name in ("ana", "ben", "mira", "sue", "ida")] == [1, 1, 0, 0, 0]
    assert tallies(world) == (Tally("2026-03", "none", "", "invited", 2),)


def test_answers_are_counted_by_month_and_how_it_ended_alone(closed: tuple[World, Case]) -> None:
    world, _ = closed
    answer(world, "ana")
    answer(world, "ben", {"surveyProcess": 5})
    assert counted(world) == {
        ("", "invited"): 2, ("", "answered"): 2,
        ("surveyProcess", "5"): 2, ("surveyOutcome", "2"): 1, ("surveyVoice", "4"): 1,
    }  # fmt: skip
    assert {(one.month, one.part) for one in tallies(world)} == {("2026-03", "none")}


def test_nothing_anywhere_says_that_somebody_answered(closed: tuple[World, Case]) -> None:
    world, case = closed
    before = _everything(world)
    answer(world, "ana")
    after = _everything(world)
    assert {name for name in after if after[name] != before[name]} == {"invitations", "tallies"}
    assert len(after["invitations"]) == 1
    assert not [entry for entry in world.trail(case) if "urvey" in entry.event]


def _everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with world.store.reading() as uow:
        return {name: [tuple(row) for row in uow.execute(select(table))] for name, table in store.tables.metadata.tables.items()}


def test_who_answered_cannot_answer_again(closed: tuple[World, Case]) -> None:
    world, _ = closed
    (found,) = asked(world, "ana")
    answer(world, "ana")
    assert asked(world, "ana") == ()
    with pytest.raises(NotFound, match="answered already, or its time is over"), world.acting("ana") as (uow, actor):
        surveys.answer(uow, actor, found.invitation.id, GIVEN)
    assert counted(world)["", "answered"] == 1


def test_nobody_answers_in_anothers_place(closed: tuple[World, Case]) -> None:
    world, _ = closed
    for name in ("ben", "mira", "sue"):
        with pytest.raises(NotFound):
            answer(world, name, of="ana")
    assert counted(world) == {("", "invited"): 2}


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ({"surveyProcess": 6}, FormInvalid),
        ({"surveyProcess": "it was mira's fault"}, FormInvalid),
        ({"comment": "it was mira's fault"}, FormInvalid),
        ({}, Invalid),
    ],
)
def test_what_is_no_answer_is_refused_and_the_invitation_stays(
    closed: tuple[World, Case], data: dict[str, object], refused: type[Exception]
) -> None:
    world, _ = closed
    with pytest.raises(refused):
        answer(world, "ana", data)
    assert counted(world) == {("", "invited"): 2}
    answer(world, "ana")


def test_all_are_reminded_once_whether_they_answered_or_not(closed: tuple[World, Case]) -> None:
    world, _ = closed
    answer(world, "ana")
    world.advance("P7D")
    world.advance("P20D")
    assert [world.notices(name).count("survey-reminder") for name in telling.PARTIES] == [1, 1]


def test_after_thirty_days_it_is_over_and_who_did_not_answer_is_forgotten(closed: tuple[World, Case]) -> None:
    world, _ = closed
    answer(world, "ana")
    world.advance("P29D")
    assert len(asked(world, "ben")) == 1
    world.advance("P1D")
    assert asked(world, "ben") == ()
    assert _everything(world)["invitations"] == []
    assert counted(world)["", "invited"] == 2


def test_an_agreement_counts_apart(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case, answers.OUTCOME)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    answer(world, "ben")
    assert {one.part for one in tallies(world)} == {"agreement"}


def test_a_wall_keeps_from_the_survey_too(closed: tuple[World, Case]) -> None:
    world, case = closed
    (found,) = asked(world, "ana")
    with world.store.unit_of_work() as uow:
        walls.build(uow, world.system, case, world.people["ana"].id, "recusal")
        uow.commit()
    assert asked(world, "ana") == ()
    with pytest.raises(NotFound), world.acting("ana") as (uow, actor):
        surveys.answer(uow, actor, found.invitation.id, GIVEN)


Enter = Callable[[str], Visitor]


def _enter(world: World, case: Case, name: str) -> Visitor:
    participant = next(iter(world.participant_ids(case, name)))
    with world.acting("ida") as (uow, actor):
        code = portal_keys.make(uow, actor, case.id, participant, KeyKind.CODE).code
    visitor = Visitor(create_app(world.store, CONFIG).test_client())
    visitor.see("/portal")
    visitor.submit("Go on", {"code": code or ""})
    return visitor


def test_a_visitor_without_script_answers_and_is_not_asked_again(closed: tuple[World, Case]) -> None:
    world, case = closed
    ana = _enter(world, case, "ana")
    (href,) = ana.see("/portal").xpath("//main//a[contains(@href, '/surveys/')]/@href")
    assert "Next:" not in ana.text()
    ana.see(href)
    assert "nobody can see who gave them" in ana.text()
    ana.submit("Send", {}, status=422)
    assert "Answer at least one question" in ana.text()
    ana.submit("Send", {"surveyProcess": "4", "surveyFree": "1"})
    assert "Your answers were counted" in ana.document().text_content()
    assert "survey" not in ana.text()
    assert counted(world)["surveyFree", "1"] == 1
    ana.see(href, status=404)
    assert "answered already" in ana.text()


def test_a_party_with_an_account_finds_it_in_their_inbox(closed: tuple[World, Case]) -> None:
    world, _ = closed
    ben = Visitor(create_app(world.store, CONFIG).test_client()).sign_in_as(world, "ben")
    (href,) = ben.see("/inbox").xpath("//main//a[contains(@href, '/surveys/')]/@href")
    assert ben.see("/notices").xpath(f"//main//a[@href='{href}']")
    ben.see(href)
    ben.submit("Send", {"surveyProcess": "seven"}, status=422)
    ben.submit("Send", {"surveyProcess": "1"})
    assert counted(world)["surveyProcess", "1"] == 1
    assert not ben.see("/inbox").xpath("//main//a[contains(@href, '/surveys/')]")
