"""Substitution: who stands in for whom, what they may do in that place, and what stays closed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from engine import clock, store
from engine.model.cases import Case
from engine.model.errors import Conflict, Excluded, Forbidden, Invalid, NotFound
from engine.operations.cases import case_pages, cases
from engine.operations.people import absences, concern, people
from engine.operations.people.absences import NewStandIn
from engine.operations.people.memberships import NewParticipant
from engine.operations.tasks import task_lists, user_tasks
from engine.operations.telling import notices
from tests.operations import acts
from tests.world import World

Named = Sequence[tuple[str, str | None]]


def away(world: World, name: str, stand_ins: Named, *, days: int = 5, after: int = 0, by: str | None = None) -> str:
    """Somebody is away; `stand_ins` are (name, role). Gives the absence's id."""
    start = clock.now() + timedelta(days=after)
    lines = [NewStandIn(world.people[one].id, role) for one, role in stand_ins]
    with world.acting(by or name) as (uow, actor):
        return absences.away(uow, actor, world.people[name].id, from_at=start, to_at=start + timedelta(days=days), stand_ins=lines).id


def for_other(world: World, by: str, other: str) -> list[str]:
    """The elements that somebody may do in somebody else's place."""
    with world.reading(by) as (uow, actor):
        return sorted(line.task.element_id for line in task_lists.inbox_for(uow, actor, world.people[other].id).items)


def opens(world: World, by: str, case: Case, element: str) -> bool:
    """Whether somebody's page of a task opens."""
    task = world.task(case, element)
    try:
        with world.reading(by) as (uow, actor):
            return bool(task_lists.page(uow, actor, task.id))
    except NotFound:
        return False


@pytest.fixture
def case(library: World) -> Case:
    """A book that is out; librarians may recall it. Lou works for the program and has no role of it."""
    library.person("lou")
    library.person("pat")
    return acts.lent(library)


def test_a_stand_in_gets_the_tasks_of_the_roles_and_acts_as_x_for_y(library: World, case: Case) -> None:
    assert not opens(library, "lou", case, "recall")
    away(library, "lia", [("lou", None)])
    assert for_other(library, "lou", "lia") == ["recall"]
    task = library.task(case, "recall")
    with library.reading("lou") as (uow, actor):
        line = task_lists.page(uow, actor, task.id).line
        assert line.in_place_of is not None
        assert line.in_place_of.label == "Lia Example"
        assert task_lists.inbox(uow, actor).items == ()
    done = library.complete("lou", case, "recall")
    lia, lou = library.people["lia"].id, library.people["lou"].id
    assert (done.completed_by, done.on_behalf_of, done.assignee_id) == (lou, lia, lia)
    entry = [one for one in library.trail(case) if one.event == "user_task_completed"][-1]
    assert (entry.actor_id, entry.on_behalf_of, entry.via) == (lou, lia, "page")
    told = next(one for one in library.page("lia", case).timeline if one.event == "user_task_completed")
    assert (told.actor and told.actor.label, told.on_behalf_of and told.on_behalf_of.label) == ("Lou Example", "Lia Example")


def told(world: World, name: str) -> list[tuple[str, str | None]]:
    """Somebody's notices: template and whose place they are told in."""
    with world.reading(name) as (uow, actor):
        return [(one.title, one.in_place_of) for one in notices.list_(uow, actor).items]


def leaves(world: World, name: str) -> bool:
    """Whether the mail about somebody's newest notice would still be sent."""
    with world.store.reading() as uow:
        notice = store.notices.of_person(uow, world.program.id, world.people[name].id).items[0]
        return concern.holds(uow, notice)


def remind(world: World, case: Case, name: str) -> None:
    task = world.task(case, "recall")
    with world.acting("kim") as (uow, actor):
        notices.send(uow, actor, case, world.people[name].id, "due-soon", task=task)


def test_a_stand_in_is_told_what_the_absent_is_told_and_of_nothing_once_they_are_back(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None), ("pat", "curator")])
    remind(library, case, "lia")
    assert [place for _, place in told(library, "lou")] == ["Lia Example"]
    assert (len(told(library, "lia")), told(library, "pat")) == (1, []), "of the role that pat stands in for it is not"
    assert leaves(library, "lou"), "its mail is sent"
    library.advance("P5D")
    remind(library, case, "lia")
    assert (len(told(library, "lou")), leaves(library, "lou")) == (1, False)


def test_a_stand_in_behind_a_wall_is_told_nothing(library: World, case: Case) -> None:
    acts.wall(library, case, "lou")
    away(library, "lia", [("lou", None)])
    remind(library, case, "lia")
    acts_of_lou = [one for one in library.trail(case) if (one.details or {}).get("recipient") == library.people["lou"].id]
    assert (told(library, "lou"), acts_of_lou) == ([], [])


