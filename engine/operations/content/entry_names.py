"""Entries of a panel by the words in which people know them, as far as one reader may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from engine import access, forms, store
from engine.language import Pattern, dated, say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.content import Entry, Record
from engine.model.forms import Form
from engine.model.packs import Pack, Panel
from engine.operations import live, ties
from engine.store import UnitOfWork

#: most characters of the words
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An entry as a reader knows it. `dated`: it names the day by which it is due, and `open`: it is not done."""

    id: str
    words: str
    dated: bool
    open: bool


def of_panel(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None, key: str) -> tuple[NamedEntry, ...]:
    """The entries of a panel of which the reader may read something, the soonest due first."""
    panel = next((one for one in pack.panels if one.key == key), None) if pack else None
    if pack is None or panel is None or (panel.staff and not access.is_staff_on(actor, subject, pack)):
        return ()
    newest = {row.entry: row for row in store.entries.of_case(uow, case.id) if row.panel == key}
    said = _said(uow, actor, case, subject, pack)
    found = [(row, said[row.id]) for row in newest.values() if row.id in said]
    found.sort(key=lambda pair: (str(pair[1].get(panel.date or "") or "9999"), pair[0].id))
    return tuple(_named(uow, case, pack, panel, row, body) for row, body in found)


def words(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack, form: Form | None) -> Mapping[str, str]:
    """What entries are called that a form's answers can name, by id."""
    panels = {forms.entries.panel_of(inner) or "" for _, inner in forms.entries.rows(form)} if form else set()
    return {one.id: one.words for key in panels for one in of_panel(uow, actor, case, subject, pack, key)}


def _said(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack) -> dict[str, dict[str, object]]:
    """What the reader may read of each version of an entry."""
    found: dict[str, dict[str, object]] = defaultdict(dict)
    for record in store.records.of_case(uow, case.id):
        if record.entry_id is not None and isinstance(record.body, dict) and _may_read(actor, subject, pack, record):
            found[record.entry_id] |= record.body
    return dict(found)


def _may_read(actor: Actor, subject: Subject, pack: Pack, record: Record) -> bool:
    return access.can_read(actor, ties.to_record(subject, record.cls, record.participant_id, record.author_id), pack)


def _named(uow: UnitOfWork, case: Case, pack: Pack, panel: Panel, row: Entry, body: Mapping[str, object]) -> NamedEntry:
    form = live.pack_form_at(uow, pack, case.program_id, row.form, row.at)
    first = next((body[one.name] for one in form.fields if body.get(one.name)), "") if form else ""
    text, day = str(first)[:_LONGEST], _day(body.get(panel.date or ""))
    told = say("{what}, by {day}", what=text, day=dated(datetime.combine(day, time()), Pattern.DAY)) if day else text
    return NamedEntry(row.entry, told, day is not None, panel.state is None or body.get(panel.state) not in panel.done)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
