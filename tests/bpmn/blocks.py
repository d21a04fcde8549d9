"""Random block-structured processes, as values: what `sketch` draws and `oracle` plays.

A block has one way in and one way out. Whatever interrupts, ends or throws does so after something was waited for, so
that what a process does never depends on which of two branches the engine moves first: the standard leaves that open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

CODES = ("x", "y")
Codes = frozenset[tuple[str, str]]


@dataclass
class Loop:
    """`many` and `row`: multi-instance, parallel and in sequence; `again` and `while`: standard loop, tested after and before."""

    kind: str
    count: int = 0  #: instances, or the most turns; 0: as many as the condition says
    until: int = 0  #: instances after which the others are not needed any more
    output: bool = False


@dataclass
class Catch:
    """An event that is waited for, and what follows it."""

    id: str
    trigger: str  #: message, signal, timer, cycle, conditional, error, escalation
    handler: Block
    interrupting: bool = True
    code: str | None = None
    days: int = 1
    times: int | None = None


@dataclass
class Frame:
    """What is inside a process or sub-process. With `raises`, it may throw that when `main` is over."""

    id: str
    main: Block
    beside: Block | None = None
    raises: str | None = None  #: error, escalation, terminate
    code: str = ""
    catches: list[Catch] = field(default_factory=list)  #: event sub-processes
    own: bool = False  #: declares the variable `loc`

    def blocks(self) -> Iterator[Block]:
        yield from self.main.everything()
        if self.beside is not None:
            yield from self.beside.everything()
        for catch in self.catches:
            yield from catch.handler.everything()


@dataclass
class Block:
    """A block: `kind`, its id, the blocks inside; of an activity its loop, its boundary events and what it holds."""

    kind: str
    id: str
    parts: list[Block] = field(default_factory=list)
    loop: Loop | None = None
    catches: list[Catch] = field(default_factory=list)  #: on the boundary, or behind an event gateway
    frame: Frame | None = None

    def everything(self) -> Iterator[Block]:
        yield self
        for part in self.parts:
            yield from part.everything()
        for catch in self.catches:
            yield from catch.handler.everything()
        if self.frame is not None:
            yield from self.frame.blocks()


def choices(frame: Frame) -> list[str]:
    """Names of the numbers that decide the choices inside."""
    found = [frame.id]
    for block in frame.blocks():
        found += [block.id] if block.frame is None else [block.id, block.frame.id]
    return found


def triggers(frame: Frame) -> list[str]:
    """Names of the numbers that conditional events inside look at."""
    every = [frame, *(block.frame for block in frame.blocks() if block.frame is not None)]
    held = [catch for one in every for catch in one.catches]
    held += [catch for block in frame.blocks() for catch in block.catches]
    return [catch.id for catch in held if catch.trigger == "conditional"]


def outputs(frame: Frame) -> list[str]:
    """Names of what multi-instance activities and calls inside give."""
    found = [f"out{block.id}" for block in frame.blocks() if block.loop is not None and block.loop.output]
    return found + [f"got{block.id}" for block in frame.blocks() if block.kind == "call"]


class Grower:
    """Grows random processes; the same number gives the same process."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def process(self) -> Frame:
        frame = self._frame(self.random.randint(3, 5), frozenset(), raising=("terminate",))
        # Something has to follow, or a join that fires too early would not show.
        frame.main = Block("seq", self._id(), [frame.main, self._task()])
        return frame

    def _id(self) -> str:
        self.count += 1
        return f"b{self.count}"

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _task(self) -> Block:
        return Block("task", self._id())

    def block(self, depth: int, codes: Codes, busy: bool = False) -> Block:
        """A block at most `depth` levels high. `busy`: it always waits for something before it is over."""
        if depth <= 0:
            return self._leaf(codes, busy)
        kind = self.random.choice(
            [
                "leaf",
                "seq",
                "seq",
                "xor",
                "and",
                "and",
                "or",
                "or",
                "fork",
                "cond",
                "loop",
                "gate",
                "sub",
                "sub",
                "sub",
                "sub",
                "sub",
                "call",
                "call",
            ]
        )
        below, id = depth - 1, self._id()
        match kind:
            case "leaf":
                return self._leaf(codes, busy)
            case "seq":
                waits = self.random.randrange(3)
                return Block(kind, id, [self.block(below, codes, busy and index == waits) for index in range(3)])
            case "xor" | "and" | "or":
                return Block(kind, id, [self.block(below, codes, busy) for _ in range(self.random.randint(2, 3))])
            case "fork" | "cond":
                return Block(kind, id, [self.block(below, codes) for _ in range(self.random.randint(2, 3))])
            case "loop":
                return Block(kind, id, [self.block(below, codes, True)])
            case "gate":
                return self._gate(id, below, codes)
            case _:
                return self._box(kind, id, below, codes, busy)

    def _leaf(self, codes: Codes, busy: bool) -> Block:
        kind = self.random.choice(["task", "task", "task", "wait"] + ([] if busy else ["calc", "calc", "note", "link", "send"]))
        made = Block(kind, self._id())
        if kind == "task" and self._chance(0.5):
            made.loop = self._loop(busy)
        if kind == "task" and self._chance(0.4):
            made.catches = self._catches(("message", "signal", "timer", "cycle", "conditional"), 0)
        if kind == "wait":
            trigger = self.random.choice(["message", "receive", "signal", "timer", "conditional"])
            made.catches = [Catch(self._id(), trigger, self._task(), days=self.random.randint(1, 4))]
        return made

    def _plain(self) -> Block:
        made = Block(self.random.choice(["task", "task", "wait", "calc", "send", "link"]), self._id())
        if made.kind == "wait":
            made.catches = [Catch(self._id(), self.random.choice(["message", "signal", "timer"]), self._task())]
        return made

    def _loop(self, busy: bool) -> Loop:
        kind = self.random.choice(["many", "row", "again"] + ([] if busy else ["while"]))
        if kind in ("again", "while"):
            return Loop(kind, self.random.choice([0, 2]))
        count = self.random.randint(1 if busy else 0, 3)
        return Loop(kind, count, self.random.randint(1, 3) if self._chance(0.4) else 0, self._chance(0.5))

    def _gate(self, id: str, depth: int, codes: Codes) -> Block:
        kinds = self.random.sample(["message", "receive", "signal", "timer", "timer", "conditional"], 2)
        return Block("gate", id, catches=_apart([self._catch(kind, depth, codes) for kind in kinds]))

    def _box(self, kind: str, id: str, depth: int, codes: Codes, busy: bool) -> Block:
        loop = self._loop(busy) if self._chance(0.3) else None
        events = ("message", "signal", "timer", "cycle", "conditional", "error", "error", "escalation", "escalation")
        catches = self._catches(events, depth - 1) if self._chance(0.6) else []
        careful = busy or (loop is not None and (loop.kind in ("again", "while") or loop.until > 0))
        frame = self._frame(depth, codes | _caught(catches), careful)
        if loop is not None and loop.kind == "many" and triggers(frame):
            # A condition moves several instances at once, and which of them is over first is left open.
            loop.until = 0
        return Block(kind, id, loop=loop, catches=catches, frame=frame)

    def _frame(
        self, depth: int, codes: Codes, busy: bool = False, raising: tuple[str, ...] = ("error", "escalation", "terminate")
    ) -> Frame:
        events = ("message", "signal", "timer", "cycle", "conditional", "error", "escalation")
        catches = self._catches(events, depth - 2) if self._chance(0.3) else []
        codes = codes | _caught(catches)
        raises = self.random.choice(raising) if self._chance(0.6) else None
        code = self.random.choice(sorted(known for kind, known in codes if kind == raises) or CODES)
        caught = sorted(known for kind, known in codes if kind == "error")
        if caught and "error" in raising and self._chance(0.7):
            raises, code = "error", self.random.choice(caught)
        elif raises == "error":
            raises = None
        beside = self.block(depth - 1, codes) if self._chance(0.3) else None
        main = self.block(depth - 1, codes, busy or raises is not None)
        return Frame(self._id(), main, beside, raises, code, catches, self._chance(0.3))

    def _catches(self, events: tuple[str, ...], depth: int) -> list[Catch]:
        found: dict[tuple[str, str | None], Catch] = {}
        kinds = [self.random.choice(events) for _ in range(self.random.choice([1, 1, 2]))]
        for kind in kinds + [kind for kind in kinds if kind in ("error", "escalation")]:
            made = self._catch(kind, min(depth, 1))
            made.interrupting = made.trigger == "error" or (made.trigger != "cycle" and self._chance(0.5))
            if not made.interrupting:
                # It may happen again while its handler still runs, and tokens of two runs would meet in the same scope.
                made.handler = self._plain()
            if made.trigger in ("error", "escalation"):
                made.code = self.random.choice([None, *CODES])
            # Which of two equal catchers has an error is left open, so there is only one.
            found[made.trigger, made.code if made.trigger in ("error", "escalation") else made.id] = made
        return _apart(list(found.values()))

    def _catch(self, trigger: str, depth: int, codes: Codes = frozenset()) -> Catch:
        days, times = self.random.randint(1, 4), self.random.choice([None, 1, 2, 3])
        return Catch(self._id(), trigger, self.block(depth, codes), days=days, times=times)


def _apart(catches: list[Catch]) -> list[Catch]:
    """The same, and no two timers due at once: two that end the same are refused, as only one could ever act."""
    taken: set[int] = set()
    for catch in catches:
        if catch.trigger == "timer":
            while catch.days in taken:
                catch.days += 1
            taken.add(catch.days)
    return catches


def _caught(catches: list[Catch]) -> Codes:
    return frozenset(
        (c.trigger, code) for c in catches for code in CODES if c.trigger in ("error", "escalation") and c.code in (None, code)
    )
