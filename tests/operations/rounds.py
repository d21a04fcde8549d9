"""Processes that start by themselves, and what a test asks about them."""

from __future__ import annotations

from datetime import UTC, datetime

from engine import feel, store
from engine.model.cases import Case
from engine.model.instances import Instance
from engine.model.starts import Start
from engine.operations.running import messages
from engine.store import Store
from tests.bpmn.drawing import end, mapping, process, start, tag, timer, user
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World

#: a second person approves changes
APPROVED = {"approval = false": "approval = true"}
WEEKLY = "R/2026-03-02T08:00:00@Europe/Vienna/P7D"


def rounds(trigger: str = timer(WEEKLY), *, key: str = "rounds", name: str = "Go round") -> bytes:
    """A librarian's round, started by something."""
    return process(start("s", trigger), user("round", role="librarian", due="P5D", name_=name), end(), go="s > round > end", key=key)


def failing() -> bytes:
    """Asks for something that cannot be done before anybody is asked."""
    given = mapping({"participant": '="nobody"', "person": '="nobody"', "role": '="curator"'})
    fail = tag("serviceTask", "fail", given, operation="participant.add")
    return process(start("s", timer("P1D")), fail, end(), go="s > fail > end", key="failing")


def world_of(empty: Store, *diagrams: bytes) -> World:
    return cast(empty, shelf.library(*diagrams))


def runs(world: World, key: str = "rounds") -> list[Instance]:
    """The instances of a process, oldest first."""
    with world.reading("ada") as (uow, _actor):
        page = store.instances.list_(uow, world.program.id, key=key, limit=200)
    return sorted(page.items, key=lambda one: one.started_at)


def times(world: World, key: str = "rounds") -> list[datetime]:
    return [one.started_at for one in runs(world, key)]


def row(world: World, key: str = "rounds") -> Start:
    with world.store.reading() as uow:
        (found,) = store.starts.of_process(uow, world.program.id, key)
    return found


def case_of(world: World, instance: Instance) -> Case:
    with world.store.reading() as uow:
        return store.cases.get(uow, instance.case_id)


def at(text: str) -> datetime:
    return feel.iso_datetime(text).astimezone(UTC)


def ring(world: World, name: str = "Bell", **payload: object) -> None:
    with world.acting("ada") as (uow, actor):
        messages.signal(uow, actor, name, payload)
