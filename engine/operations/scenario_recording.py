"""Making a scenario by going through it: who could do what where it ends now, and the step that comes of doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from engine import clock
from engine.language import say
from engine.model.errors import NotFound, ParleyError
from engine.model.forms import Mode
from engine.model.instances import UserTask
from engine.model.views import TaskPage
from engine.operations import scenario_runs, scenario_words, task_lists
from engine.operations.scenario_stage import Stage, told
from engine.operations.scenario_words import Titles
from engine.scenarios.results import Place, Result
from engine.store import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doable:
    """An open task, and who could complete it: (name, on behalf of its participant)."""

    element: str
    title: str
    #: whose it is, when it is somebody's own
    of: str
    process: str
    by: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What can happen next where a scenario ends."""

    at: datetime
    tasks: tuple[Doable, ...]
    #: messages of the pack: (name, label)
    messages: tuple[tuple[str, str], ...]
    people: tuple[str, ...]


def ahead(files: Mapping[str, bytes], name: str) -> tuple[Result, Ahead | None]:
    """Where a scenario ends, and what can be done there. Raises as `scenario_runs.on_stage`."""
    return scenario_runs.on_stage(files, name, _ahead)


def _ahead(stage: Stage, titles: Titles) -> Ahead:
    with stage.store.reading() as uow:
        pack = stage.pack(uow)
        tasks = tuple(_doable(uow, stage, titles, task) for task in stage.open_tasks(uow))
    messages = tuple((rule.name, rule.label) for rule in pack.messages.values()) if pack else ()
    return Ahead(clock.now(), tasks, messages, tuple(stage.people))


def _doable(uow: UnitOfWork, stage: Stage, titles: Titles, task: UserTask) -> Doable:
    by = [(name, way == Mode.ON_BEHALF) for name in stage.people for way in _modes(uow, stage, task, name)]
    own = next((name for name in stage.people if stage.is_of(uow, task, name)), "")
    title = titles.of(Place(task.process_key, task.element_id))
    return Doable(task.element_id, title, own, task.process_key, tuple(sorted(by, key=lambda one: one[1])))


def _modes(uow: UnitOfWork, stage: Stage, task: UserTask, name: str) -> tuple[str, ...]:
    try:
        page = task_lists.page(uow, stage.actor(uow, name), task.id)
    except ParleyError:
        return ()  # who may not see a task cannot do it
    return page.modes if page.line.can_complete else ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task that somebody is about to do."""

    element: str
    who: str
    of: str = ""
    on_behalf: bool = False


def form(files: Mapping[str, bytes], name: str, chosen: Chosen) -> TaskPage:
    """The page of a task as the one who does it would see it. Raises NotFound when it is not open for them."""

    def look(stage: Stage, _titles: Titles) -> TaskPage:
        return _with_task(stage, chosen, lambda uow, task: task_lists.page(uow, stage.actor(uow, chosen.who), task.id))

    _result, found = scenario_runs.on_stage(files, name, look)
    if found is None:
        raise NotFound(say("The scenario does not come to its end; correct the step that fails first."))
    return found


def step(files: Mapping[str, bytes], name: str, chosen: Chosen, answers: Mapping[str, object]) -> dict[str, object]:
    """What completing a task with some answers is written as; people are named instead of their ids."""

    def tell(stage: Stage, _titles: Titles) -> object:
        return _with_task(stage, chosen, lambda uow, _task: told(stage, uow, dict(answers)))

    _result, data = scenario_runs.on_stage(files, name, tell)
    found: dict[str, object] = {"who": chosen.who, "does": chosen.element}
    if chosen.of:
        found["for"] = chosen.of
    if chosen.on_behalf:
        found["on_behalf"] = True
    return found | ({"with": data} if data else {})


def _with_task(stage: Stage, chosen: Chosen, work: Callable[[UnitOfWork, UserTask], T]) -> T:
    with stage.store.reading() as uow:
        there = [task for task in stage.open_tasks(uow) if task.element_id == chosen.element]
        own = [task for task in there if not chosen.of or stage.is_of(uow, task, chosen.of)]
        if not own or chosen.who not in stage.people:
            raise NotFound(say("That task is not open any more where the scenario ends."))
        return work(uow, own[0])


def now_open(files: Mapping[str, bytes], name: str) -> dict[str, object]:
    """What is open where a scenario ends, as a step that expects it."""

    def look(stage: Stage, titles: Titles) -> list[str]:
        with stage.store.reading() as uow:
            return [_written(uow, stage, titles, task) for task in stage.open_tasks(uow)]

    _result, found = scenario_runs.on_stage(files, name, look)
    return {"expect": {"only_open": found or []}}


def _written(uow: UnitOfWork, stage: Stage, titles: Titles, task: UserTask) -> str:
    said = scenario_words.task(uow, stage, titles, task)
    return task.element_id + said.removeprefix(titles.of(Place(task.process_key, task.element_id)))
