"""Tasks that nobody taking part may know of: that they exist says what somebody feared or said (R62, SC-36)."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import NotFound
from engine.operations import trail
from engine.operations.cases import cases, explanations
from engine.operations.running import instances
from engine.operations.tasks import task_lists
from tests.processes import answers, telling
from tests.world import World


def _told(world: World, name: str, case: Case) -> str:
    """Everything of a case that somebody is told: page, tasks, explanation, timeline, trail, tokens."""
    page = world.page(name, case)
    shown = [(view.tokens, view.marks, view.completed) for view in page.diagrams]
    with world.reading(name) as (uow, actor):
        why = [explanations.explain(uow, actor, one.id) for one in page.instances]
        listed = [line.task.element_id for line in task_lists.list_(uow, actor, limit=200).items]
        entries = trail.entries(uow, actor, case=case.id, limit=200).items
    passed = [(entry.event, entry.element_id) for entry in entries]
    return str((page.line, page.tasks, page.explanation, page.timeline, shown, why, listed, passed))


def _knows(world: World, case: Case, element: str, *names: str) -> list[str]:
    return [name for name in names if element in _told(world, name, case)]


def _opens(world: World, case: Case, element: str, name: str) -> bool:
    with world.reading(name) as (uow, actor):
        try:
            task_lists.page(uow, actor, world.task(case, element).id)
        except NotFound:
            return False
    return True


@pytest.fixture
def doubted(world: World) -> Case:
    """A case of which a second person looks at the suitability, because the screener was worried."""
    serious = answers.SCREENING | {"concernLevel": "serious", "safeguards": ["separate_rooms"]}
    case = telling.open_case(world)
    telling.take_in(world, case, screening=serious)
    return case


def test_no_party_learns_of_a_second_look(world: World, doubted: Case) -> None:
    assert _knows(world, doubted, "confirm_suitability", "ana", "ben", "ida", "sue") == ["ida", "sue"]
    assert not _opens(world, doubted, "confirm_suitability", "ana")
    assert _opens(world, doubted, "confirm_suitability", "sal")


def test_no_party_learns_of_it_afterwards(world: World, doubted: Case) -> None:
    world.complete("sal", doubted, "confirm_suitability", {"secondAgrees": True})
    assert _knows(world, doubted, "confirm_suitability", "ana", "ben", "sue") == ["sue"]
    assert _knows(world, doubted, "note_second_look", "ana", "ben", "sue") == ["sue"]


def test_a_safeguard_plan_is_the_mediators_and_not_told_to_the_parties(world: World, doubted: Case) -> None:
    world.complete("sal", doubted, "confirm_suitability", {"secondAgrees": True})
    telling.appoint(world, doubted)
    telling.consent(world, doubted)
    for name in telling.PARTIES:
        world.complete(name, doubted, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    world.complete("mira", doubted, "assess_priorities", answers.ASSESSMENT)
    assert _knows(world, doubted, "plan_safeguards", "ana", "ben", "mira") == ["mira"]


@pytest.fixture
def concerned(underway: tuple[World, Case]) -> tuple[World, Case]:
    """Ana told in a check-in that she has a concern about the mediator."""
    world, case = underway
    world.advance("P10D")
    world.complete("ana", case, "check_in", answers.CHECK_IN | {"concernAboutMediator": True}, of="ana")
    world.complete("ben", case, "check_in", answers.CHECK_IN, of="ben")
    return world, case


def test_a_concern_is_told_to_the_supervisor_alone(concerned: tuple[World, Case]) -> None:
    world, case = concerned
    told = _knows(world, case, "follow_up_check_in", "ana", "ben", "mira", "ida", "sue", "dan")
    assert told == ["ida", "sue", "dan"]
    assert not _opens(world, case, "follow_up_check_in", "mira")
    assert _opens(world, case, "follow_up_check_in", "sue")


def test_the_mediator_sees_the_check_in_as_over(concerned: tuple[World, Case]) -> None:
    world, case = concerned
    told = _told(world, "mira", case)
    assert not [word for word in ("ask_for_attention", "attention_asked", "followed_up") if word in told]


def test_no_mediator_learns_that_a_concern_was_followed_up(concerned: tuple[World, Case]) -> None:
    world, case = concerned
    world.complete("sue", case, "follow_up_check_in", {"checkInAction": "spoken", "checkInNote": "CANARY-C7-talk"})
    assert _knows(world, case, "followed_up", "ana", "mira", "sue") == ["sue"]


def test_a_late_follow_up_climbs_without_the_mediator_seeing_it(concerned: tuple[World, Case]) -> None:
    world, case = concerned
    world.advance("P6D")
    assert "look_into_overdue_task" in world.names(case)
    late = [task for task in world.open_tasks(case) if task.element_id == "look_into_overdue_task"]
    about = {i.id for i in world.page("sue", case).instances if i.subject_task_id == world.task(case, "follow_up_check_in").id}
    assert {task.instance_id for task in late} & about
    told = world.page("mira", case)
    assert not about & {view.instance_id for view in told.diagrams}
    with world.reading("mira") as (uow, actor):
        assert not about & {one.id for one in instances.list_(uow, actor).items}
        for one in about:
            with pytest.raises(NotFound):
                instances.variables(uow, actor, one)


def test_a_concern_outlives_the_mediation_and_is_looked_into_before_closure(concerned: tuple[World, Case]) -> None:
    world, case = concerned
    telling.meet(world, case, "impasse")
    assert "sign_off_outcome" not in world.names(case)
    world.complete("sue", case, "follow_up_check_in", {"checkInAction": "spoken"})
    assert world.names(case) == ["sign_off_outcome"]


def test_pressure_is_looked_into_without_the_others_knowing(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    world.complete("ana", case, "look_at_terms", answers.ACCEPTED | {"feltFree": 1}, of="ana")
    world.complete("ben", case, "look_at_terms", answers.ACCEPTED, of="ben")
    assert _knows(world, case, "look_into_flag", "ana", "ben", "mira", "sue") == ["sue"]


def test_a_doubt_about_consent_is_not_told_to_the_other_party(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    world.complete("ana", case, "answer_consent_request", answers.UNSURE, of="ana")
    assert _knows(world, case, "explain_consent", "ben", "mira") == ["mira"]
    world.complete("mira", case, "explain_consent", {"explanationResult": "support", "explanationNote": "CANARY-C5-support"})
    assert _knows(world, case, "arrange_support", "ana", "ben", "mira", "sue") == ["sue"]


def test_a_party_s_own_list_says_nothing_of_what_others_are_asked(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    world.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    with world.reading("ana") as (uow, actor):
        (line,) = cases.list_(uow, actor).items
    assert line.sentence == "In progress: the next step is with others."
    with world.reading("ida") as (uow, actor):
        (line,) = cases.list_(uow, actor).items
    assert line.sentence.startswith("Waits for “Answer the consent request”")
