"""What lies open before a form's questions: the newest record of each form that it names (`x-reads`), as far as its reader may read.

Whoever answers, and above all whoever signs, is held to exactly what lay before them: the page's edition names each version
that was read, and an answer to another one is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import orjson

from engine import forms, language, store
from engine.language import Pattern, dated, say
from engine.model.cases import Case
from engine.model.content import Record
from engine.model.errors import FormChanged
from engine.model.forms import Form
from engine.model.views import Reading, VisibleRecord
from engine.store import UnitOfWork

Rows = Sequence[tuple[Record, VisibleRecord]]


def of(uow: UnitOfWork, case: Case, form: Form | None, readable: Rows, about: str | None) -> tuple[Reading, ...]:
    """What is read before `form`, out of the records that the reader may read, oldest first; in the order that the form names them.

    `about`: the participant whose task it is. What is about another participant is not for their eyes.
    """
    if form is None or not form.reads:
        return ()
    zone = ZoneInfo(store.programs.get(uow, case.program_id).timezone)
    found = []
    for key in form.reads:
        rows = [row for row in readable if row[0].form == key and row[0].entry_id is None and _is_theirs(row[0], about)]
        newest = {record.participant_id: (record.task_id, record.at) for record, _ in rows}
        found += [row for row in rows if newest[row[0].participant_id] == (row[0].task_id, row[0].at)]
    return tuple(Reading(shown, dated(record.at.astimezone(zone), Pattern.FULL), _digest(record)) for record, shown in found)


def _is_theirs(record: Record, about: str | None) -> bool:
    return about is None or record.participant_id in (None, about)


def _digest(record: Record) -> str:
    return hashlib.sha256(orjson.dumps([record.form, record.cls, record.body], option=orjson.OPT_SORT_KEYS)).hexdigest()


def edition(form: Form, reads: Sequence[Reading]) -> str:
    """The code by which a page says which words of the form, and which versions of what is read, it showed."""
    return ".".join((forms.signing.edition(form, language.current()), *(one.digest[:16] for one in reads)))


def require_same(form: Form, reads: Sequence[Reading], given: str) -> None:
    """Raises FormChanged, saying what changed, when the page of edition `given` showed anything else than there is now."""
    now = edition(form, reads)
    if given == now:
        return
    words, *versions = given.split(".")
    if words == now.split(".")[0]:
        newer = [one for one in reads if one.digest[:16] not in versions]
        if newer:
            said = ", ".join(f"“{_title(one)}” ({one.when})" for one in newer)
            raise FormChanged(say("What you read was written anew: {what}. Read it again, then decide anew.", what=said))
        raise FormChanged(say("What you read is no longer all there. Look through what stands above the questions, then decide anew."))
    raise FormChanged


def _title(one: Reading) -> str:
    return ", ".join(title for title, _ in one.record.fields[:1]) or one.record.form_title
