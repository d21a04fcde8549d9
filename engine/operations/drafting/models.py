"""Models: files as their authors keep them outside changes, executable or not, in folders. What is imported comes out byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from engine import bpmn, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Model
from engine.model.errors import BadRequest, FieldError, Invalid, ModelRefused, NotFound, PreconditionFailed, TooLarge
from engine.model.ids import new_id
from engine.model.lists import Page
from engine.model.packs import Act
from engine.operations import bundles, live, trail
from engine.operations.drafting import change_files
from engine.operations.scope import within
from engine.store import UnitOfWork

#: longest name of a folder, in characters
FOLDER = 80
_LIKE = {"bpmn": "loan.bpmn", "dmn": "rating.dmn", "form": "terms.json", "pack": "pack.toml", "scenario": "scenarios/late.toml"}


def import_(uow: UnitOfWork, actor: Actor, name: str, content: bytes, *, folder: str = "") -> Model:
    """Keep a file. Raises ModelRefused for a diagram that is no well-formed BPMN, TooLarge, and BadRequest for other kinds of files."""
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    kind, wrong = bundles.kind(name), bundles.wrong_name(name)
    if wrong is not None:
        raise BadRequest(wrong)
    if len(content) > change_files.LARGEST:
        raise TooLarge(say("{name} has more than {what} MB.", name=name, what=change_files.LARGEST // 1_000_000))
    problem = bpmn.unreadable(name, content) if kind == "bpmn" else None
    if problem is not None:
        raise ModelRefused((problem,), say("The file cannot be read as BPMN; nothing of it was stored."))
    return _insert(uow, actor, _named(name, kind), _folder(folder), content)


def import_many(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], *, folder: str = "") -> tuple[Model, ...]:
    """Keep several files, all or none."""
    if len(files) > change_files.MOST:
        raise TooLarge(say("At most {most} files at once.", most=change_files.MOST))
    return tuple(import_(uow, actor, name, content, folder=folder) for name, content in sorted(files.items()))


def _insert(uow: UnitOfWork, actor: Actor, name: str, folder: str, content: bytes) -> Model:
    now, by = clock.now(), actor.person_id or None
    digest = hashlib.sha256(content).hexdigest()
    model = Model(new_id(now), actor.program_id, name, digest, content, by, now, by, now, folder=folder)
    store.models.insert(uow, model)
    trail.note(uow, actor, "model_imported", model=model.id, content_hash=digest)
    return model


def get(uow: UnitOfWork, actor: Actor, model_id: str) -> Model:
    """One model, for who may see procedures. Raises NotFound; the files of changes are none of these."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    model = within(actor.program_id, store.models.get(uow, model_id))
    if model.change_id is not None:
        raise NotFound
    return model


def list_(uow: UnitOfWork, actor: Actor, *, folder: str | None = None, cursor: str | None = None, limit: int = 100) -> Page[Model]:
    """Models by folder and name, without their contents (empty here)."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.models.list_(uow, actor.program_id, folder=folder, cursor=cursor, limit=limit)


def folders(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, int], ...]:
    """The folders and how many models each holds; "" are those in none."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.models.folders(uow, actor.program_id)


def change(
    uow: UnitOfWork, actor: Actor, model_id: str, *, name: str | None = None, folder: str | None = None, revision: int | None = None
) -> Model:
    """Give a model another name or folder; None leaves one as it is.

    Raises Invalid, and PreconditionFailed when `revision` is not the newest.
    """
    model = _to_change(uow, actor, model_id)
    if revision not in (None, model.revision):
        raise PreconditionFailed
    after = replace(
        model,
        name=model.name if name is None else _named(name, bundles.kind(model.name)),
        folder=model.folder if folder is None else _folder(folder),
        changed_by=actor.person_id or None,
        changed_at=clock.now(),
    )
    trail.note(uow, actor, "model_changed", model=model.id)
    return store.models.save(uow, after, model.revision)


def copy(uow: UnitOfWork, actor: Actor, model_id: str, name: str) -> Model:
    """A model once more under another name, in the same folder."""
    model = _to_change(uow, actor, model_id)
    return _insert(uow, actor, _named(name, bundles.kind(model.name)), model.folder, model.content)


def delete(uow: UnitOfWork, actor: Actor, model_id: str) -> None:
    """Drop a model; what was deployed or taken into a change stays."""
    model = _to_change(uow, actor, model_id)
    store.models.delete(uow, model.id)
    trail.note(uow, actor, "model_deleted", model=model.id, content_hash=model.content_hash)


def take(uow: UnitOfWork, actor: Actor, model_id: str, change_id: str) -> str:
    """Take a model into a change, over the change's file of that name; gives the name. Raises as `change_files.put_many`."""
    model = get(uow, actor, model_id)
    return change_files.put_many(uow, actor, change_id, {model.name: model.content})[0]


def _to_change(uow: UnitOfWork, actor: Actor, model_id: str) -> Model:
    model = get(uow, actor, model_id)
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    return model


def _named(text: str, kind: str) -> str:
    """A file's name of the kind it is. Raises Invalid."""
    name = text.strip()
    if bundles.kind(name) != kind:
        message = say("Give it a name that ends as its kind does, like {like}.", like=_LIKE[kind])
        raise Invalid(message, (FieldError("/name", "name", message),))
    wrong = bundles.wrong_name(name)
    if wrong is not None:
        raise Invalid(wrong, (FieldError("/name", "name", wrong),))
    return name


def _folder(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > FOLDER or not found.isprintable():
        message = say("A folder has a name of at most {folder} characters.", folder=FOLDER)
        raise Invalid(message, (FieldError("/folder", "folder", message),))
    return found
