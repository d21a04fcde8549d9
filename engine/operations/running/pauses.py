"""Statuses of a case that stop the clock: while one holds, no deadline in the calendar that names it comes nearer.

Nothing is reminded of meanwhile; afterwards the open time that passed is added to due dates, and ladders go on from there.
Timers of diagrams go on: what flows is the procedure's to say.
"""

from __future__ import annotations

from engine import clock, store
from engine.model.cases import Case
from engine.model.states import UserTaskState
from engine.operations import live
from engine.operations.running import ladders
from engine.store import UnitOfWork


def status_changed(uow: UnitOfWork, before: Case, after: Case) -> None:
    """What another status does to the open tasks of a case; its row says the new one already."""
    pack = live.pack(uow, after.program_id, after.pack)
    if pack is None or not any(calendar.pauses for calendar in pack.calendars.values()):
        return
    for task in store.user_tasks.open_of_case(uow, after.id):
        was, is_now = (ladders.is_paused(pack, task, case.status) for case in (before, after))
        if not was and not is_now:
            continue
        fresh = store.user_tasks.lock(uow, task.id)
        if fresh.state is not UserTaskState.OPEN:
            continue
        since = max(before.status_since, fresh.created_at) if was and before.status_since is not None else clock.now()
        if was:
            fresh = ladders.after_pause(pack, fresh, since)
            store.user_tasks.move_due(uow, fresh)
        # Takes the reminders away while the clock stands still, and sets them anew when it goes on.
        ladders.rearm(uow, after, fresh, paused=clock.now() - since)
