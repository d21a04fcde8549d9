"""Correcting what a running procedure knows, so that a step which failed for a wrong or missing value can be tried again."""

from __future__ import annotations

from collections.abc import Mapping

from engine import packs
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotRunning
from engine.model.instances import Instance
from engine.model.states import InstanceState
from engine.operations import instances, live, reasons, trail, turns, values
from engine.store import UnitOfWork


def correct(uow: UnitOfWork, actor: Actor, instance_id: str, variables: Mapping[str, object], *, reason: str) -> Instance:
    """Set variables of the top scope of a running instance, plain JSON, for who may step in; null takes a value away.

    Of a pack only declared variables of their types. What waits for a condition goes on when it is true now; a step that
    failed waits for its retry. The trail names the variables, never their values. Raises NotFound, Forbidden, Invalid, and
    NotRunning for what has ended or is suspended.
    """
    loaded = instances.controlled(uow, actor, instance_id)
    state = loaded.instance.state
    if state is InstanceState.SUSPENDED:
        raise NotRunning("This procedure is suspended. Resume it first, then correct its variables.")
    if state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise NotRunning
    if not variables:
        raise _missing("/variables", "Name at least one variable and its new value.")
    if not reason.strip():
        raise _missing("/reason", "Say why they are corrected.")
    pack = live.pack(uow, actor.program_id, loaded.case.pack)
    given = packs.typed_variables(pack, variables) if pack else values.from_plain(variables)
    kept = reasons.keep(uow, actor, loaded.case.id, instance_id, "variables_corrected", reason)
    trail.note(
        uow,
        actor,
        "variables_corrected",
        case_id=loaded.case.id,
        instance_id=instance_id,
        definition_id=loaded.definition.id,
        process_key=loaded.instance.key,
        details={"keys": sorted(given), **kept},
    )
    return turns.act(uow, actor, loaded, lambda execution: execution.set_variables(given))


def _missing(path: str, message: str) -> Invalid:
    return Invalid(message, (FieldError(path, "missing", message),))
