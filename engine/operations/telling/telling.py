"""By which way somebody is told of something: as the pack has it and as they chose. Mail is promised in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine import clock, store
from engine.model.cases import Case
from engine.model.ids import new_id
from engine.model.telling import Kind, MailState, OutgoingMail, Telling, TellingChoices, Way
from engine.operations import live
from engine.operations.telling import telling_hours
from engine.store import UnitOfWork

#: the kind of a daily mail
DIGEST = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds for one person: their own choices over what the pack has."""

    telling: Telling
    chosen: TellingChoices | None

    def way(self, kind: Kind) -> Way:
        """The way of a kind; a choice that the pack no longer offers does not count."""
        own = self.chosen.ways.get(kind.key) if self.chosen else None
        return next((way for way in kind.ways if way == own), kind.way)

    @property
    def quiet(self) -> tuple[int, int]:
        """Quiet hours in minutes of the day."""
        chosen = self.chosen
        if chosen is None or chosen.quiet_from is None or chosen.quiet_until is None:
            return self.telling.quiet
        return (chosen.quiet_from, chosen.quiet_until)

    @property
    def digest_at(self) -> int:
        """Minute of the day of the daily mail."""
        own = self.chosen.digest_at if self.chosen else None
        return self.telling.digest_at if own is None else own


@dataclass(frozen=True, slots=True)
class Told:
    """How somebody is told: `way`, and the mail that tells of it, if any."""

    way: Way
    mail_id: str | None = None


def promise(uow: UnitOfWork, case: Case, person_id: str, template: str) -> Told:
    """Decide on the way and put the mail that it needs on its way; it goes out after the commit."""
    pack = live.pack(uow, case.program_id, case.pack)
    kind = pack.telling.kind_of(template) if pack else None
    if pack is None or kind is None:
        return Told(Way.INBOX)
    wishes = Wishes(pack.telling, store.telling_choices.find(uow, person_id))
    way = wishes.way(kind)
    if way in (Way.INBOX, Way.NONE) or not store.persons.get(uow, person_id).email:
        return Told(Way.NONE if way is Way.NONE else Way.INBOX)
    zone = zone_of(uow, case.program_id)
    if way is Way.DIGEST:
        return Told(way, _digest(uow, case.program_id, person_id, pack.key, wishes, zone))
    return Told(way, _mail(uow, case, person_id, pack.key, kind, wishes, zone))


def zone_of(uow: UnitOfWork, program_id: str) -> ZoneInfo:
    """The time zone that the hours of a program are in."""
    return ZoneInfo(store.programs.get(uow, program_id).timezone)


def _mail(uow: UnitOfWork, case: Case, person_id: str, pack: str, kind: Kind, wishes: Wishes, zone: ZoneInfo) -> str:
    now = clock.now()
    due_at = telling_hours.held(now, wishes.quiet, zone)
    mail = OutgoingMail(new_id(now), case.program_id, case.id, person_id, pack, kind.key, MailState.WAITING, due_at, now)
    store.mails.insert(uow, mail)
    return mail.id


def _digest(uow: UnitOfWork, program_id: str, person_id: str, pack: str, wishes: Wishes, zone: ZoneInfo) -> str:
    """The person's daily mail that is still to come, or a new one."""
    now = clock.now()
    open_one = store.mails.untried(uow, person_id, pack, DIGEST, now)
    if open_one is not None:
        return open_one.id
    due_at = telling_hours.held(telling_hours.next_at(now, wishes.digest_at, zone), wishes.quiet, zone)
    mail = OutgoingMail(new_id(now), program_id, None, person_id, pack, DIGEST, MailState.WAITING, due_at, now)
    store.mails.insert(uow, mail)
    return mail.id
