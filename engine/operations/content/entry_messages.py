"""Messages that the entries of a panel send to the procedure of their case, by the rules that the pack declares.

A rule sees process facts (C1) of the entries alone, most of them derived by their form: what steers a procedure is
declared there and shown to whoever approves the pack. The message carries nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import feel, forms, store
from engine.model.content import Entry, Record
from engine.model.errors import FormInvalid
from engine.model.forms import Form
from engine.model.packs import Panel
from engine.model.starts import StartKind
from engine.operations.running import delivery
from engine.store import UnitOfWork


def send(uow: UnitOfWork, pack: str | None, panel: Panel, row: Entry, form: Form) -> tuple[str, ...]:
    """Send what follows from a version that was just written; the names of the messages. One that nobody waits for is not kept."""
    rules = [rule for rule in panel.tells if rule.form == form.key]
    if not rules:
        return ()
    facts = dict(_facts(uow, row, form))
    context = {"entry": facts.pop(row.entry, {}), "earlier": list(facts.values())}
    met = [rule.message for rule in rules if feel.evaluate(rule.when.removeprefix("="), context) is True]
    return tuple(name for name in met if _post(uow, pack, row, name))


def _facts(uow: UnitOfWork, row: Entry, form: Form) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The process facts of the newest version of each entry of the panel with this form, by entry."""
    newest = {one.entry: one.id for one in store.entries.of_case(uow, row.case_id) if (one.panel, one.form) == (row.panel, form.key)}
    parts = store.records.of_case(uow, row.case_id, form=form.key)
    for entry, version in newest.items():
        yield entry, _derived(form, [part for part in parts if part.entry_id == version])


def _derived(form: Form, parts: list[Record]) -> Mapping[str, object]:
    said: dict[str, object] = {}
    for part in parts:
        said |= part.body if isinstance(part.body, dict) else {}
    try:
        return forms.check(form, said, writable=lambda cls: True).facts
    except FormInvalid:
        # It was written with another version of the form, whose rules nobody can judge any more.
        return {}


def _post(uow: UnitOfWork, pack: str | None, row: Entry, name: str) -> bool:
    waiting = [one for one in store.subscriptions.of_case(uow, row.case_id) if (one.kind, one.name) == ("message", name)]
    starts = {one.pack for one in store.starts.matching(uow, row.program_id, StartKind.MESSAGE, name)} if not waiting else set()
    if not waiting and pack not in starts:
        return False
    correlation = (waiting[0].correlation or "") if waiting else row.case_id
    # An entry says it once, however often it is changed.
    delivery.post(uow, row.program_id, name, correlation, {}, message_id=f"entry/{row.entry}/{name}")
    return True
