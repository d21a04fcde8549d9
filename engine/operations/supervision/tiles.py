"""The board: what a program watches, as its packs declare it, counted now for one reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from engine import access, clock, packs, store
from engine.language import noted, say, say_many
from engine.model.access import Actor
from engine.model.errors import NotFound
from engine.model.packs import Act, Pack
from engine.model.tiles import Counting, Group, Tile, TileView, Watched
from engine.operations import live, wording
from engine.operations.words import due_words
from engine.store import UnitOfWork

#: how each kind is counted
_COUNTED: Mapping[Counting, str] = noted({
    Counting.OVERDUE: "Cases with a late task; each counts once, by the one that is late longest.",
    Counting.DUE_TODAY: "Cases with a task that is due today and not late yet.",
    Counting.OPEN: "Cases in which somebody has such a task.",
    Counting.NOBODY: "Cases that nobody can move as things stand.",
    Counting.IDLE: "Open cases in which no task was completed for that long.",
    Counting.INCIDENTS: "Cases in which a step failed.",
    Counting.EXPIRING: "Cases in which time runs out soon.",
})
_ALARMS = frozenset({Counting.OVERDUE, Counting.NOBODY, Counting.INCIDENTS})


def board(uow: UnitOfWork, actor: Actor) -> tuple[TileView, ...]:
    """The tiles that the actor sees, in the packs' order, each counted now. Raises Forbidden for who does not list all cases."""
    live.require_program_act(uow, actor, Act.CASE_LIST)
    seen = [(pack, tile) for pack in _packs(uow, actor) for tile in pack.tiles if _sees(actor, pack, tile)]
    zone = store.programs.get(uow, actor.program_id).timezone
    ready = [watched(pack, tile, zone) for pack, tile in seen]
    counts = store.tiles.count(uow, actor.program_id, ready, clock.now(), actor.person_id)
    return tuple(_view(pack, tile, count) for (pack, tile), count in zip(seen, counts, strict=True))


def find(uow: UnitOfWork, actor: Actor, key: str) -> tuple[Pack, Tile]:
    """The tile with a key "PACK/TILE". Raises NotFound for one that the actor does not see."""
    named, _, own = key.partition("/")
    for pack in _packs(uow, actor):
        for tile in pack.tiles:
            if (pack.key, tile.key) == (named, own) and _sees(actor, pack, tile):
                return pack, tile
    raise NotFound(say("There is no such tile on your board; it may have been taken away."))


def _packs(uow: UnitOfWork, actor: Actor) -> list[Pack]:
    known = (live.spoken(uow, actor, pack.key) for pack in live.all_packs(uow, actor.program_id))
    return [pack for pack in known if pack is not None]


def _sees(actor: Actor, pack: Pack, tile: Tile) -> bool:
    return access.knows_all(actor, pack) and (not tile.roles or not actor.roles.isdisjoint(tile.roles))


def watched(pack: Pack, tile: Tile, timezone: str, bucket: int | None = None) -> Watched:
    """A tile made ready for the store, now."""
    places, elsewhere = ladder_places(pack, tile.rule) if tile.rule else (tuple(_place(one) for one in tile.at), False)
    return Watched(pack.key, tile.counts, places, elsewhere, _until(pack, tile, timezone), _since(pack, tile, timezone), bucket)


def _since(pack: Pack, tile: Tile, timezone: str) -> tuple[tuple[str, tuple[datetime, ...]], ...]:
    """The groups of days late, as the words beside a task count them: each task in the calendar that its due date is told in."""
    if not tile.buckets:
        return ()
    usual = (("", due_words.calendar_of(pack)), *pack.calendars.items())
    zone = wording.zone(timezone)
    return tuple((key, tuple(due_words.late_since(calendar, zone, last) for last in tile.buckets)) for key, calendar in usual)


def _place(selector: str) -> tuple[str, str]:
    process, _, element = selector.partition("/")
    return process, element


def ladder_places(pack: Pack, key: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Where the ladder of a deadline rule stands: its places, or True with the places that other rules took before it.

    Of the rules that fit a task, the first counts.
    """
    taken: list[str] = []
    for rule in pack.deadline_rules:
        if rule.key == key:
            everywhere = "*" in rule.applies_to
            names = taken if everywhere else [name for name in rule.applies_to if name not in taken]
            return tuple(_place(name) for name in dict.fromkeys(names)), everywhere
        taken += rule.applies_to
        if "*" in rule.applies_to:
            break
    return (), False


def _until(pack: Pack, tile: Tile, timezone: str) -> datetime:
    now, length = clock.now(), packs.tile_length(pack, tile)
    if tile.counts is Counting.DUE_TODAY:
        zone = wording.zone(timezone)
        return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    reach = length.delta if length is not None else timedelta()
    return now - reach if tile.counts is Counting.IDLE else now + reach


def _view(pack: Pack, tile: Tile, count: Mapping[int, int]) -> TileView:
    working = due_words.calendar_of(pack) is not None
    places = range(len(tile.buckets) + 1) if tile.buckets else ()
    groups = tuple(Group(_days(tile, place, working=working), count.get(place, 0), place) for place in places)
    number = sum(count.values())
    alarms = tile.counts in _ALARMS
    return TileView(f"{pack.key}/{tile.key}", tile.title, number, groups, tile.note, alarms and number > 0, say(_COUNTED[tile.counts]))


def _days(tile: Tile, place: int, *, working: bool) -> str:
    """The group of days late: "up to 3 days", "4 to 7 working days", "more than 7 days"."""
    if place == len(tile.buckets):
        most = tile.buckets[-1]
        if working:
            return say_many("more than {n} working day", "more than {n} working days", most)
        return say_many("more than {n} day", "more than {n} days", most)
    last = tile.buckets[place]
    if not place:
        if working:
            return say_many("up to {n} working day", "up to {n} working days", last)
        return say_many("up to {n} day", "up to {n} days", last)
    first = tile.buckets[place - 1] + 1
    if first == last:
        return say_many("{n} working day", "{n} working days", first) if working else say_many("{n} day", "{n} days", first)
    if working:
        return say("{first} to {last} working days", first=first, last=last)
    return say("{first} to {last} days", first=first, last=last)
