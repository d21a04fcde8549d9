"""Seeding the demo: the packs of this checkout, made-up people, and cases that were worked on for weeks of virtual time.

What happens is data beside each pack (`demo.toml`); here it is only told in order. Everything goes through the same
operations that pages and REST use, so that the demo can hold nothing that people could not have done.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api import places
from api.synthetic import plans, progress
from api.synthetic.playing import Crowd
from engine import clock, feel
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.people import Program
from engine.operations.cases import cases
from engine.operations.deploying import deployments
from engine.operations.people import accounts, people, programs, showing
from engine.operations.people.memberships import NewParticipant
from engine.operations.rounds import sweeps
from engine.operations.running import messages
from engine.operations.running.outside_calls import Outlets
from engine.operations.tasks import user_tasks
from engine.store import Store, UnitOfWork

#: key of the demo's program
PROGRAM = "demo"
#: what the demo's cases would have sent is kept
_KEPT = Outlets(recording=True)
#: the program is there before its first case
_BEFORE = timedelta(days=1)


class ScriptWrong(Exception):
    """The demo's script does not fit its procedures."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens at a time: a case is opened (`what` has a form), a task completed, a message sent."""

    at: datetime
    case: int
    position: int
    what: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """So many made-up cases besides those of the script, drawn by a seed."""

    cases: int
    seed: int


def seed(store: Store, many: Many | None = None) -> None:
    """Fill an empty store with every pack under processes/ and its demo, from the past up to now."""
    for path in sorted((places.ROOT / "processes").glob("*/pack.toml")):
        script = path.parent / "demo.toml"
        told = tomllib.loads(script.read_text()) if script.exists() else {}
        telling = _Telling(store, told)
        if many is None or not (path.parent / "synthetic.toml").exists():
            telling.tell(path.parent)
        else:
            with progress.shown("Playing made-up cases", many.cases, sys.stderr) as tell:
                telling.tell(path.parent, many, tell)


