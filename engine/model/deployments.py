"""What was deployed: files, packs, process definitions and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.compared import Mark
from engine.model.states import ChangeState, DeploymentState


@dataclass(frozen=True, slots=True)
class Deployment:
    """One set of files deployed together. `pack` is its pack's key, None for bare definitions."""

    id: str
    program_id: str
    pack: str | None
    #: SHA-256 over all file names and contents
    content_hash: str
    state: DeploymentState
    deployed_by: str | None
    deployed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    #: why, in the words of who decided; about the procedure, never about a case
    decision_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One deployed file, byte for byte. `kind`: bpmn, dmn, form, pack."""

    id: str
    program_id: str
    deployment_id: str
    kind: str
    name: str
    content_hash: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Model:
    """A file that somebody works on, byte for byte. It may be one that cannot be run (yet).

    `change_id` says which change it belongs to; a model without one is kept in a folder of its own. `revision` rises
    with each save, so that of two editors the later one learns of the earlier. `removed`: the change takes this file
    out of the pack; its content is then empty.
    """

    id: str
    program_id: str
    #: of its file
    name: str
    content_hash: str
    content: bytes
    created_by: str | None
    created_at: datetime
    changed_by: str | None
    changed_at: datetime
    change_id: str | None = None
    folder: str = ""
    revision: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What one scenario gave on the files of a deployment when they were sent.

    `mark`: the deployment takes the scenario out or changes it, and this is what it gave as it was before; None for the
    deployment's own. `message` says what was not as expected, in the words of the run.
    """

    deployment_id: str
    #: of its file
    name: str
    title: str
    mark: Mark | None
    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody proposes for a pack: the files that differ from the deployment it is based on.

    `pack` is None for procedures without a pack or for a pack that does not exist yet; `base_id` is the deployment that
    was live when the change was begun or last brought up to date. Once asked for, `deployment_id` is what waits.
    """

    id: str
    program_id: str
    pack: str | None
    title: str
    why: str
    base_id: str | None
    state: ChangeState
    created_by: str | None
    created_at: datetime
    changed_at: datetime
    deployment_id: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one process. Versions count per key from 1; the same content makes no new version.

    `content_hash` is over the process's own file and all it is pinned to (its closure): called processes, decisions,
    forms, settings. `source` is what the author drew; `normalised` is what runs, kept so that a better normaliser
    never changes a running case; `manifest` is plain JSON: elements, lanes, forms, pinned versions.
    """

    id: str
    program_id: str
    deployment_id: str
    pack: str | None
    key: str
    version: int
    name: str
    file: str
    content_hash: str
    closure_hash: str
    source: bytes
    normalised: bytes
    manifest: object
    state: DeploymentState
    created_at: datetime
