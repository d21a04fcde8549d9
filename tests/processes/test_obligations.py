"""What is owed stands on the case when all have signed: one line for each term, from the text that was signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from api.app import create_app
from engine import feel, store
from engine.model.cases import Case
from engine.model.content import Entry
from engine.model.errors import FormInvalid
from engine.model.panel_views import EntryView
from engine.operations.cases import case_pages
from engine.operations.content import entries, panels
from engine.operations.running import filling
from tests.processes import answers, telling
from tests.processes.test_portal import CONFIG, Enter, enter, opened
from tests.visiting import Visitor
from tests.world import World

__all__ = ["enter"]
Row = Mapping[str, object]
SUNDAYS: Row = {"term": "CANARY-C3-term", "what": "Sunday is quiet", "when": "From now on", "who": "Both"}


def terms_of(world: World, case: Case) -> list[Row]:
    """Ben's own, by a day, and one of both."""
    (ben,) = world.participant_ids(case, "ben")
    return [{"term": "CANARY-C3-term", "what": "A carpet", "when": "Within a month", "owedBy": ben, "dueOn": "2026-04-10"}, SUNDAYS]


def agree(world: World, case: Case, rows: list[Row]) -> None:
    """The terms drafted, accepted and signed."""
    world.complete("mira", case, "draft_terms", {"terms": rows, "covers": "full"})
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    for name in telling.PARTIES:
        world.complete(name, case, "sign_agreement", answers.SIGNED, of=name)
    world.complete("mira", case, "attest", answers.ATTESTED)


@pytest.fixture
def signed(underway: tuple[World, Case]) -> tuple[World, Case]:
    """Both signed two terms."""
    world, case = underway
    telling.meet(world, case)
    agree(world, case, terms_of(world, case))
    return world, case


def seen(world: World, case: Case, by: str) -> tuple[EntryView, ...]:
    with world.reading(by) as (uow, actor):
        return panels.page(uow, actor, case.id, "obligations").entries


def said(one: EntryView) -> dict[str, object]:
    return {title: value for part in one.newest.records for title, value in part.fields}


def kept(world: World, case: Case) -> list[Entry]:
    with world.store.reading() as uow:
        return [one for one in store.entries.of_case(uow, case.id) if one.panel == "obligations"]


def test_each_signed_term_stands_as_an_obligation_of_who_owes_it(signed: tuple[World, Case]) -> None:
    world, case = signed
    carpet, sundays = sorted(seen(world, case, "ana"), key=lambda one: not one.dated)
    assert said(carpet) == {
        "What is to be done": "A carpet",
        "When, in words": "Within a month",
        "By": "2026-04-10",
        "How far it is": "To be done",
    }
    assert carpet.participant is not None
    assert carpet.participant.label == "party 2 of 2"
    assert carpet.source.startswith("From “Terms” of ")
    assert (sundays.participant, said(sundays)["Who, in words"]) == (None, "Both")


