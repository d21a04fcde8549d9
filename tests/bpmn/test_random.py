"""Random processes, run by the engine and by a second opinion that knows no tokens."""

from __future__ import annotations

import ast
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from engine.bpmn import waits
from engine.model.execution import EntryEvent, Wait, WaitKind
from tests.bpmn import blocks, oracle
from tests.bpmn.blocks import Frame, Grower, choices, outputs, triggers
from tests.bpmn.drawing import START, Story
from tests.bpmn.oracle import Act, Root, World
from tests.bpmn.sketch import Sketch

#: 300 in the suite; PARLEY_RANDOM_PROCESSES=5000 asks for more, PARLEY_RANDOM_FIRST=100000 for others.
PROCESSES = int(os.environ.get("PARLEY_RANDOM_PROCESSES", "300"))
FIRST = int(os.environ.get("PARLEY_RANDOM_FIRST", "0"))
BATCH = 25
ACTS = 40
#: A choice that leaves every loop and throws nothing.
LEAVING = 5

_KINDS = {
    WaitKind.USER_TASK: "task",
    WaitKind.TIMER: "timer",
    WaitKind.MESSAGE: "message",
    WaitKind.SIGNAL: "signal",
    WaitKind.CONDITION: "conditional",
}
Known = tuple[str, str, tuple[int | None, ...], object]


class Walk:
    """One random process and a random walk through it, the engine and the oracle side by side."""

    def __init__(self, seed: int) -> None:
        self.random, self.seed = Random(seed), seed
        self.frame: Frame = Grower(self.random).process()
        self.names, self.triggers = choices(self.frame), triggers(self.frame)
        first = {**self.choose(), **dict.fromkeys(self.triggers, 0), "total": 0, "loc": 0, **dict.fromkeys(outputs(self.frame), 0)}
        self.world = World(START)
        self.oracle = Root(self.frame, self.world, dict(first))
        self.oracle.settle()
        self.story = Story(*Sketch(self.frame).files, given=first, restoring=self._chance(0.5), steps=self.random.choice([3, 2000]))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def choose(self) -> dict[str, int]:
        """New numbers for every choice."""
        return {name: self.random.randint(0, 7) for name in self.names}

    def through(self) -> None:
        for act in range(ACTS):
            where = f"seed {self.seed}, act {act}"
            found = self.agree(where)
            if self.oracle.over:
                return
            # Conditions look at variables of the process; those of a called process are its own.
            possible = [one for one in self.oracle.acts() if one.kind != "conditional" or one.variables is self.oracle.variables]
            if not possible:
                return
            chosen = self.random.choice(possible)
            if chosen.kind == "conditional":
                self.become(chosen.id, 1)
                self.agree(where)
                self.become(chosen.id, 0)
            else:
                self.do(chosen, found)

    def become(self, name: str, value: int) -> None:
        """A condition becomes true or false while nothing else moves."""
        # With the choices, or a loop around what waits for the condition would never wait again.
        values = {**dict.fromkeys(self.names, LEAVING), name: value}
        self.story.execution.set_variables(values)
        self.story._turn()
        self.oracle.variables.update(values)
        self.oracle.settle()

    def agree(self, where: str) -> dict[Known, list[Wait]]:
        """Assert that both say the same; gives what the engine waits for."""
        story = self.story
        assert (story.state == "completed") == self.oracle.over, where
        assert story.state != "incident", (where, story.turn.faults)
        assert Counter(t.name for t in story.thrown) == Counter(self.world.thrown), where
        assert dict(story.turn.variables) == self.oracle.variables, where
        items = {entry.token_id: entry.item for entry in story.entries if entry.event == EntryEvent.ENTERED}
        own = {task.token_id: task.loop[0] if task.loop else None for task in story.turn.tasks}
        found: dict[Known, list[Wait]] = {}
        for wait in waits(story.compiled, story.env, story.turn.state):
            assert not wait.dead or not any(act.kind != "conditional" for act in self.oracle.acts()), where
            if wait.kind in _KINDS:
                path = tuple(items[place.token_id] for place in wait.inside)
                path = (own[wait.token_id], *path) if wait.kind == WaitKind.USER_TASK else path
                known = (_KINDS[wait.kind], wait.element_id, path, wait.due_at)
                found.setdefault(known, []).append(wait)
        counted = {known: len(several) for known, several in found.items()}
        assert counted == Counter((act.kind, act.id, act.path, act.due) for act in self.oracle.acts()), where
        every = [wait for several in found.values() for wait in several]
        assert {t.token_id for t in story.turn.timers} == {w.token_id for w in every if w.kind == WaitKind.TIMER}, where
        told = {w.token_id for w in every if w.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL)}
        assert {s.token_id for s in story.turn.subscriptions} == told, where
        return found

    def do(self, act: Act, found: dict[Known, list[Wait]]) -> None:
        story, chosen = self.story, self.choose()
        if act.kind == "timer":
            timers = [one for one in self.oracle.acts() if one.due is not None]
            act, chosen = min(timers, key=lambda one: one.due or START), {}
            late = timedelta(days=self.random.choice([0, 0, 1, 5]), hours=self.random.choice([0, 7]))
            story.later(seconds=(max(self.world.now, act.due or START) + late - self.world.now).total_seconds())
            self.world.now = story.now
        story.restoring = self._chance(0.5)
        token = found[act.kind, act.id, act.path, act.due][0].token_id
        match act.kind:
            case "task":
                story.execution.complete(token, chosen)
            case "timer":
                story.execution.fire_timer(token)
            case _:
                story.execution.deliver(token, chosen)
        story._turn()
        act.variables.update(chosen)
        act.does()
        self.oracle.settle()


@pytest.mark.parametrize("batch", range(PROCESSES // BATCH))
def test_random_processes_run_as_a_second_opinion_says(batch):
    for seed in range(FIRST + batch * BATCH, FIRST + (batch + 1) * BATCH):
        Walk(seed).through()


def test_the_second_opinion_knows_nothing_of_the_engine():
    for module in (oracle, blocks):
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text())):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                assert not any(name.startswith(("engine", "SpiffWorkflow", "tests.bpmn.drawing")) for name in names)
