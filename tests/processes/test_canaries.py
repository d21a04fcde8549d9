"""A canary in every text above class C1 of every form: none is anywhere but in the records of its class (SC-36, domain 4.2)."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import NotFound
from engine.operations import trail
from engine.operations.cases import explanations
from engine.operations.content import panels
from engine.operations.running import instances
from engine.operations.tasks import task_lists
from engine.operations.telling import notices
from tests.processes import canaries, whole
from tests.processes.conftest import Told
from tests.world import World

#: The tables that may hold what people wrote.
CONTENT = {"records", "drafts"}
#: What ana permitted to be released; it was written as hers alone.
RELEASED = {"issue.issueTitle"}
#: What sue, the supervisor, writes in the stories.
BY_SUE = {
    "scope-ruling.ruling",
    "no-candidate.withoutCandidateReason",
    "disclosure-approval.approvalReason",
    "consent-support.supportNote",
    "check-in-follow-up.checkInNote",
    "review-supervisor.supervisorReason",
    "pressure-check.pressureNote",
    "closure-supervisor.signOffNote",
    "overdue-task.overdueNote",
    "overdue-decision.waiveReason",
    "incident-decision.incidentReason",
    "incident-debrief.debriefLearning",
}


@dataclass(frozen=True)
class Story:
    """Two cases full of canaries, the file they are kept in what was logged and what leaked meanwhile."""

    world: World
    path: Path
    cases: tuple[Case, Case]
    logged: str
    #: tables that at any time held a canary which must not be there
    leaks: frozenset[str]


class _Kept(logging.Handler):
    """Keeps all that is logged, with what it was logged with."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, its arguments and its traceback."""
        self.lines.append(f"{logging.Formatter().format(record)} {record.__dict__}")


@pytest.fixture(scope="module")
def told_once(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story and the one of a delay, told once for all tests here, which only read."""
    path = tmp_path_factory.mktemp("canaries") / "world.sqlite"
    world = told.again(path)
    root, kept = logging.getLogger(), _Kept()
    leaks = set[str]()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        stage = canaries.Canaried(world, lambda: leaks.update(_leaks(path)))
        told_cases = whole.tell(stage), whole.tell_of_delay(stage)
        logging.getLogger("engine").debug("the end of the story")
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    yield Story(world, path, told_cases, "\n".join(kept.lines), frozenset(leaks))
    world.store.close()


@pytest.fixture
def story(told_once: Story) -> Story:
    """The stories, at the time of their end."""
    clock.use(told_once.world.clock)
    return told_once


@pytest.fixture
def tables(story: Story) -> dict[str, str]:
    """All that is stored, by table, as text."""
    return _tables(story.path)


def _tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: "\n".join(_text(row) for row in connection.execute(f'SELECT * FROM "{name}"')) for name in names}


def _leaks(path: Path) -> set[str]:
    return {name for name, text in _tables(path).items() if name not in CONTENT and "CANARY" in text}


def _text(row: tuple[object, ...]) -> str:
    return " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row)


def test_every_text_above_process_facts_holds_a_canary(tables: dict[str, str]) -> None:
    wanted = frozenset[str]().union(*(canaries.fields(form) for form in canaries.every_form()))
    assert len(wanted) > 80
    assert {canaries.field(one) for one in canaries.found(tables["records"])} == wanted


def test_no_table_but_those_for_content_holds_a_canary(story: Story, tables: dict[str, str]) -> None:
    looked_at = {"instances", "user_tasks", "timers", "jobs", "facts", "audit_entries", "notices", "snapshots", "cases"}
    assert looked_at < tables.keys() - CONTENT
    assert '{"v":1' in tables["instances"], "the states are no longer plain text; look into them another way"
    assert {name for name, text in tables.items() if "CANARY" in text} == {"records"}
    assert story.leaks == frozenset()


def test_nothing_that_is_logged_holds_a_canary(story: Story) -> None:
    assert "the end of the story" in story.logged
    assert "CANARY" not in story.logged


def _told(story: Story, name: str, case: Case) -> str:
    """All that somebody is told: notices, their tasks, a case's page with its records, its trail, variables and explanation."""
    world = story.world
    said: list[object] = []
    with world.reading(name) as (uow, actor):
        said.append(notices.list_(uow, actor))
        mine = task_lists.list_(uow, actor, limit=200).items
        said.append([task_lists.page(uow, actor, line.task.id) for line in mine])
    try:
        said.append(world.page(name, case))
    except NotFound:
        return str(said)
    with world.reading(name) as (uow, actor):
        said.append(panels.all_of(uow, actor, case.id))
    with world.reading(name) as (uow, actor):
        said.append(trail.entries(uow, actor, case=case.id, limit=200))
        for one in instances.list_(uow, actor).items:
            said.append((instances.variables(uow, actor, one.id), explanations.explain(uow, actor, one.id)))
    return str(said)


def _seen(story: Story, name: str) -> frozenset[str]:
    return canaries.found("".join(_told(story, name, case) for case in story.cases))


@pytest.mark.parametrize("name", ["sam", "pam", "noor", "cem"])
def test_who_oversees_or_is_outside_and_wrote_nothing_is_told_no_content(story: Story, name: str) -> None:
    assert _seen(story, name) == frozenset()


def test_a_supervisor_and_a_director_are_told_only_what_they_wrote_themselves(story: Story) -> None:
    assert {canaries.field(one) for one in _seen(story, "dan")} == {"closure-director.directorReason"}
    assert {canaries.field(one) for one in _seen(story, "sue")} == BY_SUE


@pytest.mark.parametrize(("name", "other"), [("ana", "b"), ("ben", "a")])
def test_a_party_is_told_what_is_for_all_and_nothing_private_of_the_other(story: Story, name: str, other: str) -> None:
    seen = _seen(story, name)
    private = {one for one in seen if canaries.cls(one) != "C3" and canaries.field(one) not in RELEASED}
    assert f"CANARY-C4-goals-party.hopes-{name[0]}" in private
    assert not [one for one in private if canaries.whose(one) == other]
    assert {canaries.cls(one) for one in seen} == {"C2", "C3", "C4", "C5"}
    assert {canaries.field(one) for one in private if canaries.whose(one) == "0"} == set()


def test_what_one_party_released_is_told_to_the_other_and_the_permission_for_it_is_not(story: Story) -> None:
    seen = _seen(story, "ben")
    assert "CANARY-C4-issue.issueTitle-a" in seen
    assert not [one for one in seen if canaries.field(one).startswith("release-permission.")]
    assert "release-permission.permissionWords" in {canaries.field(one) for one in _seen(story, "ana")}


def test_what_is_written_in_the_room_is_told_to_whom_it_is_for(story: Story) -> None:
    alone = {"session-note.ownNote", "session-incident.incidentNote"}
    assert alone <= {canaries.field(one) for one in _seen(story, "mira")}
    for name in ("ana", "ben", "ida", "sue", "dan"):
        assert not alone & {canaries.field(one) for one in _seen(story, name)}
    for name in ("ana", "ida", "sue"):
        assert "private-meeting.meetingContent" not in {canaries.field(one) for one in _seen(story, name)}
