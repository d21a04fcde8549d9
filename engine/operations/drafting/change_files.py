"""The files of a change: all of the pack's, and which of them the change touches; saved with a revision, so that of two
editors the later one learns of the earlier and loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Change, Model
from engine.model.errors import BadRequest, Conflict, NotFound, Problem, StaleVersion, TooLarge
from engine.model.ids import new_id
from engine.operations import bundles, live
from engine.operations.drafting import changes
from engine.store import UnitOfWork

#: how long somebody counts as editing after their browser last said so
EDITING_FOR = timedelta(minutes=2)
#: bytes of one file
LARGEST = 2_000_000
#: files of one change
MOST = 400
#: instead of a file's name: whoever saved any file of a change
_WHOLE = ""


class StaleDraft(StaleVersion):
    """Somebody else saved this file after you opened it; yours was not saved over it. Compare the two, then keep one."""

    code = "stale-draft"


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """One file as a change has it.

    `revision` is 0 while the change does not touch the file; `before` is its content in the base, None for a new file.
    """

    name: str
    kind: str
    content: bytes
    revision: int
    before: bytes | None
    changed_by: str | None = None
    changed_at: datetime | None = None

    @property
    def changed(self) -> bool:
        """Whether the change makes a difference to it."""
        return self.before != self.content


def base(uow: UnitOfWork, change: Change) -> dict[str, bytes]:
    """The files that a change is based on, by name."""
    if change.base_id is None:
        return {}
    return {row.name: row.content for row in store.resources.of_deployment(uow, change.base_id)}


def contents(uow: UnitOfWork, change: Change) -> dict[str, bytes]:
    """All files as they will be when the change is approved, by name."""
    found = base(uow, change)
    for model in store.models.of_change(uow, change.id):
        found.pop(model.name, None)
        if not model.removed:
            found[model.name] = model.content
    return found


def list_(uow: UnitOfWork, actor: Actor, change_id: str) -> tuple[ChangeFile, ...]:
    """Every file of a change by name, those it removes left out."""
    change = changes.get(uow, actor, change_id)
    before, touched = base(uow, change), {model.name: model for model in store.models.of_change(uow, change.id)}
    names = sorted(before.keys() | touched.keys())
    return tuple(_file(name, before.get(name), touched.get(name)) for name in names if name not in touched or not touched[name].removed)


def removed(uow: UnitOfWork, actor: Actor, change_id: str) -> tuple[str, ...]:
    """The names of the files that a change takes out of its pack."""
    change = changes.get(uow, actor, change_id)
    return tuple(model.name for model in store.models.of_change(uow, change.id) if model.removed)


def get(uow: UnitOfWork, actor: Actor, change_id: str, name: str) -> ChangeFile:
    """One file as the change has it. Raises NotFound."""
    change = changes.get(uow, actor, change_id)
    model, before = store.models.in_change(uow, change.id, name), base(uow, change).get(name)
    if (model is None and before is None) or (model is not None and model.removed):
        raise NotFound(say("This change has no such file."))
    return _file(name, before, model)


def _file(name: str, before: bytes | None, model: Model | None) -> ChangeFile:
    if model is None:
        assert before is not None
        return ChangeFile(name, bundles.kind(name), before, 0, before)
    return ChangeFile(name, bundles.kind(name), model.content, model.revision, before, model.changed_by, model.changed_at)


def save(uow: UnitOfWork, actor: Actor, change_id: str, name: str, content: bytes, revision: int) -> ChangeFile:
    """Keep a file of a change, whether it can be run or not. `revision` is the one that the editor read, 0 for none.

    Raises StaleDraft when somebody saved it meanwhile, TooLarge, BadRequest for a name that no file of a pack may have.
    """
    change = changes.to_draw(uow, actor, change_id)
    _require_name(name)
    if len(content) > LARGEST:
        raise TooLarge(say("A file of a change has at most {what} MB.", what=LARGEST // 1_000_000))
    known = store.models.in_change(uow, change.id, name)
    if (known.revision if known else 0) != revision:
        raise StaleDraft
    _put(uow, actor, change, known, name, content)
    return get(uow, actor, change_id, name)


def put_many(uow: UnitOfWork, actor: Actor, change_id: str, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Take files into a change over whatever it has of these names; gives the names. Raises as `save` does."""
    change = changes.to_draw(uow, actor, change_id)
    if len(files) > MOST:
        raise TooLarge(say("At most {most} files at once.", most=MOST))
    for name, content in sorted(files.items()):
        _require_name(name)
        if len(content) > LARGEST:
            raise TooLarge(say("{name} has more than {what} MB.", name=name, what=LARGEST // 1_000_000))
        _put(uow, actor, change, store.models.in_change(uow, change.id, name), name, content)
    return tuple(sorted(files))


def _put(uow: UnitOfWork, actor: Actor, change: Change, known: Model | None, name: str, content: bytes, *, gone: bool = False) -> None:
    now, digest = clock.now(), hashlib.sha256(content).hexdigest()
    by = actor.person_id or None
    if known is None:
        fresh = Model(new_id(now), change.program_id, name, digest, content, by, now, by, now, change.id, change.pack or "", removed=gone)
        store.models.insert(uow, fresh)
    else:
        after = replace(known, content=content, content_hash=digest, changed_by=by, changed_at=now, removed=gone)
        store.models.save(uow, after, known.revision)
    if by is not None:
        store.changes.seen_editing(uow, change.id, _WHOLE, by, now)
    changes.touched(uow, change)


def authors(uow: UnitOfWork, change_ids: Sequence[str]) -> dict[str, frozenset[str | None]]:
    """Everybody who ever saved a file of some changes, by change, also when somebody else saved it after them."""
    found: dict[str, set[str | None]] = {change_id: set() for change_id in change_ids}
    for change_id, person in (*store.models.savers(uow, change_ids), *store.changes.seen(uow, change_ids, _WHOLE)):
        found[change_id].add(person)
    return {change_id: frozenset(people) for change_id, people in found.items()}


def is_pack(name: str) -> bool:
    """Whether a file is a pack.toml."""
    return bundles.kind(name) == "pack"


def _require_name(name: str) -> None:
    wrong = bundles.wrong_name(name)
    if wrong is not None:
        raise BadRequest(wrong)


def restore(uow: UnitOfWork, actor: Actor, change_id: str, name: str) -> None:
    """Take back what the change did to a file; a new file is dropped."""
    change = changes.to_draw(uow, actor, change_id)
    known = store.models.in_change(uow, change.id, name)
    if known is None:
        raise NotFound(say("This change does not touch that file."))
    store.models.delete(uow, known.id)
    changes.touched(uow, change)


def remove(uow: UnitOfWork, actor: Actor, change_id: str, name: str) -> None:
    """Take a file out of the pack with this change."""
    change = changes.to_draw(uow, actor, change_id)
    found = get(uow, actor, change_id, name)
    known = store.models.in_change(uow, change.id, name)
    if found.before is None:
        assert known is not None
        store.models.delete(uow, known.id)
        changes.touched(uow, change)
    else:
        _put(uow, actor, change, known, name, b"", gone=True)


def copy(uow: UnitOfWork, actor: Actor, change_id: str, name: str, to: str) -> ChangeFile:
    """A file of the change once more under another name; for diagrams see `bpmn.rename` of their process ids too."""
    found = get(uow, actor, change_id, name)
    if to in contents(uow, changes.get(uow, actor, change_id)):
        raise Conflict(say("There is a file of that name already; choose another."))
    known = store.models.in_change(uow, change_id, to)
    return save(uow, actor, change_id, to, found.content, known.revision if known else 0)


def editing(uow: UnitOfWork, actor: Actor, change_id: str, name: str) -> tuple[str, ...]:
    """Say that the actor has a file open; gives the person ids of the others who do."""
    change = changes.get(uow, actor, change_id)
    now = clock.now()
    if actor.person_id:
        store.changes.seen_editing(uow, change.id, name, actor.person_id, now)
    found = store.changes.editors(uow, change.id, name, now - EDITING_FOR)
    return tuple(person for person, _ in found if person != actor.person_id)


def check(uow: UnitOfWork, actor: Actor, change_id: str, *, with_: Mapping[str, bytes] | None = None) -> tuple[Problem, ...]:
    """Everything that stands against the change; `with_` are contents that an editor has not saved yet."""
    change = changes.get(uow, actor, change_id)
    return whole(uow, change, with_).problems


def whole(uow: UnitOfWork, change: Change, with_: Mapping[str, bytes] | None = None) -> bundles.Bundle:
    """The change's files read and checked together."""
    files = {**contents(uow, change), **(with_ or {})}
    return bundles.read(
        files,
        lambda key: store.definitions.latest(uow, change.program_id, key),
        lambda key: live.pack(uow, change.program_id, key),
    )
