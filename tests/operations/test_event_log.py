"""Logs for process mining over many made-up cases, read back as the standard says; python3 -m tests.mining asks pm4py too."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from lxml import etree

from engine import store
from engine.model.access import Actor
from engine.model.errors import BadRequest, Forbidden
from engine.model.event_logs import LogQuestion
from engine.model.trail import AuditEntry
from engine.operations.cases import wall_acts
from engine.operations.people import programs
from engine.operations.supervision import event_log
from engine.store import UnitOfWork
from tests import synthetic
from tests.synthetic import NOW, Played

SPACE = "{http://www.xes-standard.org/}"
ALL = LogQuestion()
PATHS = ("sequenceFlow", "Gateway")
Event = dict[str, str]


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    with synthetic.cases_played() as found:
        found.actor("supervisor")
        yield found


@pytest.fixture(scope="module")
def content(played: Played) -> bytes:
    return taken(played)


def taken(played: Played, question: LogQuestion = ALL, role: str = "supervisor", number: int = 1) -> bytes:
    """A whole log."""
    actor = played.actor(role, number)

    @contextmanager
    def reading() -> Iterator[tuple[UnitOfWork, Actor]]:
        with played.store.reading() as uow:
            yield uow, actor

    with played.store.unit_of_work() as uow:
        plan = event_log.begin(uow, actor, question)
    return b"".join(event_log.parts(reading, plan))


def read(content: bytes) -> dict[str, list[Event]]:
    """The events of each trace by its name."""
    found = {}
    for trace in etree.fromstring(content).iterfind(f"{SPACE}trace"):
        (name,) = [str(one.get("value")) for one in trace.iterfind(f"{SPACE}string")]
        found[name] = [{str(one.get("key")): str(one.get("value")) for one in event} for event in trace.iterfind(f"{SPACE}event")]
    return found


def entries(played: Played) -> dict[str, list[AuditEntry]]:
    """The trail by case number."""
    with played.store.reading() as uow:
        cases = store.cases.list_(uow, played.program.id, limit=100).items
        return {case.number: list(store.audit.chain(uow, case.id)) for case in cases}


def test_the_file_is_what_the_standard_asks_for(content: bytes) -> None:
    log = etree.fromstring(content)
    assert (log.tag, log.get("xes.version")) == (f"{SPACE}log", "1849-2016")
    children = [etree.QName(child).localname for child in log]
    order = ["extension", "global", "classifier", "string", "trace"]
    assert list(dict.fromkeys(children)) == order
    known = {child.get("prefix") for child in log.iterfind(f"{SPACE}extension")}
    given = {one.get("key") for part in log.iterfind(f"{SPACE}global") if part.get("scope") == "event" for one in part}
    assert known == {"concept", "time", "lifecycle", "org"}
    for trace in read(content).values():
        for event in trace:
            assert given <= event.keys()
            assert {key.split(":")[0] for key in event if ":" in key} <= known
            assert event["lifecycle:transition"] in ("start", "complete", "ate_abort")
            assert datetime.fromisoformat(event["time:timestamp"]).tzinfo is not None


def test_every_case_is_a_trace_of_what_its_trail_says(played: Played) -> None:
    told = read(taken(played, LogQuestion(numbers=True)))
    trails = entries(played)
    assert told.keys() == trails.keys()
    for number, trail in trails.items():
        done = Counter[tuple[str, str]]()
        for entry in trail:
            details = entry.details if isinstance(entry.details, dict) else {}
            if entry.event == "element_completed" and not str(details["type"]).endswith(PATHS):
                done[str(details["name"] or entry.element_id), entry.at.isoformat(timespec="milliseconds")] += 1
        ended = Counter(
            (event["concept:name"], event["time:timestamp"]) for event in told[number] if event["lifecycle:transition"] == "complete"
        )
        assert ended == done


def test_a_stay_begins_once_and_ends_at_most_once(content: bytes) -> None:
    for trace in read(content).values():
        stays = defaultdict(list)
        for event in trace:
            stays[event["concept:instance"]].append(event)
        for stay in stays.values():
            how = [event["lifecycle:transition"] for event in stay]
            assert how in (["start"], ["complete"], ["start", "complete"], ["start", "ate_abort"])
            assert (how == ["complete"]) == (stay[0]["type"] in ("startEvent", "endEvent"))
            assert len({event["element"] for event in stay}) == 1
        assert [event["time:timestamp"] for event in trace] == sorted(event["time:timestamp"] for event in trace)


def test_people_and_cases_have_made_up_names_that_no_other_log_has(played: Played, content: bytes) -> None:
    first, second = read(content), read(taken(played))
    assert not first.keys() & second.keys()
    people = [{event["org:resource"] for trace in log.values() for event in trace if "org:resource" in event} for log in (first, second)]
    assert not people[0] & people[1]
    acted = {entry.actor_id for trail in entries(played).values() for entry in trail if entry.event == "user_task_completed"}
    assert len(people[0]) == len(people[1]) == len(acted) > 10
    shapes = [sorted([event["element"] for event in trace] for trace in log.values()) for log in (first, second)]
    assert shapes[0] == shapes[1]
    text = content.decode()
    assert not re.search(r"\b[0-9a-f]{32}\b", text), "ids lead back to people"
    assert not any(number in text for number in entries(played))
    with played.store.reading() as uow:
        names = {person.name for person in store.persons.get_many(uow, {id for id in acted if id}).values()}
    assert not any(name in text for name in names)


def test_who_completed_a_task_stands_at_its_end_only(content: bytes) -> None:
    for trace in read(content).values():
        for event in trace:
            ended = event["type"] == "userTask" and event["lifecycle:transition"] == "complete"
            assert ("org:resource" in event) == ended
            assert ("org:role" in event) == (event["type"] == "userTask")


def test_cases_are_chosen_by_the_day_on_which_they_were_opened(played: Played) -> None:
    middle = NOW - timedelta(days=40)
    before, after = (read(taken(played, LogQuestion(since, until, True))) for since, until in ((None, middle), (middle, None)))
    assert before.keys() | after.keys() == entries(played).keys()
    assert before
    assert after
    assert not before.keys() & after.keys()
    with pytest.raises(BadRequest, match="earlier one first"):
        taken(played, LogQuestion(NOW, middle))


def test_it_is_for_who_may_take_cases_out_and_is_written_down(played: Played) -> None:
    with pytest.raises(Forbidden):
        taken(played, role="roster_mediator")
    with played.store.unit_of_work() as uow:
        supervisor = played.actor("supervisor")
        event_log.begin(uow, supervisor, LogQuestion(since=NOW - timedelta(days=9)))
        uow.commit()
    with played.store.reading() as uow:
        (entry,) = store.audit.list_(uow, played.program.id, event="event_log_exported").items
    assert entry.actor_id == supervisor.person_id
    assert entry.details == {"since": (NOW - timedelta(days=9)).isoformat(), "until": None, "numbers": False}


def test_a_case_behind_a_wall_is_not_in_the_log_of_whom_it_keeps_out(played: Played) -> None:
    supervisor = played.actor("supervisor")
    with played.store.unit_of_work() as uow:
        case = store.cases.list_(uow, played.program.id, limit=1).items[0]
        wall_acts.add(uow, programs.system(played.program), case=case.number, person_id=supervisor.person_id, reason="other")
        uow.commit()
    everybody = entries(played).keys()
    assert read(taken(played, LogQuestion(numbers=True))).keys() == everybody - {case.number}
