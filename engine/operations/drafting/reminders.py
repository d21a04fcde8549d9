"""Reminders of one step of a change, from where it is drawn: the ladder that counts for it in pack.toml, made its own on the first edit.

Of the rules that fit a step the first counts, so a ladder of its own is put before the one that it shared until then and
begins with the same rungs: adding a reminder to one step neither takes others from it nor gives them to other steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from engine import feel, packs
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound
from engine.model.packs import DeadlineRule, Pack, RungAct
from engine.operations.drafting import change_files, pack_changes
from engine.packs import editing
from engine.store import UnitOfWork

#: of one reminder; more would wear people out rather than remind them
MOST = 10
#: a step without a known due time is taken as due then, to tell which rung comes first
_FAR = "P365D"
_BEGIN = datetime(2001, 1, 1, tzinfo=UTC)
_EVERY = "*"
_LENGTH = re.compile(r"P(?:[1-9]\d{0,3}[DWMY]|T[1-9]\d{0,3}[HM])", re.ASCII)
#: the notice of a pack without any, and what it says: neutral, so that a glance at a phone tells nothing
_OWN = "reminder"
_TEXT = {"title": "Reminder: something waits", "text": "Something in case {case} waits for you. Please sign in."}
Rules = tuple[DeadlineRule, ...]


class When(StrEnum):
    """From when the length of a reminder counts."""

    AFTER = "after"
    BEFORE = "before"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder as it is asked for: so long after the step came up, before it is due or after it was, again and again as often as said."""

    when: When
    #: ISO 8601, positive
    length: str
    #: how often, each time after the same length; a reminder before the due time comes once
    times: int = 1
    #: "assignee", "role:KEY" or "case-role:KEY"
    to: str = "assignee"
    #: key of a notice; None: the one that other reminders use, or a new one
    notice: str | None = None
    #: ISO 8601 length until the step is due, where that is known
    due: str | None = None


class NoReminder(Invalid):
    """This is no reminder that a step can have."""

    code = "no-reminder"


def mark(rule: DeadlineRule | None) -> str:
    """A short text that is another one when a ladder is; "" for none."""
    return pack_changes.mark([asdict(rung) for rung in rule.rungs]) if rule else ""


def add(uow: UnitOfWork, actor: Actor, change_id: str, step: str, wanted: Reminder) -> Rules:
    """Add a reminder to a step, "process-key/element-id"; gives all deadline rules then. Raises NoReminder, NotFound."""
    pack, raw = _pack(uow, actor, change_id)
    moments = _moments(wanted)
    kind, _, role = wanted.to.partition(":")
    if wanted.to != "assignee" and not (kind in ("role", "case-role") and role in pack.roles):
        raise _wrong("to", say("Choose who is reminded."))
    notice, fresh = _notice(pack, wanted)
    rungs = [*_rungs(raw, _place(pack, step)), *({**moment, "act": "remind", "to": wanted.to, "notice": notice} for moment in moments)]
    rungs.sort(key=lambda rung: _comes(rung, wanted.due))
    return _written(uow, actor, change_id, step, rungs, notice=fresh)


def take_out(uow: UnitOfWork, actor: Actor, change_id: str, step: str, number: int, was: str) -> Rules:
    """Take one rung, counted from 1, out of what a step has; `was` is the `mark` of the ladder that was looked at.

    Raises StaleDraft when it is another one meanwhile, NotFound, and NoReminder when nothing would be left of a ladder that every step has.
    """
    pack, raw = _pack(uow, actor, change_id)
    place = _place(pack, step)
    if mark(pack.deadline_rules[place] if place is not None else None) != was:
        raise change_files.StaleDraft(say("Somebody else changed these reminders meanwhile; look at what stands there now."))
    rungs = _rungs(raw, place)
    if not 0 < number <= len(rungs):
        raise NotFound(say("This step has no such reminder any more."))
    return _written(uow, actor, change_id, step, rungs[: number - 1] + rungs[number:])


def share(uow: UnitOfWork, actor: Actor, change_id: str, step: str) -> Rules:
    """Give up a step's own ladder, so that the one of all other steps counts for it again. Raises NotFound when it has none."""
    pack, _raw = _pack(uow, actor, change_id)
    place = _place(pack, step)
    if place is None or pack.deadline_rules[place].applies_to != (step,):
        raise NotFound(say("This step has no reminders of its own."))
    return _written(uow, actor, change_id, step, [])


def _pack(uow: UnitOfWork, actor: Actor, change_id: str) -> tuple[Pack, Mapping[str, Any]]:
    found = pack_changes.get(uow, actor, change_id)
    if found.pack is None:
        raise NoReminder(say("The pack of this change has mistakes; solve the problems listed for pack.toml first."))
    return found.pack, found.raw


