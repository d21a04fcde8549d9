"""A small cast in one program, and short ways to make rows that are about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import store
from engine.model.cases import Case, Participant
from engine.model.content import InboxMessage, Notice, Record
from engine.model.deployments import Definition, Deployment
from engine.model.ids import new_id
from engine.model.instances import Incident, Instance, Job, Subscription, Timer, UserTask
from engine.model.people import Account, Membership, Person, Program
from engine.model.states import (
    CaseState,
    DeploymentState,
    IncidentState,
    InstanceState,
    JobState,
    TimerKind,
    UserTaskState,
)
from engine.store import UnitOfWork

#: Monday morning
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def fresh() -> str:
    """A new id."""
    return new_id(START)


@dataclass(frozen=True)
class World:
    """One program with Ana and Ben on its staff and Cleo outside, one definition, one case and its instance."""

    program: Program
    ana: Person
    ben: Person
    cleo: Person
    deployment: Deployment
    definition: Definition
    case: Case
    instance: Instance

    def person(self, name: str, **fields: Any) -> Person:
        made = Person(fresh(), self.program.id, name, None, None, "en", False, START)
        return replace(made, **fields)

    def account(self, person: Person, login: str, **fields: Any) -> Account:
        return replace(Account(fresh(), self.program.id, person.id, login, None, False, 0, START), **fields)

    def membership(self, person: Person, role: str, **fields: Any) -> Membership:
        return replace(Membership(fresh(), self.program.id, person.id, role, START - DAY), **fields)

    def new_case(self, serial: int, **fields: Any) -> Case:
        return replace(self.case, **{"id": fresh(), "serial": serial, "number": f"2026-{serial:04}", **fields})

    def new_instance(self, **fields: Any) -> Instance:
        return replace(self.instance, **{"id": fresh(), **fields})

    def participant(self, person: Person, role: str, **fields: Any) -> Participant:
        made = Participant(fresh(), self.program.id, self.case.id, person.id, role, 1, START)
        return replace(made, **fields)

    def task(self, **fields: Any) -> UserTask:
        made = UserTask(
            fresh(), self.program.id, self.case.id, self.instance.id, self.definition.id, fresh(), "lending", "Check",
            "Check the book", None, "clerk", None, None, None, 50, UserTaskState.OPEN, START,
        )  # fmt: skip
        return replace(made, **fields)

    def timer(self, **fields: Any) -> Timer:
        made = Timer(
            fresh(), self.program.id, self.case.id, self.instance.id, TimerKind.EVENT, fresh(), None, "Wait", "lending",
            "P1D", None, START, START + DAY,
        )  # fmt: skip
        return replace(made, **fields)

    def subscription(self, **fields: Any) -> Subscription:
        made = Subscription(
            fresh(), self.program.id, self.case.id, self.instance.id, fresh(), "Receive", "lending", "message",
            "returned", self.case.id, START,
        )  # fmt: skip
        return replace(made, **fields)

    def incident(self, **fields: Any) -> Incident:
        made = Incident(
            fresh(), self.program.id, self.case.id, self.instance.id, "lending", "Split", "no-flow", "No flow fits.",
            IncidentState.OPEN, START,
        )  # fmt: skip
        return replace(made, **fields)

    def job(self, key: str, **fields: Any) -> Job:
        made = Job(fresh(), self.program.id, None, "mail", key, {"to": "x"}, START, 0, JobState.AVAILABLE, START)
        return replace(made, **fields)

    def message(self, **fields: Any) -> InboxMessage:
        made = InboxMessage(fresh(), self.program.id, "returned", "c-1", None, {"ok": True}, START, START + DAY)
        return replace(made, **fields)

    def record(self, **fields: Any) -> Record:
        made = Record(
            fresh(), self.program.id, self.case.id, None, None, "note", "C4", None, self.ana.id, None,
            {"text": "wörds"}, START,
        )  # fmt: skip
        return replace(made, **fields)

    def notice(self, person: Person, **fields: Any) -> Notice:
        return replace(Notice(fresh(), self.program.id, self.case.id, person.id, "reminder", None, None, START), **fields)


def begin(uow: UnitOfWork) -> World:
    """Store a new world."""
    program = Program(fresh(), f"library-{fresh()}", "Library", "Europe/Vienna", "en", START)
    store.programs.insert(uow, program)
    people = [
        Person(fresh(), program.id, name, f"{name.split()[0].lower()}@example.org", phone, "en", staff, START)
        for name, phone, staff in (("Ana Äther", None, True), ("Ben Brook", "+1 (555) 01-02", True), ("Cleo Crane", None, False))
    ]
    for person in people:
        store.persons.insert(uow, person)
    deployment = Deployment(fresh(), program.id, "library", "hash", DeploymentState.ACTIVE, None, START)
    store.deployments.insert(uow, deployment)
    definition = Definition(
        fresh(), program.id, deployment.id, "library", "lending", 1, "Lending", "lending.bpmn", "hash", "closure",
        b"<source/>", b"<normalised/>", {"elements": {}}, DeploymentState.ACTIVE, START,
    )  # fmt: skip
    store.definitions.insert(uow, definition)
    case = Case(fresh(), program.id, "library", "2026-0001", 1, 2026, CaseState.OPEN, None, None, START)
    store.cases.insert(uow, case)
    instance = Instance(fresh(), program.id, case.id, definition.id, "lending", 1, None, InstanceState.RUNNING, 1, b"state", START)
    store.instances.insert(uow, instance)
    ana, ben, cleo = people
    return World(program, ana, ben, cleo, deployment, definition, case, instance)
