"""People and roles: add, change, deactivate; every act in the program's trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid
from engine.model.ids import new_id
from engine.model.lists import Page
from engine.model.packs import Act, RoleKind
from engine.model.people import Account, Membership, Person
from engine.model.views import PersonLine
from engine.operations import live, offers, trail
from engine.operations.people import known
from engine.operations.scope import within
from engine.store import UnitOfWork

#: fewest letters that are searched for
LEAST_SEARCHED = 3


def add(
    uow: UnitOfWork,
    actor: Actor,
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    language: str = "en",
    staff: bool = True,
    roles: tuple[str, ...] = (),
) -> Person:
    """A new person with program roles. Raises Invalid with a path for each mistake, Forbidden."""
    _require_manage(uow, actor)
    # Whoever holds a role of the program works for it.
    person = known.make(uow, actor, name=name, email=email, phone=phone, language=language, staff=staff or bool(roles))
    for role in roles:
        give_role(uow, actor, person.id, role)
    return person


def change(
    uow: UnitOfWork,
    actor: Actor,
    person_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
) -> Person:
    """Change details; None leaves one as it is, "" clears contacts. The trail names the fields, not the values."""
    _require_manage(uow, actor)
    before = within(actor.program_id, store.persons.get(uow, person_id))
    after = replace(
        before,
        name=before.name if name is None else name.strip(),
        email=before.email if email is None else email or None,
        phone=before.phone if phone is None else phone or None,
        language=before.language if language is None else language,
    )
    errors = known.mistakes(name=after.name, email=after.email, phone=after.phone, language=after.language)
    if errors:
        raise Invalid(say("Some details of the person cannot be taken."), errors)
    store.persons.update(uow, after)
    fields = [key for key in ("name", "email", "phone", "language") if getattr(before, key) != getattr(after, key)]
    trail.note(uow, actor, "person_changed", person=person_id, fields=fields)
    return after


def deactivate(uow: UnitOfWork, actor: Actor, person_id: str) -> None:
    """End a person's access at once: sessions, tokens, roles stay on record but nothing can be done with them."""
    if person_id == actor.person_id:
        raise Conflict(say("You cannot deactivate yourself; ask somebody else."))
    _set_active(uow, actor, person_id, active=False)


def reactivate(uow: UnitOfWork, actor: Actor, person_id: str) -> None:
    """Let a deactivated person in again."""
    _set_active(uow, actor, person_id, active=True)


def _set_active(uow: UnitOfWork, actor: Actor, person_id: str, *, active: bool) -> None:
    _require_manage(uow, actor)
    person = within(actor.program_id, store.persons.get(uow, person_id))
    account = store.accounts.get_by_person(uow, person.id)
    if account is not None and account.administrator and not actor.administrator:
        raise Forbidden(say("Only an administrator does that to an administrator."))
    at = None if active else clock.now()
    store.persons.update(uow, replace(person, deactivated_at=at))
    if account is not None:
        ended = replace(account, deactivated_at=at, session_epoch=account.session_epoch + 1)
        store.accounts.update(uow, ended)
    trail.note(uow, actor, "person_reactivated" if active else "person_deactivated", person=person.id)
    offers.refresh_of(uow, person)


def give_role(uow: UnitOfWork, actor: Actor, person_id: str, role: str) -> None:
    """Give a program role; giving it twice changes nothing."""
    _require_manage(uow, actor)
    person = within(actor.program_id, store.persons.get(uow, person_id))
    if role not in {key for key, _ in roles(uow, actor)}:
        message = say("Choose one of the program's roles.")
        raise Invalid(message, (FieldError("/role", "unknown-role", message),))
    now = clock.now()
    if any(m.role == role for m in store.memberships.current(uow, actor.program_id, person.id, now)):
        return
    if not person.staff:
        store.persons.update(uow, replace(person, staff=True))
    store.memberships.insert(uow, Membership(new_id(now), actor.program_id, person.id, role, now))
    trail.note(uow, actor, "role_given", person=person.id, role=role)
    offers.refresh_of(uow, person)


def end_role(uow: UnitOfWork, actor: Actor, person_id: str, role: str) -> None:
    """End a program role now."""
    _require_manage(uow, actor)
    person = within(actor.program_id, store.persons.get(uow, person_id))
    now = clock.now()
    for one in store.memberships.current(uow, actor.program_id, person.id, now):
        if one.role == role:
            store.memberships.end(uow, one.id, now)
            trail.note(uow, actor, "role_ended", person=person.id, role=role)
    offers.refresh_of(uow, person)


def roles(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Program roles that people can be given: (key, label)."""
    known_roles = live.spoken_roles(uow, actor)
    return tuple((key, role.label) for key, role in known_roles.items() if role.kind is not RoleKind.CASE)


def list_(uow: UnitOfWork, actor: Actor, *, text: str = "", cursor: str | None = None, limit: int = 50) -> Page[PersonLine]:
    """Everybody the program knows, by name, for who manages people."""
    _require_manage(uow, actor)
    page = store.persons.list_(uow, actor.program_id, include_deactivated=True, text=text, cursor=cursor, limit=limit)
    return Page(_lines(uow, actor.program_id, page.items), page.next)


def get(uow: UnitOfWork, actor: Actor, person_id: str) -> PersonLine:
    """One person, oneself or for who manages people."""
    if person_id != actor.person_id:
        _require_manage(uow, actor)
    return _lines(uow, actor.program_id, [within(actor.program_id, store.persons.get(uow, person_id))])[0]


def _lines(uow: UnitOfWork, program_id: str, people: Sequence[Person]) -> tuple[PersonLine, ...]:
    ids = [person.id for person in people]
    accounts, held = store.accounts.of_persons(uow, ids), store.memberships.roles_of(uow, program_id, ids, clock.now())
    return tuple(_line(person, accounts.get(person.id), held.get(person.id, ())) for person in people)


def _line(person: Person, account: Account | None, held: tuple[str, ...]) -> PersonLine:
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        staff=person.staff,
        login=account.login if account else None,
        administrator=account.administrator if account else False,
        roles=held,
        active=person.deactivated_at is None,
        account_id=account.id if account else None,
    )


def search(uow: UnitOfWork, actor: Actor, text: str) -> tuple[tuple[str, str], ...]:
    """People whose name, address or number begins so, for who opens cases or manages people: (id, name).

    Nothing is found for fewer than three letters, so that nobody leafs through everybody the program ever knew.
    """
    if not (actor.administrator or live.program_may(uow, actor, Act.CASE_OPEN)):
        _require_manage(uow, actor)
    wanted = text.casefold().strip()
    if len(wanted) < LEAST_SEARCHED:
        return ()
    found = store.persons.search(uow, actor.program_id, wanted, 200)
    return tuple((p.id, p.name) for p in found if _begins(p, wanted))[:20]


def _begins(person: Person, wanted: str) -> bool:
    """Whether a word of the name, or the address or phone number, begins with what is looked for."""
    words = (person.name, *person.name.split(), person.email or "", person.phone or "")
    return any(word.casefold().startswith(wanted) for word in words)


def _require_manage(uow: UnitOfWork, actor: Actor) -> None:
    if not actor.administrator:
        live.require_program_act(uow, actor, Act.PERSON_MANAGE)