def test_before_everybody_signed_nothing_is_owed(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    world.complete("mira", case, "draft_terms", {"terms": terms_of(world, case), "covers": "full"})
    assert kept(world, case) == []


def test_who_may_not_read_the_terms_learns_of_no_obligation(signed: tuple[World, Case]) -> None:
    world, case = signed
    assert seen(world, case, "sue") == ()
    with world.store.reading() as uow:
        chain = [one for one in store.audit.chain(uow, case.id) if one.event == "entries_filled"]
    assert [(one.actor_id, one.details["added"]) for one in chain if isinstance(one.details, dict)] == [(world.people["mira"].id, 2)]
    assert "carpet" not in str(chain[0].details).lower()
    with world.reading("sue") as (uow, actor):
        assert "CANARY" not in str(case_pages.page(uow, actor, case.id))


def test_passing_the_milestone_again_with_the_same_terms_adds_nothing(signed: tuple[World, Case]) -> None:
    world, case = signed
    before = kept(world, case)
    with world.acting("mira") as (uow, actor):
        filling.at_milestones(uow, actor, store.cases.get(uow, case.id), ["signed"])
    assert kept(world, case) == before


def test_the_mediator_corrects_a_line_and_its_source_stays(signed: tuple[World, Case]) -> None:
    world, case = signed
    carpet = next(one for one in seen(world, case, "mira") if one.dated)
    assert carpet.may_change
    done = {"obligationWhat": "A thick carpet", "obligationBy": "2026-04-12", "obligationState": "done", "obligationDoneOn": "2026-04-11"}
    with world.acting("mira") as (uow, actor):
        entries.change(uow, actor, case.id, "obligations", carpet.id, done, version=1)
    again = next(one for one in seen(world, case, "ben") if one.id == carpet.id)
    assert (again.done, again.source, len(again.versions)) == (True, carpet.source, 2)


def test_a_newer_agreement_takes_the_place_of_what_is_open_and_leaves_what_was_done(signed: tuple[World, Case]) -> None:
    world, case = signed
    carpet = next(one for one in seen(world, case, "mira") if one.dated)
    with world.acting("mira") as (uow, actor):
        done = {"obligationWhat": "A carpet", "obligationState": "done", "obligationDoneOn": "2026-03-06"}
        entries.change(uow, actor, case.id, "obligations", carpet.id, done, version=1)
    world.complete("mira", case, "sign_off_outcome", answers.OUTCOME | {"furtherWork": True})
    telling.meet(world, case)
    agree(world, case, [{**SUNDAYS, "what": "Saturday is quiet"}])
    told = {said(one)["What is to be done"]: said(one)["How far it is"] for one in seen(world, case, "ben")}
    assert told == {"A carpet": "Done", "Sunday is quiet": "Replaced by a newer agreement", "Saturday is quiet": "To be done"}


def test_nobody_from_outside_of_the_case_can_be_named_in_a_term(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    with pytest.raises(FormInvalid) as refused:
        world.complete("mira", case, "draft_terms", {"terms": [{**SUNDAYS, "owedBy": "nobody"}], "covers": "full"})
    assert [one.path for one in refused.value.errors] == ["/terms/0/owedBy"]


def test_the_text_that_is_signed_names_who_owes_it(underway: tuple[World, Case], enter: Enter) -> None:
    world, case = underway
    telling.meet(world, case)
    world.complete("mira", case, "draft_terms", {"terms": terms_of(world, case), "covers": "full"})
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    ana = enter(world, case, "ana")
    opened(ana, world, case, "sign_agreement", "ana")
    text = ana.document().xpath("string(//section[@aria-labelledby='read-first'])")
    assert "Owed byparty 2 of 2" in text
    world.complete("ana", case, "sign_agreement", answers.SIGNED, of="ana")
    with world.store.reading() as uow:
        (record,) = store.records.of_case(uow, case.id, form="agreement-sign")
    assert isinstance(record.body, dict)
    assert "Owed by: party 2 of 2" in record.body["agreementSignature"]["shown"]


def note(world: World, case: Case, **said: str) -> None:
    """The mediator notes how the carpet came out."""
    carpet = next(one for one in seen(world, case, "mira") if one.dated)
    answers_now = {"obligationWhat": "A carpet", "obligationBy": "2026-04-10", **said}
    with world.acting("mira") as (uow, actor):
        entries.change(uow, actor, case.id, "obligations", carpet.id, answers_now, version=carpet.version)


def tallied(world: World, case: Case) -> list[object]:
    with world.store.reading() as uow:
        known = store.facts.of_case(uow, case.id)
    return [feel.from_json(known[key].value) for key in ("obligationsOwed", "obligationsKept", "obligationsLastBy")]


@pytest.mark.parametrize(
    ("said", "owed", "kept_in_time"),
    [
        ({"obligationState": "done", "obligationDoneOn": "2026-04-10"}, 1, 1),
        ({"obligationState": "done", "obligationDoneOn": "2026-04-11"}, 1, 0),
        ({"obligationState": "not_done"}, 1, 0),
        ({"obligationState": "waived"}, 0, 0),
    ],
)
def test_what_is_noted_comes_to_numbers_without_words(
    signed: tuple[World, Case], said: dict[str, str], owed: int, kept_in_time: int
) -> None:
    world, case = signed
    assert tallied(world, case) == [1, 0, date(2026, 4, 10)]
    note(world, case, **said)
    assert tallied(world, case) == [owed, kept_in_time, date(2026, 4, 10) if owed else None]


def test_how_it_came_out_is_noted_on_the_closed_case_too(signed: tuple[World, Case]) -> None:
    world, case = signed
    telling.to_sign_off(world, case)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    with world.store.reading() as uow:
        assert store.cases.get(uow, case.id).closed_at is not None
    note(world, case, obligationState="not_done")
    carpet = next(one for one in seen(world, case, "mira") if one.dated)
    assert (carpet.state, carpet.done, carpet.late) == ("Not done", True, False)


def test_the_numbers_are_for_staff(signed: tuple[World, Case]) -> None:
    world, case = signed
    with world.reading("ana") as (uow, actor):
        assert "Obligations with a day" not in str(case_pages.page(uow, actor, case.id))


def test_the_mediator_chooses_on_the_page_who_owes_a_term_and_by_which_day(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    (ben,) = world.participant_ids(case, "ben")
    mira = Visitor(create_app(world.store, CONFIG).test_client()).sign_in_as(world, "mira")
    page = mira.see(f"/tasks/{world.task(case, 'draft_terms').id}")
    offered = page.xpath("//div[@data-repeat-rows]//input[@name='terms-0-owedBy']/ancestor::label")
    assert [" ".join(one.text_content().split()) for one in offered] == ["Nobody alone", "Ana Example", "Ben Example"]
    term = {"term": "A carpet is laid.", "what": "A carpet", "when": "Within a month"}
    typed = {f"terms-0-{name}": value for name, value in (term | {"owedBy": ben, "dueOn": "2026-04-10"}).items()}
    mira.submit("Send", {**typed, "covers": "full"})
    with world.store.reading() as uow:
        (record,) = store.records.of_case(uow, case.id, form="agreement-terms")
    assert record.body == {"terms": [{**term, "owedBy": ben, "dueOn": "2026-04-10"}], "covers": "full"}
    assert "Owed byBen Example" in mira.see(f"/cases/{case.id}/panels/agreement").text_content()
