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
from engine.operations.scenarios import scenario_runs, scenario_words
from engine.operations.scenarios.scenario_stage import Stage, told
from engine.operations.scenarios.scenario_words import Titles
from engine.operations.tasks import task_lists
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


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between two steps of a scenario, where another can be put in.

    `after`: so many steps were done before; None when the scenario fails at its beginning. `is_end`: there it ends.
    `takes_over`: the step before failed in what it expects only, so that a step put in here has to make that true.
    """

    result: Result
    after: int | None
    is_end: bool = False
    takes_over: bool = False

    @property
    def played(self) -> int | None:
        """As `ahead`, `form` and `step` want it: None at the end, where the stage is as the scenario left it."""
        return None if self.is_end else self.after


def spot(files: Mapping[str, bytes], name: str, at: int | None = None) -> Spot:
    """The place after so many steps, at most the one where the scenario ends or fails; that one when nothing is asked for.

    Raises as `scenario_runs.on_stage`.
    """
    result = next(iter(scenario_runs.run(files, only=name).results), None)
    if result is None:
        scenario_runs.titles(files)  # says what cannot be deployed
        raise NotFound(say("There is no scenario of that name, or it cannot be read."))
    stop = result.stop
    if stop is None:
        return Spot(result, None)
    after = stop if at is None else min(max(at, 0), stop)
    return Spot(result, after, after == stop and result.passed, after == stop and not result.passed and result.failed_done)


def ahead(files: Mapping[str, bytes], name: str, after: int | None = None) -> Ahead | None:
    """What can be done where a scenario ends, or after so many steps. Raises as `scenario_runs.on_stage`."""
    return scenario_runs.on_stage(files, name, _ahead, after=after)[1]


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


def form(files: Mapping[str, bytes], name: str, chosen: Chosen, after: int | None = None) -> TaskPage:
    """The page of a task as the one who does it would see it. Raises NotFound when it is not open for them."""

    def look(stage: Stage, _titles: Titles) -> TaskPage:
        return _with_task(stage, chosen, lambda uow, task: task_lists.page(uow, stage.actor(uow, chosen.who), task.id))

    _result, found = scenario_runs.on_stage(files, name, look, after=after)
    if found is None:
        raise NotFound(say("The scenario does not come to its end; correct the step that fails first."))
    return found


def step(
    files: Mapping[str, bytes], name: str, chosen: Chosen, answers: Mapping[str, object], after: int | None = None
) -> dict[str, object]:
    """What completing a task with some answers is written as; people are named instead of their ids."""

    def tell(stage: Stage, _titles: Titles) -> object:
        return _with_task(stage, chosen, lambda uow, _task: told(stage, uow, dict(answers)))

    _result, data = scenario_runs.on_stage(files, name, tell, after=after)
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


def now_open(files: Mapping[str, bytes], name: str, after: int | None = None) -> dict[str, object]:
    """What is open where a scenario ends, or after so many steps, as a step that expects it."""

    def look(stage: Stage, titles: Titles) -> list[str]:
        with stage.store.reading() as uow:
            return [written(uow, stage, titles, task) for task in stage.open_tasks(uow)]

    _result, found = scenario_runs.on_stage(files, name, look, after=after)
    return {"expect": {"only_open": found or []}}


def written(uow: UnitOfWork, stage: Stage, titles: Titles, task: UserTask) -> str:
    """An open task as an expectation of a scenario has it."""
    said = scenario_words.task(uow, stage, titles, task)
    return task.element_id + said.removeprefix(titles.of(Place(task.process_key, task.element_id)))
