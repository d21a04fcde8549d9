"""What is waited for, in words: each kind of wait as a phrase, a sentence of its own, and the first line of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine import clock
from engine.language import noted, say
from engine.model.packs import Act, MessageRule, Pack
from engine.model.states import InstanceState
from engine.model.views import Next, Waiting, Who
from engine.operations import wording
from engine.operations.words import due_words

_PLAIN: Mapping[str, str] = noted({
    "timer": "a date",
    "message": "a message",
    "signal": "a signal",
    "condition": "a condition to become true",
    "join": "other branches",
    "event_gateway": "one of several events",
})

#: elements without a name, by BPMN type
_KINDS: Mapping[str, str] = noted({
    "userTask": "a task",
    "manualTask": "a task",
    "task": "a task",
    "serviceTask": "a service task",
    "sendTask": "a send task",
    "receiveTask": "a message",
    "scriptTask": "a script task",
    "businessRuleTask": "a decision",
    "callActivity": "a called process",
    "subProcess": "a sub-process",
})


def titled(described: Mapping[str, object], pack: Pack | None) -> str:
    """An element as a diagram describes it: by its name, else by its type; never by a raw id."""
    kind = str(described.get("type", ""))
    name = str(described.get("name") or "")
    if name:
        return wording.quoted(wording.of_pack(pack, name))
    if kind in _KINDS:
        return say(_KINDS[kind])
    return say("a gateway") if kind.endswith("Gateway") else say("an event") if kind.endswith("Event") else say("an element")


def message(name: str, key: str | None, case_id: str) -> str:
    """A message that is awaited, with the key that it has to have; that it is about this case goes without saying."""
    if key is None or key == case_id:
        return say("the message “{name}”", name=name)
    return say("the message “{name}” with the key {key}", name=name, key=key)


def title(pack: Pack | None, element: str | None, name: str) -> str:
    """What people call a message: as the pack offers it, else as the diagram names where it is awaited, else by its own name."""
    rule = pack.messages.get(name) if pack is not None else None
    return wording.of_pack(pack, rule.label) if rule is not None else element or name


def senders(rule: MessageRule | None, pack: Pack | None) -> tuple[Who, ...]:
    """Who may send a message, as far as the pack says."""
    keys = rule.roles if rule is not None and pack is not None else ()
    return tuple(_anyone(pack, key) for key in keys if pack is not None and key in pack.roles)


def controllers(pack: Pack | None) -> tuple[Who, ...]:
    """Who may step in when a step failed: those with `instance.control`, without a pack administrators."""
    if pack is None:
        return (Who(None, say("an administrator"), named=False),)
    return tuple(_anyone(pack, key) for key, role in pack.roles.items() if Act.INSTANCE_CONTROL in role.may)


def _anyone(pack: Pack | None, key: str) -> Who:
    role = pack.roles[key] if pack else None
    return Who(None, say("anyone in the role {role}", role=wording.of_pack(pack, role.label) if role else key), named=False)


def labels(who: Sequence[Who]) -> str:
    """Several who can each do it."""
    return say(" or ").join(dict.fromkeys(one.label for one in who))


def phrase(wait: Waiting) -> str:
    """What is waited for, to follow "Waits for"."""
    if wait.what:
        return f"{wait.what}{_of(wait)}"
    if wait.kind == "user_task":
        return f"{wording.quoted(wait.name)}{_of(wait)}"
    plain = say(_PLAIN.get(wait.kind, wait.kind))
    return f"{plain}{f' ({wording.quoted(wait.name)})' if wait.name else ''}{_of(wait)}"


def _of(wait: Waiting) -> str:
    if wait.item is None:
        return ""
    return f" ({say('{item} of {items}', item=wait.item, items=wait.items) if wait.items else say('turn {item}', item=wait.item)})"


def alone(wait: Waiting, zone: str) -> str:
    """One wait in sentences of its own: what, who can move it, since when, until when, and why nobody can."""
    if wait.kind == "incident":
        return incident(wait, zone)
    parts = [wait.nobody or "", _waits([wait], zone), wait.stands, _due(wait, zone)]
    return " ".join(part for part in parts if part)


def incident(wait: Waiting, zone: str) -> str:
    """A step that failed: where, since when, why, and who can let it go on."""
    since = wording.day(wait.since, zone)
    if wait.message:
        stopped = say("Stopped at “{name}” since {since}: {why}", name=wait.name, since=since, why=say(wait.message))
    else:
        stopped = say("Stopped at “{name}” since {since}.", name=wait.name, since=since)
    who = labels(wait.who)
    act = say("{who} can step in.", who=who[:1].upper() + who[1:]) if who else say("Nobody's role may step in; give somebody one that may.")
    return f"{stopped} {act}"


def _waits(waiting: Sequence[Waiting], zone: str, *, counted: bool = True) -> str:
    what = wording.listed([phrase(wait) for wait in waiting], counted=counted)
    who = wording.listed([_short(who) for wait in waiting if wait.kind == "user_task" for who in wait.who])
    since = wording.day(min(wait.since for wait in waiting), zone)
    if who:
        return say("Waits for {what} by {who} since {since}.", what=what, who=who, since=since)
    return say("Waits for {what} since {since}.", what=what, since=since)


def _short(who: Who) -> str:
    """Whoever it is; of a participant whose name is not told the role, as a list of cases does not know which one it is."""
    return who.label if who.named or who.participant_id is None or not who.role else who.role.lower()


def _due(wait: Waiting, zone: str) -> str:
    if wait.due_at is None or wait.kind == "job":
        return ""
    if wait.kind == "user_task" and wait.due_at < clock.now():
        return say("It was due {day}, {late}.", day=wording.day(wait.due_at, zone), late=late(wait, zone))
    return say("Due {moment}.", moment=wording.moment(wait.due_at, zone))


def late(wait: Waiting, zone: str) -> str:
    """How late a task is now, in the days that its due date is told in everywhere."""
    return due_words.how_late(wait.due_at or clock.now(), wait.calendar, wording.zone(zone))


def sentence(
    state: str, waiting: Sequence[Waiting], upcoming: Sequence[Next], zone: str, suspended: str = "", *, partly: bool = False
) -> str:
    """The first line of a case: what it waits for, since when, who can move it, what comes next.

    `suspended` is that sentence when it is suspended and known by whom or since when; `partly`: one of its procedures is.
    """
    if state == InstanceState.COMPLETED:
        return say("Completed; nothing is waited for.")
    if state == InstanceState.TERMINATED:
        return say("Terminated; nothing is waited for.")
    if state == InstanceState.SUSPENDED:
        return suspended or say("Suspended; nothing moves until somebody resumes it.")
    if not waiting:
        return say("In progress: the next step is with others.")
    parts = [say("A procedure of this case is suspended; nothing in it moves until somebody resumes it.") if partly else ""]
    parts.append(next((wait.nobody for wait in waiting if wait.nobody), ""))
    parts += [incident(wait, zone) for wait in waiting if wait.kind == "incident"][:1]
    parts += _rest(waiting, zone)
    if upcoming:
        parts.append(say("Next: {what}, {moment}.", what=upcoming[0].what or say("a date"), moment=wording.moment(upcoming[0].at, zone)))
    return " ".join(part for part in parts if part)


def _first(wait: Waiting) -> tuple[bool, datetime, str, str]:
    """What is due first, then what came first: one order for a case's page and for lists."""
    return wait.due_at is None, wait.due_at or wait.since, wait.process_key, wait.element_id


