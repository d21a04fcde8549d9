"""Random processes, run by the engine and by a second opinion that knows no tokens."""

from __future__ import annotations

import itertools
import os
from random import Random

import pytest

from engine.bpmn import waits
from engine.model.execution import WaitKind
from tests.bpmn.drawing import Story
from tests.bpmn.oracle import Block, Root, diagram, grow

#: 300 in the suite; PARLEY_RANDOM_PROCESSES=5000 asks for more.
PROCESSES = int(os.environ.get("PARLEY_RANDOM_PROCESSES", "300"))
BATCH = 25
ACTS = 25


def walk(seed: int) -> None:
    """One random process, a random walk through it, the engine and the oracle side by side."""
    random = Random(seed)
    # Something has to follow, or a join that fires too early would not show.
    block = Block("seq", "all", [grow(random, random.randint(2, 4), itertools.count()), Block("task", "last")])
    names = [b.id for b in block.everything()]

    def choices() -> dict[str, int]:
        return {name: random.randint(0, 7) for name in names}

    first = choices()
    oracle = Root(block, first)
    story = Story(diagram(block), given=first, restoring=random.random() < 0.7, steps=random.choice([3, 2000]))
    for act in range(ACTS):
        where = f"seed {seed}, act {act}"
        assert story.open == oracle.open(), where
        assert (story.state == "completed") == oracle.over, where
        assert sorted(s.name for s in story.turn.subscriptions) == oracle.listening(), where
        if oracle.over:
            return
        waiting = waits(story.compiled, story.env, story.turn.state)
        assert waiting, where
        assert not any(wait.dead for wait in waiting), where
        assert sorted(w.element_id for w in waiting if w.kind == WaitKind.USER_TASK) == story.open, where
        chosen = choices()
        told = oracle.listening()
        if told and (not oracle.open() or random.random() < 0.2):
            name = random.choice(told)
            oracle.tell(name, chosen)
            oracle.settle(chosen)
            story.tell(name, **chosen)
        else:
            name = random.choice(oracle.open())
            token = story.task(name).token_id
            oracle.complete(name, chosen)
            oracle.settle(chosen)
            story.do(name, **chosen)
            # What was named moves the token.
            assert token not in {wait.token_id for wait in waits(story.compiled, story.env, story.turn.state)}, where
        assert all(story.turn.variables[key] == value for key, value in chosen.items()), where


@pytest.mark.parametrize("batch", range(PROCESSES // BATCH))
def test_random_processes_run_as_a_second_opinion_says(batch):
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        walk(seed)
