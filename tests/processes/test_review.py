"""P08: the review of a case, its rating, its frequency, and the ladder that a late one climbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock, store
from engine.model.balances import Balance
from engine.model.cases import Case
from engine.model.errors import FormInvalid
from engine.model.measures import Measure, MeasureKind, Span
from engine.operations.content import entries, panels
from engine.operations.content.entries import Asked
from engine.operations.measuring import folding
from engine.operations.tasks import task_lists, user_tasks
from engine.store.measures import Wanted
from tests.processes import answers, telling
from tests.world import World

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def reviewed(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A case in which the first review is due now; nothing else is late: the session is far off, and intake knows why."""
    world, case = underway
    at = clock.now() + timedelta(days=100)
    data = {"sessionAt": at.isoformat(), "mode": "in_person", "place": "CANARY-C3-place", "plannedMinutes": 90}
    world.complete("ida", case, "schedule_session", data)
    world.advance("P21D")
    world.complete("ida", case, "look_into_idle_case", answers.IDLE)
    return world, case


def _called(world: World, case: Case, name: str, minutes: int) -> None:
    about = next(iter(world.participant_ids(case, name)))
    said = {"contactAt": "2026-03-10T10:00", "contactChannel": "phone", "contactDirection": "out", "contactPurpose": "check_in"}
    with world.acting("mira") as (uow, actor):
        data = said | {"contactMinutes": minutes, "contactSummary": "CANARY-said"}
        entries.add(uow, actor, Asked(case.id, "contacts", "contact-entry", about), data)


def _balances(world: World, case: Case) -> tuple[Balance, ...]:
    with world.reading("mira") as (uow, actor):
        return task_lists.page(uow, actor, world.task(case, "review_case").id).balances


