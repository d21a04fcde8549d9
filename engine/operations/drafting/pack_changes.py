"""Changing the pack.toml of a change by its parts: read it, edit it, give a setting another value."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import packs
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound, Problem
from engine.model.packs import Pack
from engine.operations.drafting import change_files
from engine.operations.drafting.change_files import ChangeFile
from engine.packs import editing
from engine.schemas import canonical
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class PackFile:
    """The pack.toml of a change: as a file, as a table, and as a pack where it can be read as one."""

    file: ChangeFile
    text: str
    raw: Mapping[str, Any]
    pack: Pack | None
    problems: tuple[Problem, ...]


def get(uow: UnitOfWork, actor: Actor, change_id: str) -> PackFile:
    """The pack of a change. Raises NotFound where the change has none, `editing.Unreadable` when it is no TOML or misshapen."""
    found = next((file for file in change_files.list_(uow, actor, change_id) if file.kind == "pack"), None)
    if found is None:
        raise NotFound(say("This change has no pack.toml yet; take one in on the page of the change."))
    text = _text(found)
    raw = editing.plain(text)
    pack, problems = packs.read(found.content, file=found.name)
    if pack is None:
        editing.require_shape(raw)
    return PackFile(found, text, raw, pack, problems)


def _text(file: ChangeFile) -> str:
    try:
        return file.content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise editing.Unreadable(say("This pack.toml is not UTF-8 text; save it as UTF-8 and take it in again.")) from wrong


def mark(part: object) -> str:
    """A short text that is another one when a part of a pack is; "" for what is not there."""
    return "" if part is None else hashlib.sha256(canonical(part).encode()).hexdigest()[:16]


def edit(uow: UnitOfWork, actor: Actor, change_id: str, work: Callable[[str], str]) -> ChangeFile:
    """Save what `work` makes of the pack's text (see `engine.packs.editing`); nothing is saved when it is the same."""
    found = get(uow, actor, change_id)
    after = work(found.text)
    if after == found.text:
        return found.file
    return change_files.save(uow, actor, change_id, found.file.name, after.encode(), found.file.revision)


def put_part(uow: UnitOfWork, actor: Actor, change_id: str, path: editing.Path, value: editing.Plain, was: str = "") -> ChangeFile:
    """Let a part of the pack be `value`. `was` is the `mark` of what the editor read ("": it is new).

    Raises StaleDraft when somebody changed this part meanwhile, and Invalid with what is wrong in it, by path below it.
    """
    return _edited(uow, actor, change_id, path, was, lambda text: editing.put(text, path, value))


def append_part(uow: UnitOfWork, actor: Actor, change_id: str, path: editing.Path, entry: Mapping[str, editing.Plain]) -> ChangeFile:
    """One more `[[table]]` at a path. Raises Invalid with what is wrong in it."""
    place = len(editing.at(get(uow, actor, change_id).text, path) or ())
    return _edited(uow, actor, change_id, (*path, place), "", lambda text: editing.append(text, path, entry))


def _edited(uow: UnitOfWork, actor: Actor, change_id: str, path: editing.Path, was: str, work: Callable[[str], str]) -> ChangeFile:
    before = get(uow, actor, change_id)
    if mark(editing.at(before.text, path)) != was:
        raise change_files.StaleDraft(
            say("Somebody else changed this meanwhile; yours was not saved over it. Look at what stands there now.")
        )
    after = work(before.text)
    wrong = _wrong_in(after, path, before.file.name)
    if wrong:
        raise Invalid(errors=wrong)
    if after == before.text:
        return before.file
    return change_files.save(uow, actor, change_id, before.file.name, after.encode(), before.file.revision)


def _wrong_in(text: str, path: editing.Path, file: str) -> tuple[FieldError, ...]:
    """What is wrong in one part of a pack, by path below it; what is wrong elsewhere is the change's to list."""
    names = _names(editing.plain(text), path)
    found = []
    for problem in packs.read(text.encode(), file=file)[1]:
        where = problem.element_id or ""
        name = next((name for name in names if where == name or where.startswith(f"{name}.")), None)
        if name is not None:
            below = [part for part in where.removeprefix(name).split(".") if part]
            found.append(FieldError("".join(f"/{part}" for part in below), problem.code, problem.message))
    return tuple(found)


def _names(raw: Mapping[str, Any], path: editing.Path) -> tuple[str, ...]:
    """How problems call a part: by its place, or by its own key or name."""
    whole = ".".join(str(part) for part in path)
    entry: Any = raw
    for part in path:
        entry = entry[part]
    own = entry.get("key", entry.get("name")) if isinstance(entry, Mapping) and isinstance(path[-1], int) else None
    above = ".".join(str(part) for part in path[:-1])
    return (whole, *((f"{above}.{own}",) if own else ()))


def remove_part(uow: UnitOfWork, actor: Actor, change_id: str, path: editing.Path, was: str) -> ChangeFile:
    """Take a part out of the pack; what still names it is a problem of the change then. Raises StaleDraft, NotFound."""
    before = get(uow, actor, change_id)
    if mark(editing.at(before.text, path)) != was:
        raise change_files.StaleDraft(say("Somebody else changed this meanwhile, so it was not taken out. Look at what stands there now."))
    return edit(uow, actor, change_id, lambda text: editing.remove(text, path))


def set_setting(uow: UnitOfWork, actor: Actor, change_id: str, key: str, value: object) -> ChangeFile:
    """Give a setting another value, from a diagram's room. Raises NotFound, and Invalid with a sentence for a wrong value."""
    found = get(uow, actor, change_id)
    if key not in found.raw.get("settings", {}):
        raise NotFound(say("The pack has no setting “{key}”; add it in the pack room.", key=key))
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise _bad_setting(say("Send the value as a text, a number, or true or false."))
    if found.pack is not None:
        _require_value(found.pack, key, value)
    return edit(uow, actor, change_id, lambda text: editing.set_setting(text, key, value))


def _require_value(pack: Pack, key: str, value: str | int | float) -> None:
    alone = replace(pack, settings={key: pack.settings[key]})
    try:
        packs.settings_values(alone, {key: value})
    except Invalid as wrong:
        raise _bad_setting(wrong.errors[0].message) from wrong
    except (ValueError, ArithmeticError) as wrong:
        raise _bad_setting(say("This is no value that a setting can have.")) from wrong


def _bad_setting(message: str) -> Invalid:
    return Invalid(message, (FieldError("/value", "bad-setting", message),))
