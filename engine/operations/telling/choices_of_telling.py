"""What a person may choose about being told, and what they chose; everybody's own alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine import packs, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.model.packs import Pack
from engine.model.people import Person
from engine.model.telling import Kind, Telling, TellingChoices, Way
from engine.operations import live, trail
from engine.operations.telling import telling_hours
from engine.operations.telling.telling import Wishes
from engine.store import UnitOfWork

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_BAD_HOUR = noted("Write a time such as 07:30.")


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind of notice: the way that holds now, and those that may be chosen."""

    key: str
    label: str
    way: Way
    ways: tuple[Way, ...]
    #: the subject of its mail, so that one knows what others could read on a screen
    subject: str


@dataclass(frozen=True, slots=True)
class MyTelling:
    """How one person is told. Times are written as 07:30 in the program's time zone; `quiet_from` None: no quiet hours."""

    kinds: tuple[KindChoice, ...]
    digest_at: str
    quiet_from: str | None
    quiet_until: str | None
    #: where mail goes; None: the person has no address, so there is no mail
    email: str | None
    timezone: str


def mine(uow: UnitOfWork, actor: Actor) -> MyTelling:
    """How the actor is told."""
    person = store.persons.get(uow, actor.person_id)
    chosen = store.telling_choices.find(uow, person.id)
    found = _packs(uow, actor)
    wishes = Wishes(next((pack.telling for pack in found if pack.telling.kinds), Telling()), chosen)
    begin, end = wishes.quiet
    return MyTelling(
        kinds=tuple(_choice(pack, kind, person, Wishes(pack.telling, chosen)) for pack in found for kind in _offered(uow, actor, pack)),
        digest_at=telling_hours.written(wishes.digest_at),
        quiet_from=None if begin == end else telling_hours.written(begin),
        quiet_until=None if begin == end else telling_hours.written(end),
        email=person.email,
        timezone=store.programs.get(uow, actor.program_id).timezone,
    )


def choose(uow: UnitOfWork, actor: Actor, *, ways: Mapping[str, str], digest_at: str, quiet: tuple[str, str] | None) -> None:
    """Keep the actor's choices from now on; kinds that are left out stay as they are. `quiet` None: no quiet hours. Raises Invalid."""
    person = store.persons.get(uow, actor.person_id)
    kinds = {kind.key: kind for pack in _packs(uow, actor) for kind in _offered(uow, actor, pack)}
    errors = [*_wrong_ways(ways, kinds), *_wrong_hours({"digest_at": digest_at, **_named(quiet)})]
    if errors:
        raise Invalid(say("This could not be kept."), tuple(errors))
    before = store.telling_choices.find(uow, person.id) or TellingChoices(person.id, person.program_id)
    begin, end = (telling_hours.minute(hour) for hour in quiet) if quiet else (0, 0)
    daily = telling_hours.minute(digest_at)
    after = replace(before, ways={**before.ways, **ways}, digest_at=daily, quiet_from=begin, quiet_until=end)
    store.telling_choices.put(uow, after)
    trail.note(uow, actor, "telling_chosen", person=person.id)


def _packs(uow: UnitOfWork, actor: Actor) -> tuple[Pack, ...]:
    return live.all_packs(uow, actor.program_id)


def _offered(uow: UnitOfWork, actor: Actor, pack: Pack) -> tuple[Kind, ...]:
    """The kinds that the actor is asked about, by the roles that they hold now in the program or on any case."""
    held = actor.roles | store.participants.roles_of_person(uow, actor.program_id, actor.person_id)
    return tuple(kind for kind in pack.telling.kinds if not kind.roles or kind.roles & held)


def _choice(pack: Pack, kind: Kind, person: Person, wishes: Wishes) -> KindChoice:
    language = packs.fitting(pack, [person.language])
    label, subject = (packs.say(pack, language, text) for text in (kind.label, kind.letter.subject))
    return KindChoice(kind.key, label, wishes.way(kind), kind.ways, subject)


def _wrong_ways(ways: Mapping[str, str], kinds: Mapping[str, Kind]) -> list[FieldError]:
    wrong = [key for key, way in ways.items() if key not in kinds or way not in kinds[key].ways]
    message = say("This kind does not come in this way; choose one of those that are offered.")
    return [FieldError(f"/ways/{key}", "way", message) for key in wrong]


def _named(quiet: tuple[str, str] | None) -> dict[str, str]:
    return {"quiet_from": quiet[0], "quiet_until": quiet[1]} if quiet else {}


def _wrong_hours(hours: Mapping[str, str]) -> list[FieldError]:
    return [FieldError(f"/{name}", "hour", say(_BAD_HOUR)) for name, hour in hours.items() if not _HOUR.fullmatch(hour)]
