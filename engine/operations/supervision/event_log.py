"""Logs for process mining: which steps cases went through, when, and who acted under a made-up name; no content at all.

A log is begun in a unit of work that writes down who took it, then read part after part, each in a unit of work of its
own: nobody waits for it, and a case that its reader may no longer see when its turn comes is left out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from engine import access, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.event_logs import LogCase, LogEvent, LogMove, LogPlan, LogQuestion, Trace, Transition
from engine.model.packs import Act
from engine.operations import live, trail, wording
from engine.operations.supervision import xes
from engine.store import UnitOfWork

#: what a file of a log is called
NAME = "event-log.xes"
#: cases read at once
_AT_ONCE = 25
#: characters of a made-up name
_LENGTH = 12
_STARTED, _COMPLETED, _CANCELLED, _DONE = "element_entered", "element_completed", "element_cancelled", "user_task_completed"
#: what ends an instance without its steps going one by one
_OVER = ("instance_terminated", "instance_superseded", "instance_completed")
_EVENTS = (_STARTED, _COMPLETED, _CANCELLED, _DONE, *_OVER)
#: what only leads from step to step
_PATHS = frozenset({"sequenceFlow", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
#: what takes no time and so only completes
_AT_ONCE_DONE = frozenset({"startEvent", "endEvent"})

_DAYS = noted("Give two days, the earlier one first, as 2026-11-30.")

_Step = tuple[str, str, str]
#: how something is read for who takes the log out
Reading = Callable[[], AbstractContextManager[tuple[UnitOfWork, Actor]]]


def question(uow: UnitOfWork, actor: Actor, first: date | None = None, last: date | None = None, *, numbers: bool = False) -> LogQuestion:
    """What is asked by whole days of the program's time zone. Raises BadRequest for a day that is too far away."""
    zone = wording.zone(store.programs.get(uow, actor.program_id).timezone)
    try:
        since = datetime.combine(first, time(), zone).astimezone(UTC) if first else None
        until = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC) if last else None
    except OverflowError:
        raise BadRequest(say(_DAYS)) from None
    return LogQuestion(since, until, numbers)


def begin(uow: UnitOfWork, actor: Actor, question: LogQuestion) -> LogPlan:
    """Allow a log, write down that it is taken out, and draw the salt of its made-up names.

    Raises Forbidden without the right to take cases out, or to read the audit trail where cases shall be named as their
    program names them: with it, who is behind a made-up name can be looked up. Raises BadRequest for a time that ends
    before it begins.
    """
    live.require_program_act(uow, actor, Act.CASE_LIST)
    live.require_program_act(uow, actor, Act.CASE_EXPORT)
    if question.numbers:
        live.require_program_act(uow, actor, Act.AUDIT_VIEW)
    if question.since is not None and question.until is not None and question.since >= question.until:
        raise BadRequest(say(_DAYS))
    trail.note(
        uow,
        actor,
        "event_log_exported",
        since=question.since.isoformat() if question.since else None,
        until=question.until.isoformat() if question.until else None,
        numbers=question.numbers,
    )
    packs = frozenset(pack.key for pack in live.all_packs(uow, actor.program_id) if access.knows_all(actor, pack))
    return LogPlan(actor.program_id, question, packs, access.knows_all(actor, None), secrets.token_bytes(32))


def parts(reading: Reading, plan: LogPlan) -> Iterator[bytes]:
    """A log as XES, each part read by itself. Raises Forbidden when its reader loses the right meanwhile."""
    cursor = None
    while True:
        with reading() as (uow, actor):
            text, cursor = part(uow, actor, plan, cursor)
        yield text.encode()
        if cursor is None:
            return


def part(uow: UnitOfWork, actor: Actor, plan: LogPlan, cursor: str | None = None) -> tuple[str, str | None]:
    """The next part of a log as XES, and where the one after it begins; None after the last. Raises Forbidden."""
    live.require_program_act(uow, actor, Act.CASE_EXPORT)
    found, next_ = traces(uow, actor, plan, cursor)
    text = [] if cursor else [xes.head(store.programs.get(uow, plan.program_id).title)]
    return "".join([*text, *(xes.trace(one) for one in found), "" if next_ else xes.FOOT]), next_