def _place(pack: Pack, step: str) -> int | None:
    """Which rule counts for a step."""
    rule = packs.deadline_rule(pack, *step.split("/", 1))
    return None if rule is None else pack.deadline_rules.index(rule)


def _rungs(raw: Mapping[str, Any], place: int | None) -> list[dict[str, Any]]:
    return [] if place is None else [dict(rung) for rung in raw["deadline_rules"][place]["rungs"]]


def _moments(wanted: Reminder) -> list[dict[str, str]]:
    """When a reminder comes, as a rung writes it."""
    for length in (wanted.length, wanted.due):
        if length is not None and not _LENGTH.fullmatch(length):
            raise _wrong("length", say("Say how long with a number from 1 to 9999 and a unit."))
    if not 1 <= wanted.times <= MOST:
        raise _wrong("times", say("Choose a number of times from 1 to {most}.", most=MOST))
    match wanted.when:
        case When.BEFORE:
            return [{"offset": f"-{wanted.length}"}]
        case When.AFTER:
            return [{"after": _again(wanted.length, number)} for number in range(1, wanted.times + 1)]
        case When.LATE:
            return [{"offset": _again(wanted.length, number)} for number in range(1, wanted.times + 1)]


def _again(length: str, number: int) -> str:
    """A length so many times over."""
    return re.sub(r"\d+", lambda found: str(int(found.group()) * number), length)


def _wrong(name: str, message: str) -> NoReminder:
    return NoReminder(message, (FieldError(f"/{name}", NoReminder.code, message),))


def _notice(pack: Pack, wanted: Reminder) -> tuple[str, bool]:
    """The notice of a reminder, and whether it is still to be written."""
    if wanted.notice is not None:
        if wanted.notice not in pack.notices:
            raise _wrong("notice", say("The pack has no such notice; choose another."))
        return wanted.notice, False
    alike = (rung for rule in pack.deadline_rules for rung in rule.rungs if rung.act is RungAct.REMIND and rung.to == wanted.to)
    used = next((rung.notice for rung in alike if rung.notice in pack.notices), None)
    return (used, False) if used else (_OWN, _OWN not in pack.notices)


def _comes(rung: Mapping[str, Any], due: str | None) -> datetime:
    """When a rung comes, of a task that begins at a fixed moment; only the order counts."""
    late = _after(_BEGIN, due or _FAR)
    if "after" in rung:
        return _after(_BEGIN, str(rung["after"]))
    if "percentage" in rung:
        return _BEGIN + (late - _BEGIN) * (float(rung["percentage"]) / 100)
    return _after(late, str(rung.get("offset", "PT0S")))


def _after(moment: datetime, length: str) -> datetime:
    return feel.add(moment, feel.iso_duration(length))


def _written(uow: UnitOfWork, actor: Actor, change_id: str, step: str, rungs: Sequence[Mapping[str, Any]], notice: bool = False) -> Rules:
    """Let a step have exactly these rungs; none: what all others have."""

    def work(text: str) -> str:
        if notice:
            text = editing.put(text, ("notices", _OWN), _TEXT)
        return _with(text, step, rungs)

    pack_changes.edit(uow, actor, change_id, work)
    return _pack(uow, actor, change_id)[0].deadline_rules


def _with(text: str, step: str, rungs: Sequence[Mapping[str, Any]]) -> str:
    rules = editing.plain(text).get("deadline_rules", [])
    place = next((number for number, rule in enumerate(rules) if {_EVERY, step} & set(rule["applies_to"])), None)
    if place is not None and rules[place]["applies_to"] == [step]:
        path = ("deadline_rules", place)
        return editing.put(text, (*path, "rungs"), rungs) if rungs else editing.remove(text, path)
    if place is not None and step in rules[place]["applies_to"]:
        others = [one for one in rules[place]["applies_to"] if one != step]
        text = editing.put(text, ("deadline_rules", place, "applies_to"), others)
        if not rungs and _EVERY not in others:
            return text
    if not rungs:
        raise NoReminder(say("Every step has this one, so it cannot be taken from one step alone. Change it on the pack's page, for all."))
    own: dict[str, editing.Plain] = {"key": _key(step, {str(rule["key"]) for rule in rules}), "applies_to": [step], "rungs": list(rungs)}
    if place is not None and "working" in rules[place]:
        own["working"] = rules[place]["working"]
    text = editing.append(text, "deadline_rules", own)
    return text if place is None else editing.move(text, "deadline_rules", len(rules), place)


def _key(step: str, taken: set[str]) -> str:
    """A short name for a rule, from the step's."""
    stem = re.sub(r"[^a-z0-9]+", "-", step.partition("/")[2].lower()).strip("-")[:40].strip("-")
    stem = stem if stem[:1].isalpha() else f"step-{stem}".rstrip("-")
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
