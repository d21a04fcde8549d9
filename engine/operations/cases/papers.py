"""What is signed, as it is printed: the words of one version with its code, who signed it, and lines for who has yet to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import forms, store
from engine.model.access import Actor
from engine.model.content import Record
from engine.model.errors import NotFound
from engine.model.files import Signed
from engine.model.forms import Form
from engine.model.views import VisibleRecord, version_code
from engine.operations import live
from engine.operations.content import panels, records
from engine.operations.content.panels import Seen
from engine.store import UnitOfWork

_Pair = tuple[Record, VisibleRecord]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature under the text. `who`: as the reader knows them."""

    who: str
    given: Signed
    #: (label, answer): what else was said with it, as the day and the witness of a signature on paper
    said: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a record for a printer."""

    case_id: str
    case_number: str
    program: str
    title: str
    at: datetime
    fields: tuple[tuple[str, object], ...]
    #: SHA-256 of what it says, hexadecimal
    digest: str
    signatures: tuple[Signature, ...]
    #: who is asked to sign it and has not
    to_sign: tuple[str, ...]
    #: another version was written since
    superseded: bool

    @property
    def code(self) -> str:
        """The version as people compare it."""
        return version_code(self.digest)


def signable(uow: UnitOfWork, actor: Actor, case_id: str) -> frozenset[str]:
    """The records of a case that the actor may read and that signatures stand under, or will. Raises NotFound or Forbidden."""
    found = panels.seen(uow, actor, case_id)
    signed = {panel.forms[0] for panel in found.pack.panels if panel.signatures and panel.forms}
    return frozenset(shown.id for record, shown in _readable(uow, found) if record.form in signed)


def read(uow: UnitOfWork, actor: Actor, case_id: str, record_id: str) -> Paper:
    """A record that was written in a task, for who may read it. Raises NotFound for any other."""
    found = panels.seen(uow, actor, case_id)
    readable = _readable(uow, found)
    record, shown = next((pair for pair in readable if pair[0].id == record_id), (None, None))
    if record is None or shown is None:
        raise NotFound
    digest = records.digest(record)
    signatures = tuple(_signatures(readable, digest))
    same = [one for one, _ in readable if one.form == record.form and one.participant_id == record.participant_id]
    newest = max(one.at for one in same) == record.at
    return Paper(
        case_id=found.case.id,
        case_number=found.case.number,
        program=store.programs.get(uow, found.case.program_id).title,
        title=shown.form_title,
        at=shown.at,
        fields=shown.fields,
        digest=digest,
        signatures=signatures,
        to_sign=tuple(_to_sign(uow, found, record)) if newest else (),
        superseded=not newest,
    )


def _readable(uow: UnitOfWork, found: Seen) -> list[_Pair]:
    rows = records.readable(uow, found.actor, found.case, found.subject, found.pack)
    return [pair for pair in rows if pair[0].entry_id is None]


def _signatures(readable: Sequence[_Pair], digest: str) -> Iterator[Signature]:
    """Those whose text names this very version."""
    for _, shown in readable:
        who = shown.participant.label if shown.participant else shown.author.label if shown.author else ""
        said = tuple((label, value) for label, value in shown.fields if isinstance(value, str) and value)
        yield from (Signature(who, value, said) for _, value in shown.fields if isinstance(value, Signed) and digest in value.shown)


def _to_sign(uow: UnitOfWork, found: Seen, record: Record) -> Iterator[str]:
    for task in store.user_tasks.open_of_case(uow, found.case.id):
        form = live.form(uow, store.definitions.get(uow, task.definition_id), task.form)
        if _signs(form, record):
            who = found.names.participant(task.participant_id)
            yield who.label if who else ""


def _signs(form: Form | None, record: Record) -> bool:
    return form is not None and record.form in form.reads and bool(forms.signing.fields(form))
