"""Random edits of random processes, as somebody makes them who changes a procedure."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from random import Random

from tests.bpmn.blocks import Block, Catch, Frame

#: kinds whose parts a flow to one more can be added to without another variable
_SPLITS = ("and", "xor", "or", "fork")


@dataclass
class Edited:
    """A process after some edits, and which element has which other id now."""

    frame: Frame
    mapping: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    #: elements where tokens are, which are edited more often than others
    at: frozenset[str] = frozenset()


def edit(frame: Frame, random: Random, times: int, at: frozenset[str] = frozenset()) -> Edited:
    """Some edits, one after the other."""
    found = Edited(deepcopy(frame), at=at)
    for number in range(times):
        name = random.choice(["rename", "insert", "insert", "remove", "timer", "branch", "wrap", "remind", "forget"])
        if _EDITS[name](found, random, f"n{number}"):
            found.done.append(name)
    return found


def _places(frame: Frame, key: str = "p") -> Iterator[tuple[Block, str]]:
    """Every block with the key of the process that it is drawn in."""
    for top in filter(None, (frame.main, frame.beside, *(catch.handler for catch in frame.catches))):
        yield from _within(top, key)


def _within(block: Block, key: str) -> Iterator[tuple[Block, str]]:
    yield block, key
    for part in (*block.parts, *(catch.handler for catch in block.catches)):
        yield from _within(part, key)
    if block.frame is not None:
        yield from _places(block.frame, f"{block.id}p" if block.kind == "call" else key)


def _tasks(found: Edited) -> list[tuple[Block, str]]:
    return [(block, key) for block, key in _places(found.frame) if block.kind == "task" and block.loop is None]


def _rename(found: Edited, random: Random, id: str) -> bool:
    plain = [(block, key) for block, key in _tasks(found) if not block.catches]
    if not plain:
        return False
    near = [one for one in plain if one[0].id in found.at]
    block, key = random.choice(near or plain)
    before = next((old for old, new in found.mapping.items() if old.startswith(f"{key}/") and new == block.id), f"{key}/{block.id}")
    block.id = id
    if not before.split("/")[1].startswith("n"):
        found.mapping[before] = id
    return True


def _insert(found: Edited, random: Random, id: str) -> bool:
    block, _ = random.choice(list(_places(found.frame)))
    one, other = Block("task", id), Block(**vars(block))
    block.__dict__.update(vars(Block("seq", f"{id}q", [one, other] if random.random() < 0.5 else [other, one])))
    return True


def _remove(found: Edited, random: Random, _: str) -> bool:
    lines = [block for block, _ in _places(found.frame) if block.kind == "seq" and len(block.parts) > 1]
    lines = [block for block in lines if any(part.kind == "task" for part in block.parts)]
    if not lines:
        return False
    line = random.choice(lines)
    line.parts.remove(random.choice([part for part in line.parts if part.kind == "task"]))
    return True


def _timer(found: Edited, random: Random, _: str) -> bool:
    held = [(block, catch) for block, _ in _places(found.frame) for catch in block.catches if catch.trigger in ("timer", "cycle")]
    if not held:
        return False
    block, catch = random.choice(held)
    catch.days = _free(block, catch.days + random.randint(1, 5))
    return True


def _free(block: Block, days: int) -> int:
    """A number of days that no other timer there has: of two that are due at once only one could act."""
    taken = {catch.days for catch in block.catches}
    return next(number for number in count(days) if number not in taken)


def _branch(found: Edited, random: Random, id: str) -> bool:
    splits = [block for block, _ in _places(found.frame) if block.kind in _SPLITS]
    if not splits:
        return False
    near = [split for split in splits if any(one.id in found.at for one in split.everything())]
    random.choice(near or splits).parts.append(Block("task", id))
    return True


def _wrap(found: Edited, random: Random, id: str) -> bool:
    tasks = _tasks(found)
    if not tasks:
        return False
    near = [task for task in tasks if task[0].id in found.at]
    block, _ = random.choice(near or tasks)
    inside = Block(**vars(block))
    block.__dict__.update(vars(Block("sub", id, frame=Frame(f"{id}f", inside))))
    return True


def _remind(found: Edited, random: Random, id: str) -> bool:
    tasks = _tasks(found)
    if not tasks:
        return False
    for number, (block, _) in enumerate(random.sample(tasks, min(len(tasks), 4))):
        mine = f"{id}{number}"
        block.catches.append(Catch(mine, "timer", Block("task", f"{mine}h"), interrupting=random.random() < 0.5, days=_free(block, 3)))
    return True


def _forget(found: Edited, random: Random, _: str) -> bool:
    hosts = [block for block, _ in _places(found.frame) if block.kind == "task" and any(c.trigger == "timer" for c in block.catches)]
    if not hosts:
        return False
    host = random.choice(hosts)
    host.catches.remove(next(catch for catch in host.catches if catch.trigger == "timer"))
    return True


_EDITS = {
    "rename": _rename,
    "insert": _insert,
    "remove": _remove,
    "timer": _timer,
    "branch": _branch,
    "wrap": _wrap,
    "remind": _remind,
    "forget": _forget,
}