def test_what_is_claimed_in_somebody_s_place_is_theirs_when_they_come_back(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None), ("pat", None)])
    task = library.task(case, "recall")
    with library.acting("lou") as (uow, actor):
        assert user_tasks.claim(uow, actor, task.id).assignee_id == library.people["lia"].id
    assert for_other(library, "pat", "lia") == ["recall"]
    library.advance("P5D")
    with pytest.raises(NotFound):
        for_other(library, "lou", "lia")
    assert not opens(library, "lou", case, "recall")
    library.complete("lia", case, "recall")


def test_nothing_is_lent_before_the_first_day_nor_once_it_was_called_off(library: World, case: Case) -> None:
    absence = away(library, "lia", [("lou", None)], after=1)
    assert not opens(library, "lou", case, "recall")
    library.advance("P1D")
    assert opens(library, "lou", case, "recall")
    with library.acting("lia") as (uow, actor):
        absences.end(uow, actor, absence)
    assert not opens(library, "lou", case, "recall")
    with pytest.raises(Conflict), library.acting("lia") as (uow, actor):
        absences.end(uow, actor, absence)


def test_only_the_named_role_is_lent(library: World, case: Case) -> None:
    library.give_role("lia", "keeper")
    away(library, "lia", [("lou", "keeper"), ("pat", "librarian")])
    assert (opens(library, "lou", case, "recall"), for_other(library, "lou", "lia")) == (True, [])  # keepers see every case
    assert for_other(library, "pat", "lia") == ["recall"]


def test_a_case_role_is_taken_only_by_who_is_eligible_and_never_with_the_other_s_own_notes(library: World, case: Case) -> None:
    library.person("cas", "curator")
    library.complete("lia", case, "recall")
    away(library, "cor", [("lou", None), ("cas", None)])
    assert for_other(library, "lou", "cor") == []
    assert not opens(library, "lou", case, "check-return")
    assert for_other(library, "cas", "cor") == ["check-return"]
    library.complete("cas", case, "check-return", {"damaged": True, "handling": ["dry"], "thoughts": "CANARY-mine"})
    with library.reading("cor") as (uow, actor):
        page = str(case_pages.page(uow, actor, case.id))
    assert "CANARY-mine" not in page


def test_a_stand_in_behind_a_wall_gets_and_sees_nothing(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None)])
    task = library.task(case, "recall")
    acts.wall(library, case, "lou")
    assert for_other(library, "lou", "lia") == []
    for attempt in (user_tasks.claim, task_lists.page, lambda u, a, t: user_tasks.complete(u, a, t, {})):
        with pytest.raises(NotFound), library.acting("lou") as (uow, actor):
            attempt(uow, actor, task.id)
    with pytest.raises(NotFound):
        library.page("lou", case)


def test_a_wall_around_who_is_away_counts_too(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None)])
    acts.wall(library, case, "lia")
    assert for_other(library, "lou", "lia") == []
    assert not opens(library, "lou", case, "recall")


def test_duties_of_both_exclude_and_a_duty_done_in_a_place_is_both_s(library: World, case: Case) -> None:
    library.complete("lia", case, "recall")
    library.complete("cor", case, "check-return", {"damaged": True, "handling": ["dry"], "thoughts": "x"})
    away(library, "kim", [("cor", None), ("lou", None)])
    assert for_other(library, "cor", "kim") == []
    with pytest.raises((Excluded, NotFound, Forbidden)):
        library.complete("cor", case, "sign-off-return")
    assert for_other(library, "lou", "kim") == ["sign-off-return"]
    library.complete("lou", case, "sign-off-return")
    for name in ("kim", "lou"):
        library.give_role(name, "curator")
        with pytest.raises(Excluded), library.acting("lia") as (uow, actor):
            cases.add_participant(uow, actor, case.id, NewParticipant("curator", person_id=library.people[name].id))


def test_places_pass_on_while_the_stand_in_is_away_too(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None)])
    away(library, "lou", [("pat", None)], days=2)
    assert for_other(library, "pat", "lia") == ["recall"]
    library.advance("P2D")
    assert not opens(library, "pat", case, "recall")


@pytest.mark.parametrize("through", [("lou",), ("lou", "pat")], ids=["two", "three"])
def test_a_circle_is_refused_and_named(library: World, case: Case, through: tuple[str, ...]) -> None:
    chain = ("lia", *through)
    for one, other in pairwise(chain):
        away(library, one, [(other, None)])
    with pytest.raises(Conflict, match="Lia Example"):
        away(library, chain[-1], [("lia", None)], after=4)
    away(library, chain[-1], [("lia", None)], after=5)


def test_two_who_stand_in_for_each_other_in_different_roles_are_no_circle(library: World, case: Case) -> None:
    away(library, "lia", [("lou", "librarian")])
    away(library, "lou", [("lia", "keeper")])
    with pytest.raises(Conflict):
        away(library, "lou", [("lia", None)])


