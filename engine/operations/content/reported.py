"""What a task's rows say of entries of a panel goes on in these entries, as their next version: an agreement is followed up, and
what was promised by a day is noted as kept or not, by whoever said so.

An entry that is done already stays as it is: what is said of it later stands in the answer alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine import clock, forms, store
from engine.model.access import Actor
from engine.model.content import Entry, Record
from engine.model.fillings import Hearing
from engine.model.forms import Checked, Form
from engine.model.ids import new_id
from engine.model.packs import Pack, Panel
from engine.operations import live, trail
from engine.operations.people.task_access import Seen
from engine.operations.running import tallying
from engine.store import UnitOfWork


def write(uow: UnitOfWork, actor: Actor, found: Seen, form: Form, checked: Checked) -> None:
    """Carry the rows of a form on into the panels that hear of them; the answers are checked, and name only what was offered."""
    pack = found.pack
    for panel, hearing in _listening(pack, form):
        naming = next((inner.name for one, inner in forms.entries.rows(form) if one.name == hearing.rows), None)
        own = {row.entry: row for row in store.entries.of_case(uow, found.case.id) if row.panel == panel.key}
        heard = [_next(uow, actor, pack, panel, own[id], said) for id, said in _rows(checked, hearing, naming) if id in own]
        if any(heard):
            tallying.of_panel(uow, found.case, panel)


def _listening(pack: Pack | None, form: Form) -> Iterator[tuple[Panel, Hearing]]:
    for panel in pack.panels if pack else ():
        if panel.hears is not None and panel.hears.form == form.key:
            yield panel, panel.hears


def _rows(checked: Checked, hearing: Hearing, naming: str | None) -> Iterator[tuple[str, dict[str, object]]]:
    """(entry, what is said of it) for each row."""
    answers = {name: value for part in checked.records for name, value in part.fields.items()}
    rows = answers.get(hearing.rows)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and naming is not None:
            yield str(row.get(naming)), {target: row[name] for target, name in hearing.takes.items() if row.get(name) is not None}


def _next(uow: UnitOfWork, actor: Actor, pack: Pack | None, panel: Panel, entry: Entry, said: Mapping[str, object]) -> bool:
    """Write an entry's next version; whether there was anything to write."""
    newest = store.entries.versions(uow, entry.entry)[-1]
    parts = [one for one in store.records.of_case(uow, newest.case_id, form=newest.form) if one.entry_id == newest.id]
    before = {name: value for part in parts if isinstance(part.body, dict) for name, value in part.body.items()}
    state = panel.state or ""
    if not said or before.get(state) in panel.done or said.get(state, before.get(state)) == before.get(state):
        return False
    form = live.pack_form(uow, pack, newest.program_id, newest.form) if pack else None
    classes, now = (form.class_of if form else {}), clock.now()
    following = replace(newest, id=new_id(now), version=newest.version + 1, author_id=actor.person_id or None, at=now)
    store.entries.insert(uow, following)
    store.records.insert_many(uow, [_part(actor, following, one, said, classes) for one in parts])
    named = {part.cls: sorted(name for name in said if classes.get(name) == part.cls) for part in parts}
    about = {"panel": panel.key, "form": newest.form, "entry": newest.entry, "version": following.version, "fields": named}
    trail.note(uow, actor, "entry_written", case_id=newest.case_id, details=about)
    return True


def _part(actor: Actor, row: Entry, before: Record, said: Mapping[str, object], classes: Mapping[str, str]) -> Record:
    """A record of the next version: what stood there, with what is said in its class."""
    fresh = {name: value for name, value in said.items() if classes.get(name) == before.cls}
    body = {**before.body, **fresh} if isinstance(before.body, dict) else dict(fresh)
    return replace(
        before, id=new_id(row.at), author_id=row.author_id, on_behalf_of=actor.on_behalf_of, body=body, at=row.at, entry_id=row.id
    )
