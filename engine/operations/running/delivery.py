"""Messages and signals between instances. Each receiver is served in a transaction of its own, by job (DESIGN.md 5).

A message that nobody waits for is kept in an inbox by name, correlation and id until its time to live ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.content import InboxMessage, Sent
from engine.model.execution import EventKind, Thrown, Value
from engine.model.ids import new_id
from engine.model.instances import Instance, Job, Subscription
from engine.model.starts import Start, StartKind
from engine.model.states import CaseState, JobState
from engine.operations import live, trail, values
from engine.store import UnitOfWork

#: how long a message without a time to live of its own is kept
KEPT_FOR = timedelta(days=30)

#: how long a message to a suspended instance waits before it is looked at again; going on wakes it before
HELD_FOR = timedelta(days=1)

DELIVER = "deliver"
CONTINUE = "continue"
START = "start"
_ROUND = "It would start itself again by its own event, without end; let the procedure wait for something in between."


def send_out(uow: UnitOfWork, actor: Actor, sender: Instance, thrown: tuple[Thrown, ...]) -> None:
    """Pass on what a procedure threw: a message to one receiver or the inbox, a signal to everybody who waits."""
    for one in thrown:
        body = values.tagged(one.payload)
        if one.kind is EventKind.SIGNAL:
            broadcast(uow, sender.program_id, one.name, body)
        else:
            post(uow, sender.program_id, one.name, one.correlation or "", body)
        trail.note(
            uow,
            actor,
            f"{one.kind}_thrown",
            case_id=sender.case_id,
            instance_id=sender.id,
            process_key=one.process_key,
            element_id=one.element_id,
            details={"name": one.name},
        )


def post(
    uow: UnitOfWork,
    program_id: str,
    name: str,
    correlation: str,
    body: Mapping[str, object],
    *,
    message_id: str | None = None,
    ttl: timedelta | None = None,
) -> Sent:
    """Deliver a message to the one subscription that has waited longest, else let it start a process, or keep it until somebody waits.

    The same `message_id` is taken once. `body` is in FEEL's lossless JSON.
    """
    now = clock.now()
    store.inbox_messages.meet(uow, program_id, name, correlation)
    message = InboxMessage(
        id=new_id(now),
        program_id=program_id,
        name=name,
        correlation=correlation,
        message_id=message_id,
        payload=dict(body),
        received_at=now,
        expires_at=now + (KEPT_FOR if ttl is None else ttl),
    )
    if not store.inbox_messages.insert(uow, message):
        return Sent()
    waiting = store.subscriptions.matching(uow, program_id, EventKind.MESSAGE, name, correlation)
    if waiting:
        taken = store.inbox_messages.take_matching(uow, program_id, name, correlation, now)
        if taken is not None:
            _deliver_later(uow, waiting[0], taken.id, {"name": name, "body": taken.payload})
        return Sent(delivered=1) if taken is not None else Sent(kept=True)
    begins = store.starts.matching(uow, program_id, StartKind.MESSAGE, name)
    if begins and _start_by_message(uow, begins[0], name, correlation):
        return Sent(started=1)
    return Sent(kept=True)


def deliver_kept(uow: UnitOfWork, waiting: Subscription) -> None:
    """A message that lies there already goes to who begins to wait for it outside of a turn."""
    now, correlation = clock.now(), waiting.correlation or ""
    store.inbox_messages.meet(uow, waiting.program_id, waiting.name, correlation)
    taken = store.inbox_messages.take_matching(uow, waiting.program_id, waiting.name, correlation, now)
    if taken is not None:
        _deliver_later(uow, waiting, taken.id, {"name": waiting.name, "body": taken.payload})


def _start_by_message(uow: UnitOfWork, start: Start, name: str, correlation: str) -> bool:
    """A message that names a case starts on it, on a closed one only what its pack lets begin then; any other opens one."""
    if _goes_round(uow, start):
        return False
    found = store.cases.find(uow, correlation.split("/")[0]) if correlation else None
    case = found if found is not None and found.program_id == start.program_id else None
    if case is not None and case.state is CaseState.CLOSED and not _begins_afterwards(uow, start, case):
        return False
    taken = store.inbox_messages.take_matching(uow, start.program_id, name, correlation, clock.now())
    if taken is not None:
        _start_later(uow, start, taken.id, taken.payload, case.id if case else None)
    return taken is not None


def _begins_afterwards(uow: UnitOfWork, start: Start, case: Case) -> bool:
    pack = live.pack(uow, case.program_id, case.pack)
    return pack is not None and start.process_key in pack.case.afterwards


def broadcast(uow: UnitOfWork, program_id: str, name: str, body: Mapping[str, object]) -> Sent:
    """Deliver a signal to every subscription that waits for it now, and start what starts by it (BPMN 2.0, 10.5.2)."""
    signal_id = new_id(clock.now())
    receivers = store.subscriptions.matching(uow, program_id, EventKind.SIGNAL, name, None)
    for waiting in receivers:
        _deliver_later(uow, waiting, signal_id, {"name": name, "body": dict(body)})
    begins = [start for start in store.starts.matching(uow, program_id, StartKind.SIGNAL, name) if not _goes_round(uow, start)]
    for start in begins:
        _start_later(uow, start, signal_id, dict(body), None)
    return Sent(delivered=len(receivers), started=len(begins))


def _goes_round(uow: UnitOfWork, start: Start) -> bool:
    """Whether a start would lead to itself, with nothing in between that waits: it would fill the program with cases."""
    if start.id not in uow.chain:
        return False
    store.starts.fail(uow, start.id, _ROUND)
    return True


def chain_of(payload: Mapping[str, object]) -> tuple[str, ...]:
    """The starts that led to a job, as its payload tells them."""
    chain = payload.get("chain")
    return tuple(str(one) for one in chain) if isinstance(chain, list) else ()


def _start_later(uow: UnitOfWork, start: Start, source_id: str, body: object, case_id: str | None) -> None:
    """Start an instance by job; without a case it opens one. The version is the one that waits now."""
    what = {"start": start.id, "definition": start.definition_id, "element": start.element_id, "kind": start.kind, "name": start.name}
    led = [*uow.chain, start.id]
    _later(uow, start.program_id, case_id, START, f"{source_id}/{start.id}", {**what, "body": body, "case": case_id, "chain": led})


def _deliver_later(uow: UnitOfWork, waiting: Subscription, source_id: str, what: Mapping[str, object]) -> None:
    payload = {"instance": waiting.instance_id, "token": waiting.token_id, "kind": waiting.kind, **what}
    payload |= {"correlation": waiting.correlation, "element": waiting.element_id, "process": waiting.process_key}
    _later(uow, waiting.program_id, waiting.case_id, DELIVER, f"{source_id}/{waiting.instance_id}/{waiting.token_id}", payload)


def continue_later(uow: UnitOfWork, instance: Instance) -> None:
    """A turn's budget ran out: go on as a job in a transaction of its own."""
    _later(uow, instance.program_id, instance.case_id, CONTINUE, instance.id, {"instance": instance.id})


def _later(uow: UnitOfWork, program_id: str, case_id: str | None, kind: str, key: str, payload: Mapping[str, object]) -> None:
    now = clock.now()
    told = {"chain": list(uow.chain), **payload} if uow.chain else payload
    job = Job(new_id(now), program_id, case_id, kind, f"{kind}/{key}", told, now, 0, JobState.AVAILABLE, now)
    store.jobs.insert(uow, job)


def payload(message: InboxMessage) -> dict[str, Value]:
    """A kept message's content as FEEL values."""
    return values.untagged(message.payload)


def hold(uow: UnitOfWork, instance: Instance, what: Mapping[str, object]) -> None:
    """The receiver is suspended: try again when it goes on, without counting it as a failure."""
    now = clock.now()
    key = f"{DELIVER}/held/{new_id(now)}"
    later = now + HELD_FOR
    job = Job(new_id(now), instance.program_id, instance.case_id, DELIVER, key, what, later, 0, JobState.AVAILABLE, now)
    store.jobs.insert(uow, job)
