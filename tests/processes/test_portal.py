"""A party on an old phone, without an account: twelve points of consent, a question first, withdrawing; staff for who has none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.model.cases import Case
from engine.model.portal import KeyKind
from engine.operations.people import portal_keys
from engine.operations.rounds import sweeps
from engine.operations.tasks import task_lists
from tests.processes import answers, telling
from tests.visiting import Visitor
from tests.world import World

Enter = Callable[[World, Case, str], Visitor]
CONFIG = Config(mode=Mode.SERVE, secret=b"a secret of 32 bytes for tests..")
#: consent without what opens the rest of its form
POINTS = {name: str(value) for name, value in answers.AGREED.items() if name != "firstStep"}


@pytest.fixture
def enter() -> Enter:
    """Somebody who typed in a code that ida read out, in a browser of their own."""

    def entered(world: World, case: Case, name: str) -> Visitor:
        participant = next(iter(world.participant_ids(case, name)))
        with world.acting("ida") as (uow, actor):
            code = portal_keys.make(uow, actor, case.id, participant, KeyKind.CODE).code
        visitor = Visitor(create_app(world.store, CONFIG).test_client())
        visitor.see("/portal")
        visitor.submit("Go on", {"code": code or ""})
        return visitor

    return entered


@pytest.fixture
def asked(world: World) -> Case:
    """A case in which both parties were just asked for consent; ben asked something first."""
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    return case


def kept_from_others(visitor: Visitor) -> list[str]:
    """What stands on the open page of what not everybody on the case may read."""
    return re.findall(r"CANARY-C[24-8][\w.-]*", visitor.answer.text if visitor.answer else "CANARY-C8")


def opened(visitor: Visitor, world: World, case: Case, element: str, name: str) -> str:
    """Open the own task at an element from the first page; gives its address."""
    task = world.task(case, element, of=name)
    path = f"/portal/tasks/{task.id}"
    page = visitor.see("/portal")
    assert path in page.xpath("//main//a/@href")
    assert task.due_at
    by = [one for one in page.xpath("//main//time") if one.get("datetime") == task.due_at.isoformat()]
    assert f"({by[-1].text})" in visitor.text()
    visitor.see(path)
    return path


def test_consent_is_given_point_by_point_without_script(world: World, asked: Case, enter: Enter) -> None:
    world.complete("ben", asked, "answer_consent_request", answers.ASKED, of="ben")
    ana = enter(world, asked, "ana")
    assert kept_from_others(ana) == []
    assert "Ben Example" not in ana.text()
    path = opened(ana, world, asked, "answer_consent_request", "ana")
    assert "Taking part is voluntary" not in ana.text()
    page = ana.submit("Go on", {"firstStep": "answer"})
    points = page.xpath("//input[@type='radio'][@value='agree']/@name")
    assert len(points) == 12
    ana.submit("Send", {name: value for name, value in POINTS.items() if name != "checkStop"}, status=422)
    assert "may you stop at any time" in ana.text()
    ana.submit("Send", {"checkStop": "yes"})
    assert "Your answer arrived" in ana.text()
    assert sorted(set(world.names(asked))) == ["answer_party_question"]
    ana.see(path)
    assert "Your answer arrived" in ana.text()


def test_the_terms_lie_open_before_a_party_signs_and_stand_in_the_signed_text(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    telling.meet(world, case)
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    ana = enter(world, case, "ana")
    opened(ana, world, case, "look_at_terms", "ana")
    assert answers.TERMS["terms"][0]["term"] in ana.document().xpath("string(//section[@aria-labelledby='read-first'])")
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    opened(ana, world, case, "sign_agreement", "ana")
    assert answers.TERMS["terms"][0]["term"] in ana.document().xpath("string(//form/preceding::section[@aria-labelledby='read-first'])")
    signed = {name: "true" if value is True else str(value) for name, value in answers.SIGNED.items()}
    ana.submit("Go on", {"signs": "true"})
    ana.submit("Send", signed)
    with world.store.reading() as uow:
        (record,) = store.records.of_case(uow, case.id, form="agreement-sign")
    assert answers.TERMS["terms"][0]["term"] in str(record.body)
    assert "Version: SHA-256" in str(record.body)


def test_a_question_goes_to_who_answers_and_the_request_comes_back(world: World, asked: Case, enter: Enter) -> None:
    ana = enter(world, asked, "ana")
    opened(ana, world, asked, "answer_consent_request", "ana")
    ana.submit("Go on", {"firstStep": "ask"})
    ana.submit("Send", {"question": "CANARY-C4-question"})
    assert "answer_party_question" in world.names(asked)
    assert "answer_party_question" not in str(ana.see("/portal").xpath("//main//a/@href"))
    world.complete("mira", asked, "answer_party_question", {"answerText": "CANARY-C4-answer", "answerShared": False})
    opened(ana, world, asked, "answer_consent_request", "ana")


def test_before_anybody_is_appointed_a_question_goes_to_intake_who_may_read_it(world: World, enter: Enter) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    ana = enter(world, case, "ana")
    ana.see("/portal/send/PartyAsks")
    ana.submit("Ask a question")
    sweeps.until_quiet(world.store)
    opened(ana, world, case, "write_early_question", "ana")
    assert "the intake coordinator reads this" in ana.text()
    ana.submit("Send", {"question": "CANARY-C2-question"})
    task = world.task(case, "answer_early_question")
    assert task.role == "intake"
    with world.acting("ida") as (uow, actor):
        assert "CANARY-C2-question" in str(task_lists.page(uow, actor, task.id).records)
    world.complete("ida", case, "answer_early_question", {"answerText": "CANARY-C2-answer"})
    ana.see("/portal")
    assert "CANARY-C2-answer" in ana.text()
    ben = enter(world, case, "ben")
    assert kept_from_others(ben) == []


def test_a_party_asks_at_any_time_and_reads_the_answer_which_the_other_does_not(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    ana = enter(world, case, "ana")
    ana.see("/portal/send/PartyAsks")
    ana.submit("Ask a question")
    sweeps.until_quiet(world.store)
    opened(ana, world, case, "write_question", "ana")
    ana.submit("Send", {"question": "CANARY-C4-question"})
    world.complete("mira", case, "answer_question", {"answerText": "CANARY-C4-answer", "answerShared": False})
    ana.see("/portal")
    assert "CANARY-C4-answer" in ana.text()
    ben = enter(world, case, "ben")
    assert kept_from_others(ben) == []


def test_withdrawing_asks_for_no_reason_and_ends_the_visit(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    ana = enter(world, case, "ana")
    ana.see("/portal/send/ConsentWithdrawn")
    assert "You need not give a reason" in ana.text()
    assert not ana.document().xpath("//main//textarea | //main//input[@type='text']")
    token = ana.document().xpath("//main//input[@name='csrf_token']/@value")[0]
    ana.submit("Withdraw")
    first = ana.text()
    again = ana.client.post("/portal/send/ConsentWithdrawn", data={"csrf_token": token}, follow_redirects=True)
    assert again.status_code == 200
    ana.answer = again
    assert ana.text() == first
    assert len(world.events(case, "message_sent")) == 1


def test_status_and_next_step_are_told_in_the_partys_language(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    ana = enter(world, case, "ana")
    ana.submit("Español")
    assert "Cómo va" in ana.text()
    assert "Retirarse" in ana.text()
    assert kept_from_others(ana) == []


def test_staff_enter_the_same_for_who_has_no_phone_and_say_how(world: World, asked: Case) -> None:
    task = world.complete("ida", asked, "answer_consent_request", answers.AGREED | answers.BY_PHONE, of="ana", mode="on-behalf")
    assert (task.completed_by, task.on_behalf_of) == (world.people["ida"].id, world.people["ana"].id)


def test_who_does_not_agree_is_told_that_the_answer_is_kept_also_when_going_back(world: World, asked: Case, enter: Enter) -> None:
    ben = enter(world, asked, "ben")
    path = opened(ben, world, asked, "answer_consent_request", "ben")
    ben.submit("Go on", {"firstStep": "answer"})
    ben.submit("Send", POINTS | {"voluntary": "refuse"})
    told = ben.text()
    assert "arrived" in told
    for address in (path, f"{path}/done", "/portal"):
        ben.answer = ben.client.get(address, follow_redirects=True)
        assert "no longer works" not in ben.text(), address
        assert "arrived" in ben.text() or "What you have done" in ben.text(), (address, ben.text())


def test_a_party_says_how_the_agreement_holds_after_the_case_was_closed(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    world.advance("P30D")
    ana = enter(world, case, "ana")
    opened(ana, world, case, "follow_up", "ana")
    ana.submit("Send", {"agreementHolding": "yes", "wantsHelp": "no", "safetyFeeling": "fine"})
    assert world.names(case) == ["follow_up"]
    assert "Say how the agreement holds" in ana.see("/portal").text_content()
