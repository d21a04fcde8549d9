"""Reasons that people give for an intervention: free text, so kept as a sealed record of class C7, never in the trail.

The trail says that one was given and which record holds it; who may read it the class matrix says (author, oversight).
"""

from __future__ import annotations

from engine import clock, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.content import Record
from engine.model.errors import FieldError, Invalid
from engine.model.ids import new_id
from engine.model.instances import UserTask
from engine.store import UnitOfWork

#: key under which records of reasons stand; no form of a pack has it
FORM = "reason"
TITLE = noted("Reason given")
#: as FORM, for notes with which tasks are handed over
NOTE = "hand-over"
NOTE_TITLE = noted("Note at handing over")
_CLASS = "C7"
#: most characters
LENGTH = 1000


def keep(uow: UnitOfWork, actor: Actor, case_id: str, instance_id: str | None, event: str, reason: str) -> dict[str, object]:
    """Store a reason, if one was given; gives what the trail says of it. Raises Invalid for one that is too long."""
    text = reason.strip()
    if not text:
        return {"reason_given": False}
    if len(text) > LENGTH:
        message = say("Give a reason of at most {length} characters.", length=LENGTH)
        raise Invalid(message, (FieldError("/reason", "too-long", message),))
    kept = _store(uow, actor, case_id, instance_id, FORM, {"event": event, "reason": text})
    return {"reason_given": True, "reason_record": kept.id}


def keep_note(uow: UnitOfWork, actor: Actor, task: UserTask, note: str) -> dict[str, object]:
    """As `keep`, for the note with which a task is handed over."""
    text = note.strip()
    if not text:
        return {"note_given": False}
    check_note(text)
    kept = _store(uow, actor, task.case_id, task.instance_id, NOTE, {"note": text}, task_id=task.id)
    return {"note_given": True, "note_record": kept.id}


def check_note(note: str) -> None:
    """Let a note pass, or raise Invalid for one that is too long."""
    if len(note.strip()) > LENGTH:
        message = say("Write a note of at most {length} characters.", length=LENGTH)
        raise Invalid(message, (FieldError("/note", "too-long", message),))


def _store(
    uow: UnitOfWork, actor: Actor, case_id: str, instance_id: str | None, form: str, body: dict[str, object], *, task_id: str | None = None
) -> Record:
    now = clock.now()
    record = Record(
        id=new_id(now),
        program_id=actor.program_id,
        case_id=case_id,
        instance_id=instance_id,
        task_id=task_id,
        form=form,
        cls=_CLASS,
        participant_id=None,
        author_id=actor.person_id or None,
        on_behalf_of=actor.on_behalf_of,
        body=body,
        at=now,
    )
    store.records.insert_many(uow, (record,))
    return record
