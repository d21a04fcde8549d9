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
from engine.store import UnitOfWork

#: key under which records of reasons stand; no form of a pack has it
FORM = "reason"
TITLE = noted("Reason given")
_CLASS = "C7"
#: most characters
LENGTH = 1000


def keep(uow: UnitOfWork, actor: Actor, case_id: str, instance_id: str, event: str, reason: str) -> dict[str, object]:
    """Store a reason, if one was given; gives what the trail says of it. Raises Invalid for one that is too long."""
    text = reason.strip()
    if not text:
        return {"reason_given": False}
    if len(text) > LENGTH:
        message = say("Give a reason of at most {length} characters.", length=LENGTH)
        raise Invalid(message, (FieldError("/reason", "too-long", message),))
    now = clock.now()
    record = Record(
        id=new_id(now),
        program_id=actor.program_id,
        case_id=case_id,
        instance_id=instance_id,
        task_id=None,
        form=FORM,
        cls=_CLASS,
        participant_id=None,
        author_id=actor.person_id or None,
        on_behalf_of=actor.on_behalf_of,
        body={"event": event, "reason": text},
        at=now,
    )
    store.records.insert_many(uow, (record,))
    return {"reason_given": True, "reason_record": record.id}