def traces(uow: UnitOfWork, actor: Actor, plan: LogPlan, cursor: str | None = None) -> tuple[tuple[Trace, ...], str | None]:
    """The next cases of a log, and where those after them begin."""
    page = store.event_logs.cases(uow, plan, actor.person_id, cursor, _AT_ONCE)
    ids = [case.id for case in page.items]
    roles = store.event_logs.roles(uow, ids)
    moved = {id: tuple(group) for id, group in groupby(store.event_logs.moves(uow, ids, _EVENTS), lambda move: move.case_id)}
    return tuple(_Told(uow, actor, plan, case, roles).trace(moved.get(case.id, ())) for case in page.items), page.next


class _Told:
    """One case on its way into a log."""

    def __init__(self, uow: UnitOfWork, actor: Actor, plan: LogPlan, case: LogCase, roles: Mapping[_Step, str]) -> None:
        self._plan, self._case, self._roles = plan, case, roles
        self._pack = live.spoken(uow, actor, case.pack)
        self._numbered = 0
        #: stays that were begun, by step and item, and who completed a task whose step has not been left yet
        self._begun: dict[tuple[_Step, str], deque[LogEvent]] = defaultdict(deque)
        self._by: dict[_Step, str] = {}

    def trace(self, moves: Sequence[LogMove]) -> Trace:
        """The events that the trail tells of."""
        name = self._case.number if self._plan.question.numbers else _made_up(self._plan, self._case.id)
        return Trace(name, tuple(event for move in moves for event in self._events(move)))

    def _events(self, move: LogMove) -> Iterator[LogEvent]:
        details = move.details if isinstance(move.details, dict) else {}
        step = (move.instance_id, move.process_key, move.element_id)
        if move.event in _OVER:
            yield from self._over(move)
        elif move.event == _DONE:
            self._by[step] = _made_up(self._plan, move.actor_id) if move.actor_id else ""
        elif details.get("type") not in _PATHS:
            began = self._begun[step, str(details.get("item", ""))]
            if move.event == _STARTED:
                began.append(self._begin(move, details))
                if began[-1].type not in _AT_ONCE_DONE:
                    yield began[-1]
            else:
                yield self._end(move, began.popleft() if began else self._begin(move, details), self._by.pop(step, ""))

    def _begin(self, move: LogMove, details: Mapping[str, object]) -> LogEvent:
        self._numbered += 1
        role = self._roles.get((move.instance_id, move.process_key, move.element_id), "")
        return LogEvent(
            name=wording.of_pack(self._pack, str(details.get("name") or move.element_id)),
            instance=self._numbered,
            transition=Transition.START,
            at=move.at,
            process=move.process_key,
            element_id=move.element_id,
            type=str(details.get("type", "")),
            role=self._pack.roles[role].label if self._pack and role in self._pack.roles else role,
        )

    def _end(self, move: LogMove, began: LogEvent, resource: str) -> LogEvent:
        how = Transition.COMPLETE if move.event == _COMPLETED else Transition.ABORT
        return _ended(began, move, how, resource)

    def _over(self, move: LogMove) -> Iterator[LogEvent]:
        """What still stood in an instance when it ended."""
        for (step, _item), began in self._begun.items():
            while step[0] == move.instance_id and began:
                yield _ended(began.popleft(), move, Transition.ABORT, "")


def _ended(began: LogEvent, move: LogMove, how: Transition, resource: str) -> LogEvent:
    return LogEvent(began.name, began.instance, how, move.at, began.process, began.element_id, began.type, resource, began.role)


def _made_up(plan: LogPlan, id: str) -> str:
    """A name that is the same all through one log and cannot be traced back from it."""
    return hmac.new(plan.salt, id.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
