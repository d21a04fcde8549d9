"""A signature on paper, entered by staff who may not read the terms: its version is named, and the paper's own code says which it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import delete

from api.app import create_app
from engine import store
from engine.model.cases import Case
from engine.model.errors import FormInvalid
from engine.operations import signing
from engine.operations.cases import papers
from engine.operations.tasks import task_lists, user_tasks
from tests.processes import answers, telling
from tests.processes.test_portal import CONFIG, Enter, enter, opened
from tests.visiting import Visitor
from tests.world import World

__all__ = ["enter"]
TERM = str(answers.TERMS["terms"][0]["term"])
ON_PAPER = answers.SIGNED | {"signMethod": "paper", "signWitness": "A neighbour"}


@pytest.fixture
def to_sign(underway: tuple[World, Case]) -> tuple[World, Case]:
    """Both parties accepted the terms and are asked to sign them."""
    world, case = underway
    telling.meet(world, case)
    _write(world, case)
    return world, case


def _write(world: World, case: Case, decision: Mapping[str, object] = answers.ACCEPTED) -> None:
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", decision, of=name)


def test_who_enters_it_sees_no_terms_and_the_kept_text_says_so_with_the_version(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    with world.reading("ida") as (uow, actor):
        page = task_lists.page(uow, actor, world.task(case, "sign_agreement", of="ben").id)
    (read,) = page.reads
    assert (read.record, read.title) == (None, "Terms")
    world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=world.code("mira", case).lower())
    with world.store.reading() as uow:
        (kept,) = store.records.of_case(uow, case.id, form="agreement-sign")
    assert isinstance(kept.body, dict)
    shown = kept.body["agreementSignature"]["shown"]
    assert "(not shown to who entered this: it stands on the paper that was signed)" in shown
    assert f"Version: SHA-256 {read.digest}" in shown
    assert TERM not in shown


def test_the_code_may_be_typed_as_people_write_codes(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    typed = world.code("mira", case).lower().replace(" ", "-").replace("0", "o") + "."
    world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=typed)
    assert world.names(case).count("sign_agreement") == 1


def test_who_has_not_signed_is_reminded_before_it_lapses(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=world.code("mira", case))
    for lasts, told in (("P3D", 1), ("P9D", 1), ("P1D", 2)):
        world.advance(lasts)
        assert (world.notices("ana").count("terms-reminder"), world.notices("ben").count("terms-reminder")) == (told, 0)


@pytest.mark.parametrize(("code", "said"), [("", "Enter the code"), ("0000 0000", "not the code of what was written last")])
def test_without_the_code_on_the_paper_it_is_refused(to_sign: tuple[World, Case], code: str, said: str) -> None:
    world, case = to_sign
    with pytest.raises(FormInvalid, match=said) as refused:
        world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=code)
    assert [one.path for one in refused.value.errors] == ["/_paper_code"]
    assert world.names(case).count("sign_agreement") == 2


def test_the_code_stays_on_the_page_when_the_copy_of_the_paper_is_added(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    ida = Visitor(create_app(world.store, CONFIG).test_client()).sign_in_as(world, "ida")
    ida.see(f"/tasks/{world.task(case, 'sign_agreement', of='ben').id}?mode=on-behalf")
    page = ida.submit("Add this file", {"signs": "true", "signMethod": "paper", "_paper_code": world.code("mira", case)})
    assert page.xpath("//input[@name='_paper_code']/@value") == [world.code("mira", case)]
    ida.submit("Send the answers", {"agreementSignature": "Ben Example", "signWitness": "A neighbour"})
    assert world.names(case).count("sign_agreement") == 1


def test_a_paper_of_an_older_version_is_refused(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    _write(world, case, answers.ACCEPTED | {"termsDecision": "change", "changeWanted": "Another day"})
    older = world.code("mira", case)
    world.advance("PT1H")
    world.complete("mira", case, "draft_terms", {**answers.TERMS, "terms": [{**answers.TERMS["terms"][0], "when": "From May on"}]})
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    with pytest.raises(FormInvalid, match="not the code of what was written last"):
        world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=older)
    world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=world.code("mira", case))


def test_nobody_signs_on_a_screen_that_may_not_show_the_terms(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    way = signing.Way(method="screen", code=world.code("mira", case))
    task = world.task(case, "sign_agreement", of="ben")
    with world.acting("ida") as (uow, actor), pytest.raises(FormInvalid, match="Take a signature on paper"):
        user_tasks.complete(uow, actor, task.id, ON_PAPER, mode="on-behalf", signed=way)


def test_nobody_signs_what_was_never_written(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    task = world.task(case, "sign_agreement", of="ana")
    with world.acting("ana") as (uow, actor):
        uow.execute(delete(store.tables.records).where(store.tables.records.c.form == "agreement-terms"))
        with pytest.raises(FormInvalid, match="nothing to sign yet"):
            user_tasks.complete(uow, actor, task.id, answers.SIGNED)


def test_each_signer_has_a_copy_with_all_signatures(to_sign: tuple[World, Case], enter: Enter) -> None:
    world, case = to_sign
    ana = enter(world, case, "ana")
    opened(ana, world, case, "sign_agreement", "ana")
    assert "All issues" in ana.document().xpath("string(//section[@aria-labelledby='read-first'])")
    ana.submit("Go on", {"signs": "true"})
    ana.submit("Send", {name: "true" if value is True else str(value) for name, value in answers.SIGNED.items()})
    (copy,) = [one for one in ana.see("/portal").xpath("//main//a/@href") if one.startswith("/portal/papers/")]
    ana.see(copy)
    assert "Name, date, signature" in ana.text()
    world.complete("ida", case, "sign_agreement", ON_PAPER, of="ben", mode="on-behalf", code=world.code("mira", case))
    ana.see(copy)
    assert TERM in ana.text()
    assert f"Code {world.code('mira', case)}" in ana.text()
    assert "typed in the form" in ana.text()
    assert "signed on paper" in ana.text()
    assert "Witness: A neighbour" in ana.text()
    assert "Name, date, signature" not in ana.text()


def test_who_may_not_read_the_terms_gets_no_paper(to_sign: tuple[World, Case]) -> None:
    world, case = to_sign
    with world.reading("ida") as (uow, actor):
        assert papers.signable(uow, actor, case.id) == frozenset()
    with world.reading("mira") as (uow, actor):
        (record,) = papers.signable(uow, actor, case.id)
        printed = papers.read(uow, actor, case.id, record)
    assert len(printed.to_sign) == 2
