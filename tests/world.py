"""A program with a fixed cast in a store of its own, in time that only tests move: what stories are told in.

    world.open_case(...); world.complete("mia", "check-return", {...}); world.advance("P3D"); world.sees("sam", case)
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import clock, feel, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.people import Person
from engine.model.states import UserTaskState
from engine.model.trail import AuditEntry
from engine.model.views import CasePage
from engine.operations import signing
from engine.operations.cases import case_pages, cases, papers
from engine.operations.deploying import deployments
from engine.operations.people import accounts, people, programs
from engine.operations.people.memberships import NewParticipant
from engine.operations.rounds import sweeps
from engine.operations.running import messages
from engine.operations.tasks import user_tasks
from engine.store import Store, UnitOfWork

ROOT = Path(__file__).resolve().parent.parent
#: a Monday morning
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def pack_files(folder: Path, forms: Path) -> dict[str, bytes]:
    """The files of a pack as a deployment takes them."""
    kinds = ("*.bpmn", "*.dmn", "pack.toml")
    found = {path.name: path.read_bytes() for kind in kinds for path in folder.glob(kind)}
    return found | {path.name: path.read_bytes() for path in forms.glob("*.json")}


class World:
    """One program, its people by first name, and the acts that stories are made of."""

    def __init__(self, opened: Store) -> None:
        self.store = opened
        self.clock = clock.MovableClock(START, frozen=True)
        clock.use(self.clock)
        with opened.unit_of_work() as uow:
            self.program = programs.ensure(uow, key="program", title="A program")
            account, _secret = programs.first_administrator(uow, self.program, "ada", None)
            uow.commit()
        self.system = programs.system(self.program)
        self.people: dict[str, Person] = {}
        self._logins = {"ada": account.id}

    def again(self, opened: Store, at: datetime = START) -> World:
        """The same people and program in a copy of this world's database, with a clock of its own."""
        made = copy.copy(self)
        made.store, made.people, made._logins = opened, dict(self.people), dict(self._logins)
        made.clock = clock.MovableClock(at, frozen=True)
        clock.use(made.clock)
        return made

    def deploy(self, files: Mapping[str, bytes], *, by: str | None = None, sandbox: bool = True) -> Any:
        """Deploy files as the system, or as somebody."""
        actor = self.actor(by) if by else self.system
        with self.store.unit_of_work() as uow:
            done = deployments.deploy(uow, actor, files, sandbox=sandbox)
            uow.commit()
        return done

    def person(self, name: str, *roles: str, staff: bool = True, account: bool = True) -> Person:
        """Somebody with program roles and, unless said otherwise, an account named like them."""
        with self.store.unit_of_work() as uow:
            made = people.add(uow, self.system, name=f"{name.title()} Example", staff=staff, roles=roles)
            if account:
                made_account = accounts.add_account(uow, self.system, made.id, name, None)
                self._logins[name] = made_account.id
            uow.commit()
        self.people[name] = made
        return made

    def actor(self, name: str) -> Actor:
        """Who acts, with the roles they hold now."""
        with self.store.reading() as uow:
            account_id = self._logins[name]
            return accounts.actor_for_account(uow, account_id, accounts.session_epoch(uow, account_id), via="page")

    @contextmanager
    def acting(self, name: str) -> Iterator[tuple[UnitOfWork, Actor]]:
        """A unit of work of somebody's, committed when nothing was raised; then all that is due runs."""
        actor = self.actor(name)
        with self.store.unit_of_work() as uow:
            yield uow, actor
            uow.commit()
        sweeps.until_quiet(self.store)

    @contextmanager
    def reading(self, name: str) -> Iterator[tuple[UnitOfWork, Actor]]:
        """A reading unit of work of somebody's."""
        actor = self.actor(name)
        with self.store.reading() as uow:
            yield uow, actor

    def open_case(self, by: str, pack: str, joining: Iterable[tuple[str, str]], data: Mapping[str, object]) -> Case:
        """Open a case; `joining` are (role, name) of known people."""
        new = [NewParticipant(role, person_id=self.people[name].id) for role, name in joining]
        with self.acting(by) as (uow, actor):
            return cases.open_(uow, actor, pack, new, data)

    def open_tasks(self, case: Case) -> list[UserTask]:
        """The open tasks of a case, oldest first."""
        with self.store.reading() as uow:
            found = store.user_tasks.of_case(uow, case.id, state=UserTaskState.OPEN)
        return sorted(found, key=lambda task: (task.created_at, task.id))

    def names(self, case: Case) -> list[str]:
        """The elements of the open tasks of a case, sorted."""
        return sorted(task.element_id for task in self.open_tasks(case))

    def task(self, case: Case, element: str, *, of: str | None = None) -> UserTask:
        """The open task at an element; `of` names whose it is when several people have one."""
        found = [task for task in self.open_tasks(case) if task.element_id == element]
        if of is not None:
            ids = self.participant_ids(case, of)
            found = [task for task in found if task.participant_id in ids]
        assert len(found) == 1, f"{len(found)} open tasks at {element}; open are {self.names(case)}"
        return found[0]

    def participant_ids(self, case: Case, name: str) -> set[str]:
        """The participants somebody is on a case."""
        with self.store.reading() as uow:
            rows = store.participants.of_case(uow, case.id, include_ended=True)
        return {row.id for row in rows if row.person_id == self.people[name].id}

    def complete(
        self,
        by: str,
        case: Case,
        element: str,
        data: Mapping[str, object] | None = None,
        *,
        of: str | None = None,
        mode: str = "self",
        code: str = "",
    ) -> UserTask:
        """Complete the open task at an element as somebody, with the code on the paper that was signed."""
        task = self.task(case, element, of=of)
        with self.acting(by) as (uow, actor):
            return user_tasks.complete(uow, actor, task.id, data or {}, mode=mode, signed=signing.Way(code=code))

    def code(self, by: str, case: Case) -> str:
        """The code on the paper that somebody prints to be signed, of the newest version."""
        with self.reading(by) as (uow, actor):
            printed = [papers.read(uow, actor, case.id, one) for one in papers.signable(uow, actor, case.id)]
        return max(printed, key=lambda paper: paper.at).code

    def advance(self, text: str) -> None:
        """Let time pass, an ISO 8601 duration; all that becomes due runs at its own time."""
        until = feel.add(clock.now(), feel.iso_duration(text))
        sweeps.advance(self.store, self.clock, until - clock.now())

    def jump(self, text: str) -> None:
        """Let time pass while the system is down, then start it again."""
        until = feel.add(clock.now(), feel.iso_duration(text))
        self.clock.advance(until - clock.now())
        sweeps.until_quiet(self.store)

    def page(self, by: str, case: Case) -> CasePage:
        """A case's page as somebody sees it."""
        with self.reading(by) as (uow, actor):
            return case_pages.page(uow, actor, case.id)

    def events(self, case: Case, event: str) -> list[str]:
        """The elements of a case's audit entries of one event, in order."""
        with self.store.reading() as uow:
            chain = store.audit.chain(uow, case.id)
        return [entry.element_id or "" for entry in chain if entry.event == event]

    def notices(self, name: str) -> list[str]:
        """The templates of somebody's notices, oldest first."""
        with self.store.reading() as uow:
            page = store.notices.of_person(uow, self.program.id, self.people[name].id, limit=200)
        return [notice.template for notice in reversed(page.items)]

    def case(self, case: Case) -> Case:
        """A case as it is now."""
        with self.store.reading() as uow:
            return store.cases.get(uow, case.id)

    def passed(self, since: datetime) -> timedelta:
        """How much time passed since an instant."""
        return clock.now() - since

    def give_role(self, name: str, role: str) -> None:
        """Give somebody a program role."""
        with self.store.unit_of_work() as uow:
            people.give_role(uow, self.system, self.people[name].id, role)
            uow.commit()

    def send(self, by: str, case: Case, message: str, *, of: str | None = None) -> None:
        """Send a message to a case as the page's button does, for somebody."""
        chosen = next(iter(self.participant_ids(case, of))) if of else None
        with self.acting(by) as (uow, actor):
            messages.send_to_case(uow, actor, case.id, message, chosen)

    def trail(self, case: Case) -> tuple[AuditEntry, ...]:
        """The audit chain of a case."""
        with self.store.reading() as uow:
            return store.audit.chain(uow, case.id)
