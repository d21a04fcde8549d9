"""Making a person known: the checks on a name and contacts, used wherever people are entered."""

from __future__ import annotations

import re

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.model.ids import new_id
from engine.model.people import Person
from engine.operations import trail
from engine.store import UnitOfWork

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[+()0-9 ./-]{3,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: most characters of a name or address
LENGTH = 200
#: letters of a name that are said to find a place in it
_AROUND = 20


def make(uow: UnitOfWork, actor: Actor, *, name: str, email: str | None, phone: str | None, language: str, staff: bool) -> Person:
    """A new person; raises Invalid with a path for each mistake."""
    errors = mistakes(name=name, email=email, phone=phone, language=language)
    if errors:
        raise Invalid(say("Some details of the person cannot be taken."), errors)
    now = clock.now()
    person = Person(new_id(now), actor.program_id, name.strip(), email or None, phone or None, language, staff, now)
    store.persons.insert(uow, person)
    trail.note(uow, actor, "person_added", person=person.id, staff=staff)
    return person


def mistakes(*, name: str, email: str | None, phone: str | None, language: str) -> tuple[FieldError, ...]:
    """What is wrong with a person's details, each with its path."""
    found = []
    if name.strip() and not name.isprintable():
        found.append(FieldError("/name", "name-sign", _unseen(name)))
    elif not name.strip() or len(name) > LENGTH:
        found.append(FieldError("/name", "name", say("Enter a name of at most {length} characters.", length=LENGTH)))
    if email and (len(email) > LENGTH or not _EMAIL.fullmatch(email)):
        found.append(FieldError("/email", "email", say("Enter an e-mail address like name@example.org, or leave it empty.")))
    if phone and not _PHONE.fullmatch(phone):
        found.append(FieldError("/phone", "phone", say("Enter a phone number with digits, or leave it empty.")))
    if not _LANGUAGE.fullmatch(language):
        found.append(FieldError("/language", "language", say("Choose a language, such as en or es.")))
    return tuple(found)


def _unseen(name: str) -> str:
    """Where a name holds a sign that cannot be seen, such as one that a copied text brought along."""
    place = next(number for number, letter in enumerate(name) if not letter.isprintable())
    before = name[max(0, place - _AROUND) : place].strip()
    if not before:
        return say("The name begins with a sign that cannot be seen; delete it, or type the name again.")
    return say("The name holds a sign that cannot be seen, after “{before}” (place {place}); delete it, or type the name again.",
               before=before, place=place + 1)  # fmt: skip
