"""Roles that a change gives tasks to and that nobody could act in: told before it is sent and approved, as advice."""

from __future__ import annotations

from collections.abc import Iterator

from engine import bpmn, clock, packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.packs import Act, Pack, RoleKind
from engine.operations import live, naming
from engine.operations.drafting.file_changes import FileChange
from engine.operations.releasing.comparing import Comparison
from engine.store import UnitOfWork


def advice(uow: UnitOfWork, actor: Actor, pack_key: str | None, compared: Comparison) -> tuple[str, ...]:
    """A sentence for each role that is new, or that a drawn procedure asks, and that nobody who can sign in and is there holds.

    Of roles on a case only those are looked at that somebody of the program is given, by who can be given them.
    """
    changed = {file.name: file for file in compared.files if file.after is not None and file.before != file.after}
    pack = _pack(uow, actor, pack_key, changed.get("pack.toml"))
    if pack is None:
        return ()
    asked = {_of_program(pack, key): pack.roles[key].label for key in _asked(pack, changed) if key in pack.roles}
    keys = sorted(key for key in asked if key)
    now = clock.now()
    held = store.memberships.holder_ids(uow, actor.program_id, keys, now)
    away = store.absences.who(uow, actor.program_id, now) if any(held.values()) else frozenset()
    return tuple(_told(uow, actor, asked[key], key in held) for key in keys if not set(held.get(key, ())) - away)


def _told(uow: UnitOfWork, actor: Actor, label: str, is_held: bool) -> str:
    if is_held:
        return say("Everybody who holds the role “{role}” is away now. Tasks for it wait until somebody is back.", role=label)
    givers = naming.who_may(uow, actor, Act.PERSON_MANAGE)
    return say(
        "Nobody holds the role “{role}” yet, so that nobody could do its tasks. Who gives roles, under People: {givers}.",
        role=label,
        givers=givers,
    )


def _pack(uow: UnitOfWork, actor: Actor, key: str | None, file: FileChange | None) -> Pack | None:
    """The pack as it will be; None for one that cannot be read."""
    if file is not None:
        return packs.read(file.after or b"", file="pack.toml")[0]
    return live.pack(uow, actor.program_id, key)


def _asked(pack: Pack, changed: dict[str, FileChange]) -> Iterator[str]:
    """The roles that are new, and those that the diagrams which are drawn ask."""
    rules = changed.get("pack.toml")
    if rules is not None:
        before = packs.read(rules.before, file="pack.toml")[0] if rules.before else None
        yield from (key for key in pack.roles if before is None or key not in before.roles)
    drawn = {name: file.after or b"" for name, file in changed.items() if file.kind == "bpmn"}
    for model in bpmn.read(drawn).processes:
        yield from model.roles
        yield from (pack.lanes[lane] for lane in model.lanes if lane in pack.lanes)


def _of_program(pack: Pack, key: str) -> str:
    """The role that somebody of the program has to hold for it; nothing where it is given to people from outside."""
    role = pack.roles[key]
    return key if role.kind is not RoleKind.CASE else role.eligible or ""