class _Telling:
    """One pack's demo being told: people by login, cases by their place in the script."""

    def __init__(self, store: Store, told: Mapping[str, Any]) -> None:
        self._store, self._told = store, told
        self._logins: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._cases: dict[int, Case] = {}
        self._pack = ""

    def tell(self, folder: Path, many: Many | None = None, tell: Callable[[int], None] | None = None) -> None:
        """Deploy, then play all steps of all cases in the order of their times; the clock is put back at the end.

        With `many`, that many others go on in between; `tell` hears how many of them are open.
        """
        now = clock.now()
        steps = sorted(self._steps(now), key=lambda step: (step.at, step.case, step.position))
        plan = plans.read(folder) if many else None
        start = now - plan.spread - _BEFORE if plan else steps[0].at if steps else now
        movable = clock.MovableClock(start, frozen=True)
        clock.use(movable)
        try:
            self._found(folder)
            passes = self._alone(movable) if plan is None or many is None else self._among(movable, plan, many, now, tell)
            for number, step in enumerate(steps):
                if plan is None:
                    self._say(number, len(steps))
                passes(step.at)
                self._play(step)
            passes(now)
        finally:
            clock.use(None)
        sweeps.until_quiet(self._store)

    def _alone(self, movable: clock.MovableClock) -> Callable[[datetime], None]:
        """Time passes, and what becomes due is done."""
        return lambda at: sweeps.advance(self._store, movable, at - clock.now(), _KEPT)

    def _among(
        self, movable: clock.MovableClock, plan: plans.Plan, many: Many, end: datetime, tell: Callable[[int], None] | None
    ) -> Callable[[datetime], None]:
        """Time passes among many other cases."""
        crowd = Crowd(self._store, plan, movable, many.seed, outlets=_KEPT)
        with self._store.unit_of_work() as uow:
            crowd.gather(uow, programs.system(self._program(uow)), many.cases, end)
            uow.commit()
        return lambda at: crowd.until(at, tell or (lambda _: None))

    def _say(self, number: int, total: int) -> None:
        if number % 25 == 0:
            print(f"Playing made-up cases: step {number} of {total} …", file=sys.stderr, flush=True)

    def _steps(self, now: datetime) -> Iterator[Step]:
        for index, case in enumerate(self._told.get("cases", ())):
            at = feel.add(now, feel.iso_duration("-" + case["opened"]))
            yield Step(at, index, -1, case)
            for position, step in enumerate(case.get("steps", ())):
                at = feel.add(at, feel.iso_duration(step.get("after", "PT0S")))
                if at < now:
                    yield Step(at, index, position, step)

    def _found(self, folder: Path) -> None:
        """The program, its pack, its people."""
        with self._store.unit_of_work() as uow:
            program = self._program(uow)
            system = programs.system(program)
            deployed = deployments.deploy(uow, system, places.pack_files(folder), sandbox=True)
            self._pack = deployed.deployment.pack or ""
            for person in self._told.get("people", ()):
                self._add(uow, system, person)
            offered = [(p["login"], p["label"], p.get("does", "")) for p in self._told.get("people", ()) if "label" in p]
            showing.offer(uow, offered)
            uow.commit()

    def _program(self, uow: UnitOfWork) -> Program:
        about = self._told.get("program", {})
        return programs.ensure(
            uow, key=PROGRAM, title=about.get("title", "Demo program"), timezone=about.get("timezone", "UTC")
        )

    def _add(self, uow: UnitOfWork, system: Actor, person: Mapping[str, Any]) -> None:
        made = people.add(
            uow,
            system,
            name=person["name"],
            email=person.get("email"),
            phone=person.get("phone"),
            language=person.get("language", "en"),
            staff=person.get("staff", True),
            roles=tuple(person.get("roles", ())),
        )
        self._people[person["login"]] = made.id
        if person.get("account", True):
            account = accounts.add_account(
                uow, system, made.id, person["login"], None, administrator=person.get("administrator", False)
            )
            self._logins[person["login"]] = account.id

    def _actor(self, login: str) -> Actor:
        with self._store.reading() as uow:
            account_id = self._logins[login]
            return accounts.actor_for_account(uow, account_id, accounts.session_epoch(uow, account_id), via="page")

    def _play(self, step: Step) -> None:
        what = step.what
        actor = self._actor(what["by"] if step.position < 0 else what["as"]) if {"by", "as"} & what.keys() else None
        if actor is None:
            return
        with self._store.unit_of_work() as uow:
            if step.position < 0:
                self._cases[step.case] = self._open(uow, actor, what)
            elif "message" in what:
                chosen = self._participant(uow, step, what.get("of")) if "of" in what else None
                messages.send_to_case(uow, actor, self._cases[step.case].id, what["message"], chosen)
            elif "draft" in what:
                user_tasks.save_draft(uow, actor, self._task(uow, step), what["draft"])
            elif "claim" in what:
                user_tasks.claim(uow, actor, self._task(uow, step))
            else:
                data = self._filled(what.get("data", {}))
                user_tasks.complete(uow, actor, self._task(uow, step), data, mode=what.get("mode", "self"))
            uow.commit()
        sweeps.until_quiet(self._store)

    def _open(self, uow: UnitOfWork, actor: Actor, what: Mapping[str, Any]) -> Case:
        joining = [NewParticipant(one["role"], person_id=self._people[one["login"]]) for one in what["participants"]]
        return cases.open_(uow, actor, self._pack, joining, self._filled(what.get("form", {})))

    def _task(self, uow: UnitOfWork, step: Step) -> str:
        """The open task at the step's element, of the participant it names."""
        what = step.what
        element = str(what.get("task") or what.get("claim"))
        found = user_tasks.open_ids(uow, self._cases[step.case].id, element, self._participant(uow, step, what.get("for")))
        if len(found) != 1:
            raise ScriptWrong(f"Case {step.case}, step {step.position}: {len(found)} open tasks at {element}.")
        return found[0]

    def _participant(self, uow: UnitOfWork, step: Step, login: str | None) -> str | None:
        return cases.participant_of(uow, self._cases[step.case].id, self._people[login]) if login else None

    def _filled(self, data: Any) -> Any:
        """Data in which "person:LOGIN" stands for that person's id and "day:P3D" for a date from now."""
        if isinstance(data, dict):
            return {key: self._filled(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self._filled(value) for value in data]
        if isinstance(data, str) and data.startswith("person:"):
            return self._people[data.removeprefix("person:")]
        if isinstance(data, str) and data.startswith(("day:", "time:")):
            kind, _, text = data.partition(":")
            at = feel.add(clock.now(), feel.iso_duration(text))
            return at.date().isoformat() if kind == "day" else at.replace(microsecond=0).isoformat()
        return data

