"""The history of giving an instance another of its states: which elements are left by it, and which are stood at again."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import codec, leaving
from engine.bpmn.compiling import Compiled
from engine.bpmn.tokens import Instance
from engine.model.execution import Entry, EntryEvent, Env


def moved(compiled: Compiled, env: Env, before: bytes, after: bytes) -> tuple[Entry, ...]:
    """What was entered in one state only, as lines of history: cancelled where it was before, entered where it is after.

    So what the trail says of comings and goings adds up to where tokens stand. Raises StateUnreadable.
    """
    was, now = codec.load(compiled, env, before), codec.load(compiled, env, after)
    return (*_only_in(was, now, EntryEvent.CANCELLED), *_only_in(now, was, EntryEvent.ENTERED))


def _only_in(one: Instance, other: Instance, event: EntryEvent) -> Iterator[Entry]:
    known = {token.id for token in other.tokens.values() if leaving.is_entered(token)}
    return (leaving.line(token, event) for token in one.tokens.values() if leaving.is_entered(token) and token.id not in known)
