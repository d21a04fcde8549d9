"""The page of a task whose procedure is suspended says who did it to everybody, and why to who reads the reason's class."""

from __future__ import annotations

from engine.model.instances import Suspension
from engine.operations.running import instances
from engine.operations.tasks import task_lists
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast

READS = {'read = { C0 = "program", C1 = "program", C5 = "task" }': 'read = { C0 = "program", C1 = "program", C5 = "task", C7 = "author" }'}


def test_everybody_reads_who_suspended_it_and_why_only_who_may(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=READS))
    case = acts.loan(world)
    task, running = world.task(case, "answer-terms"), acts.instance(world, case).id

    def told(name: str) -> Suspension | None:
        with world.reading(name) as (uow, actor):
            return task_lists.page(uow, actor, task.id).suspension

    assert told("kim") is None
    for reason in ("Asked once.", "Asked again."):
        with world.acting("kim") as (uow, actor):
            instances.suspend(uow, actor, running, reason=reason)
        assert told("kim") == Suspension("Kim Example", reason)
        assert told("ben") == told("kit") == Suspension("Kim Example", "")
        with world.acting("kim") as (uow, actor):
            instances.resume(uow, actor, running, reason="")
    assert told("kim") is None
