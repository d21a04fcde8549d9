"""Reports that leave the program: what a task wrote, of a closed list that the pack declares, and nothing else (R21).

`[policies.lint] reports` names the fields of each such form; FORM/FIELD in it is the receiver's own number of the matter,
which stands in another form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine import store
from engine.model.access import Actor
from engine.model.content import Record
from engine.model.errors import NotFound
from engine.model.packs import Pack
from engine.model.reports import Report
from engine.model.views import VisibleRecord
from engine.operations import labels, live
from engine.operations.content import panels, records
from engine.operations.content.panels import Seen
from engine.store import UnitOfWork


def written(pack: Pack | None, shown: Sequence[VisibleRecord]) -> tuple[tuple[str, str], ...]:
    """(form, title) of the reports among the records that somebody reads, each once."""
    declared = pack.policies.lint.reports if pack else {}
    return tuple(dict.fromkeys((one.form, one.form_title) for one in shown if one.form in declared))


def read(uow: UnitOfWork, actor: Actor, case_id: str, form: str) -> Report:
    """The report as it may be sent, from the newest answers. Raises NotFound when there is none that this actor may read."""
    found = panels.seen(uow, actor, case_id)
    allowed = found.pack.policies.lint.reports.get(form)
    readable = [record for record, _ in records.readable(uow, actor, found.case, found.subject, found.pack)]
    facts = _facts(uow, found, readable, form, allowed or ())
    if not facts:
        raise NotFound
    elsewhere = [tuple(name.split("/", 1)) for name in allowed or () if "/" in name]
    references = [fact for of, name in elsewhere for fact in _facts(uow, found, readable, of, (name,))]
    known = live.spoken_form(found.pack, actor, live.pack_form(uow, found.pack, found.case.program_id, form))
    return Report(
        case_id=found.case.id,
        case_number=found.case.number,
        program=store.programs.get(uow, found.case.program_id).title,
        title=known.title if known else form,
        note=known.description if known else "",
        references=tuple(references),
        facts=facts,
        at=_newest(readable, form),
    )


def _facts(uow: UnitOfWork, found: Seen, readable: Iterable[Record], form: str, allowed: Sequence[str]) -> tuple[tuple[str, object], ...]:
    """(title, answer) of the allowed fields of a form, from its newest records."""
    answers: dict[str, object] = {}
    for record in readable:
        if record.form == form and isinstance(record.body, dict):
            answers |= {name: value for name, value in record.body.items() if name in allowed}
    known = live.spoken_form(found.pack, found.actor, live.pack_form(uow, found.pack, found.case.program_id, form))
    return labels.labelled(known, answers)


def _newest(readable: Iterable[Record], form: str) -> datetime:
    return max(record.at for record in readable if record.form == form)
