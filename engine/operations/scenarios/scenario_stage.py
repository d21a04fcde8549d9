"""The stage that a scenario is played on: a private store in memory, people, and a time of its own.

Nothing here touches the real store, and nothing leaves: mail is kept with its job, other outside work is answered by
the scenario itself.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine import clock, feel, packs, store
from engine.bpmn import watching
from engine.language import kept
from engine.model.access import Actor
from engine.model.errors import ParleyError
from engine.model.execution import EntryEvent
from engine.model.ids import ID_LENGTH
from engine.model.instances import UserTask
from engine.model.packs import Pack, RoleKind
from engine.model.people import Program
from engine.operations import live
from engine.operations.people import accounts, people, programs
from engine.operations.rounds import sweeps
from engine.operations.running import outside_calls
from engine.operations.running.outside_calls import Outlets
from engine.scenarios.results import Passing, Place
from engine.store import Store, UnitOfWork

#: when scenarios begin: a Monday morning
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADMINISTRATOR = "administrator"
_MAIL = ("mail",)
_RECORDING = Outlets(recording=True)
#: sweeps in a row before a procedure counts as going round in circles
_ROUNDS = 5_000


class NotPlayed(ParleyError):
    """The scenario cannot go on."""

    code = "scenario-not-played"


@dataclass(frozen=True, slots=True)
class Scene:
    """How the stage stands between two scenarios: what one ends with, those that continue it begin with."""

    image: bytes
    at: datetime
    program: Program
    pack: str | None
    case_id: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)  #: name → person id
    accounts: Mapping[str, str] = field(default_factory=dict)  #: name → account id
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    walked: frozenset[Place] = frozenset()
    notices_seen: int = 0


class Stage:
    """A scene being played. Use it inside `playing`."""

    def __init__(self, scene: Scene, until: float) -> None:
        self.scene = scene
        self.store: Store = store.private(scene.image)
        self.clock = clock.MovableClock(scene.at, frozen=True)
        self.case_id = scene.case_id
        self.people = dict(scene.people)
        self.notices_seen = scene.notices_seen
        self.passed: list[Passing] = []
        self._accounts = dict(scene.accounts)
        self._roles = dict(scene.roles)
        self._until = until

    @contextmanager
    def playing(self) -> Iterator[None]:
        """In the stage's own time, for this thread only."""
        with clock.within(self.clock), watching.watched(self._pass):
            try:
                yield
            finally:
                self.store.close()

    def _pass(self, process: str, id: str, event: EntryEvent | None) -> None:
        self.passed.append(Passing(Place(process, id), str(event) if event else None))

    def ended(self, walked: frozenset[Place]) -> Scene:
        """The scene that this one leaves behind."""
        return replace(
            self.scene,
            image=self.store.image(),
            at=self.clock(),
            case_id=self.case_id,
            people=dict(self.people),
            accounts=dict(self._accounts),
            roles=dict(self._roles),
            walked=walked,
            notices_seen=self.notices_seen,
        )

    @property
    def system(self) -> Actor:
        """The engine itself."""
        return programs.system(self.scene.program)

    def pack(self, uow: UnitOfWork) -> Pack | None:
        """The pack that is played."""
        return live.pack(uow, self.scene.program.id, self.scene.pack)

    def cast(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """Everybody with the roles they hold in the program; what they are on a case they become when it is opened."""
        with self.store.unit_of_work() as uow:
            pack = self.pack(uow)
            for name, roles in wanted.items():
                self._one(uow, pack, name, roles)
            uow.commit()
        self._roles |= wanted

    def _one(self, uow: UnitOfWork, pack: Pack | None, name: str, roles: tuple[str, ...]) -> None:
        known = pack.roles if pack else {}
        unknown = [role for role in roles if role not in known and role != ADMINISTRATOR]
        if unknown:
            raise NotPlayed(
                kept(
                    "{name} is to be “{unknown}”, but the pack has no such role. It has: {list}.",
                    name=name,
                    unknown=unknown[0],
                    list=", ".join(known) or kept("none"),
                )
            )
        held = tuple(role for role in roles if role in known and known[role].kind is not RoleKind.CASE)
        if name in self.people:
            for role in held:
                if role not in self._roles.get(name, ()):
                    people.give_role(uow, self.system, self.people[name], role)
            return
        outside = bool(roles) and all(role in known and not known[role].staff for role in roles)
        number = len(self.people) + 1
        made = people.add(uow, self.system, name=name, email=f"person{number}@example.org", staff=not outside, roles=held)
        account = accounts.add_account(uow, self.system, made.id, f"person{number}", None, administrator=ADMINISTRATOR in roles)
        self.people[name], self._accounts[name] = made.id, account.id

    def joining(self, also: Collection[str]) -> list[tuple[str, str]]:
        """(role, person id) of everybody who is somebody on a case from its opening on; `also` with roles of both kinds."""
        with self.store.reading() as uow:
            pack = self.pack(uow)
        known = pack.roles if pack else {}
        held = ((role, name) for name, roles in self._roles.items() for role in roles if role in known)
        kinds = (RoleKind.CASE, RoleKind.BOTH)
        return [(role, self.people[name]) for role, name in held if known[role].kind in kinds[: 1 + (name in also)]]

    @contextmanager
    def acting(self, name: str) -> Iterator[tuple[UnitOfWork, Actor]]:
        """A unit of work of somebody's; committed when nothing was raised."""
        with self.store.unit_of_work() as uow:
            yield uow, self.actor(uow, name)
            uow.commit()

    def actor(self, uow: UnitOfWork, name: str) -> Actor:
        """Somebody with the roles they hold now."""
        account_id = self._accounts[name]
        return accounts.actor_for_account(uow, account_id, accounts.session_epoch(uow, account_id), via="page")

    def settle(self) -> None:
        """Do all that is due now. Raises NotPlayed when that takes too long."""
        for _ in range(_ROUNDS):
            if time.monotonic() > self._until:
                break
            if not sweeps.run_due(self.store) and not outside_calls.run_one(self.store, _RECORDING, _MAIL):
                return
        raise NotPlayed(
            kept("It took too long: a procedure goes round in circles, or a timer comes very often. Let less time pass in one step.")
        )

    def pass_time(self, duration: str) -> None:
        """Let time pass; what becomes due runs at its own time."""
        self.settle()
        until = self._until_after(duration)
        while (due := sweeps.next_stop(self.store)) is not None and due <= until:
            self.clock.advance(max(due - clock.now(), timedelta(0)))
            self.settle()
        self.clock.advance(max(until - clock.now(), timedelta(0)))
        self.settle()

    def _until_after(self, text: str) -> datetime:
        """When a duration from now is over; it may be FEEL over the pack's settings."""
        try:
            length = self._worked_out(text[1:]) if text.startswith("=") else feel.iso_duration(text)
            until = feel.add(clock.now(), length)
        except (ValueError, OverflowError, feel.FeelSyntaxError, feel.FeelLimit) as wrong:
            raise NotPlayed(kept("“{text}” is no time that could pass. {wrong}", text=text, wrong=wrong)) from wrong
        if until < clock.now():
            raise NotPlayed(
                kept("“{text}” lies in the past by now; with the settings as they are, that order of events cannot be.", text=text)
            )
        return until

    def _worked_out(self, text: str) -> feel.DaysTime | feel.YearsMonths:
        with self.store.reading() as uow:
            pack = self.pack(uow)
        found = feel.evaluate(text, {"settings": packs.settings_values(pack, {}) if pack else {}})
        if not isinstance(found, (feel.DaysTime, feel.YearsMonths)):
            raise ValueError(kept('It has to be a duration, for example =settings.NAME or =settings.NAME - duration("P1D").'))
        return found

    def find_case(self, uow: UnitOfWork) -> str | None:
        """The case that is played: the one opened, or the newest that began by itself."""
        if self.case_id is None:
            found = store.cases.list_(uow, self.scene.program.id, limit=1).items
            self.case_id = found[0].id if found else None
        return self.case_id

    def open_tasks(self, uow: UnitOfWork) -> tuple[UserTask, ...]:
        """The open tasks of the case, oldest first."""
        case_id = self.find_case(uow)
        found = store.user_tasks.open_of_case(uow, case_id) if case_id else ()
        return tuple(sorted(found, key=lambda task: (task.created_at, task.id)))

    def is_of(self, uow: UnitOfWork, task: UserTask, name: str) -> bool:
        """Whether a task is somebody's: bound to them as a participant, or assigned to them."""
        person = self.people.get(name)
        if person is None:
            return False
        bound = store.participants.find(uow, task.participant_id) if task.participant_id else None
        return bound.person_id == person if bound else task.assignee_id == person

    def filled(self, data: Any) -> Any:
        """Data in which "person:NAME" stands for that person and "day:P3D", "time:P3D" for a date and time from now."""
        match data:
            case dict():
                return {key: self.filled(value) for key, value in data.items()}
            case list():
                return [self.filled(value) for value in data]
            case date():
                return data.isoformat()
            case str() if data.startswith("person:"):
                return self._person(data.removeprefix("person:"))
            case str() if data.startswith("participant:"):
                return self._participant(data.removeprefix("participant:"))
            case str() if data.startswith(("day:", "time:")):
                return _moment(data)
            case _:
                return data

    def _person(self, name: str) -> str:
        if name not in self.people:
            raise NotPlayed(kept("“person:{name}” names nobody of this scenario; add {name} under [people].", name=name))
        return self.people[name]

    def _participant(self, name: str) -> str:
        with self.store.reading() as uow:
            case_id = self.find_case(uow)
            rows = store.participants.of_case(uow, case_id) if case_id else ()
        found = next((row.id for row in rows if row.person_id == self._person(name)), None)
        if found is None:
            raise NotPlayed(kept("“participant:{name}” names nobody who takes part in the case now.", name=name))
        return found


def told(stage: Stage, uow: UnitOfWork, data: Any) -> Any:
    """The reverse of `filled`: ids of people and participants become their names, everything else stays as it is."""
    match data:
        case dict():
            return {key: told(stage, uow, value) for key, value in data.items()}
        case list():
            return [told(stage, uow, value) for value in data]
        case str():
            return _named(stage, uow, data)
        case _:
            return data


def _named(stage: Stage, uow: UnitOfWork, text: str) -> str:
    names = {id: name for name, id in stage.people.items()}
    if text in names:
        return f"person:{names[text]}"
    bound = store.participants.find(uow, text) if len(text) == ID_LENGTH else None
    return f"participant:{names[bound.person_id]}" if bound and bound.person_id in names else text


def _moment(text: str) -> str:
    kind, _, length = text.partition(":")
    try:
        at = feel.add(clock.now(), feel.iso_duration(length))
    except (ValueError, OverflowError) as wrong:
        raise NotPlayed(
            kept("“{text}” is no moment; write for example “day:P3D” or “time:PT4H”. {wrong}", text=text, wrong=wrong)
        ) from wrong
    return at.date().isoformat() if kind == "day" else at.replace(microsecond=0).isoformat()
