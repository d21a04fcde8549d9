"""Random block-structured processes, and a second, much simpler opinion about how they run.

The oracle plays on the blocks themselves (a sequence, a choice, a loop ...), not on the drawing: it knows no flows,
gateways or tokens, so it cannot share a mistake with the engine.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.bpmn import drawing

#: names of the choices a block makes, by random numbers that every completion sets anew
Choices = dict[str, int]


@dataclass
class Block:
    """A block: `kind`, its id, and the blocks inside."""

    kind: str
    id: str
    parts: list[Block] = field(default_factory=list)
    count: int = 0  #: instances of a multi-instance

    def everything(self) -> Iterator[Block]:
        yield self
        for part in self.parts:
            yield from part.everything()


def grow(random: Random, depth: int, ids: Iterator[int], looped: bool = False) -> Block:
    """A random block at most `depth` levels high. In a loop there is always something to do, or it would never wait."""
    kinds = (
        ["task"]
        if depth == 0
        else [
            "task",
            "seq",
            "xor",
            "and",
            "and",
            "or",
            "or",
            "loop",
            "sub",
            "many",
            "row",
            "again",
            "gate",
            "fail",
            "stop",
            "guard",
            "remind",
            "esp",
        ]
    )
    kind, id = random.choice(kinds), f"b{next(ids)}"
    if kind in ("seq", "xor", "and", "or"):
        return Block(kind, id, [grow(random, depth - 1, ids, looped) for _ in range(random.randint(2, 3))])
    if kind in ("loop", "sub"):
        return Block(kind, id, [grow(random, depth - 1, ids, looped or kind == "loop")])
    if kind == "gate":
        return Block(kind, id, [Block("task", f"b{next(ids)}"), grow(random, depth - 1, ids, looped)])
    if kind == "stop":
        return Block(kind, id, [grow(random, depth - 1, ids, looped) for _ in range(2)])
    if kind in ("guard", "remind", "esp", "fail"):
        # what happens inside, and the task of the handler
        return Block(kind, id, [grow(random, depth - 1, ids, looped), Block("task", f"b{next(ids)}")])
    if kind in ("many", "row"):
        return Block(kind, id, count=random.randint(1 if looped else 0, 3))
    return Block("again" if kind == "again" else "task", id)


# The drawing of a block: elements, the id to enter by, the id to leave from, flows.
Drawn = tuple[list[str], str, str, list[str]]


def draw(block: Block) -> Drawn:
    """Elements and flows of a block with one way in and one way out."""
    return _DRAW[block.kind](block)


def _task(block: Block) -> Drawn:
    return [drawing.user(block.id)], block.id, block.id, []


def _many(block: Block) -> Drawn:
    loop = drawing.many(f"=for i in 1..{block.count} return i" if block.count else "=[]", sequential=block.kind == "row")
    return [drawing.user(block.id, loop)], block.id, block.id, []


def _again(block: Block) -> Drawn:
    return [drawing.user(block.id, drawing.again(f"{block.id} = 0"))], block.id, block.id, []


def _seq(block: Block) -> Drawn:
    drawn = [draw(part) for part in block.parts]
    flows = [f"{a[2]} > {b[1]}" for a, b in itertools.pairwise(drawn)]
    return _sum(drawn, []), drawn[0][1], drawn[-1][2], flows + [flow for d in drawn for flow in d[3]]


def _split(gateway: Callable[[str], str], condition: Callable[[str, int], str]) -> Callable[[Block], Drawn]:
    def drawn_split(block: Block) -> Drawn:
        drawn = [draw(part) for part in block.parts]
        split, join = f"{block.id}s", f"{block.id}j"
        flows = [flow for d in drawn for flow in d[3]]
        for index, d in enumerate(drawn):
            flows += [f"{split} > {d[1]}{condition(block.id, index)}", f"{d[2]} > {join}"]
        return _sum(drawn, [gateway(split), gateway(join)]), split, join, flows

    return drawn_split


def _loop(block: Block) -> Drawn:
    inner = draw(block.parts[0])
    begin, again = f"{block.id}m", f"{block.id}x"
    out = f"{block.id}o"
    flows = [f"{begin} > {inner[1]}", f"{inner[2]} > {again}", f"{again} > {begin} [{block.id} = 0]", f"{again} > {out} *", *inner[3]]
    return [drawing.xor(begin), drawing.xor(again), drawing.xor(out), *inner[0]], begin, out, flows


def _inside(block: Block, *more: str) -> str:
    elements, enter, leave, flows = draw(block.parts[0])
    start, end = drawing.start(f"{block.id}i"), drawing.end(f"{block.id}e")
    go = "; ".join([f"{block.id}i > {enter}", f"{leave} > {block.id}e", *flows])
    return drawing.sub(f"{block.id}box", start, end, *elements, *more, go=go)


def _sub(block: Block) -> Drawn:
    return [_inside(block)], f"{block.id}box", f"{block.id}box", []


def _guard(block: Block) -> Drawn:
    # An interrupting message on a sub-process; its handler leads to the same way out.
    handler, out = block.parts[1].id, f"{block.id}o"
    event = drawing.boundary(f"{block.id}g", f"{block.id}box", drawing.message(block.id))
    flows = [f"{block.id}g > {handler} > {out}", f"{block.id}box > {out}"]
    return [_inside(block), event, drawing.user(handler), drawing.xor(out)], f"{block.id}box", out, flows


def _remind(block: Block) -> Drawn:
    # A non-interrupting message; its handler is a branch that ends by itself.
    handler = block.parts[1].id
    event = drawing.boundary(f"{block.id}g", f"{block.id}box", drawing.message(block.id), False)
    flows = [f"{block.id}g > {handler} > {block.id}he"]
    return [_inside(block), event, drawing.user(handler), drawing.end(f"{block.id}he")], f"{block.id}box", f"{block.id}box", flows


def _esp(block: Block) -> Drawn:
    # An interrupting event sub-process inside a sub-process.
    handler = block.parts[1].id
    inside = drawing.sub(
        f"{block.id}esp",
        drawing.start(f"{block.id}es", drawing.message(block.id)),
        drawing.user(handler),
        drawing.end(f"{block.id}ee"),
        go=f"{block.id}es > {handler} > {block.id}ee",
        triggeredByEvent_="true",
    )
    return [_inside(block, inside)], f"{block.id}box", f"{block.id}box", []


def _gate(block: Block) -> Drawn:
    # An event gateway with two messages.
    drawn = [draw(part) for part in block.parts]
    gate, out = f"{block.id}g", f"{block.id}o"
    catches = [drawing.catch(f"{block.id}c{index}", drawing.message(f"{block.id}m{index}")) for index in range(2)]
    flows = [flow for d in drawn for flow in d[3]]
    for index, d in enumerate(drawn):
        flows += [f"{gate} > {block.id}c{index} > {d[1]}", f"{d[2]} > {out}"]
    return _sum(drawn, [drawing.first(gate), drawing.xor(out), *catches]), gate, out, flows


def _fail(block: Block) -> Drawn:
    # A sub-process that may end in an error; the handler on its boundary leads to the same way out.
    handler, out, box = block.parts[1].id, f"{block.id}o", f"{block.id}box"
    elements, enter, leave, inner = draw(block.parts[0])
    go = [
        f"{block.id}i > {enter}",
        f"{leave} > {block.id}x",
        f"{block.id}x > {block.id}bad [{block.id} = 1]",
        f"{block.id}x > {block.id}e *",
    ]
    inside = drawing.sub(
        box,
        drawing.start(f"{block.id}i"),
        drawing.xor(f"{block.id}x"),
        drawing.end(f"{block.id}e"),
        drawing.end(f"{block.id}bad", drawing.error("no")),
        *elements,
        go="; ".join([*go, *inner]),
    )
    event = drawing.boundary(f"{block.id}b", box, drawing.error())
    return [inside, event, drawing.user(handler), drawing.xor(out)], box, out, [f"{block.id}b > {handler} > {out}", f"{box} > {out}"]


def _stop(block: Block) -> Drawn:
    # Two branches in a sub-process; the end of the first terminates it.
    drawn = [draw(part) for part in block.parts]
    go = [f"{block.id}i > {block.id}s", *[flow for d in drawn for flow in d[3]]]
    for index, d in enumerate(drawn):
        go += [f"{block.id}s > {d[1]}", f"{d[2]} > {block.id}e{index}"]
    inside = drawing.sub(
        f"{block.id}box",
        drawing.start(f"{block.id}i"),
        drawing.both(f"{block.id}s"),
        drawing.end(f"{block.id}e0", drawing.TERMINATE),
        drawing.end(f"{block.id}e1"),
        *_sum(drawn, []),
        go="; ".join(go),
    )
    return [inside], f"{block.id}box", f"{block.id}box", []


_DRAW: dict[str, Callable[[Block], Drawn]] = {
    "task": _task,
    "many": _many,
    "row": _many,
    "again": _again,
    "gate": _gate,
    "fail": _fail,
    "stop": _stop,
    "seq": _seq,
    "xor": _split(drawing.xor, lambda key, index: f" [{key} = {index}]" if index else " *"),
    "and": _split(drawing.both, lambda _key, _index: ""),
    "or": _split(
        drawing.some, lambda key, index: f" [floor({key} / {2**index}) - 2 * floor({key} / {2 ** (index + 1)}) = 1]" if index else " *"
    ),
    "loop": _loop,
    "sub": _sub,
    "guard": _guard,
    "remind": _remind,
    "esp": _esp,
}


def _sum(drawn: list[Drawn], more: list[str]) -> list[str]:
    return more + [element for d in drawn for element in d[0]]


def diagram(block: Block) -> bytes:
    elements, enter, leave, flows = draw(block)
    return drawing.process(drawing.start(), drawing.end(), *elements, go="; ".join([f"start > {enter}", f"{leave} > end", *flows]))


# The second opinion.

_TASKS = ("task", "again", "many", "row")


class Play:
    """One running block."""

    def __init__(self, block: Block, choices: Choices, scope: list[Play]) -> None:
        self.block = block
        self.scope = scope  #: handlers of the surrounding scope that run by themselves
        self.inner: list[Play] = []
        self.handlers: list[Play] = []  #: when this block is a scope
        self.left = block.count
        self.over = False
        self.interrupted = self.ended = False
        self._enter(choices)

    def _enter(self, choices: Choices) -> None:
        parts, number = self.block.parts, choices.get(self.block.id, 0)
        match self.block.kind:
            case "seq" | "loop":
                self._start(parts[0], choices)
            case "sub" | "guard" | "remind" | "esp" | "fail":
                self.inner = [Play(parts[0], choices, self.handlers)]
            case "stop":
                self.inner = [Play(part, choices, self.handlers) for part in parts]
            case "xor":
                self._start(parts[number] if number < len(parts) else parts[0], choices)
            case "and":
                for part in parts:
                    self._start(part, choices)
            case "or":
                chosen = [part for index, part in enumerate(parts) if index and number >> index & 1] or parts[:1]
                for part in chosen:
                    self._start(part, choices)
        self.settle(choices)

    def _start(self, part: Block, choices: Choices) -> None:
        self.inner.append(Play(part, choices, self.scope))

    def settle(self, choices: Choices) -> None:
        """Go on as far as it goes without a person."""
        for play in [*self.inner, *self.handlers]:
            if not play.over:
                play.settle(choices)
        kind = self.block.kind
        if kind in _TASKS:
            self.over = self.over or (kind in ("many", "row") and self.left == 0)
            return
        if kind == "stop" and self.inner[0].over:
            self.over = True
        if kind == "fail" and not self.interrupted and not self.ended and self.inner[0].over:
            self.ended = True
            if choices.get(self.block.id) == 1:
                self.handle(choices)
        self.handlers[:] = [play for play in self.handlers if not play.over]
        while not self.over and all(play.over for play in self.inner) and (self.inner or kind != "gate"):
            if kind == "seq" and len(self.inner) < len(self.block.parts):
                self._start(self.block.parts[len(self.inner)], choices)
            elif kind == "loop" and choices.get(self.block.id, 0) == 0:
                self.inner = []
                self._start(self.block.parts[0], choices)
            elif self.handlers and not self.interrupted:
                return
            else:
                self.over = True

    def plays(self) -> Iterator[Play]:
        """Everything that runs in here."""
        if self.over:
            return
        yield self
        for play in [*self.inner, *self.handlers]:
            yield from play.plays()

    def open(self) -> list[str]:
        """Ids of the open tasks."""
        found: list[str] = []
        for play in self.plays():
            if play.block.kind in _TASKS:
                found += [play.block.id] * (play.left if play.block.kind == "many" else 1)
        return sorted(found)

    def complete(self, id: str, choices: Choices) -> None:
        """A person completes one task with this id."""
        play = next(play for play in self.plays() if play.block.id == id)
        if play.block.kind in ("many", "row"):
            play.left -= 1
        elif play.block.kind != "again" or choices[id] != 0:
            play.over = True

    def listening(self) -> list[str]:
        """Names of the messages somebody waits for."""
        found = [p.block.id for p in self.plays() if p.block.kind in ("guard", "remind", "esp") and not p.interrupted and p.waits()]
        gates = [p.block.id for p in self.plays() if p.block.kind == "gate" and not p.inner]
        return sorted(found + [f"{gate}m{index}" for gate in gates for index in range(2)])

    def waits(self) -> bool:
        """Whether what the message would act on is still there."""
        return bool(self.handlers) or any(not play.over for play in self.inner)

    def tell(self, name: str, choices: Choices) -> None:
        """A message comes."""
        play = next(
            p
            for p in self.plays()
            if not p.interrupted and (p.block.id == name or (p.block.kind == "gate" and f"{p.block.id}m" == name[:-1]))
        )
        if play.block.kind == "gate":
            play.inner = [Play(play.block.parts[int(name[-1])], choices, play.scope)]
        elif play.block.kind == "remind":
            play.scope.append(Play(play.block.parts[1], choices, play.scope))
        else:
            play.handle(choices)

    def handle(self, choices: Choices) -> None:
        """What was inside is swept away and the handler begins."""
        self.handlers.clear()
        self.inner = [Play(self.block.parts[1], choices, self.scope)]
        self.interrupted = True


class Root(Play):
    """The whole process, which is a scope too."""

    def __init__(self, block: Block, choices: Choices) -> None:
        super().__init__(Block("sub", "root", [block]), choices, [])
