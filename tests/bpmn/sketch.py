"""Blocks as BPMN diagrams."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.bpmn import drawing
from tests.bpmn.blocks import Block, Catch, Frame, choices, outputs, triggers

#: elements, the id to enter by, the id to leave from, flows
Drawn = tuple[list[str], str, str, list[str]]


class Sketch:
    """Draws a process; the processes that it calls become files of their own."""

    def __init__(self, frame: Frame) -> None:
        self.files: list[bytes] = []
        self._process(frame, "p")

    def _process(self, frame: Frame, key: str) -> None:
        elements, flows = self._inside(frame, "start" if key == "p" else f"{frame.id}i")
        self.files.append(drawing.process(*elements, go=flows, key=key))

    def _inside(self, frame: Frame, begin: str) -> tuple[list[str], str]:
        id = frame.id
        elements, enter, leave, flows = self.draw(frame.main)
        made = [drawing.start(begin), drawing.end(f"{id}e"), *elements]
        if frame.beside is None:
            flows = [f"{begin} > {enter}", *flows]
        else:
            other = self.draw(frame.beside)
            made += [drawing.both(f"{id}s"), drawing.end(f"{id}f"), *other[0]]
            flows = [f"{begin} > {id}s > {enter}", f"{id}s > {other[1]}", f"{other[2]} > {id}f", *other[3], *flows]
        if frame.raises is None:
            flows.append(f"{leave} > {id}e")
        else:
            made += [drawing.xor(f"{id}x"), *_thrower(frame)]
            flows += [f"{leave} > {id}x", f"{id}x > {id}t [{id} < 4]", f"{id}x > {id}e *"]
            flows += [f"{id}t > {id}g"] if frame.raises == "escalation" else []
        made += [self._event_subprocess(catch) for catch in frame.catches]
        made += [f'<property id="{id}p" name="loc"/>'] if frame.own else []
        return made, "; ".join(flows)

    def _event_subprocess(self, catch: Catch) -> str:
        elements, enter, leave, flows = self.draw(catch.handler)
        begin = drawing.start(catch.id, _trigger(catch), isInterrupting_=str(catch.interrupting).lower())
        go = "; ".join([f"{catch.id} > {enter}", f"{leave} > {catch.id}e", *flows])
        return drawing.sub(f"{catch.id}esp", begin, *elements, drawing.end(f"{catch.id}e"), go=go, triggeredByEvent_="true")

    def draw(self, block: Block) -> Drawn:
        """Elements and flows of a block with one way in and one way out."""
        match block.kind:
            case "task" | "sub" | "call":
                return self._activity(block)
            case "seq":
                return self._seq(block)
            case "xor":
                return self._split(block, drawing.xor, drawing.xor, lambda index: f" [{block.id} = {index}]" if index else " *")
            case "and":
                return self._split(block, drawing.both, drawing.both, lambda _: "")
            case "or":
                return self._split(block, drawing.some, drawing.some, lambda index: _bit(block, index))
            case "fork":
                return self._split(block, drawing.user, drawing.both, lambda _: "")
            case "cond":
                return self._split(block, drawing.user, drawing.some, lambda index: _bit(block, index))
            case "loop":
                return self._loop(block)
            case "gate":
                return self._gate(block)
            case "wait":
                return [_catching(block.catches[0])], block.catches[0].id, block.catches[0].id, []
            case "link":
                name = f'<linkEventDefinition name="{block.id}"/>'
                return [drawing.throw(f"{block.id}a", name), drawing.catch(block.id, name)], f"{block.id}a", block.id, []
        return [_automatic(block)], block.id, block.id, []

    def _seq(self, block: Block) -> Drawn:
        drawn = [self.draw(part) for part in block.parts]
        flows = [f"{a[2]} > {b[1]}" for a, b in itertools.pairwise(drawn)]
        return _sum(drawn), drawn[0][1], drawn[-1][2], flows + [flow for d in drawn for flow in d[3]]

    def _split(self, block: Block, opens: Callable[[str], str], closes: Callable[[str], str], condition: Callable[[int], str]) -> Drawn:
        drawn = [self.draw(part) for part in block.parts]
        split, join = block.id, f"{block.id}j"
        flows = [flow for d in drawn for flow in d[3]]
        for index, d in enumerate(drawn):
            flows += [f"{split} > {d[1]}{condition(index)}", f"{d[2]} > {join}"]
        return [*_sum(drawn), opens(split), closes(join)], split, join, flows

    def _loop(self, block: Block) -> Drawn:
        inner, id = self.draw(block.parts[0]), block.id
        flows = [f"{id}m > {inner[1]}", f"{inner[2]} > {id}x", f"{id}x > {id}m [{id} = 0]", f"{id}x > {id}o *", *inner[3]]
        return [drawing.xor(f"{id}m"), drawing.xor(f"{id}x"), drawing.xor(f"{id}o"), *inner[0]], f"{id}m", f"{id}o", flows

    def _gate(self, block: Block) -> Drawn:
        out = f"{block.id}o"
        made, flows = [drawing.first(block.id), drawing.xor(out)], []
        for catch in block.catches:
            elements, enter, leave, more = self.draw(catch.handler)
            made += [_catching(catch), *elements]
            flows += [f"{block.id} > {catch.id} > {enter}", f"{leave} > {out}", *more]
        return made, block.id, out, flows

    def _activity(self, block: Block) -> Drawn:
        out = f"{block.id}o"
        made, flows = [self._body(block), drawing.xor(out)], [f"{block.id} > {out}"]
        for catch in block.catches:
            elements, enter, leave, more = self.draw(catch.handler)
            made += [drawing.boundary(catch.id, block.id, _trigger(catch), catch.interrupting), *elements]
            flows += [f"{catch.id} > {enter}", *more]
            if catch.interrupting:
                flows.append(f"{leave} > {out}")
            else:
                made.append(drawing.end(f"{catch.id}e"))
                flows.append(f"{leave} > {catch.id}e")
        return made, block.id, out, flows

    def _body(self, block: Block) -> str:
        loop = _repeats(block)
        if block.frame is None:
            return drawing.user(block.id, loop)
        if block.kind == "sub":
            elements, go = self._inside(block.frame, f"{block.frame.id}i")
            return drawing.sub(block.id, loop, *elements, go=go)
        self._process(block.frame, f"{block.id}p")
        names = [*choices(block.frame), *triggers(block.frame), *outputs(block.frame), "loc"]
        inputs = {name: f"={name}" for name in names} | {"total": "=0"}
        mapped = drawing.mapping(inputs, {f"got{block.id}": "=total"})
        return drawing.tag("callActivity", block.id, mapped + loop, calledElement_=f"{block.id}p")


def _repeats(block: Block) -> str:
    loop = block.loop
    if loop is None:
        return ""
    if loop.kind in ("again", "while"):
        return drawing.again(f"{block.id} = 0", loop.kind == "while", loop.count or None)
    items = f"=for i in 1..{loop.count} return i" if loop.count else "=[]"
    until = f"numberOfCompletedInstances >= {loop.until}" if loop.until else None
    more = {"outputCollection": f"out{block.id}", "outputElement": f"=i{block.id} * 10"} if loop.output else {}
    return drawing.many(items, f"i{block.id}", loop.kind == "row", until, **more)


def _automatic(block: Block) -> str:
    match block.kind:
        case "send":
            return drawing.throw(block.id, drawing.message(f"m{block.id}"))
        case "note":
            return drawing.script(block.id, "{ loc: loc + 1 }")
    return drawing.script(block.id, "{ total: total + 1 }")


def _thrower(frame: Frame) -> list[str]:
    match frame.raises:
        case "error":
            return [drawing.end(f"{frame.id}t", drawing.error(frame.code))]
        case "escalation":
            return [drawing.throw(f"{frame.id}t", drawing.escalation(frame.code)), drawing.end(f"{frame.id}g")]
    return [drawing.end(f"{frame.id}t", drawing.TERMINATE)]


def _catching(catch: Catch) -> str:
    if catch.trigger == "receive":
        return drawing.tag("receiveTask", catch.id, messageRef_=f"message_{catch.id}")
    return drawing.catch(catch.id, _trigger(catch))


def _trigger(catch: Catch) -> str:
    match catch.trigger:
        case "message":
            return drawing.message(catch.id)
        case "signal":
            return drawing.signal(catch.id)
        case "timer":
            return drawing.timer(f"P{catch.days}D")
        case "cycle":
            return drawing.timer(f"R{catch.times or ''}/P{catch.days}D")
        case "conditional":
            return drawing.condition(f"{catch.id} = 1")
        case "error":
            return drawing.error(catch.code)
    return drawing.escalation(catch.code)


def _bit(block: Block, index: int) -> str:
    return f" [floor({block.id} / {2**index}) - 2 * floor({block.id} / {2 ** (index + 1)}) = 1]" if index else " *"


def _sum(drawn: list[Drawn]) -> list[str]:
    return [element for d in drawn for element in d[0]]
