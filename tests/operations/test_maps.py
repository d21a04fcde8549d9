"""The map of each procedure and the history of a case, over many made-up cases: every number worked out a second time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median_low

import pytest

from engine import bpmn, clock, store
from engine.model.cases import Case
from engine.model.errors import Forbidden, NotFound
from engine.model.instances import Instance, places_read
from engine.model.maps import Passage, ProcedureMap
from engine.model.states import CaseState, InstanceState
from engine.model.tiles import CaseQuestion
from engine.operations import live
from engine.operations.cases import case_history
from engine.operations.running import surroundings, turns
from engine.operations.supervision import lists, maps, stays
from engine.store import UnitOfWork
from tests import synthetic
from tests.synthetic import NOW, Played

Place = tuple[str, str]
YEAR = timedelta(days=400)
LONG = timedelta(days=1)


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    with synthetic.cases_played() as found:
        found.actor("supervisor")
        found.actor("roster_mediator")
        yield found


def mapped(played: Played, key: str, version: int | None = None) -> ProcedureMap:
    with played.store.reading() as uow, clock.within(played.clock):
        return maps.of_procedure(uow, played.actor("supervisor"), key, since=NOW - YEAR, until=NOW, version=version)


@dataclass
class Counted:
    """What the maps should say, from the tokens of every state and where each was when it came there."""

    #: tokens by place
    standing: Counter[Place] = field(default_factory=Counter)
    #: instances with a token in a sub-process
    inside: Counter[Place] = field(default_factory=Counter)
    #: late tasks by place: their own, and every activity that they are inside of
    late: Counter[Place] = field(default_factory=Counter)
    #: late tasks in or below a procedure
    late_in: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def counted(played: Played) -> Counted:
    found = Counted()
    with played.store.reading() as uow, clock.within(played.clock):
        for case in store.cases.list_(uow, played.program.id, limit=100).items:
            for instance in store.instances.of_case(uow, case.id):
                if instance.state not in (InstanceState.COMPLETED, InstanceState.TERMINATED):
                    _count(uow, played, case, instance, found)
    return found


def _count(uow: UnitOfWork, played: Played, case: Case, instance: Instance, found: Counted) -> None:
    loaded = turns.load(uow, played.program.id, instance.id)
    env = surroundings.env(uow, loaded.definition, case, instance.id)
    compiled = live.compiled(uow, loaded.definition)
    places = bpmn.places_of(compiled, env, instance.state_blob)
    found.standing.update(places)
    waits = {one.token_id: one for one in bpmn.waits(compiled, env, instance.state_blob)}
    standing = [one for one in waits.values() if one.interrupting is None and one.gateway is None]
    around = {(outer.process_key, outer.element_id) for one in standing for outer in one.inside}
    found.inside.update(around - set(places))
    for task in store.user_tasks.open_of_case(uow, case.id):
        if task.instance_id == instance.id and task.due_at is not None and task.due_at < NOW:
            outer = {(one.process_key, one.element_id) for one in waits[task.token_id].inside}
            found.late.update({(task.process_key, task.element_id), *outer})
            found.late_in.update({task.process_key, *(process for process, _ in outer)})


def test_tokens_on_the_maps_are_those_in_the_states(played: Played, counted: Counted) -> None:
    with played.store.reading() as uow, clock.within(played.clock):
        lines = maps.list_(uow, played.actor("supervisor"))
    assert {line.key: line.standing for line in lines if line.standing} == Counter(process for process, _ in counted.standing.elements())
    assert {place for place in counted.inside if place[0] == "mediation-case"}, "some stand inside of sub-processes"
    expected = counted.standing + counted.inside
    for line in lines:
        shown = {step.element_id: step.standing for step in mapped(played, line.key).steps if step.standing}
        assert shown == {element: number for (process, element), number in expected.items() if process == line.key}


def test_what_is_overdue_shows_where_it_waits_and_on_every_step_around_it(played: Played, counted: Counted) -> None:
    called = {place for place in counted.late if place[0] == "mediation-case"}
    assert called, "something late waits in a procedure that another one calls"
    with played.store.reading() as uow, clock.within(played.clock):
        lines = maps.list_(uow, played.actor("supervisor"))
    assert {line.key: line.overdue for line in lines if line.overdue} == counted.late_in
    for line in lines:
        shown = {step.element_id: step.overdue for step in mapped(played, line.key).steps if step.overdue}
        assert shown == {element: number for (process, element), number in counted.late.items() if process == line.key}


def test_the_cases_inside_a_sub_process_are_listed_by_it(played: Played, counted: Counted) -> None:
    place, number = next((place, number) for place, number in counted.inside.items() if place[0] == "mediation-case")
    with played.store.reading() as uow, clock.within(played.clock):
        question = CaseQuestion(element="/".join(place))
        found = lists.answer(uow, played.actor("supervisor"), question, limit=100).items
    assert len(found) == number


def test_times_at_tasks_are_those_in_the_rows(played: Played) -> None:
    lengths: defaultdict[str, list[timedelta]] = defaultdict(list)
    late: Counter[str] = Counter()
    with played.store.reading() as uow:
        for case in store.cases.list_(uow, played.program.id, limit=100).items:
            for task in store.user_tasks.of_case(uow, case.id):
                if task.process_key == "consent-collection" and task.ended_at is not None:
                    lengths[task.element_id].append(task.ended_at - task.created_at)
                    late[task.element_id] += bool(task.due_at and task.ended_at > task.due_at)
    found = {step.element_id: step.stays for step in mapped(played, "consent-collection").steps if step.type == "userTask"}
    assert {id: one.number for id, one in found.items()} == {id: len(listed) for id, listed in lengths.items()}
    told = found["answer_consent_request"]
    assert told.number >= maps.FEWEST
    assert told.median == median_low(lengths["answer_consent_request"])
    assert told.late == late["answer_consent_request"]
    assert told.ninetieth == sorted(lengths["answer_consent_request"])[-(told.number // 10) - 1]
    few = [one for one in found.values() if one.number < maps.FEWEST]
    assert few
    assert all(one.median is None and one.late == 0 for one in few)


def test_times_in_called_procedures_and_at_timers_are_those_in_the_trail(played: Played) -> None:
    lengths: list[timedelta] = []
    with played.store.reading() as uow:
        for case in store.cases.list_(uow, played.program.id, limit=100).items:
            came = None
            for entry in store.audit.chain(uow, case.id):
                if entry.process_key == "mediation-case" and entry.element_id == "intake_and_screening":
                    if entry.event == "element_entered":
                        came = entry.at
                    elif came is not None:
                        lengths.append(entry.at - came)
    step = next(one for one in mapped(played, "mediation-case").steps if one.element_id == "intake_and_screening")
    assert (step.stays.number, step.stays.median, step.type) == (len(lengths), median_low(lengths), "callActivity")


def test_only_what_a_token_stays_at_is_told(played: Played) -> None:
    types = {step.type for step in mapped(played, "mediation-case").steps}
    assert "userTask" in types
    assert not types & {"exclusiveGateway", "startEvent", "scriptTask", "sequenceFlow"}


def test_one_version_shows_its_own_cases_and_an_unknown_one_is_not_found(played: Played) -> None:
    only = mapped(played, "mediation-case", 1)
    assert only.versions == (1,)
    assert only.steps == mapped(played, "mediation-case").steps
    with pytest.raises(NotFound):
        mapped(played, "mediation-case", 7)
    with pytest.raises(NotFound):
        mapped(played, "no-such-procedure")


def test_who_does_not_list_all_cases_sees_no_map(played: Played) -> None:
    with played.store.reading() as uow, clock.within(played.clock):
        with pytest.raises(Forbidden):
            maps.list_(uow, played.actor("roster_mediator"))
        with pytest.raises(Forbidden):
            maps.of_procedure(uow, played.actor("roster_mediator"), "session", since=NOW - YEAR, until=NOW)


def test_the_nearest_rank_is_a_value_that_was_there() -> None:
    days = [timedelta(days=number) for number in range(1, 11)]
    assert (stays.rank(days, 50), stays.rank(days, 90), stays.rank(days[:1], 90)) == (days[4], days[8], days[0])


def test_who_is_there_again_counts_again_and_side_by_side_does_not() -> None:
    stay = {"element_id": "a", "instance_id": "i", "entered": NOW, "left": NOW + LONG}
    side = [Passage(**stay, branch="1"), Passage(**stay, branch="2")]
    assert stays.fold(side, 1)["a"].again == 0
    assert stays.fold([*side, Passage(**stay, branch="2")], 1)["a"].again == 1


def test_a_case_s_history_ends_where_it_stands_now(played: Played) -> None:
    seen = 0
    with played.store.reading() as uow, clock.within(played.clock):
        for case in store.cases.list_(uow, played.program.id, state=CaseState.OPEN, limit=100).items:
            history = case_history.of_case(uow, played.actor("supervisor"), case.id)
            last = history.moments[-1].tokens
            for instance in store.instances.of_case(uow, case.id):
                if instance.state is InstanceState.RUNNING:
                    now = Counter(places_read(instance.places or ""))
                    there = {(process, id): n for (one, process), counts in last.items() for id, n in counts.items() if one == instance.id}
                    assert now.items() <= there.items()  # it tells sub-processes too, which hold a token while they run
                    seen += 1
            assert list(history.moments) == sorted(history.moments, key=lambda moment: moment.at)
            assert all(drawing.definition.key == drawing.process_key for drawing in history.drawings)
    assert seen > 3


def test_nothing_stands_in_a_closed_case_s_last_moment(played: Played) -> None:
    with played.store.reading() as uow, clock.within(played.clock):
        closed = store.cases.list_(uow, played.program.id, state=CaseState.CLOSED, limit=100).items
        for case in closed:
            standing = case_history.of_case(uow, played.actor("supervisor"), case.id).moments[-1].tokens
            assert {process for _, process in standing} <= {"follow-up"}, "only what comes after a case goes on"
    assert closed


def test_the_history_is_not_for_who_may_not_see_the_case(played: Played) -> None:
    actor = played.actor("roster_mediator")
    with played.store.reading() as uow, clock.within(played.clock):
        own = store.participants.case_ids_of_person(uow, played.program.id, actor.person_id)
        other = next(case for case in store.cases.list_(uow, played.program.id, limit=100).items if case.id not in own)
        assert own
        with pytest.raises((Forbidden, NotFound)):
            case_history.of_case(uow, actor, other.id)