def test_the_review_says_when_one_party_was_spoken_with_more_than_the_other(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    _called(world, case, "ana", 20)
    (balance,) = _balances(world, case)
    assert ([(one.label, one.count, one.minutes) for one in balance.shares], balance.is_off) == (
        [("Ana Example", 1, 20), ("Ben Example", 0, 0)],
        False,
    )
    _called(world, case, "ana", 15)
    (balance,) = _balances(world, case)
    assert (balance.shares[0].count, balance.shares[0].minutes, balance.is_off) == (2, 35, True)
    assert world.page("sue", case).balances[0].apart == 2
    assert world.page("ana", case).balances == (), "how often the other was called is not told to a party"


def _as_measured(world: World, moment: datetime) -> object:
    with world.reading("sue") as (uow, actor):
        wanted = Wanted(
            actor.program_id, "mediation", FIRST, LAST, "", weighed={"contacts": (frozenset({"contact-entry"}), frozenset({"party"}))}
        )
        (row,) = store.measures.cases(uow, wanted)
    measure = Measure("m", "M", "d", MeasureKind.AMOUNT, when="end", value="apart.contacts", note="n")
    (item,) = folding.items(measure, [row], (), [Span("month", FIRST, moment)], clock.now())
    return item.value


def test_figures_weigh_contacts_as_the_case_page_does_and_as_they_stood_then(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    before = clock.now()
    world.advance("PT1H")
    for minutes in (20, 15):
        _called(world, case, "ana", minutes)
    _called(world, case, "ben", 5)
    _called(world, case, "ana", 5)
    assert _as_measured(world, clock.now()) == world.page("sue", case).balances[0].apart == 2
    assert _as_measured(world, before) == 0


def test_a_private_talk_counts_by_its_minutes_and_tells_the_supervisor_nothing_else(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    about = next(iter(world.participant_ids(case, "ben")))
    for data in ({"meetingContent": "CANARY-talk"}, {"meetingContent": "CANARY-talk", "meetingMinutes": 30}):
        with world.acting("mira") as (uow, actor):
            entries.add(uow, actor, Asked(case.id, "console", "private-meeting", about), data)
    assert [(one.count, one.minutes) for one in world.page("sue", case).balances[0].shares] == [(0, 0), (1, 30)]
    with world.reading("sue") as (uow, actor):
        assert "CANARY" not in str(panels.page(uow, actor, case.id, "console"))


def test_the_first_review_comes_after_three_weeks(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P20D")
    assert "review_case" not in world.names(case)
    world.advance("P1D")
    assert "review_case" in world.names(case)


def test_the_next_review_comes_again_after_three_weeks(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.REVIEW)
    world.advance("P20D")
    assert "review_case" not in world.names(case)
    world.advance("P1D")
    assert "review_case" in world.names(case)


def test_a_near_court_date_makes_reviews_weekly(world: World) -> None:
    near = (clock.now() + timedelta(days=25)).date().isoformat()
    case = telling.in_mediation(world, courtDate=near)
    world.advance("P7D")
    assert "review_case" in world.names(case)


def test_raised_intensity_makes_reviews_fortnightly_and_needs_a_second_look(world: World) -> None:
    serious = answers.SCREENING | {"concernLevel": "serious", "safeguards": ["separate_rooms"]}
    case = telling.open_case(world)
    telling.take_in(world, case, screening=serious)
    world.complete("sal", case, "confirm_suitability", {"secondAgrees": True})
    telling.appoint(world, case)
    telling.consent(world, case)
    for name in telling.PARTIES:
        world.complete(name, case, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    world.complete("mira", case, "assess_priorities", answers.ASSESSMENT)
    world.complete("mira", case, "plan_safeguards", {"plannedSafeguards": ["separate_rooms"]})
    world.complete("mira", case, "set_goals", answers.GOALS)
    for name in telling.PARTIES:
        world.complete(name, case, "confirm_goals", answers.GOALS_CONFIRMED, of=name)
    world.complete("mira", case, "plan_meetings", answers.PLAN)
    world.advance("P13D")
    assert "review_case" not in world.names(case)
    world.advance("P1D")
    assert "review_case" in world.names(case)


def test_a_good_review_needs_no_supervisor(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.REVIEW)
    assert "supervise_review" not in world.names(case)


@pytest.mark.parametrize("point", ["consents", "conflict", "safety", "voluntary"])
def test_one_serious_point_brings_in_the_supervisor(reviewed: tuple[World, Case], point: str) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review(point))
    assert "supervise_review" in world.names(case)


def test_amber_once_is_the_mediators_own_and_twice_the_supervisors(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    amber = answers.review("records", "emotions")
    world.complete("mira", case, "review_case", amber)
    assert "supervise_review" not in world.names(case)
    world.advance("P21D")
    world.complete("mira", case, "review_case", amber)
    assert "supervise_review" in world.names(case)


def test_every_third_review_is_supervised(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    for _ in range(2):
        world.complete("mira", case, "review_case", answers.REVIEW)
        assert "supervise_review" not in world.names(case)
        world.advance("P21D")
    world.complete("mira", case, "review_case", answers.REVIEW)
    assert "supervise_review" in world.names(case)


def test_a_change_of_approach_is_written_down(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review(result="adjust"))
    change = {
        "strategyChange": ["frequency"],
        "changeReason": "CANARY-C3-why",
        "effectiveFrom": "2026-04-10",
        "agreedWithParties": True,
    }
    world.complete("mira", case, "change_approach", change)
    assert not {"change_approach", "supervise_review"} & set(world.names(case))


def test_a_supervisor_who_recommends_closure_ends_the_mediation(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review(result="close"))
    decision = {"supervisorDecision": "close", "supervisorReason": "CANARY-C7-reason"}
    world.complete("sue", case, "supervise_review", decision)
    assert world.names(case) == ["sign_off_outcome"]


def test_another_mediator_takes_over_after_a_review(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review(result="transfer"))
    decision = {"supervisorDecision": "reassign", "supervisorReason": "CANARY-C7-reason"}
    world.complete("sue", case, "supervise_review", decision)
    telling.appoint(world, case, "noor")
    now = {one.role: one.who.label for one in world.page("noor", case).participants if one.to_at is None}
    assert now["mediator"] == world.people["noor"].name


def test_a_supervisor_sees_ticks_and_not_notes(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review("safety"))
    seen = str(world.page("sue", case))
    assert not [cls for cls in ("C3", "C4", "C5", "C6") if f"CANARY-{cls}" in seen]


def test_a_late_review_climbs_the_whole_ladder(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.advance("P3D")
    assert "task-overdue" not in world.notices("mira")
    world.advance("P1D")
    assert world.notices("mira").count("task-overdue") >= 1
    assert "look_into_overdue_task" not in _about_review(world, case)
    world.advance("P2D")
    assert _about_review(world, case).count("look_into_overdue_task") == 1
    world.advance("P4D")
    assert world.notices("dan").count("task-overdue-director") >= 1
    world.advance("P3D")
    assert _about_review(world, case).count("decide_about_overdue_task") == 1


def _about_review(world: World, case: Case) -> list[str]:
    """The ladder's open tasks that are about the review; other late tasks of the case climb too."""
    review = world.task(case, "review_case")
    started = {i.id for i in world.page("sue", case).instances if i.subject_task_id == review.id}
    return [task.element_id for task in world.open_tasks(case) if task.instance_id in started]


def test_after_nine_days_of_downtime_only_the_highest_rung_acts(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.jump("P12D")
    assert "look_into_overdue_task" not in _about_review(world, case)
    assert world.notices("dan").count("task-overdue-director") >= 1


def test_a_review_done_in_time_climbs_nothing(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.REVIEW)
    world.advance("P14D")
    assert not {"look_into_overdue_task", "decide_about_overdue_task"} & set(world.names(case))


def test_the_forced_decision_can_set_a_new_date(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.advance("P13D")
    new = (clock.now() + timedelta(days=5)).date()
    world.complete("sue", case, "decide_about_overdue_task", {"overdueDecision": "new_date", "newDueOn": new.isoformat()})
    due = world.task(case, "review_case").due_at
    assert due is not None
    assert due.date() == new


WAIVED = {"overdueDecision": "waive", "waiveReason": "CANARY-C7-waive"}


def test_a_waived_review_is_over_and_the_next_one_comes_in_its_time(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review("records", "emotions"))
    world.advance("P34D")
    world.complete("sue", case, "decide_about_overdue_task", WAIVED)
    assert "review_case" not in world.names(case)
    with world.store.reading() as uow:
        found = {fact.key: fact.value for fact in store.facts.of_cases(uow, [case.id], ["reviewResult", "reviewRating", "benchmarksMet"])}
    assert found == {"reviewResult": "waived", "reviewRating": "amber", "benchmarksMet": "yes"}
    world.advance("P20D")
    assert "review_case" not in world.names(case)
    world.advance("P1D")
    assert world.task(case, "review_case").due_at is not None


def test_any_other_task_that_is_waived_stays_to_be_done_without_a_date(world: World) -> None:
    case = telling.open_case(world)
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.advance("P12D")
    world.complete("sue", case, "decide_about_overdue_task", WAIVED)
    assert world.task(case, "check_scope").due_at is None


def test_a_decision_that_waits_falls_away_when_the_review_is_done(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.advance("P13D")
    assert "decide_about_overdue_task" in _about_review(world, case)
    ladder = [one.id for one in world.page("sue", case).instances if one.subject_task_id == world.task(case, "review_case").id]
    world.complete("mira", case, "review_case", answers.REVIEW)
    ended = {one.id: one.end_event for one in world.page("sue", case).instances}
    assert {ended[id] for id in ladder} == {"superseded"}
    assert "decide_about_overdue_task" not in world.names(case)


def test_the_forced_decision_gives_a_late_task_to_somebody_else(world: World) -> None:
    case = telling.open_case(world)
    world.complete("ida", case, "record_request", answers.REQUEST)
    with world.acting("ida") as (uow, actor):
        user_tasks.claim(uow, actor, world.task(case, "check_scope").id)
    world.advance("P12D")
    with world.reading("sue") as (uow, actor):
        page = task_lists.page(uow, actor, world.task(case, "decide_about_overdue_task").id)
    assert {name for _, name in page.choices["newAssigneeId"]} == {world.people[name].name for name in ("ida", "iva")}
    iva = world.people["iva"].id
    world.complete("sue", case, "decide_about_overdue_task", {"overdueDecision": "reassign", "newAssigneeId": iva})
    assert world.task(case, "check_scope").assignee_id == iva
    world.complete("iva", case, "check_scope", answers.SCOPE)
    assert world.names(case) == ["contact_parties"]


def test_a_late_task_cannot_be_given_to_somebody_who_could_not_do_it(world: World) -> None:
    case = telling.open_case(world)
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.advance("P12D")
    wrong = {"overdueDecision": "reassign", "newAssigneeId": world.people["mira"].id}
    with pytest.raises(FormInvalid):
        world.complete("sue", case, "decide_about_overdue_task", wrong)


def test_what_the_ladder_started_ends_when_the_case_closes(world: World) -> None:
    case = telling.open_case(world)
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE | {"excludedMatter": "child_protection", "scopeResult": "out"})
    world.advance("P9D")
    assert "look_into_overdue_task" in world.names(case)
    world.complete("ida", case, "record_ending", answers.NOT_TAKEN_ON | {"outcomeCode": "out_of_scope"})
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert world.names(case) == []


def test_a_case_in_which_nothing_happens_is_looked_into_by_intake(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P20D")
    assert "look_into_idle_case" not in world.names(case)
    world.advance("P1D")
    assert world.task(case, "look_into_idle_case").role == "intake"


def test_a_session_starts_the_three_weeks_again(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P10D")
    telling.meet(world, case, "next")
    world.advance("P20D")
    assert "look_into_idle_case" not in world.names(case)
    world.advance("P1D")
    assert "look_into_idle_case" in world.names(case)


def test_changed_goals_are_confirmed_by_every_party_and_silence_is_no_confirmation(reviewed: tuple[World, Case]) -> None:
    world, case = reviewed
    world.complete("mira", case, "review_case", answers.review(result="adjust"))
    change = {
        "strategyChange": ["goals"],
        "changeReason": "CANARY-C3-why",
        "effectiveFrom": "2026-04-10",
        "agreedWithParties": True,
    }
    world.complete("mira", case, "change_approach", change)
    world.complete("mira", case, "set_goals_anew", answers.GOALS)
    world.complete("ana", case, "confirm_changed_goals", answers.GOALS_CONFIRMED, of="ana")
    assert world.names(case).count("confirm_changed_goals") == 1
    world.advance("P5D")
    assert "confirm_changed_goals" not in world.names(case)
    goals = [record for panel in world.page("mira", case).panels for record in panel.records if record.form == "goals"]
    assert len(goals) == 2
