"""Starting a procedure on a case by hand: those that nothing else begins, for who may step in (`instance.control`)."""

from __future__ import annotations

from engine import access, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.deployments import Definition
from engine.model.errors import NotFound, NotRunning
from engine.model.instances import Instance
from engine.model.packs import Act, Pack
from engine.model.states import CaseState
from engine.operations import live, ties, vocabulary
from engine.operations.running import instances
from engine.operations.scope import within
from engine.store import UnitOfWork


def choices(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[tuple[str, str], ...]:
    """(key, name) of what this actor may start on the case now; nothing for others, and on a closed case. Raises NotFound."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    pack = live.pack(uow, actor.program_id, case.pack)
    allowed = access.may(actor, Act.INSTANCE_CONTROL, ties.to_case(uow, actor, case), pack).allowed
    if pack is None or not allowed or case.state is CaseState.CLOSED:
        return ()
    return tuple((row.key, live.words(pack, actor, row.name)) for row in startable(uow, case, pack))


def start(uow: UnitOfWork, actor: Actor, case_id: str, key: str) -> Instance:
    """Start one of the `choices` on the case. Raises NotFound for any other, Forbidden, and NotRunning on a closed case."""
    case = within(actor.program_id, store.cases.lock(uow, case_id))
    pack = live.pack(uow, actor.program_id, case.pack)
    access.require(actor, Act.INSTANCE_CONTROL, ties.to_case(uow, actor, case), pack)
    if case.state is CaseState.CLOSED:
        raise NotRunning(say("This case is closed; it takes no new procedures."))
    found = next((row for row in startable(uow, case, pack) if row.key == key), None) if pack else None
    if found is None:
        raise NotFound(say("No such procedure can be started by hand on this case."))
    return instances.begin(uow, actor, found, case, {})


def startable(uow: UnitOfWork, case: Case, pack: Pack) -> list[Definition]:
    """Procedures of the live pack with a plain start that neither the opening of a case, a call nor a deadline rule begins."""
    deployment = store.deployments.active_packs(uow, case.program_id)[pack.key]
    files = {resource.name for resource in store.resources.of_deployment(uow, deployment, kind="bpmn")}
    rows = [row for row in store.definitions.list_latest(uow, case.program_id) if row.pack == pack.key and row.file in files]
    models = {row.key: vocabulary.as_model(row) for row in rows}
    begun = {pack.case.process} | {rung.process for rule in pack.deadline_rules for rung in rule.rungs if rung.process}
    begun |= {called for key, model in models.items() for called in model.calls if called != key}
    return [row for row in rows if row.key not in begun and models[row.key].plain_start]
