"""Opening a case: who takes part, the opening form, and a warning when these people share a case already.

One page without state on the server: everything typed travels with the form until the case is opened.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from flask import Blueprint, Response, request, url_for

from api import auth
from api.running import running
from api.web import fields, page, speech, uploads
from engine import forms, language
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, FormInvalid, Invalid
from engine.model.forms import Form, Mode
from engine.operations.cases import cases, opening_files
from engine.operations.cases.cases import OpeningForm
from engine.operations.content import files
from engine.operations.people import known, people
from engine.operations.people.memberships import NewParticipant
from engine.store import UnitOfWork

blueprint = Blueprint("opening", __name__)

_MOST_PEOPLE = 20
_SEAT = re.compile(r"seat-([0-9]{1,3})-")


@dataclass(frozen=True, slots=True)
class Seat:
    """One line of the people part: an existing person, or a new one with name and contacts."""

    role: str
    find: str
    person_id: str
    name: str
    email: str
    phone: str
    #: what a new person reads, as a tag
    language: str
    matches: tuple[tuple[str, str], ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.person_id or self.name)


@blueprint.get("/cases/new")
def start() -> page.Answer:
    """An empty case with as many seats as the pack asks for."""
    with page.reading() as (uow, actor):
        opening = cases.opening_form(uow, actor, request.args.get("pack"))
        seats = [_blank(role) for role, least in opening.required.items() for _ in range(least)]
        return _render(uow, actor, opening, seats, {}, ())


@blueprint.post("/cases/new")
def send() -> page.Answer:
    """Search people, add a seat, warn of a likely duplicate, or open the case."""
    with page.reading() as (uow, actor):
        opening = cases.opening_form(uow, actor, request.args.get("pack"))
    answers, wrong = _files(opening, _answers(opening))
    with page.reading() as (uow, actor):
        seats = _seats(uow, actor)
        chosen = [_participant(seat) for seat in seats if not seat.is_blank]
        if step := request.form.get("_step"):
            return _render(uow, actor, opening, _stepped(step, seats, opening), answers, wrong)
        if {"_attach", "_detach"} & request.form.keys():
            return _render(uow, actor, opening, seats, answers, wrong)
        if wrong:
            return _render(uow, actor, opening, seats, answers, _all_mistakes(opening, chosen, answers, wrong))
        similar = cases.similar(uow, actor, opening.pack_key, chosen)
        if similar and not request.form.get("sure"):
            return page.render("case/similar.html", uow, actor, here="cases", similar=similar, posted=_posted(opening, answers))
    try:
        case = page.act(lambda uow, actor: cases.open_(uow, actor, opening.pack_key, chosen, answers))
    except Invalid as error:
        with page.reading() as (uow, actor):
            wrong = error.errors or (FieldError("", error.code, error.message),)
            return _render(uow, actor, opening, seats, answers, _all_mistakes(opening, chosen, answers, wrong))
    return page.go(url_for("case.show", case_id=case.id), say("Case {number} is open.", number=case.number))


def _seats(uow: UnitOfWork, actor: Actor) -> list[Seat]:
    numbers = sorted({int(found.group(1)) for key in request.form if (found := _SEAT.match(key))})
    return [_seat(uow, actor, f"seat-{number}-") for number in numbers[:_MOST_PEOPLE]]


def _seat(uow: UnitOfWork, actor: Actor, prefix: str) -> Seat:
    def given(name: str) -> str:
        return request.form.get(prefix + name, "").strip()

    matches = people.search(uow, actor, given("find")) if given("find") else ()
    contacts = (given("name"), given("email"), given("phone"), given("language") or language.SOURCE)
    return Seat(given("role"), given("find"), given("person"), *contacts, matches)


def _blank(role: str) -> Seat:
    return Seat(role, "", "", "", "", "", language.SOURCE)


def _stepped(step: str, seats: list[Seat], opening: OpeningForm) -> list[Seat]:
    """The seats after a button was pressed: find-N, add, or remove-N."""
    if step == "add" and len(seats) < _MOST_PEOPLE:
        first = opening.roles[0][0] if opening.roles else ""
        return [*seats, _blank(first)]
    if step.startswith("find-"):
        return [_looked(seat) if str(number) == step.removeprefix("find-") else seat for number, seat in enumerate(seats)]
    if step.startswith("remove-"):
        return [seat for number, seat in enumerate(seats) if str(number) != step.removeprefix("remove-")]
    return seats


def _looked(seat: Seat) -> Seat:
    """The seat after a search: who was chosen stays when found again, and the only one found is chosen unless a name was typed."""
    found = [id for id, _ in seat.matches]
    if seat.person_id in found:
        return seat
    return replace(seat, person_id=found[0] if len(found) == 1 and not seat.name else "")


def _participant(seat: Seat) -> NewParticipant:
    if seat.person_id:
        return NewParticipant(role=seat.role, person_id=seat.person_id)
    return NewParticipant(role=seat.role, name=seat.name, email=seat.email or None, phone=seat.phone or None, language=seat.language)


def _answers(opening: OpeningForm) -> dict[str, object]:
    form = _form(opening)
    return {} if form is None else forms.parse_html(form, request.form, Mode.SELF, lambda cls: True)


def _all_mistakes(
    opening: OpeningForm, chosen: list[NewParticipant], answers: Mapping[str, object], found: tuple[FieldError, ...]
) -> tuple[FieldError, ...]:
    """The mistakes found first, then those of people and form that were not looked at yet: nobody wants to hear of them later."""
    others = [
        replace(one, path=f"/participants/{position}{one.path}")
        for position, new in enumerate(chosen)
        if new.person_id is None
        for one in known.mistakes(name=new.name or "", email=new.email, phone=new.phone, language=new.language)
    ]
    form = _form(opening)
    try:
        if form is not None:
            forms.check(form, answers, mode=Mode.SELF, writable=lambda _cls: True)
    except FormInvalid as error:
        others += error.errors
    return (*found, *(one for one in others if one.path not in {told.path for told in found}))


def _people_summary(seats: list[Seat], wrong: tuple[FieldError, ...]) -> list[tuple[str | None, str]]:
    """(id, sentence) of the mistakes about people; their paths count only the seats that were filled in."""
    filled = [number for number, seat in enumerate(seats) if not seat.is_blank]
    found: list[tuple[str | None, str]] = []
    for one in wrong:
        _, _, rest = one.path.partition("/participants")
        number, _, field = rest.strip("/").partition("/")
        if number.isdecimal() and int(number) < len(filled):
            seat = filled[int(number)]
            shown = "role" if seats[seat].person_id else field or "name"
            found.append((f"seat-{seat}-{shown}", say("Person {number}: {mistake}", number=seat + 1, mistake=one.message)))
        else:
            found.append(("people", one.message))
    return found


def _form(opening: OpeningForm) -> Form | None:
    return opening.form if isinstance(opening.form, Form) else None


def _files(opening: OpeningForm, answers: dict[str, object]) -> tuple[dict[str, object], tuple[FieldError, ...]]:
    """The answers with the files that the post brings, without the one to be taken away; and what is wrong with files."""
    if taken_away := request.form.get("_detach"):
        answers = uploads.dropped(
            opening.form, answers, taken_away, lambda gone: page.act(lambda uow, actor: opening_files.remove(uow, actor, gone))
        )
    return uploads.taken(answers, partial(_keep, opening.pack_key))


def _keep(pack: str, field: str, name: str, content: BinaryIO) -> str:
    with page.reading() as (uow, actor):
        opening_files.rule(uow, actor, pack, field)
    scanner = running().config.scanner
    if scanner is not None:
        files.require_harmless(scanner, field, name, content)

    def add(uow: UnitOfWork, actor: Actor) -> str:
        content.seek(0, io.SEEK_SET)
        return opening_files.add(uow, actor, pack, field, (name, content), scanned=scanner is not None).id

    return page.act(add)


def _posted(opening: OpeningForm, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """Everything that was typed and chosen, to travel through the warning page."""
    form = _form(opening)
    chosen = {forms.files.name_of(path): str(id) for path, _, id in forms.files.given(form, answers)} if form else {}
    typed = [(key, value) for key, value in request.form.items(multi=True) if key not in ("csrf_token", "sure", *chosen)]
    return [*typed, *chosen.items()]


def _render(
    uow: UnitOfWork, actor: Actor, opening: OpeningForm, seats: list[Seat], answers: Mapping[str, object], wrong: tuple[FieldError, ...]
) -> Response:
    form = _form(opening)
    of_people = tuple(one for one in wrong if one.path.startswith("/participants"))
    of_form = tuple(one for one in wrong if one not in of_people)
    errors: list[tuple[str | None, str]] = _people_summary(seats, of_people)
    values: dict[str, Any] = {"opening": opening, "seats": seats, "sections": (), "kinds": cases.to_open(uow, actor)}
    values["languages"] = speech.readable(uow, actor)
    if form is not None:
        offered = forms.offered_fields(form, Mode.SELF, lambda cls: True)
        applying = forms.visible_fields(form, answers, Mode.SELF, lambda cls: True)
        filled = fields.Filled(
            values=answers,
            errors=fields.errors_by_path(of_form),
            choices={},
            labels=dict(opening.class_labels),
            applying=frozenset(field.name for field in applying),
            least_rows={},
            files=opening_files.beside(uow, actor, opening.pack_key, form),
            opens="",
        )
        values["takes_files"] = forms.files.has_files(form)
        values["sections"] = fields.sections(form, offered, filled)
        errors += fields.summary(form, of_form)
    else:
        errors += [(None, one.message) for one in of_form]
    values |= {"whose": auth.mark(request.path), "errors": errors}
    return page.render("case/open.html", uow, actor, here="cases", status=422 if wrong else 200, **values)
