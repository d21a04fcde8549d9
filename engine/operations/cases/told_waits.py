"""The waits of one instance that are no tasks, and what else can happen meanwhile, as one reader is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.language import noted, say
from engine.model.execution import Wait, WaitKind
from engine.model.packs import MessageRule, Pack
from engine.model.states import InstanceState
from engine.model.views import Also, Waiting, Who
from engine.operations import live, wording
from engine.operations.discretion import Discretion
from engine.operations.running import turns
from engine.operations.words import wait_words

#: by whether it is a condition
DEAD = noted({
    False: "Dead: nothing that can still happen ends this wait. End the procedure.",
    True: "Dead: nothing that can still happen ends this wait. Correct what the condition looks at, or end the procedure.",
})


class Told:
    """Waits of one instance that are no tasks, as one reader is told of them."""

    def __init__(self, loaded: turns.Loaded, waits: Sequence[Wait], pack: Pack | None, discretion: Discretion, zone: str) -> None:
        self._loaded, self._waits, self._pack, self._discretion, self._zone = loaded, waits, pack, discretion, zone
        self._places = {wait.token_id: wait.element_id for wait in waits}

    def of(self, wait: Wait, failure: str | None) -> Waiting:
        """One wait; `failure` is why something at its element failed."""
        words = self.what(wait)
        return Waiting(
            kind=str(wait.kind),
            element_id=wait.element_id,
            process_key=wait.process_key,
            name=wait.name or wait.event_name or wait.element_id,
            since=wait.since,
            who=self._who(wait),
            due_at=wait.due_at,
            message=self._message(wait),
            key=self.key(wait),
            what=words,
            way_out_of=self._places.get(wait.gateway or ""),
            nobody=say(DEAD[wait.kind is WaitKind.CONDITION]) if wait.dead else failure if wait.kind is not WaitKind.INCIDENT else None,
            instance_id=self._loaded.instance.id,
        )

    def what(self, wait: Wait) -> str:
        """What is waited for, in words."""
        named = f" ({wording.quoted(wait.name)})" if wait.name else ""
        match wait.kind:
            case WaitKind.MESSAGE:
                sender = wait_words.labels(self._who(wait))
                title = wait_words.title(self._pack, wait.name, wait.event_name or "")
                awaited = wait_words.message(title, self.key(wait), self._loaded.case.id)
                return say("{message} from {sender}", message=awaited, sender=sender) if sender else awaited
            case WaitKind.SIGNAL:
                return say("the signal “{name}”", name=wait.event_name) + named
            case WaitKind.CONDITION:
                return say("the condition “{name}”", name=wait.name) if wait.name else ""
            case WaitKind.TIMER:
                return say("the date “{name}”", name=wait.name) if wait.name else say("a date")
            case WaitKind.EVENT_GATEWAY | WaitKind.JOIN:
                told = self._others(wait)
                return f"{told}{named}" if told else ""
            case _:
                return ""

    def key(self, wait: Wait) -> str | None:
        """The correlation key that a message has to have; outside participants are not told of variables."""
        return None if self._discretion.outside else wait.key

    def _who(self, wait: Wait) -> tuple[Who, ...]:
        if wait.kind is WaitKind.INCIDENT:
            return wait_words.controllers(self._pack)
        return wait_words.senders(self._rule(wait), self._pack) if wait.kind is WaitKind.MESSAGE else ()

    def _rule(self, wait: Wait) -> MessageRule | None:
        return self._pack.messages.get(wait.event_name or "") if self._pack else None

    def _message(self, wait: Wait) -> str | None:
        if wait.kind is WaitKind.INCIDENT and self._discretion.outside:
            return None
        if wait.kind in (WaitKind.EVENT_GATEWAY, WaitKind.JOIN):
            return self._others(wait)
        return wait.event_name if wait.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL) else wait.message or None

    def _others(self, wait: Wait) -> str | None:
        """The branches that a join waits for, or the ways out of an event gateway; None when one is not to be told."""
        ids = wait.branches or wait.ways_out
        hides, here = self._discretion.hides, self._loaded.instance.id
        if not ids or self._discretion.outside or any(hides(here, wait.process_key, id) for id in ids):
            return None
        if wait.branches:
            names = [wait_words.titled(live.element(self._loaded.definition, wait.process_key, id), self._pack) for id in ids]
            return say("the branches at {places}", places=wording.listed(names, most=len(names)))
        ways = [self._way(one) for one in self._waits if one.gateway == wait.token_id]
        return say("the first of: {ways}", ways=wording.listed(ways, most=len(ways)))

    def _way(self, wait: Wait) -> str:
        due = f" ({wording.moment(wait.due_at, self._zone)})" if wait.due_at else ""
        return f"{self.what(wait) or say('a condition')}{due}"


def also(loaded: turns.Loaded, waits: Sequence[Wait], pack: Pack | None, discretion: Discretion) -> list[Also]:
    """What else can happen while an instance waits. Dates are among what comes by itself; outside participants are told none."""
    if discretion.outside or loaded.instance.state is InstanceState.SUSPENDED:
        return []
    told = Told(loaded, waits, pack, discretion, "UTC")
    found = []
    for wait in waits:
        hidden = any(discretion.hides(loaded.instance.id, wait.process_key, id) for id in (wait.element_id, wait.attached_to) if id)
        if wait.interrupting is not None and wait.kind is not WaitKind.TIMER and not hidden:
            host = live.element(loaded.definition, wait.process_key, wait.attached_to or "")
            found.append(
                Also(
                    kind=str(wait.kind),
                    element_id=wait.element_id,
                    process_key=wait.process_key,
                    name=wait.name or wait.event_name or wait.element_id,
                    attached_to=wait.attached_to,
                    interrupting=wait.interrupting,
                    message=wait.event_name,
                    key=told.key(wait),
                    sentence=_meanwhile(wait, told.what(wait), host, pack),
                )
            )
    return list(dict.fromkeys(found))


def _meanwhile(wait: Wait, what: str, host: Mapping[str, object], pack: Pack | None) -> str:
    what = what or say("a condition")
    around = wait_words.titled(host, pack) if wait.attached_to else say("what goes on around it")
    values = {"what": what[:1].upper() + what[1:], "host": around}
    if wait.kind is WaitKind.CONDITION:
        if wait.interrupting:
            return say("{what} ends {host} when it becomes true.", **values)
        return say("{what} starts something beside {host} when it becomes true.", **values)
    if wait.interrupting:
        return say("{what} ends {host} when it comes.", **values)
    return say("{what} starts something beside {host} when it comes.", **values)
