"""Correcting what a running procedure knows, so that a step which failed for a wrong or missing value can be tried again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine import packs
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotRunning
from engine.model.instances import Instance
from engine.model.packs import ValueType
from engine.model.states import InstanceState
from engine.operations import live, reasons, trail, values
from engine.operations.running import instances, turns
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
        raise NotRunning(say("This procedure is suspended. Resume it first, then correct its variables."))
    if state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise NotRunning
    if not variables:
        raise _missing("/variables", say("Name at least one variable and its new value."))
    if not reason.strip():
        raise _missing("/reason", say("Say why they are corrected."))
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


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody who corrects may choose from: declared variables, key and label; none without a pack, where any name goes."""

    choices: tuple[tuple[str, str], ...]


def known(uow: UnitOfWork, actor: Actor, instance_id: str) -> Known:
    """The variables that can be corrected, for who may step in. Raises NotFound or Forbidden."""
    loaded = instances.controlled(uow, actor, instance_id)
    pack = live.spoken(uow, actor, loaded.case.pack)
    return Known(tuple((key, rule.label) for key, rule in pack.variables.items()) if pack else ())


def correct_typed(uow: UnitOfWork, actor: Actor, instance_id: str, name: str, text: str, *, reason: str) -> Instance:
    """As `correct`, with one value as a person types it: JSON where it reads as such and the variable is no text, else text."""
    loaded = instances.controlled(uow, actor, instance_id)
    pack = live.pack(uow, actor.program_id, loaded.case.pack)
    rule = pack.variables.get(name) if pack else None
    if not name:
        raise _missing("/variable", say("Name the variable."))
    plain = None if not text else text if rule is not None and rule.type is ValueType.STRING else _read(text)
    return correct(uow, actor, instance_id, {name: plain}, reason=reason)


def _read(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return text  # a date, a duration, a code


def _no_number(text: str) -> object:
    raise ValueError(text)  # NaN and Infinity are no JSON


def _missing(path: str, message: str) -> Invalid:
    return Invalid(message, (FieldError(path, "missing", message),))
