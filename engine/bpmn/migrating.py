"""An instance brought to another version of its process, or a look at what would become of it: one pure function for both.

Tokens keep their ids, so that open tasks, timers and what waits for messages stay the same rows. An instance of which
one token has no place in the other version is not touched.
"""

from __future__ import annotations

from typing import Any

import orjson

from engine.bpmn import codec, outside, placing, projections, refitting
from engine.bpmn.compiling import Compiled
from engine.bpmn.placing import Mapped, Places
from engine.bpmn.tokens import Instance
from engine.model.execution import Env
from engine.model.migration import Fate, Outcome, Waiting, Why


def migrate(old: Compiled, new: Compiled, env: Env, state: bytes, mapping: Mapped) -> Outcome:
    """What becomes of an instance of version `old` in version `new`; called processes go along.

    `env` holds what the new version gives to expressions. `mapping`: `process/element` → the element's id in the new
    version, for elements whose id changed. Raises StateUnreadable.
    """
    before = codec.load(old, env, state)
    waiting = look(before)
    if before.queue:
        moving = tuple(placing.fate(before.tokens[id], Fate.STRANDED, why=Why.MOVING) for id in before.queue if id in before.tokens)
        return Outcome(moving, None, waiting)
    places = placing.find(before, new, mapping)
    if any(one.fate is Fate.STRANDED for one in places.fates):
        return Outcome(tuple(places.fates), None, waiting)
    after = codec.load(new, env, _moved(places, state))
    said = list(refitting.refit(before, after, mapping))
    failed = {one.token_id for one in said if one.fate is Fate.STRANDED}
    fates = tuple([one for one in places.fates if one.token_id not in failed] + said)
    if failed:
        return Outcome(fates, None, waiting)
    return Outcome(fates, codec.dump(after), waiting, look(after), refitting.goes_on(after))


def _moved(places: Places, state: bytes) -> bytes:
    """The state with every token and scope at its new place, and without the events that are no longer waited for."""
    stored: dict[str, Any] = orjson.loads(state)
    for row in stored["s"]:
        row[1] = places.scopes[row[0] or ""].scope.key
    stored["t"] = [row for row in stored["t"] if row[0] not in places.dropped]
    for row in stored["t"]:
        row[2] = f"{row[2][:1]}:{places.nodes[row[0]].id}"
        if row[0] in places.flows and "f" in row[4]:
            row[4]["f"] = places.flows[row[0]]
    return orjson.dumps(stored)


def waiting(compiled: Compiled, env: Env, state: bytes) -> Waiting:
    """All that a stored instance waits for. Raises StateUnreadable."""
    return look(codec.load(compiled, env, state))


def look(instance: Instance) -> Waiting:
    """All that an instance waits for."""
    return Waiting(
        tasks=tuple(projections.open_tasks(instance)),
        timers=tuple(projections.timers(instance)),
        subscriptions=tuple(projections.subscriptions(instance)),
        jobs=tuple(outside.jobs(instance)),
        faults=tuple(projections.faults(instance)),
    )
