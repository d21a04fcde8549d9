"""How often, and for how long, there was contact with each participant of a case, and whether that is out of balance.

Only entries with process facts (C1) count, which all staff on the case may read: a count tells nothing more than they do.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import access, store
from engine.model.access import Actor, Subject
from engine.model.balances import Balance, Share
from engine.model.cases import Case
from engine.model.content import Record
from engine.model.packs import Pack, Panel, Weighing
from engine.operations import naming
from engine.store import UnitOfWork

_FACTS = "C1"


def of_case(
    uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None, *, form: str | None = None
) -> tuple[Balance, ...]:
    """The balances that the pack declares, for staff on the case; with `form` those shown beside a task with it."""
    if pack is None or not access.is_staff_on(actor, subject, pack):
        return ()
    wanted = [(panel, panel.balance) for panel in pack.panels if panel.balance and (form is None or form in panel.balance.shown)]
    if not wanted:
        return ()
    names = naming.Names(uow, actor, case, subject, pack)
    return tuple(_balance(uow, case, pack, panel, weighing, names) for panel, weighing in wanted)


def _balance(uow: UnitOfWork, case: Case, pack: Pack, panel: Panel, weighing: Weighing, names: naming.Names) -> Balance:
    roles = {one.about[form] for one in pack.panels for form in weighing.forms if form in one.about}
    counted = list(_counted(uow, case, weighing))
    shares = []
    for one in store.participants.of_case(uow, case.id):
        if one.role in roles:
            own = [record for record in counted if record.participant_id == one.id]
            shares.append(Share(names.of(one).label, len(own), sum(_minutes(record, weighing) for record in own)))
    counts = [share.count for share in shares]
    limit = int(pack.settings[weighing.limit].default)
    return Balance(panel.key, panel.title, tuple(shares), max(counts, default=0) - min(counts, default=0), limit)


def _counted(uow: UnitOfWork, case: Case, weighing: Weighing) -> Iterator[Record]:
    """The process facts of the newest version of each entry."""
    newest = {row.entry: row.id for row in store.entries.of_case(uow, case.id) if row.form in weighing.forms}
    for record in store.records.of_case(uow, case.id, classes=(_FACTS,)):
        if record.entry_id in newest.values():
            yield record


def _minutes(record: Record, weighing: Weighing) -> int:
    said = record.body if isinstance(record.body, dict) else {}
    return sum(value for name in weighing.minutes if isinstance(value := said.get(name), int))
