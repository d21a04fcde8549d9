"""What happened to a task or procedure since somebody looked at it, in a sentence; from the trail of its case."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine import clock, language, store
from engine.language import Pattern, say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.interventions import Wanted
from engine.model.trail import AuditEntry
from engine.model.views import TimelineEntry
from engine.operations import live, naming, ties
from engine.operations.content import timeline
from engine.operations.discretion import Discretion
from engine.store import UnitOfWork

#: what only tells somebody something
_QUIET = ("notice_", "mail_", "rung_", "task_batch", "wall_", "entry_", "intervention_effect")
#: most that is told
_MOST = 3


def told(uow: UnitOfWork, actor: Actor, case: Case, wanted: Wanted) -> str:
    """“Ben Ruiz, 14:02: Task completed: Agenda.” for the last of it; "" when nothing happened to what the act is about."""
    since = [one for one in store.audit.chain(uow, case.id) if one.seq > (wanted.seen or 0) and _concerns(one, wanted)]
    if not since:
        return ""
    pack, subject = live.spoken(uow, actor, case.pack), ties.to_case(uow, actor, case)
    names, discretion = naming.Names(uow, actor, case, subject, pack), Discretion(uow, actor, case, subject, pack)
    lines = timeline.told(uow, case, names, pack, discretion, since)
    zone = ZoneInfo(store.programs.get(uow, case.program_id).timezone)
    return " ".join(_sentence(line, zone) for line in reversed(lines[:_MOST])) or say("The procedure went on.")


def _concerns(entry: AuditEntry, wanted: Wanted) -> bool:
    if entry.event.startswith(_QUIET):
        return False
    if wanted.task_id is not None:
        return entry.task_id == wanted.task_id
    return wanted.instance_id is not None and entry.instance_id == wanted.instance_id


def _sentence(line: TimelineEntry, zone: ZoneInfo) -> str:
    at = line.at.astimezone(zone)
    same_day = at.date() == clock.now().astimezone(zone).date()
    moment = at.strftime("%H:%M") if same_day else language.dated(at, Pattern.SHORT)
    who = line.actor.label if line.actor else say("the system")
    return say("{who}, {moment}: {what}.", who=who, moment=moment, what=line.text)
