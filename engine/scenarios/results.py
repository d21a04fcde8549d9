"""What a run of scenarios gave: per step what was passed and where tokens stand, what failed, what was never walked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.errors import Problem
from engine.scenarios.model import Step


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An element or a flow of a process, by the ids its author gave."""

    process: str
    id: str


@dataclass(frozen=True, slots=True)
class Passing:
    """One thing that happened in a step. `event` is the engine's name for it; None: a flow was taken."""

    place: Place
    event: str | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step did. Step None is the opening. `wrong` says what was expected and what was there."""

    step: Step | None
    at: datetime
    passed: tuple[Passing, ...] = ()
    tokens: tuple[Place, ...] = ()  #: where they stand afterwards, one entry a token
    open: tuple[str, ...] = ()  #: tasks open afterwards, in words
    notices: tuple[str, ...] = ()  #: sent in this step, in words
    wrong: tuple[str, ...] = ()
    #: the step was done; what is wrong is only that something else is so afterwards than it expects
    done: bool = True
    asked: tuple[Place, ...] = ()  #: the elements of the tasks open afterwards


@dataclass(frozen=True, slots=True)
class Result:
    """What one scenario gave; its steps end with the one that failed. `walked` holds those of the continued ones too."""

    name: str
    file: str
    title: str
    about: str
    continues: str
    digest: str  #: of the scenario and of everything it ran against
    steps: tuple[StepResult, ...]
    walked: frozenset[Place]
    seconds: float
    #: steps of the file, also those that were not reached
    planned: int

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return bool(self.steps) and not any(step.wrong for step in self.steps)

    @property
    def failed_at(self) -> StepResult | None:
        """The step that was not as expected."""
        return next((step for step in self.steps if step.wrong), None)

    @property
    def stop(self) -> int | None:
        """So many of its own steps were done when it came to its end or failed; None when it failed at its beginning."""
        failed = self.failed_at
        if failed is None:
            return self.planned if self.steps else None
        return None if failed.step is None else failed.step.number - (not failed.done)

    @property
    def failed_done(self) -> bool:
        """Whether the step that failed was done, and only something else is so afterwards than it expects."""
        return self.failed_at is not None and self.failed_at.done


@dataclass(frozen=True, slots=True)
class Share:
    """How many of something were walked."""

    walked: int
    all: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all; 100 where there is nothing."""
        return 100 * self.walked // self.all if self.all else 100


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one diagram scenarios walked."""

    process: str
    name: str
    file: str
    elements: Share
    flows: Share
    timers: Share
    walked: tuple[str, ...]  #: ids of elements and flows
    never: tuple[tuple[str, str], ...]  #: (id, what it is in words) of elements, timers and flows never walked

    @property
    def whole(self) -> Share:
        """Elements and flows together."""
        return Share(self.elements.walked + self.flows.walked, self.elements.all + self.flows.all)


@dataclass(frozen=True, slots=True)
class Run:
    """All scenarios of some files. `problems` are of files that cannot be read or deployed."""

    results: tuple[Result, ...]
    coverage: tuple[Coverage, ...]
    problems: tuple[Problem, ...] = ()
    threshold: int = 0

    @property
    def passed(self) -> bool:
        """Whether all could be run and every one was as expected."""
        return not self.problems and all(result.passed for result in self.results)

    @property
    def total(self) -> Share:
        """How much of all diagrams together was walked."""
        shares = [one.whole for one in self.coverage]
        return Share(sum(one.walked for one in shares), sum(one.all for one in shares))
