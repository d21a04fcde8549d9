"""Entries that follow from what was written in a task, at the milestone that the pack names: from a signed text's terms, what is owed.

They are the procedure's: nobody is their author, the trail says through whom it came to that. Each names the record it comes
from; whatever brings the case past the milestone again with the same record adds nothing, and another record takes the place of
what is still open from the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.content import Entry, Record
from engine.model.fillings import Filling
from engine.model.forms import Form
from engine.model.ids import ID_LENGTH, new_id
from engine.model.packs import Pack, Panel
from engine.operations import live, trail
from engine.operations.running import tallying
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Place:
    """Where entries are written: a panel that is filled, and the form as it is now."""

    case: Case
    panel: Panel
    filling: Filling
    form: Form


def at_milestones(uow: UnitOfWork, actor: Actor, case: Case, codes: Collection[str]) -> None:
    """Fill the panels that wait for one of these milestones. A case without a pack, or a form that is gone, fills none."""
    pack = live.pack(uow, case.program_id, case.pack)
    for panel, filling in _waiting(pack, codes):
        form = live.pack_form(uow, pack, case.program_id, filling.entry) if pack else None
        source = _newest(uow, case, filling)
        if form is not None and source is not None:
            _fill(uow, actor, _Place(case, panel, filling, form), source)


def _waiting(pack: Pack | None, codes: Collection[str]) -> Iterator[tuple[Panel, Filling]]:
    for panel in pack.panels if pack else ():
        if panel.fills is not None and panel.fills.milestone in codes:
            yield panel, panel.fills


def _newest(uow: UnitOfWork, case: Case, filling: Filling) -> Record | None:
    """The newest record that holds the rows: what was agreed on is what was written last."""
    rows = [one for one in store.records.of_case(uow, case.id, form=filling.form) if one.entry_id is None]
    holding = [one for one in rows if isinstance(one.body, dict) and isinstance(one.body.get(filling.rows), list)]
    return holding[-1] if holding else None


def _fill(uow: UnitOfWork, actor: Actor, place: _Place, source: Record) -> None:
    newest = {one.entry: one for one in store.entries.of_case(uow, place.case.id) if one.panel == place.panel.key}
    replaced = [row for row in newest.values() if row.source_id not in (None, source.id) and _replace(uow, place, row)]
    marks = {_mark(place, source, number): answers for number, answers in _answers(place.filling, source)}
    people = {one.id for one in store.participants.of_case(uow, place.case.id, include_ended=True)}
    fresh = [mark for mark in marks if mark not in newest]
    for mark in fresh:
        about = str(marks[mark].get(place.filling.about or ""))
        row = _row(place, mark, about if about in people else None, source.id)
        said = {target: marks[mark][field] for target, field in place.filling.takes.items() if marks[mark].get(field) is not None}
        _write(uow, row, place.form, {**place.filling.begins, **said})
    if fresh or replaced:
        about_it = {"panel": place.panel.key, "form": place.form.key, "source": source.id, "added": len(fresh), "replaced": len(replaced)}
        tallying.of_panel(uow, place.case, place.panel)
        trail.note(uow, actor, "entries_filled", case_id=place.case.id, details=about_it)


def _answers(filling: Filling, source: Record) -> Iterator[tuple[int, Mapping[str, object]]]:
    body = source.body if isinstance(source.body, dict) else {}
    yield from ((number, row) for number, row in enumerate(body.get(filling.rows, [])) if isinstance(row, dict))


def _mark(place: _Place, source: Record, number: int) -> str:
    """The id of the entry that comes from one row of a record: the same whenever it is asked for."""
    return hashlib.sha256(f"{place.panel.key}/{place.filling.entry}/{source.id}/{number}".encode()).hexdigest()[:ID_LENGTH]


def _replace(uow: UnitOfWork, place: _Place, row: Entry) -> bool:
    """Say of an entry of an older record that a newer one took its place, unless nothing is left to do; whether it was said."""
    state = place.panel.state
    said: dict[str, object] = {}
    for record in store.records.of_case(uow, row.case_id, form=row.form):
        if record.entry_id == row.id and isinstance(record.body, dict):
            said |= record.body
    if state is None or place.filling.replaced is None or said.get(state) in place.panel.done:
        return False
    now = clock.now()
    following = replace(row, id=new_id(now), version=row.version + 1, author_id=None, at=now)
    _write(uow, following, place.form, said | {state: place.filling.replaced})
    return True


def _row(place: _Place, mark: str, about: str | None, source: str) -> Entry:
    now = clock.now()
    return Entry(
        id=new_id(now),
        entry=mark,
        version=1,
        program_id=place.case.program_id,
        case_id=place.case.id,
        panel=place.panel.key,
        form=place.form.key,
        participant_id=about,
        author_id=None,
        at=now,
        source_id=source,
    )


def _write(uow: UnitOfWork, row: Entry, form: Form, said: Mapping[str, object]) -> None:
    """Store a version, with a record for each class. What an older form asked is kept in the class of the strictest question."""
    strictest = max(form.classes)
    parts: dict[str, dict[str, object]] = {}
    for name, value in said.items():
        parts.setdefault(form.class_of.get(name, strictest), {})[name] = value
    store.entries.insert(uow, row)
    store.records.insert_many(uow, [_part(row, cls, fields) for cls, fields in parts.items()])


def _part(row: Entry, cls: str, fields: Mapping[str, object]) -> Record:
    return Record(
        id=new_id(row.at),
        program_id=row.program_id,
        case_id=row.case_id,
        instance_id=None,
        task_id=None,
        form=row.form,
        cls=cls,
        participant_id=row.participant_id,
        author_id=None,
        on_behalf_of=None,
        body=dict(fields),
        at=row.at,
        entry_id=row.id,
    )
