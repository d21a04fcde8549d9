"""Acts and looks that several stories share, beyond those of the world itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine import clock, feel, store
from engine.model.access import Actor
from engine.model.cases import Case, Wall
from engine.model.ids import new_id
from engine.model.instances import Incident, Instance, Rung, Timer, UserTask
from engine.model.views import CaseLine
from engine.operations import sealing
from engine.operations.cases import cases
from engine.operations.deploying import deployments
from engine.operations.people import accounts, people, programs
from engine.operations.people.memberships import NewParticipant
from engine.operations.rounds import due_timers
from engine.operations.running import instances, requests
from engine.operations.tasks import user_tasks
from engine.store import UnitOfWork
from tests.operations import shelf
from tests.world import World

claim = user_tasks.claim
fire = due_timers.fire
waive = requests.OPERATIONS["user-task.waive"]


def loan(world: World, *joining: tuple[str, str]) -> Case:
    """A loan that ben asked for, looked after by cor unless said otherwise."""
    people = joining or (("borrower", "ben"), ("curator", "cor"))
    return world.open_case("lia", "library", people, {"bookClass": "fragile", "wish": "CANARY-wish"})


def lent(world: World) -> Case:
    """A loan whose terms are accepted: the book is out."""
    case = loan(world)
    world.complete("ben", case, "answer-terms", shelf.ACCEPT)
    return case


def started(world: World, key: str, variables: Mapping[str, object] | None = None, *, by: str = "lia", case: Case | None = None) -> Case:
    """The case of a new instance of a process."""
    people = [NewParticipant("borrower", person_id=world.people["ben"].id)] if case is None else []
    with world.acting(by) as (uow, actor):
        made = instances.start(uow, actor, key, variables=variables or {}, case_id=case.id if case else None, participants=people)
    with world.store.reading() as uow:
        return store.cases.get(uow, made.case_id)


def instance(world: World, case: Case, key: str | None = None) -> Instance:
    """The newest instance of a case, of one process if named."""
    with world.store.reading() as uow:
        found = [one for one in store.instances.of_case(uow, case.id) if key in (None, one.key)]
    return found[-1]


def rungs(world: World, case: Case, element: str = "recall") -> list[tuple[int, str]]:
    """The rungs that are done for the tasks at an element: number and what became of it, in order."""
    with world.store.reading() as uow:
        ids = {task.id for task in store.user_tasks.of_case(uow, case.id) if task.element_id == element}
        found: tuple[Rung, ...] = store.rungs.of_case(uow, case.id)
    return [(rung.position, str(rung.state)) for rung in found if rung.task_id in ids]


def timers(world: World, case: Case, element: str | None = None) -> tuple[Timer, ...]:
    """The timers of a case, of one element if named, soonest first."""
    with world.store.reading() as uow:
        return tuple(timer for timer in store.timers.of_case(uow, case.id) if element in (None, timer.element_id))


def incidents(world: World, case: Case) -> tuple[Incident, ...]:
    """The incidents of a case, oldest first."""
    with world.store.reading() as uow:
        return store.incidents.of_case(uow, case.id)


def stored(world: World, task: UserTask) -> UserTask:
    """A task as it is now."""
    with world.store.reading() as uow:
        return store.user_tasks.get(uow, task.id)


def control(world: World, by: str, case: Case, verb: str, **more: str) -> Instance:
    """Suspend, resume, terminate or retry the newest instance of a case as somebody."""
    found = instance(world, case)
    with world.acting(by) as (uow, actor):
        done: Instance = getattr(instances, verb)(uow, actor, found.id, **more)
    return done


def wall(world: World, case: Case, name: str) -> None:
    """Keep somebody away from a case."""
    with world.store.unit_of_work() as uow:
        now = clock.now()
        store.walls.insert(uow, Wall(new_id(now), world.program.id, case.id, world.people[name].id, "conflict", now))
        uow.commit()


def line(world: World, by: str, case: Case) -> CaseLine:
    """A case as a line of somebody's list of all cases."""
    with world.reading(by) as (uow, actor):
        return next(one for one in cases.list_(uow, actor, limit=100).items if one.id == case.id)


def chain_holds(world: World) -> bool:
    """Whether every chain of the program's trail is unbroken."""
    with world.store.reading() as uow:
        return sealing.verify(uow, world.program.id) == ()


def variables(world: World, by: str, found: Instance) -> dict[str, object]:
    """The variables of an instance as somebody reads them."""
    with world.reading(by) as (uow, actor):
        return instances.variables(uow, actor, found.id)


def in_another_program(world: World, name: str, *roles: str) -> Actor:
    """Somebody with roles of the same names in another program of the same installation."""
    with world.store.unit_of_work() as uow:
        program = programs.ensure(uow, key="elsewhere", title="Elsewhere")
        system = programs.system(program)
        deployments.deploy(uow, system, shelf.library(), sandbox=True)
        person = people.add(uow, system, name=name, roles=roles)
        account = accounts.add_account(uow, system, person.id, name, None)
        actor = accounts.actor_for_account(uow, account.id, account.session_epoch, via="page")
        uow.commit()
    return actor


def any_task(uow: UnitOfWork, case: Case) -> UserTask:
    """An open task of a case."""
    return store.user_tasks.open_of_case(uow, case.id)[0]


def wind(world: World) -> None:
    """Let a world's own clock rule again, for worlds that outlive a test."""
    clock.use(world.clock)


def length(text: str) -> timedelta:
    """How long an ISO 8601 duration is from now on."""
    return feel.add(clock.now(), feel.iso_duration(text)) - clock.now()
