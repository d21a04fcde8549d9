"""Surveys: who is told by a survey's notice is invited; answers are counted and nothing is kept of who gave them.

An invitation is deleted when it is used, what was answered is counted up in its month, and no trail is written of either:
that somebody answered is known to nobody, what they answered only as a number among others. So everybody who was invited is
reminded, whether they answered or not. Figures withhold small numbers as they do of cases (domain 4.7, P10 step 8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine import clock, feel, forms, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import Invalid, NotFound
from engine.model.forms import Form, Mode
from engine.model.ids import new_id
from engine.model.instances import Job
from engine.model.states import JobState
from engine.model.surveys import ANSWERED, INVITED, PEOPLE, Invitation, Survey
from engine.operations import live, wording
from engine.operations.telling import notices
from engine.store import UnitOfWork

#: the job that reminds those who were invited, and later ends what is over
JOB = "survey"


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey as somebody may answer it now."""

    invitation: Invitation
    title: str
    case_number: str
    form: Form


def invite(uow: UnitOfWork, case: Case, person_id: str, notice: str) -> None:
    """Invite a participant who is told by the notice of a survey; nothing for other notices, and while an invitation is open."""
    pack = live.pack(uow, case.program_id, case.pack)
    survey = next((one for one in pack.surveys if one.invitation == notice), None) if pack else None
    if pack is None or survey is None:
        return
    now = clock.now()
    month = f"{now.astimezone(wording.zone(store.programs.get(uow, case.program_id).timezone)):%Y-%m}"
    known = {one.participant_id for one in store.surveys.of_case(uow, case.id) if one.survey == survey.key}
    for one in store.participants.of_case(uow, case.id):
        if one.person_id == person_id and one.id not in known:
            part = _part(uow, case, survey)
            made = Invitation(new_id(now), case.program_id, case.id, one.id, pack.key, survey.key, part, month, now + survey.open_for)
            store.surveys.invite(uow, made)
            store.surveys.count(uow, made, PEOPLE, INVITED)
            _later(uow, case, survey, one.id, reminded=survey.reminder is None)


def _part(uow: UnitOfWork, case: Case, survey: Survey) -> str:
    """The first part that holds by the facts of the case as it is now; "" for none."""
    facts = {key: feel.from_json(fact.value) for key, fact in store.facts.of_case(uow, case.id).items()}
    for part in survey.parts:
        expression = feel.compile(part.where)
        if expression.evaluate({name: facts.get(name) for name in expression.names}, now=clock.now()) is True:
            return part.key
    return ""


def _later(uow: UnitOfWork, case: Case, survey: Survey, participant_id: str, *, reminded: bool) -> None:
    """When to look again. Not a job of the case: resuming one of its procedures would wake it."""
    now = clock.now()
    due = now + (survey.open_for - (survey.remind_after if survey.reminder else timedelta()) if reminded else survey.remind_after)
    key = f"{JOB}/{participant_id}/{survey.key}"
    told: dict[str, object] = {"case": case.id, "survey": survey.key, "participant": participant_id, "reminded": reminded}
    store.jobs.insert(uow, Job(new_id(now), case.program_id, None, JOB, key, told, due, 0, JobState.AVAILABLE, now))


def go_on(uow: UnitOfWork, actor: Actor, payload: Mapping[str, object]) -> None:
    """Remind somebody who was invited and still takes part, whether they answered or not; the next time, end what is over."""
    case = store.cases.get(uow, str(payload["case"]))
    pack = live.pack(uow, case.program_id, case.pack)
    survey = next((one for one in pack.surveys if one.key == payload["survey"]), None) if pack else None
    if survey is None or survey.reminder is None or payload["reminded"] is True:
        store.surveys.end_over(uow, case.id, clock.now())
        return
    participant = str(payload["participant"])
    if any(one.id == participant for one in store.participants.of_case(uow, case.id)):
        for person_id in notices.recipients(uow, case, participant):
            notices.send(uow, actor, case, person_id, survey.reminder)
    _later(uow, case, survey, participant, reminded=True)


def open_to(uow: UnitOfWork, actor: Actor, case_id: str | None = None) -> tuple[Asked, ...]:
    """The surveys that the actor may answer now, on one case or on all of theirs that no wall keeps them from."""
    found = store.surveys.of_person(uow, actor.program_id, actor.person_id)
    asked = (_asked(uow, actor, one) for one in found if case_id in (None, one.case_id))
    return tuple(one for one in asked if one is not None)


def _asked(uow: UnitOfWork, actor: Actor, invitation: Invitation) -> Asked | None:
    if invitation.ends_at <= clock.now() or store.walls.is_walled(uow, invitation.case_id, actor.person_id):
        return None
    pack = live.spoken(uow, actor, invitation.pack)
    survey = next((one for one in pack.surveys if one.key == invitation.survey), None) if pack else None
    if pack is None or survey is None:
        return None
    form = live.spoken_form(pack, actor, live.pack_form(uow, pack, invitation.program_id, survey.form))
    if form is None:
        return None
    return Asked(invitation, survey.title, store.cases.get(uow, invitation.case_id).number, form)


def get(uow: UnitOfWork, actor: Actor, invitation_id: str, case_id: str | None = None) -> Asked:
    """One of them. Raises NotFound for what is somebody else's, answered or over: all of these look alike."""
    found = next((one for one in open_to(uow, actor, case_id) if one.invitation.id == invitation_id), None)
    if found is None:
        raise NotFound(say("This survey was answered already, or its time is over. Thank you."))
    return found


def answer(uow: UnitOfWork, actor: Actor, invitation_id: str, data: Mapping[str, object], case_id: str | None = None) -> None:
    """Count the answers and forget the invitation; any question may be left out.

    Raises NotFound as `get`, FormInvalid for what is no answer, Invalid when there is none.
    """
    asked = get(uow, actor, invitation_id, case_id)
    checked = forms.check(asked.form, data, mode=Mode.SELF, writable=lambda cls: True)
    given = {name: value for part in checked.records for name, value in part.fields.items() if not forms.is_blank(value)}
    if not given:
        raise Invalid(say("Answer at least one question, or leave the page: you need not answer at all."))
    if not store.surveys.use(uow, invitation_id):
        raise NotFound
    for question, value in sorted(given.items()):
        store.surveys.count(uow, asked.invitation, question, json.dumps(value, sort_keys=True))
    store.surveys.count(uow, asked.invitation, PEOPLE, ANSWERED)
