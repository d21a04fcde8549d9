"""Nothing above class C1 leaves its class: canaries in every form, looked for in every place that other people see."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Forbidden
from engine.operations.cases import cases
from engine.operations.running import instances
from engine.operations.telling import notices
from tests.processes import answers, telling
from tests.world import World

#: Classes that each may read at least once on the case told below, by the matrix of the pack.
READS = {
    "ida": {"C2", "C3", "C5"},
    "sue": {"C7"},
    "dan": set[str](),
    "ana": {"C2", "C3", "C4", "C5", "C7"},
    "mira": {"C2", "C3", "C4", "C5", "C6", "C7"},
}


@pytest.fixture(scope="module")
def canaries() -> tuple[str, ...]:
    """Every canary the cast types."""
    found = set[str]()
    for name in dir(answers):
        if name.isupper():
            found |= {word for word in str(getattr(answers, name)).split("'") if word.startswith("CANARY")}
    return tuple(sorted(found))


@pytest.fixture
def closing(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A case into which everybody has written, waiting for the supervisor."""
    world, case = underway
    world.advance("P10D")
    for name in telling.PARTIES:
        world.complete(name, case, "check_in", answers.CHECK_IN, of=name)
    world.advance("P11D")
    world.complete("mira", case, "review_case", answers.REVIEW)
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    return world, case


def test_no_canary_is_in_a_variable_a_title_or_the_audit_trail(closing: tuple[World, Case], canaries: tuple[str, ...]) -> None:
    world, case = closing
    with world.reading("ida") as (uow, actor):
        held = [instances.variables(uow, actor, one.id) for one in instances.list_(uow, actor).items]
    tasks = [(task.name, task.element_id, task.nobody) for task in world.open_tasks(case)]
    seen = str(held) + str(tasks) + str(world.trail(case))
    assert not [word for word in canaries if word in seen]


def test_no_canary_is_in_any_notice(closing: tuple[World, Case], canaries: tuple[str, ...]) -> None:
    world, _case = closing
    for name in (*telling.CAST, *telling.OUTSIDE):
        with world.reading(name) as (uow, actor):
            seen = str(notices.list_(uow, actor))
        assert not [word for word in canaries if word in seen]


@pytest.mark.parametrize("name", sorted(READS))
def test_each_page_holds_only_the_classes_its_reader_may_read(closing: tuple[World, Case], canaries: tuple[str, ...], name: str) -> None:
    world, case = closing
    seen = str(world.page(name, case))
    classes = {word.split("-")[1] for word in canaries if word in seen}
    assert classes <= READS[name]


def test_no_party_sees_what_another_said_in_private(closing: tuple[World, Case]) -> None:
    world, case = closing
    for name, other in (("ana", "ben"), ("ben", "ana")):
        theirs = world.participant_ids(case, other)
        records = [record for panel in world.page(name, case).panels for record in panel.records]
        private = [record for record in records if not record.cls.startswith("C3")]
        assert not [one for one in private if one.participant and one.participant.participant_id in theirs]


def test_a_party_reads_their_own_needs_and_not_what_the_screener_found(closing: tuple[World, Case]) -> None:
    world, case = closing
    seen = str(world.page("ana", case))
    assert "CANARY-C5-needs" in seen
    assert "CANARY-C5-note" not in seen


def test_private_notes_are_the_authors_alone(closing: tuple[World, Case]) -> None:
    world, case = closing
    readers = [name for name in ("ida", "sue", "dan", "ana", "ben", "mira") if "CANARY-C6" in str(world.page(name, case))]
    assert readers == ["mira"]


def test_a_program_manager_sees_no_case_at_all(closing: tuple[World, Case]) -> None:
    world, _case = closing
    with pytest.raises(Forbidden), world.reading("pam") as (uow, actor):
        cases.list_(uow, actor)


def test_a_mediator_of_other_cases_sees_nothing_of_this_one(closing: tuple[World, Case]) -> None:
    world, case = closing
    with world.reading("noor") as (uow, actor):
        try:
            listed = [line.id for line in cases.list_(uow, actor).items]
        except Forbidden:
            listed = []
    assert case.id not in listed


def test_a_party_is_not_told_facts_that_would_say_what_others_said(closing: tuple[World, Case]) -> None:
    world, case = closing
    with world.reading("ana") as (uow, actor):
        held = instances.variables(uow, actor, instances.list_(uow, actor).items[0].id)
        listed = cases.list_(uow, actor).items[0].facts
    shown = held.keys() | listed.keys() | world.page("ana", case).line.facts.keys()
    assert not shown & {"riskLevel", "intakeOutcome", "checkInFlags", "confirmations", "reviewRating"}
    assert "sessionNo" in shown
    assert "riskLevel" in world.page("sue", case).line.facts
