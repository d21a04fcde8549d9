"""What may not come of stepping in: a case that waits for what nobody can do, stops at once, or stays open with nothing in it."""

from __future__ import annotations

from engine import store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import Conflict
from engine.model.states import CaseState, InstanceState
from engine.operations import live, nobody, wording
from engine.operations.running import closing, hand_starts
from engine.operations.supervision.effects import Look
from engine.store import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


def refuse(uow: UnitOfWork, case: Case, before: Look, after: Look) -> None:
    """Raise Conflict, with the reason, for a case that would be stuck after an act as it was not before."""
    pack = live.pack(uow, case.program_id, case.pack)
    stuck = {task.element_id for task in before.tasks.values() if task.nobody}
    for task in after.tasks.values():
        if task.nobody and task.element_id not in stuck:
            why = nobody.told(task.nobody, pack) or ""
            name = wording.of_pack(pack, task.name)
            raise Conflict(say("Nothing was changed, as the case would be stuck at “{task}”: {why} Mend that first.", task=name, why=why))
    for id, now in after.instances.items():
        was = before.instances.get(id)
        if was is not None and now.state is InstanceState.INCIDENT and was.state is not InstanceState.INCIDENT:
            why = say(next((one.message for one in store.incidents.open_of_instance(uow, id)), ""))
            raise Conflict(say("Nothing was changed, as the procedure would stop there at once: {why}", why=why))
        if was is not None and now.dead_at is not None and was.dead_at is None:
            raise Conflict(say("Nothing was changed, as the procedure would wait for ever afterwards."))


def close_left_behind(uow: UnitOfWork, actor: Actor, case: Case, instance_id: str) -> None:
    """Close a case whose last procedure was just ended, unless another one can be started on it by hand.

    An open case on which nothing runs would stand in lists and figures for ever. Cases without a pack are left to their
    administrators, who start whatever they like on them.
    """
    pack = live.pack(uow, case.program_id, case.pack)
    left = (one for one in store.instances.of_case(uow, case.id) if one.state not in _ENDED and one.subject_task_id is None)
    if pack is None or case.state is CaseState.CLOSED or any(left) or hand_starts.startable(uow, case, pack):
        return
    closing.close(uow, actor, case, instance_id, None)
