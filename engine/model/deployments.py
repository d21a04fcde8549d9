"""What was deployed: files, packs, process definitions and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.states import DeploymentState


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
    """A diagram that somebody draws, byte for byte. It may be one that cannot be run (yet)."""

    id: str
    program_id: str
    #: of its file
    name: str
    content_hash: str
    content: bytes
    created_by: str | None
    created_at: datetime


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
