"""A second, much simpler opinion about how random processes run.

It plays on the blocks themselves (a sequence, a choice, a loop ...), not on the drawing: it knows no flows, gateways or
tokens and imports nothing of the engine, so it cannot share a mistake with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tests.bpmn.blocks import Block, Catch, Frame

Path = tuple[int | None, ...]


@dataclass
class World:
    """What all parts of a running process share."""

    now: datetime
    thrown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Act:
    """Something that can happen: a task completed, an event come. `path` tells equal elements of several instances apart."""

    kind: str
    id: str
    path: Path
    due: datetime | None
    variables: dict[str, Any]  #: where what comes with it is written
    does: Callable[[], None]


class Armed:
    """An event that is waited for."""

    def __init__(self, catch: Catch, world: World) -> None:
        self.catch, self.world = catch, world
        self.anchor = world.now
        self.turn = 1  #: of a cycle
        self.left = catch.times
        self.held = False  #: what the condition was when last looked at

    @property
    def due(self) -> datetime | None:
        timed = self.catch.trigger in ("timer", "cycle")
        return self.anchor + timedelta(days=self.catch.days * self.turn) if timed else None

    def again(self) -> bool:
        """Whether it waits again after it happened; of a cycle, missed occurrences are spent."""
        if self.catch.trigger == "timer":
            return False
        while self.catch.trigger == "cycle":
            self.turn += 1
            if self.left is not None:
                self.left -= 1
                if self.left <= 0:
                    return False
            if self.due is not None and self.due > self.world.now:
                break
        return True

    def act(self, scope: Scope, happen: Callable[[Armed], None]) -> Iterator[Act]:
        kind = {"receive": "message", "cycle": "timer"}.get(self.catch.trigger, self.catch.trigger)
        if kind not in ("error", "escalation"):
            yield Act(kind, self.catch.id, scope.path, self.due, scope.variables, partial(happen, self))


def fitting(armed: list[Armed], kind: str, code: str) -> Armed | None:
    """Who catches this: a specific code before catch-all."""
    found = [one for one in armed if one.catch.trigger == kind and one.catch.code in (None, code)]
    return min(found, key=lambda one: one.catch.code is None, default=None)


class Play:
    """One running block."""

    def __init__(self, block: Block, scope: Scope) -> None:
        self.block, self.scope, self.over = block, scope, False
        self.inner: list[Play] = []
        self.armed: list[Armed] = []
        self._enter()

    @property
    def number(self) -> int:
        return int(self.scope.variables[self.block.id])

    def _enter(self) -> None:
        parts, variables = self.block.parts, self.scope.variables
        match self.block.kind:
            case "calc":
                variables["total"] += 1
                self.over = True
            case "note":
                self.scope.note()
                self.over = True
            case "send":
                self.scope.world.thrown.append(f"m{self.block.id}")
                self.over = True
            case "link":
                self.over = True
            case "seq" | "loop":
                self.inner = [play(parts[0], self.scope)]
            case "xor":
                self.inner = [play(parts[self.number if self.number < len(parts) else 0], self.scope)]
            case "and" | "or":
                self.split()
            case "gate" | "wait":
                self.armed = [Armed(catch, self.scope.world) for catch in self.block.catches]

    def split(self) -> None:
        parts = self.block.parts
        if self.block.kind in ("or", "cond"):
            parts = [part for index, part in enumerate(parts) if index and self.number >> index & 1] or parts[:1]
        self.inner = [play(part, self.scope) for part in parts]

    def step(self) -> bool:
        """Make one move that needs nobody. False when there is none."""
        if self.over:
            return False
        if any(play.step() for play in self.inner):
            return True
        if self.armed or not all(play.over for play in self.inner) or (self.block.kind in ("fork", "cond") and not self.inner):
            return False
        if self.block.kind == "seq" and len(self.inner) < len(self.block.parts):
            self.inner.append(play(self.block.parts[len(self.inner)], self.scope))
        elif self.block.kind == "loop" and self.number == 0:
            self.inner = [play(self.block.parts[0], self.scope)]
        else:
            self.over = True
        return True

    def acts(self) -> Iterator[Act]:
        """All that can happen in here."""
        if self.over:
            return
        if self.block.kind in ("fork", "cond") and not self.inner:
            yield self.scope.task(self.block.id, self.scope.item, self.split)
        for one in self.armed:
            yield from one.act(self.scope, self.happen)
        for play in self.inner:
            yield from play.acts()

    def happen(self, one: Armed) -> None:
        """One of the events that this block waits for has happened."""
        self.armed = []
        self.inner = [play(one.catch.handler, self.scope)] if self.block.kind == "gate" else []

    def conditions(self) -> bool:
        """Let the first condition that became true act. False when none did."""
        if self.over:
            return False
        return self.scope.became_true(self.armed, self.happen) or any(play.conditions() for play in self.inner)


class Turn:
    """One turn of a loop, one instance of a multi-instance, or the only one."""

    def __init__(self, activity: Activity, index: int) -> None:
        self.index, self.over = index, False
        outer, frame = activity.scope, activity.block.frame
        self.item = index if activity.block.loop is not None else outer.item
        self.inner: Scope | None = None
        if frame is None:
            return
        path, called = (self.item, *outer.path), {**outer.variables, "loc": outer.loc(), "total": 0}
        within = (outer.variables, path, self.item, outer) if activity.block.kind == "sub" else (called, path, None, None)
        self.inner = Scope(frame, outer.world, *within, activity)

    def complete(self) -> None:
        """A person does it."""
        self.over = True


class Activity(Play):
    """A task, sub-process or call, with its loop and its boundary events."""

    def _enter(self) -> None:
        self.turns: list[Turn] = []
        self.done, self.results = 0, list[tuple[int, int]]()
        self.handler: Play | None = None
        self.armed = [Armed(catch, self.scope.world) for catch in self.block.catches]
        if self.scope.hold_already(self.armed, self.happen) and self.handler is not None:
            return
        loop = self.block.loop
        last = 1
        if loop is not None:
            last = loop.count if loop.kind == "many" else 1
            if (loop.kind == "while" and self.number != 0) or (loop.kind in ("many", "row") and loop.count == 0):
                last = 0
        for index in range(1, last + 1):
            self.turns.append(Turn(self, index))
        if not self.turns:
            self._finish()

    def step(self) -> bool:
        if self.over:
            return False
        if self.handler is not None:
            self.over = self.handler.over
            return self.over or self.handler.step()
        for turn in self.turns:
            if turn.inner is not None and turn.inner.step():
                return True
            if turn.over or (turn.inner is not None and turn.inner.over):
                self._turn_over(turn)
                return True
        return False

    def _turn_over(self, turn: Turn) -> None:
        loop = self.block.loop
        self.turns.remove(turn)
        self.done += 1
        self.results.append((turn.index, turn.index * 10))
        if self.block.kind == "call" and turn.inner is not None:
            self.scope.variables[f"got{self.block.id}"] = turn.inner.variables["total"]
        if loop is None:
            self._finish()
        elif loop.kind in ("again", "while"):
            if (loop.count and self.done >= loop.count) or self.number != 0:
                self._finish()
            else:
                self.turns = [Turn(self, self.done + 1)]
        elif self.done == loop.count or (loop.until and self.done >= loop.until):
            self._finish()
        elif loop.kind == "row":
            self.turns = [Turn(self, self.done + 1)]

    def _finish(self) -> None:
        self.turns, self.armed, self.over = [], [], True
        if self.block.loop is not None and self.block.loop.output:
            self.scope.variables[f"out{self.block.id}"] = [value for _, value in sorted(self.results)]

    def acts(self) -> Iterator[Act]:
        if self.over:
            return
        for one in self.armed:
            yield from one.act(self.scope, self.happen)
        for turn in self.turns:
            if turn.inner is not None:
                yield from turn.inner.acts()
            else:
                yield self.scope.task(self.block.id, turn.item, turn.complete)
        if self.handler is not None:
            yield from self.handler.acts()

    def happen(self, one: Armed) -> None:
        if one.catch.interrupting:
            self.turns, self.armed = [], []
            self.handler = play(one.catch.handler, self.scope)
            return
        if not one.again():
            self.armed.remove(one)
        self.scope.handlers.append(play(one.catch.handler, self.scope))

    def conditions(self) -> bool:
        if self.over:
            return False
        within = [turn.inner for turn in self.turns if turn.inner is not None]
        return (
            self.scope.became_true(self.armed, self.happen)
            or any(scope.conditions() for scope in within)
            or (self.handler is not None and self.handler.conditions())
        )


def play(block: Block, scope: Scope) -> Play:
    """A running block of the kind it is."""
    return (Activity if block.kind in ("task", "sub", "call") else Play)(block, scope)


class Scope:
    """A running process or sub-process."""

    def __init__(
        self,
        frame: Frame,
        world: World,
        variables: dict[str, Any],
        path: Path = (),
        item: int | None = None,  #: turn of the innermost loop around; a called process starts anew
        outer: Scope | None = None,  #: whose variables can be seen in here
        holder: Activity | None = None,
    ) -> None:
        self.frame, self.world, self.variables, self.outer = frame, world, variables, outer
        self.path, self.item, self.holder = path, item, holder
        self.own: dict[str, int] = {}
        self.over = self.asked = False
        self.handlers: list[Play | Scope] = []
        self.armed = [Armed(catch, world) for catch in frame.catches]
        self.main, self.stopped = list[Play](), False
        self.hold_already(self.armed, self.happen)
        if not self.stopped:
            self.main = [play(part, self) for part in (frame.main, frame.beside) if part is not None]

    # The variable `loc`, which sub-processes may have for themselves.

    def loc(self) -> int:
        if "loc" in self.own or self.outer is None:
            return self.own.get("loc", self.variables["loc"])
        return self.outer.loc()

    def note(self) -> None:
        self._set_loc(self.loc() + 1)

    def _set_loc(self, value: int) -> None:
        if self.frame.own and self.outer is not None:
            self.own["loc"] = value
        elif self.outer is None:
            self.variables["loc"] = value
        else:
            self.outer._set_loc(value)

    def step(self) -> bool:
        if self.over:
            return False
        if any(one.step() for one in [*self.main, *self.handlers]):
            return True
        self.handlers = [one for one in self.handlers if not one.over]
        if self.main and self.main[0].over and not self.asked:
            self.asked = True
            if self.frame.raises and self.variables[self.frame.id] < 4:
                self._raise()
            return True
        self.over = not self.handlers and all(one.over for one in self.main)
        return self.over

    def _raise(self) -> None:
        if self.frame.raises == "terminate":
            self.over = True
            return
        kind, code, scope = self.frame.raises or "", self.frame.code, self
        while True:
            inside = fitting(scope.armed, kind, code)
            if inside is not None:
                scope.happen(inside)
                return
            if scope.holder is None:
                assert kind == "escalation"
                return
            outside = fitting(scope.holder.armed, kind, code)
            if outside is not None:
                scope.holder.happen(outside)
                return
            scope = scope.holder.scope

    def happen(self, one: Armed) -> None:
        """An event sub-process starts."""
        if one.catch.interrupting:
            self.main, self.handlers, self.armed, self.stopped = [], [], [], True
        elif not one.again():
            self.armed.remove(one)
        frame = Frame(f"{one.catch.id}esp", one.catch.handler)
        self.handlers.append(Scope(frame, self.world, self.variables, (self.item, *self.path), self.item, self))

    def task(self, id: str, item: int | None, does: Callable[[], None]) -> Act:
        return Act("task", id, (item, *self.path), None, self.variables, does)

    def acts(self) -> Iterator[Act]:
        if self.over:
            return
        for one in self.armed:
            yield from one.act(self, self.happen)
        for running in [*self.main, *self.handlers]:
            yield from running.acts()

    def conditions(self) -> bool:
        if self.over:
            return False
        return self.became_true(self.armed, self.happen) or any(one.conditions() for one in [*self.main, *self.handlers])

    def hold_already(self, armed: list[Armed], happen: Callable[[Armed], None]) -> bool:
        """Conditions that hold when they are first looked at act before anything inside does. False when none did."""
        found = [self.became_true([one], happen) for one in list(armed) if one in armed]
        return any(found)

    def became_true(self, armed: list[Armed], happen: Callable[[Armed], None]) -> bool:
        """Look at conditions; the first that became true happens."""
        for one in armed:
            if one.catch.trigger == "conditional":
                before, one.held = one.held, self.variables[one.catch.id] == 1
                if one.held and not before:
                    happen(one)
                    return True
        return False


class Root(Scope):
    """The whole process."""

    def settle(self) -> None:
        """Go on as far as it goes without anybody."""
        while self.step() or self.conditions():
            pass
