"""What the entries of a panel come to, as facts of their case: numbers and dates that the pack works out, never what was written.

This is the door through which figures know of entries, as a form's derived entries are for tasks: declared in the pack, checked
there against its facts, and shown to whoever approves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from engine import clock, feel, store
from engine.model.cases import Case
from engine.model.packs import Panel
from engine.operations import live, values
from engine.store import UnitOfWork


def of_panel(uow: UnitOfWork, case: Case, panel: Panel) -> None:
    """Work out the facts of a panel from the newest version of each of its entries, and keep them with the case."""
    if not panel.tally:
        return
    context = {"entries": list(_answers(uow, case, panel))}
    found = {key: feel.evaluate(text.removeprefix("="), context) for key, text in panel.tally.items()}
    told = {key: value if isinstance(value, (Decimal, date)) else None for key, value in found.items()}
    store.facts.upsert_many(uow, case.program_id, case.id, values.tagged(told), clock.now())


def _answers(uow: UnitOfWork, case: Case, panel: Panel) -> Iterator[Mapping[str, object]]:
    """The answers of each entry; every question of its form is there, null where nothing was answered."""
    newest = {one.entry: one for one in store.entries.of_case(uow, case.id) if one.panel == panel.key}
    said: dict[str, dict[str, object]] = {one.id: {} for one in newest.values()}
    for record in store.records.of_case(uow, case.id):
        if record.entry_id in said and isinstance(record.body, dict):
            said[record.entry_id or ""] |= record.body
    pack = live.pack(uow, case.program_id, case.pack)
    for row in newest.values():
        form = live.pack_form(uow, pack, case.program_id, row.form) if pack else None
        asked: dict[str, object] = dict.fromkeys(one.name for one in form.fields) if form else {}
        yield {name: feel.from_plain(value) for name, value in (asked | said[row.id]).items()}
