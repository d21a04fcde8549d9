"""What a wait is said to wait for moves it: over random processes, in every state that a random walk comes to."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from engine.bpmn import Execution, restore, waits
from engine.model.execution import Env, Wait, WaitKind
from tests.bpmn.drawing import Story
from tests.bpmn.test_random import Walk

#: 100 in the suite; PARLEY_EXPLAINED_PROCESSES=2000 asks for more.
PROCESSES = int(os.environ.get("PARLEY_EXPLAINED_PROCESSES", "100"))
BATCH = 25
#: Acts after which the named branches of a join must have come; loops end, as the choices are the same each time.
ENOUGH = 80


class Copy:
    """The instance of a story, stored and read again, to try things with."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.story = walk, walk.story
        self.state = self.story.turn.state

    @property
    def env(self) -> Env:
        return self.story.env

    def waits(self) -> tuple[Wait, ...]:
        return waits(self.story.compiled, self.env, self.state)

    def act(self, wait: Wait) -> list[str]:
        """Do what the wait names; gives the ids of the elements that something happened to."""
        chosen = dict.fromkeys(self.walk.names, 5)
        match wait.kind:
            case WaitKind.USER_TASK:
                return self._turn(lambda execution: execution.complete(wait.token_id, chosen))
            case WaitKind.TIMER:
                return self._turn(lambda execution: execution.fire_timer(wait.token_id))
            case WaitKind.CONDITION:
                # With the choices, or a loop around what waits for the condition would never wait again.
                values = [{**chosen, wait.element_id: value} for value in (0, 1, 0)]
                return [touched for value in values for touched in self._become(value)]
        return self._turn(lambda execution: execution.deliver(wait.token_id, chosen))

    def _become(self, values: dict[str, int]) -> list[str]:
        return self._turn(lambda execution: execution.set_variables(values))

    def _turn(self, change: Callable[[Execution], None]) -> list[str]:
        execution = restore(self.story.compiled, self.env, self.state)
        change(execution)
        touched: list[str] = []
        while True:
            turn = execution.turn()
            touched += [entry.element_id for entry in turn.entries]
            self.state = turn.state
            if not turn.more:
                return touched
            execution = restore(self.story.compiled, self.env, turn.state)

    def holds(self, wait: Wait) -> bool:
        return wait.token_id in {one.token_id for one in self.waits()}


def doable(wait: Wait) -> bool:
    """Whether a test can do what is named; conditions inside a called process look at variables that only it sets."""
    if wait.kind == WaitKind.CONDITION:
        return wait.process_key == "p"
    return wait.kind in (WaitKind.USER_TASK, WaitKind.TIMER, WaitKind.MESSAGE, WaitKind.SIGNAL)


def moved_by_itself(walk: Walk, wait: Wait) -> None:
    copy = Copy(walk)
    touched = copy.act(wait)
    repeats = wait.attached_to is not None or wait.element_type == "startEvent"
    assert not copy.holds(wait) or (repeats and touched), (walk.seed, wait)


def moved_by_each_way_out(walk: Walk, gateway: Wait) -> None:
    assert len(gateway.ways_out) == 2
    ways = [wait for wait in Copy(walk).waits() if wait.element_id in gateway.ways_out and wait.inside == gateway.inside]
    assert {wait.element_id for wait in ways} == set(gateway.ways_out)
    same = [wait for wait in Copy(walk).waits() if wait.element_id == gateway.element_id and wait.inside == gateway.inside]
    for wait in ways:
        if doable(wait):
            copy = Copy(walk)
            copy.act(wait)
            assert sum(copy.holds(one) for one in same) < len(same), (walk.seed, wait)


def moved_by_its_branches(walk: Walk, join: Wait) -> None:
    """Nothing but what is in the named branches is done, and the join goes on."""
    assert join.branches, (walk.seed, join)
    copy = Copy(walk)
    for _ in range(ENOUGH):
        every = copy.waits()
        now = next((wait for wait in every if wait.token_id == join.token_id), None)
        if now is None:
            return
        inside = [wait for wait in every if within(wait, now, every)]
        assert inside, (walk.seed, now)
        # What may come beside a branch, again and again, is not what it waits for.
        main = [wait for wait in inside if wait.attached_to is None and wait.element_type != "startEvent"]
        possible = [wait for wait in main if doable(wait)]
        if not possible:
            assert any(wait.kind == WaitKind.CONDITION for wait in main), (walk.seed, now)
            return
        copy.act(possible[0])
    raise AssertionError((walk.seed, join))


def within(wait: Wait, join: Wait, every: tuple[Wait, ...]) -> bool:
    """Whether a wait stands in one of the branches that a join names; behind a gateway named there, too."""
    places = [wait.element_id, *(place.element_id for place in wait.inside)]
    depth = len(wait.inside) - len(join.inside)
    if depth < 0 or wait.inside[depth:] != join.inside:
        return False
    behind = {way for one in every if one.element_id in join.branches for way in one.ways_out}
    return places[depth] in join.branches or (depth == 0 and wait.element_id in behind)


def check(walk: Walk, story: Story) -> int:
    found = waits(story.compiled, story.env, story.turn.state)
    for wait in found:
        if wait.kind == WaitKind.EVENT_GATEWAY:
            moved_by_each_way_out(walk, wait)
        elif wait.kind == WaitKind.JOIN:
            moved_by_its_branches(walk, wait)
        elif doable(wait):
            moved_by_itself(walk, wait)
    if any(wait.dead for wait in found):
        assert not [act for act in walk.oracle.acts() if act.kind != "conditional"], walk.seed
    return len(found)


@pytest.mark.parametrize("batch", range(PROCESSES // BATCH))
def test_doing_what_is_named_moves_the_token(batch):
    looked = 0

    class Watched(Walk):
        def agree(self, where: str):  # type: ignore[no-untyped-def]
            nonlocal looked
            looked += check(self, self.story)
            return super().agree(where)

    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        Watched(seed).through()
    assert looked > 200
