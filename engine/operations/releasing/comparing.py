"""Comparing: a change against what it is based on, a deployment against what it replaces, two versions of a procedure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine import packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.compared import Mark
from engine.model.deployments import Definition, Deployment
from engine.model.errors import NotFound
from engine.model.packs import Act
from engine.operations import live
from engine.operations.drafting import change_files, changes, file_changes
from engine.operations.drafting.file_changes import FileChange
from engine.operations.releasing import scenario_changes
from engine.operations.scope import within
from engine.operations.words import plain_view, sentences
from engine.operations.words.plain_view import Sentence
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions with their titles, and what is different file by file."""

    before: str
    after: str
    files: tuple[FileChange, ...]
    #: diagrams that are new, as an outline in sentences, by file
    told: Mapping[str, tuple[Sentence, ...]] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything in sentences."""
        return tuple(line.text for file in self.files for line in file.lines)


def of_change(uow: UnitOfWork, actor: Actor, change_id: str, *, live_now: bool = False) -> Comparison:
    """A change against the version it is based on, or against what is live now. Raises NotFound."""
    change = changes.get(uow, actor, change_id)
    if live_now and change.pack is not None:
        active = store.deployments.active_pack(uow, change.program_id, change.pack)
        before, title = (_files(uow, active) if active else {}), say("What is live now")
    else:
        before, title = change_files.base(uow, change), say("Before this change")
    found = _compared(title, say("With this change"), before, change_files.contents(uow, change))
    return found if before else _beside_live(uow, actor, found)


def of_deployment(uow: UnitOfWork, actor: Actor, deployment_id: str) -> Comparison:
    """A deployment against what it replaces: what its change was based on, else what was live before it."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    deployment = within(actor.program_id, store.deployments.get(uow, deployment_id))
    replaced = _replaced(uow, deployment)
    before = _files(uow, replaced) if replaced else {}
    found = _compared(say("What was live before"), say("What is sent"), before, _files(uow, deployment))
    return found if replaced else _beside_live(uow, actor, found)


def _beside_live(uow: UnitOfWork, actor: Actor, found: Comparison) -> Comparison:
    """A pack that is new with what it takes over from live ones told as such: its roles in one line each, its classes in none."""
    over: dict[str, tuple[object, str]] = {}
    for pack in live.all_packs(uow, actor.program_id):
        over |= {f"roles.{key}": (role, pack.title) for key, role in pack.roles.items()}
        over |= {f"classes.{key}": (label, pack.title) for key, label in pack.classes.items()}
    return replace(found, files=tuple(_told_beside(file, over) if file.kind == "pack" else file for file in found.files))


def _told_beside(file: FileChange, over: Mapping[str, tuple[object, str]]) -> FileChange:
    pack, _problems = packs.read(file.after or b"", file=file.name)
    if pack is None:
        return file
    own: dict[str, object] = {f"roles.{key}": role for key, role in pack.roles.items()}
    own |= {f"classes.{key}": text for key, text in pack.classes.items()}
    same = {place: over[place][1] for place, part in own.items() if place in over and over[place][0] == part}
    lines = [replace(one, after=say("as in “{name}”", name=same[one.place])) if one.place in same else one for one in file.lines]
    return replace(file, lines=tuple(one for one in lines if one.place not in same or not one.place.startswith("classes.")))


def _compared(old: str, new: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    files = scenario_changes.told(file_changes.between(before, after), before, after)
    return Comparison(old, new, files, dict(_outlines(files, after)))


def _outlines(files: Sequence[FileChange], after: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    fresh = [file for file in files if file.kind == "bpmn" and file.mark is Mark.ADDED and file.after is not None]
    words = sentences.of_files(after) if fresh else sentences.Words()
    for file in fresh:
        try:
            yield file.name, plain_view.tell(plain_view.read(file.after or b""), words)
        except plain_view.NotDrawn:
            continue


def scenarios_of(uow: UnitOfWork, actor: Actor, deployment_id: str) -> tuple[str, ...]:
    """The names of a deployment's scenarios. A change is not sent before all of them pass, so these did."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    deployment = within(actor.program_id, store.deployments.get(uow, deployment_id))
    if store.changes.of_deployment(uow, deployment.id) is None:
        return ()
    rows = store.resources.of_deployment(uow, deployment.id, kind="scenario")
    return tuple(row.name.rsplit("/", 1)[-1].removesuffix(".toml") for row in rows)


def _replaced(uow: UnitOfWork, deployment: Deployment) -> Deployment | None:
    change = store.changes.of_deployment(uow, deployment.id)
    if change is not None:
        return store.deployments.find(uow, change.base_id) if change.base_id else None
    return store.deployments.before(uow, deployment)


def _files(uow: UnitOfWork, deployment: Deployment) -> dict[str, bytes]:
    return {row.name: row.content for row in store.resources.of_deployment(uow, deployment.id)}


def of_versions(uow: UnitOfWork, actor: Actor, key: str, old: int, new: int) -> Comparison:
    """Two versions of a procedure with all that each is pinned to. Raises NotFound."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    rows = [store.definitions.get_version(uow, actor.program_id, key, version) for version in (old, new)]
    if rows[0] is None or rows[1] is None:
        raise NotFound(say("No such version of a process definition is deployed."))
    before, after = (pinned(uow, row) for row in rows if row is not None)
    return Comparison(say("Version {version}", version=old), say("Version {version}", version=new), file_changes.between(before, after))


def pinned(uow: UnitOfWork, row: Definition) -> dict[str, bytes]:
    """The files that a version of a procedure is made of: its diagram, those it calls, forms, tables, and its pack."""
    manifest = live.manifest(row)
    found = {row.file: row.source}
    for id in _ids(manifest, "processes"):
        called = store.definitions.find(uow, id)
        found |= {called.file: called.source} if called is not None and called.id != row.id else {}
    for id in (*_ids(manifest, "forms"), *_ids(manifest, "decisions")):
        resource = store.resources.find(uow, id)
        found |= {resource.name: resource.content} if resource is not None else {}
    own = store.resources.of_deployment(uow, row.deployment_id, kind="pack")
    return found | {one.name: one.content for one in own}


def _ids(manifest: Mapping[str, object], part: str) -> tuple[str, ...]:
    found = manifest.get(part)
    return tuple(str(id) for id in found.values()) if isinstance(found, dict) else ()
