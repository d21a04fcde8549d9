"""The processes that are measured, drawn twice: with FEEL for the engine, with Python for the plain library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from api.places import ROOT
from engine import bpmn, clock
from engine.model.execution import Closure, EntryEvent, Env, Turn

FOLDER = ROOT / "processes" / "bench"

#: What the names visible everywhere hold in a program of usual size.
_CONTEXT = {
    "case": {"id": "case-1", "number": "2026-0001", "status": "open", "participants": {"first": ["p1"], "second": ["p2"]}},
    "settings": {f"setting_{number}": f"P{number}D" for number in range(1, 9)},
    "instance": {"id": "instance-1"},
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One process of the bench: the files it needs, by name."""

    key: str
    files: tuple[str, ...]

    def read(self, *, plain: bool) -> dict[str, bytes]:
        """The files of one of the two drawings."""
        folder = FOLDER / "plain" if plain else FOLDER
        return {name: (folder / name).read_bytes() for name in self.files}


CASE = Drawn("bench-case", ("case.bpmn", "agreement.bpmn"))
THREE = Drawn("bench-three", ("three-tasks.bpmn",))
LOOP = Drawn("bench-loop", ("loop.bpmn",))
BLOCK = Drawn("bench-block", ("block.bpmn",))
SEQUENTIAL = Drawn("bench-sequential", ("sequential.bpmn",))
PARALLEL = Drawn("bench-parallel", ("parallel.bpmn",))
ALL = (CASE, THREE, LOOP, BLOCK, SEQUENTIAL, PARALLEL)

Data = Mapping[str, object]
#: The tasks of the case one after the other, with what is entered.
CASE_STEPS: tuple[tuple[str, Data], ...] = (
    ("register", {"reference": "2026-0001", "amount": 8200, "risk": 1}),
    ("assign", {"assigned_to": "person-7", "assigned_on": "2026-03-04"}),
    ("consent-a", {"agreed_a": True}),
    ("consent-b", {"agreed_b": True}),
    ("prepare", {"safe": True, "language": "de"}),
    ("session", {"sessions": 1, "held_on": "2026-03-20"}),
    ("report", {"again": True, "minutes": 90}),
    ("session", {"sessions": 2, "held_on": "2026-04-02"}),
    ("report", {"again": False, "minutes": 120}),
    ("draft", {"drafted_on": "2026-04-10", "points": 6}),
    ("sign", {"signed_on": "2026-04-20"}),
    ("feedback-a", {"rating_a": 4}),
    ("feedback-b", {"rating_b": 5}),
    ("close", {"closed_on": "2026-05-01"}),
)
THREE_STEPS: tuple[tuple[str, Data], ...] = tuple((name, {"done": name}) for name in ("first", "second", "third"))


def case_variables() -> dict[str, object]:
    """About 4 KB of facts: codes, numbers, dates, short lists."""
    facts: dict[str, object] = {
        f"fact_{day:02}": {"code": f"code-{day}", "since": f"2026-01-{day:02}", "amount": day * 100, "flags": [True, False, day]}
        for day in range(1, 29)
    }
    own = {"reminders": 0, "adjourned": 0, "sessions": 0, "max_sessions": 5, "fee": 250, "limit": 400}
    return {**facts, **own, "reference": "2026-0001", "remarks": ["code-" + "x" * 40] * 20}


class Side(Protocol):
    """A process instance in the hands of one of the two: the engine, or the library alone."""

    def begin(self, variables: Data) -> None:
        """A new instance, run until it waits, and saved."""

    def open(self) -> list[tuple[str, object]]:
        """Element and handle of the tasks that wait for a person."""

    def step(self, handle: Any, variables: Data) -> None:
        """Load, complete one task, run until everything waits, save."""

    def rehearse(self, handle: Any, variables: Data) -> None:
        """A step that is forgotten at once."""

    def advance(self, handle: Any, variables: Data) -> None:
        """A step by the fastest way, saved only by `save`."""

    def save(self) -> None:
        """Keep what `advance` did."""

    def says_completed(self) -> bool:
        """Whether it takes the instance to be over."""

    def completed(self) -> set[str]:
        """Ids of the elements that were completed so far."""

    def size(self) -> int:
        """Bytes of the saved state."""


class Own:
    """A process instance run by the engine, its state kept as bytes between any two steps."""

    def __init__(self, files: Mapping[str, bytes], key: str) -> None:
        reading = bpmn.read(files)
        if reading.problems:
            raise ValueError(f"{key} cannot be run: {reading.problems[0].message}")
        sources = {model.key: model.normalised for model in reading.processes}
        self._compiled = bpmn.compile(Closure(key, f"bench {key}", sources))
        self._turn: Turn
        self._completed: set[str] = set()

    def begin(self, variables: Data) -> None:
        """A new instance, run until it waits, and saved."""
        self._run(bpmn.begin(self._compiled, self._env(), variables))

    def open(self) -> list[tuple[str, object]]:
        """Element and handle of the tasks that wait for a person."""
        return [(task.element_id, task.token_id) for task in self._turn.tasks]

    def step(self, handle: Any, variables: Data) -> None:
        """Load, complete one task, run until everything waits, save."""
        self._run(self._completing(handle, variables))

    def rehearse(self, handle: Any, variables: Data) -> None:
        """The same, and forget it: the instance stays where it is, so that one step can be measured again and again."""
        turn = self._completing(handle, variables).turn()
        while turn.more:
            turn = bpmn.restore(self._compiled, self._env(), turn.state).turn()

    advance = step

    def save(self) -> None:
        """Nothing is left to be saved after a step."""

    def _completing(self, handle: Any, variables: Data) -> bpmn.Execution:
        execution = bpmn.restore(self._compiled, self._env(), self._turn.state)
        execution.complete(handle, variables)
        return execution

    def says_completed(self) -> bool:
        """Whether the instance is over."""
        return self._turn.status == "completed"

    def completed(self) -> set[str]:
        """Ids of the elements that were completed so far."""
        return self._completed

    def size(self) -> int:
        """Bytes of the saved state."""
        return len(self._turn.state)

    def _run(self, execution: bpmn.Execution) -> None:
        turn = execution.turn()
        while turn.more:
            self._note(turn)
            turn = bpmn.restore(self._compiled, self._env(), turn.state).turn()
        self._note(turn)

    def _note(self, turn: Turn) -> None:
        self._turn = turn
        self._completed.update(entry.element_id for entry in turn.entries if entry.event is EntryEvent.COMPLETED)

    def _env(self) -> Env:
        return Env(clock.now(), _CONTEXT)
