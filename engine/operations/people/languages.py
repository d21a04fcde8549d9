"""The languages of a program: which its packs are kept in, and which one a person reads."""

from __future__ import annotations

from dataclasses import replace

from engine import language, packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.operations import live, trail
from engine.store import UnitOfWork


def offered(uow: UnitOfWork, actor: Actor) -> tuple[str, ...]:
    """The languages that pages are in or that some pack of the program is kept in, as tags such as en or es."""
    kept = (tag for pack in live.all_packs(uow, actor.program_id) for tag in packs.languages(pack))
    return tuple(dict.fromkeys((*language.names(), *kept)))


def read_by(uow: UnitOfWork, actor: Actor) -> str:
    """The language that the actor chose, or that was noted when they were entered."""
    return store.persons.get(uow, actor.person_id).language


def choose(uow: UnitOfWork, actor: Actor, tag: str) -> None:
    """Let the actor read another language. Raises Invalid for one that is not offered."""
    if tag not in offered(uow, actor):
        message = say("Choose one of the languages of this program.")
        raise Invalid(message, (FieldError("/language", "language", message),))
    person = store.persons.get(uow, actor.person_id)
    if person.language != tag:
        store.persons.update(uow, replace(person, language=tag))
        trail.note(uow, actor, "person_changed", person=person.id, fields=["language"])
