"""What lies open before a form's questions: the newest record of each form that it names (`x-reads`).

Whoever answers, and above all whoever signs, is held to exactly what lay before them: the page's edition names each version
that was read, and an answer to another one is refused. Who enters an answer for somebody else may not always read what
that person read: the version is named all the same, and a signature is taken only with the code that stands on the paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn
from zoneinfo import ZoneInfo

from engine import access, forms, language, store
from engine.language import Pattern, dated, say
from engine.model.access import Actor
from engine.model.content import Record
from engine.model.errors import BadRequest, FieldError, FormChanged, FormInvalid
from engine.model.forms import Checked, Form
from engine.model.views import Reading, VisibleRecord
from engine.operations import ties
from engine.operations.content import records
from engine.operations.people.task_access import Seen
from engine.operations.signing import Way
from engine.schemas import pointer
from engine.store import UnitOfWork

Rows = Sequence[tuple[Record, VisibleRecord]]
#: where a page asks for the code on the paper
CODE = "_paper_code"


def of(uow: UnitOfWork, found: Seen, form: Form | None, readable: Rows) -> tuple[Reading, ...]:
    """What is read before `form`, in the order that the form names it; `readable`: what the actor may read of the case.

    What is about another participant than the task's is not for its eyes. Where the newest may not be read by the actor,
    nothing older takes its place; where the participant may read it, for whom the actor enters an answer, it is named.
    """
    if form is None or not form.reads or found.pack is None:
        return ()
    zone = ZoneInfo(store.programs.get(uow, found.case.program_id).timezone)
    shown = {record.id: one for record, one in readable}
    theirs = _theirs(uow, found)
    told: list[Reading] = []
    for key, record in _newest(uow, found, form):
        if record.id not in shown and not theirs(record):
            continue
        asked = records.form_of(uow, found.actor, found.pack, record)
        when = dated(record.at.astimezone(zone), Pattern.FULL)
        told.append(Reading(key, records.title_of(asked, key), shown.get(record.id), when, records.digest(record)))
    return tuple(told)


def _newest(uow: UnitOfWork, found: Seen, form: Form) -> Iterator[tuple[str, Record]]:
    about = found.task.participant_id
    every = store.records.of_case(uow, found.case.id)
    for key in form.reads:
        rows = [row for row in every if row.form == key and row.entry_id is None and _is_theirs(row, about)]
        newest = {row.participant_id: (row.task_id, row.at) for row in rows}
        yield from ((key, row) for row in rows if newest[row.participant_id] == (row.task_id, row.at))


def _is_theirs(record: Record, about: str | None) -> bool:
    return about is None or record.participant_id in (None, about)


def _theirs(uow: UnitOfWork, found: Seen) -> Callable[[Record], bool]:
    """Whether the participant of the task, for whom somebody else enters the answer, may read a record."""
    about, pack = found.task.participant_id, found.pack
    if about is None or pack is None or about in found.subject.participant_ids:
        return lambda _: False
    actor = Actor(store.participants.get(uow, about).person_id, None, found.case.program_id)
    subject = ties.to_case(uow, actor, found.case)
    return lambda one: access.can_read(actor, ties.to_record(subject, one.cls, one.participant_id, one.author_id), pack)


def edition(form: Form, reads: Sequence[Reading]) -> str:
    """The code by which a page says which words of the form, and which versions of what is read, it showed."""
    return ".".join((forms.signing.edition(form, language.current()), *(_seen(one) for one in reads)))


def _seen(one: Reading) -> str:
    """As an address of a page says it. Not the digest's own beginning, which is the code on the paper."""
    return hashlib.sha256(one.digest.encode()).hexdigest()[:16]


def require_same(form: Form, reads: Sequence[Reading], given: str) -> None:
    """Raises FormChanged, saying what changed, when the page of edition `given` showed anything else than there is now.

    Raises BadRequest for "", by a caller that shows pages of its own and did not say what was read.
    """
    if not given:
        if reads:
            raise BadRequest(say("Say as `edition` what was read: the task, asked for by GET, gives it together with the texts."))
        return
    now = edition(form, reads)
    if given == now:
        return
    words, *versions = given.split(".")
    if words == now.split(".")[0]:
        newer = [one for one in reads if _seen(one) not in versions]
        if newer:
            said = ", ".join(f"“{_title(one)}” ({one.when})" for one in newer)
            raise FormChanged(say("What you read was written anew: {what}. Read it again, then decide anew.", what=said))
        raise FormChanged(say("What you read is no longer all there. Look through what stands above the questions, then decide anew."))
    raise FormChanged


def require_signable(form: Form, reads: Sequence[Reading], checked: Checked, way: Way) -> None:
    """What a signature needs before it is taken: everything that it stands under; of who does not see that, the code on the paper.

    Raises FormInvalid when something that the form names was never written, for a code that is missing or is not that of the
    newest version, and for a signature on a screen that shows no text. Nothing is asked where nobody signs.
    """
    answered = {name for part in checked.records for name, value in part.fields.items() if value}
    if answered.isdisjoint(field.name for field in forms.signing.fields(form)):
        return
    if len({one.form for one in reads}) < len(set(form.reads)):
        _refuse(say("There is nothing to sign yet: what the signature stands under was not written, or is not for who signs."), "nothing")
    unseen = [one for one in reads if one.record is None]
    given = _bare(way.code)
    if not unseen:
        return
    if way.method == "screen" or way.drawn:
        _refuse(say("Take a signature on paper: this screen may not show the text that it stands under."))
    if not given:
        _refuse(say("Enter the code that stands under the text on the paper. It says which version was signed."))
    if not all(_bare(one.code) in given for one in unseen):
        _refuse(
            say(
                "That is not the code of what was written last, {when}. Compare it with the paper. If the paper says the same, an older "
                "text was signed: print the new one and have that signed.",
                when=unseen[-1].when,
            )
        )


def _bare(code: str) -> str:
    """A code without what people write between its digits; they also read 0 as the letter O, and a code has no such letter."""
    return "".join(one for one in code.upper() if one.isalnum()).replace("O", "0")


def codes(reads: Sequence[Reading]) -> str:
    """What stands on a paper of these versions."""
    return " ".join(one.code for one in reads)


def _refuse(said: str, code: str = "paper-code") -> NoReturn:
    raise FormInvalid(said, (FieldError(pointer((CODE,)) if code == "paper-code" else "", code, said),))


def _title(one: Reading) -> str:
    named = ", ".join(title for title, _ in one.record.fields[:1]) if one.record else ""
    return named or one.title