def test_the_rights_of_a_deactivated_person_are_lent_to_nobody(library: World, case: Case) -> None:
    away(library, "lia", [("lou", None)])
    with library.acting("ada") as (uow, actor):
        people.deactivate(uow, actor, library.people["lia"].id)
    assert not opens(library, "lou", case, "recall")


def test_only_oneself_or_who_manages_people_says_who_is_away(library: World, case: Case) -> None:
    with pytest.raises((Forbidden, NotFound)):
        away(library, "lia", [("lou", None)], by="lou")
    absence = away(library, "lia", [("lou", None)], by="ada")
    with pytest.raises((Forbidden, NotFound)), library.acting("lou") as (uow, actor):
        absences.end(uow, actor, absence)
    with library.reading("ada") as (uow, actor):
        (line,) = absences.list_(uow, actor)
    assert (line.person, line.is_now, [one.person for one in line.stand_ins]) == ("Lia Example", True, ["Lou Example"])


@pytest.mark.parametrize(
    ("stand_ins", "days", "path"),
    [
        ([], 5, "/stand_ins"),
        ([("lia", None)], 5, "/stand_ins/0/person_id"),
        ([("ben", None)], 5, "/stand_ins/0/person_id"),
        ([("lou", "ghost")], 5, "/stand_ins/0/role"),
        ([("lou", None)], 0, "/to_at"),
        ([("lou", None)], 500, "/to_at"),
    ],
    ids=["nobody", "oneself", "an outsider", "no such role", "no time", "too long"],
)
def test_what_makes_no_sense_is_refused_at_its_place(library: World, case: Case, stand_ins: Named, days: int, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        away(library, "lia", stand_ins, days=days)
    assert [one.path for one in refused.value.errors] == [path]


def listed(world: World, by: str, *, place: str | None = None) -> list[tuple[str, str | None]]:
    """Somebody's list of cases: (number, whose place they see it in)."""
    with world.reading(by) as (uow, actor):
        lines = cases.list_(uow, actor, place=world.people[place].id if place else "").items
        for line in lines:
            assert case_pages.page(uow, actor, line.id), "what is listed opens"
    return [(line.number, line.in_place_of.label if line.in_place_of else None) for line in lines]


def test_the_cases_of_who_is_away_are_listed_for_who_stands_in_until_the_last_day(library: World, case: Case) -> None:
    library.person("cas", "curator")
    library.complete("lia", case, "recall")
    away(library, "cor", [("cas", None), ("lou", None)])
    assert listed(library, "cas") == [(case.number, "Cor Example")] == listed(library, "cas", place="cor")
    assert listed(library, "lou") == [], "lou could not hold the case role"
    library.complete("cas", case, "check-return", {"damaged": True, "handling": ["dry"], "thoughts": "CANARY-mine"})
    with library.reading("cas") as (uow, actor):
        assert "CANARY" not in str(cases.list_(uow, actor).items)
    library.advance("P5D")
    assert listed(library, "cas") == []
    with pytest.raises(NotFound):
        listed(library, "cas", place="cor")


def test_a_wall_around_either_keeps_a_case_out_of_the_list(library: World, case: Case) -> None:
    library.person("cas", "curator")
    away(library, "cor", [("cas", None)])
    acts.wall(library, case, "cas")
    assert (listed(library, "cas"), listed(library, "cas", place="cor")) == ([], [])
    other = acts.lent(library)
    assert listed(library, "cas") == [(other.number, "Cor Example")]
    acts.wall(library, other, "cor")
    assert listed(library, "cas") == []


def test_who_lists_every_case_lends_that_list_by_itself(library: World, case: Case) -> None:
    away(library, "kim", [("lou", None), ("kit", None)])
    assert (listed(library, "lou"), listed(library, "lou", place="kim")) == ([], [(case.number, "Kim Example")])
    assert (listed(library, "kit"), listed(library, "kit", place="kim")) == ([(case.number, None)], [(case.number, "Kim Example")])
    with pytest.raises(NotFound):
        listed(library, "lou", place="lia")
    acts.wall(library, case, "lou")
    assert listed(library, "lou", place="kim") == []


def test_two_people_of_one_name_are_told_apart_where_a_delegate_is_chosen(library: World) -> None:
    twins = [library.person(name, "librarian") for name in ("tia", "tio")]
    with library.store.unit_of_work() as uow:
        for one in twins:
            store.persons.update(uow, replace(store.persons.get(uow, one.id), name="Tia Twin", email=f"{one.id[-4:]}@example.org"))
        uow.commit()
    with library.reading("lia") as (uow, actor):
        offered = dict(absences.form(uow, actor).people)
    assert {offered[one.id] for one in twins} == {f"Tia Twin ({one.id[-4:]}@example.org)" for one in twins}