def _without_tasks(everything: Sequence[Waiting]) -> list[Waiting]:
    """Work outside if there is any, else the first date: of the others a list of cases does not know which just may come."""
    dates = sorted((wait for wait in everything if wait.kind == "timer"), key=_first)[:1]
    outside = [wait for wait in everything if wait.kind == "job"]
    return outside or dates or sorted((wait for wait in everything if wait.way_out_of is None), key=_first)


def _rest(everything: Sequence[Waiting], zone: str) -> list[str]:
    """Tasks, when there are any: dates and events beside them are told as what comes next. The latest one says how late."""
    tasks = [wait for wait in everything if wait.kind == "user_task"]
    stopped = any(wait.kind == "incident" for wait in everything)
    waiting = sorted(tasks, key=_first) if tasks else [] if stopped else _without_tasks(everything)
    overdue = [wait for wait in tasks if wait.due_at is not None and wait.due_at < clock.now()]
    # each task once however often it is asked, and only tasks counted: a list of cases does not know which turn it is,
    # nor which of the events beside each other are waited for
    found = [_waits([replace(wait, item=None) for wait in waiting], zone, counted=bool(tasks))] if waiting else []
    if overdue:
        first = min(overdue, key=lambda wait: wait.due_at or wait.since)
        assert first.due_at is not None
        day = wording.day(first.due_at, zone)
        found.append(say("“{name}” was due {day}, {late}.", name=first.name, day=day, late=late(first, zone)))
    return found
