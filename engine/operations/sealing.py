"""Sealing the heads of a program's case chains into one chain, and checking everything again."""

from __future__ import annotations

from engine import audit, clock, store
from engine.model.access import Actor
from engine.model.audit import Head
from engine.model.ids import new_id
from engine.model.trail import Seal
from engine.store import UnitOfWork


def seal(uow: UnitOfWork, actor: Actor) -> bool:
    """Write the newest heads as one link of the program's chain; False when nothing is new since the last."""
    latest = store.seals.latest(uow, actor.program_id)
    found = {head.chain: Head(head.seq, head.hash) for head in store.audit.heads(uow, actor.program_id)}
    heads = {chain: [head.seq, head.hash] for chain, head in found.items()}
    if not heads or (latest is not None and latest.heads == heads):
        return False
    seq = latest.seq + 1 if latest else 1
    now = clock.now()
    previous = latest.hash if latest else None
    digest = audit.seal(previous, now, found)
    store.seals.insert(uow, Seal(new_id(now), actor.program_id, seq, now, heads, previous, digest))
    return True


def verify(uow: UnitOfWork, program_id: str) -> tuple[str, ...]:
    """Check every chain of a program link by link, and against the newest seal; each break as a sentence."""
    found = []
    latest = store.seals.latest(uow, program_id)
    sealed = latest.heads if latest is not None and isinstance(latest.heads, dict) else {}
    for chain in sorted({*(head.chain for head in store.audit.heads(uow, program_id)), *sealed}):
        entries = store.audit.chain(uow, chain)
        last = sealed.get(chain)
        if last is not None and len(entries) >= last[0]:
            last = None if entries[last[0] - 1].hash == last[1] else last
        for one in audit.verify(entries, Head(*last) if last else None):
            found.append(f"{chain} entry {one.seq}: {one.message}")
    return tuple(found)
