"""Models: diagrams as their authors keep them, executable or not. What is imported comes out byte for byte."""

from __future__ import annotations

import hashlib

from engine import bpmn, clock, store
from engine.model.access import Actor
from engine.model.deployments import Model
from engine.model.errors import ModelRefused
from engine.model.ids import new_id
from engine.model.packs import Act
from engine.operations import live, trail
from engine.operations.scope import within
from engine.store import UnitOfWork


def import_(uow: UnitOfWork, actor: Actor, name: str, content: bytes) -> Model:
    """Keep a diagram. `name` is its file's. Raises ModelRefused unless it is well-formed BPMN."""
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    problem = bpmn.unreadable(name, content)
    if problem is not None:
        raise ModelRefused((problem,), "The file cannot be read as BPMN; nothing of it was stored.")
    now = clock.now()
    digest = hashlib.sha256(content).hexdigest()
    by = actor.person_id or None
    model = Model(new_id(now), actor.program_id, name, digest, content, by, now, by, now)
    store.models.insert(uow, model)
    trail.note(uow, actor, "model_imported", model=model.id, content_hash=digest)
    return model


def get(uow: UnitOfWork, actor: Actor, model_id: str) -> Model:
    """One model, for who may see procedures. Raises NotFound."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return within(actor.program_id, store.models.get(uow, model_id))
