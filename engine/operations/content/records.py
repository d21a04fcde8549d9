"""Content by class: written when a form is completed, read only through the class matrix (domain 4.1, 4.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import orjson

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.content import Record
from engine.model.deployments import Definition
from engine.model.forms import Checked, Form
from engine.model.ids import new_id
from engine.model.instances import UserTask
from engine.model.packs import Pack, Relation
from engine.model.views import VisibleRecord
from engine.operations import labels, live, naming, reasons, ties
from engine.operations.content import entry_names, timeline
from engine.store import UnitOfWork


def write(uow: UnitOfWork, actor: Actor, case: Case, form: Form, checked: Checked, task: UserTask | None) -> tuple[Record, ...]:
    """Store the fields above class C1 of a completed form, a record for each class."""
    now = clock.now()
    rows = tuple(
        Record(
            id=new_id(now),
            program_id=case.program_id,
            case_id=case.id,
            instance_id=task.instance_id if task else None,
            task_id=task.id if task else None,
            form=form.key,
            cls=part.cls,
            participant_id=task.participant_id if task else None,
            author_id=actor.person_id or None,
            on_behalf_of=actor.on_behalf_of,
            body=dict(part.fields),
            at=now,
        )
        for part in checked.records
    )
    store.records.insert_many(uow, rows)
    return rows


def visible(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> tuple[VisibleRecord, ...]:
    """The records of tasks of a case this actor may read, oldest first; entries of panels are shown in their panels."""
    return tuple(shown for record, shown in readable(uow, actor, case, subject, pack) if record.entry_id is None)


def readable(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> tuple[tuple[Record, VisibleRecord], ...]:
    """Every record of a case this actor may read, as kept and as shown, oldest first."""
    if pack is None:
        return ()
    names = naming.Names(uow, actor, case, subject, pack)

    def called(form: Form | None) -> Mapping[str, str]:
        if not labels.names_people(form):
            return {}
        return {**names.participants, **entry_names.words(uow, actor, case, subject, pack, form)}

    return tuple(
        (record, _shown(uow, actor, names, pack, record, called))
        for record in store.records.of_case(uow, case.id)
        if access.can_read(actor, ties.to_record(subject, record.cls, record.participant_id, record.author_id), pack)
    )


def digest(record: Record) -> str:
    """The version of what a record says: SHA-256, hexadecimal, whoever wrote it and whatever language it is read in."""
    return hashlib.sha256(orjson.dumps([record.form, record.cls, record.body], option=orjson.OPT_SORT_KEYS)).hexdigest()


def form_of(uow: UnitOfWork, actor: Actor, pack: Pack, record: Record) -> Form | None:
    """The form that a record was written in, in the actor's language; None when the pack does not know it any more."""
    definition = _definition(uow, record)
    form = live.form(uow, definition, record.form) if definition else None
    return live.spoken_form(pack, actor, form or live.pack_form_at(uow, pack, record.program_id, record.form, record.at))


def title_of(form: Form | None, key: str) -> str:
    """What a record of a form is called."""
    return (form.kept_as or form.title) if form else _own_title(key)


def _shown(
    uow: UnitOfWork, actor: Actor, names: naming.Names, pack: Pack, record: Record, called: Callable[[Form | None], Mapping[str, str]]
) -> VisibleRecord:
    form = form_of(uow, actor, pack, record)
    body = record.body if isinstance(record.body, dict) else {}
    return VisibleRecord(
        id=record.id,
        form=record.form,
        form_title=title_of(form, record.form),
        cls=record.cls,
        cls_label=class_label(pack, record.cls),
        audience=audience(pack, record.cls, names.participant(record.participant_id)),
        participant=names.participant(record.participant_id),
        author=names.person(record.author_id),
        at=record.at,
        fields=labels.labelled(form, body if form else _own_body(record.form, body), called(form)),
    )


def _own_title(key: str) -> str:
    own = {reasons.FORM: reasons.TITLE, reasons.NOTE: reasons.NOTE_TITLE}
    return say(own[key]) if key in own else key


def _own_body(key: str, body: Mapping[str, object]) -> dict[str, object]:
    """What no form of a pack labels, with its labels."""
    if key == reasons.NOTE:
        return {say("Note"): body.get("note", "")}
    if key != reasons.FORM:
        return dict(body)
    return {say("What was done"): timeline.called(str(body.get("event", ""))), say("Reason"): body.get("reason", "")}


def _definition(uow: UnitOfWork, record: Record) -> Definition | None:
    if record.instance_id is None:
        return None
    instance = store.instances.get(uow, record.instance_id)
    return store.definitions.get(uow, instance.definition_id)


def class_label(pack: Pack | None, cls: str) -> str:
    """A class in the pack's words, for its badge: of the sub-class itself, else of its class."""
    known = pack.classes if pack else {}
    return known.get(cls) or known.get(cls.partition(".")[0]) or say("Class {cls}", cls=cls)


def audience(pack: Pack, cls: str, participant: object | None, *, inside: bool = False) -> str:
    """Who can see a class, in words. Roles that need a task for it are said once, at the end.

    `inside`: it is shown where outside participants do not come.
    """
    readers, by_task, others = [], False, False
    for role in (role for role in pack.roles.values() if role.staff or not inside):
        relation = access.relation_to(role.read, cls)
        if relation is Relation.AUTHOR:
            readers.append(say("{role} who wrote it", role=role.label))
        elif relation is Relation.SELF and participant is not None:
            readers.append(say("the {role} it is about", role=role.label.lower()))
        elif relation in (Relation.CASE, Relation.PROGRAM):
            readers.append(role.label)
        others = others or relation in (Relation.CASE, Relation.PROGRAM) or (relation is Relation.SELF and participant is not None)
        by_task = by_task or relation is Relation.TASK
    # Of a class that every role reads as its author only, there is one reader, whatever their role.
    said = (", ".join(dict.fromkeys(readers)) if others else "") or say("Nobody but its author")
    return say("{who}; others only where a task of theirs needs it", who=said) if by_task else said
