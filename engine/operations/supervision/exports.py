"""The list of cases as a file, for who may take it out: process facts only, as the list shows them; written down in the audit."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.packs import Act
from engine.model.tiles import CaseQuestion
from engine.model.views import CaseLine
from engine.operations import live, trail, wording
from engine.operations.supervision import lists
from engine.store import UnitOfWork

#: lines of a file at most, and lines read at once
MOST, _AT_ONCE = 10_000, 200
#: what a spreadsheet would take for the beginning of a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cases(uow: UnitOfWork, actor: Actor, wanted: CaseQuestion) -> str:
    """The lines that a question asks for, as CSV with a head. Raises Forbidden without the right to take lists out."""
    live.require_program_act(uow, actor, Act.CASE_EXPORT)
    zone = store.programs.get(uow, actor.program_id).timezone
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_head())
    number, cursor = 0, None
    while number < MOST:
        page = lists.answer(uow, actor, wanted, cursor=cursor, limit=_AT_ONCE)
        writer.writerows([safe(cell) for cell in _row(line, zone)] for line in page.items)
        number, cursor = number + len(page.items), page.next
        if cursor is None:
            break
    trail.note(uow, actor, "cases_exported", lines=number, asked=sorted(lists.asked(wanted)))
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _head() -> list[str]:
    return [
        say("Case"),
        say("State"),
        say("Status"),
        say("Outcome"),
        say("Opened"),
        say("Days open"),
        say("Closed"),
        say("Next due"),
        say("Overdue tasks"),
        say("Intensity"),
        say("What it waits for"),
    ]


def _row(line: CaseLine, zone: str) -> list[str]:
    until = line.closed_at or clock.now()
    return [
        line.number,
        line.state,
        line.status or "",
        line.outcome or "",
        _day(line.opened_at, zone),
        str((until - line.opened_at) // timedelta(days=1)),
        _day(line.closed_at, zone),
        _day(line.next_due_at, zone),
        str(line.overdue),
        line.intensity or "",
        " ".join(part for part in (line.nobody, line.sentence) if part),
    ]


def _day(at: datetime | None, zone: str) -> str:
    return at.astimezone(wording.zone(zone)).date().isoformat() if at is not None else ""
