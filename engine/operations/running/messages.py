"""Messages and signals from outside: by REST, or by a person with a button of the case page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from engine import access, clock, packs, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.content import InboxMessage, Sent
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, TokenGone
from engine.model.execution import Value
from engine.model.instances import Subscription
from engine.model.lists import Page
from engine.model.packs import Act, MessageRule, Pack
from engine.model.starts import StartKind
from engine.model.states import CaseState, InstanceState
from engine.operations import live, reasons, ties, trail, values
from engine.operations.running import delivery, turns
from engine.operations.scope import within
from engine.store import UnitOfWork

#: payload source: the participant that it is sent for
_SELF = "self"
#: payload source: what the sender states, a declared variable
_GIVEN = "given"


def send(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    correlation: str,
    payload: Mapping[str, object],
    *,
    message_id: str | None = None,
    ttl: timedelta | None = None,
) -> Sent | None:
    """Send a message; it is delivered once, or kept until somebody waits for it or its time to live ends.

    The payload is plain JSON with class C1 facts only. Administrators send any declared variable; others what the
    message itself declares: for whom it is sent, which is themselves unless they are staff and choose. Nobody but an
    administrator speaks to a case that neither listens nor has a procedure that starts by it (Conflict), so that nothing
    lies in wait for it.

    Gives what became of it; None to who may send it to no case in particular but see none of those that wait.
    """
    case_id = _case_of(uow, actor, correlation)
    if actor.administrator:
        body = _body(uow, actor, name, correlation, payload)
    elif case_id is not None:
        return _send_declared(uow, actor, within(actor.program_id, store.cases.get(uow, case_id)), name, payload, message_id, ttl)
    else:
        _require_role(uow, actor, name)
        body = _body(uow, actor, name, correlation, payload)
    sent = delivery.post(uow, actor.program_id, name, correlation, body, message_id=message_id, ttl=ttl)
    trail.note(uow, actor, "message_sent", name=name, keys=sorted(payload), case_id=case_id)
    return sent if actor.administrator else None


def _send_declared(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    name: str,
    payload: Mapping[str, object],
    message_id: str | None,
    ttl: timedelta | None,
) -> Sent:
    """The same as the button of the case page, with the participant taken from the payload."""
    rule, subject = _rule(uow, actor, case, name)
    extra = [key for key in payload if key not in rule.payload]
    if extra:
        errors = tuple(FieldError(f"/{key}", "undeclared", say("This message does not carry that; leave it out.")) for key in extra)
        raise Invalid(say("Some of the payload cannot be taken."), errors)
    pack = live.sole_pack(uow, actor, case.pack)
    stated = packs.typed_variables(pack, {key: value for key, value in payload.items() if rule.payload[key] == _GIVEN})
    own = [key for key, source in rule.payload.items() if source == _SELF and key in payload]
    chosen = payload[own[0]] if own else None
    if chosen is not None and not isinstance(chosen, str):
        raise Invalid(say("Some of the payload cannot be taken."), (FieldError(f"/{own[0]}", "no-id", say("Give a participant's id.")),))
    return _send(uow, actor, case, subject, rule, chosen, stated=stated, message_id=message_id, ttl=ttl)


def _case_of(uow: UnitOfWork, actor: Actor, correlation: str) -> str | None:
    """Messages are correlated by case unless the diagram says otherwise; then they stand in that case's trail."""
    case = store.cases.find(uow, correlation.split("/")[0]) if correlation else None
    return case.id if case is not None and case.program_id == actor.program_id else None


def _require_role(uow: UnitOfWork, actor: Actor, name: str) -> None:
    """A message to no case in particular: some pack has to declare it for a role of the actor."""
    live.require_program_act(uow, actor, Act.MESSAGE_SEND)
    rules = [pack.messages[name] for pack in live.all_packs(uow, actor.program_id) if name in pack.messages]
    if not any(actor.roles & set(rule.roles) for rule in rules):
        raise Forbidden(say("Your roles may not send this message."))


def _body(uow: UnitOfWork, actor: Actor, name: str, correlation: str, payload: Mapping[str, object]) -> dict[str, object]:
    """The payload as typed values: of a pack only variables that it declares and what the message itself declares."""
    receiving = _packs(uow, actor, name, correlation)
    if not receiving:
        return values.tagged(values.from_plain(payload))
    refused: Invalid | None = None
    for pack in receiving:
        declared = pack.messages[name].payload if name in pack.messages else {}
        own = {key for key, source in declared.items() if source == _SELF}
        facts = {key: value for key, value in payload.items() if key not in own}
        try:
            ids = values.from_plain({key: value for key, value in payload.items() if key in own})
            return values.tagged({**packs.typed_variables(pack, facts), **ids})
        except Invalid as wrong:
            refused = refused or Invalid(say("Some of the payload cannot be taken."), wrong.errors)
    assert refused is not None
    raise refused


def _packs(uow: UnitOfWork, actor: Actor, name: str, correlation: str) -> tuple[Pack, ...]:
    """Whose rules a payload has to meet: the correlated case's, else of the packs that declare the message, else of all.

    None: an administrator's message to procedures without a pack.
    """
    case_id = _case_of(uow, actor, correlation)
    if case_id is not None:
        pack = live.pack(uow, actor.program_id, store.cases.get(uow, case_id).pack)
        return () if pack is None else (pack,)
    known = live.all_packs(uow, actor.program_id)
    declaring = tuple(pack for pack in known if name in pack.messages)
    return declaring or (() if actor.administrator else known)


def signal(uow: UnitOfWork, actor: Actor, name: str, payload: Mapping[str, object]) -> Sent:
    """Send a signal to everybody who waits for it now or starts by it; administrators only, as it crosses cases.

    Raises Invalid when the payload would become variables that a receiver's pack does not declare.
    """
    if not actor.administrator:
        raise Forbidden(say("Only administrators send signals."))
    known = {store.cases.get(uow, one.case_id).pack for one in store.subscriptions.matching(uow, actor.program_id, "signal", name)}
    known |= {one.pack for one in store.starts.matching(uow, actor.program_id, StartKind.SIGNAL, name)}
    for key in sorted(key for key in known if key is not None):
        packs.typed_variables(live.sole_pack(uow, actor, key), payload)
    body = values.tagged(values.from_plain(payload))
    sent = delivery.broadcast(uow, actor.program_id, name, body)
    trail.note(uow, actor, "signal_sent", name=name, keys=sorted(payload))
    return sent


def kept(uow: UnitOfWork, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[InboxMessage]:
    """Messages that nobody has waited for yet, oldest first, for administrators. Without what they carry. Raises Forbidden."""
    if not actor.administrator:
        raise Forbidden(say("Only administrators see messages that nobody waits for yet."))
    return store.inbox_messages.kept(uow, actor.program_id, clock.now(), cursor=cursor, limit=limit)


def send_to_case(uow: UnitOfWork, actor: Actor, case_id: str, name: str, participant_id: str | None = None) -> Sent:
    """A button of the case page: a message the pack declares, for oneself or (staff) for a chosen participant.

    No reason is asked (R31). Raises Conflict when nothing waits for it any more.
    """
    case = within(actor.program_id, store.cases.get(uow, case_id))
    rule, subject = _rule(uow, actor, case, name)
    return _send(uow, actor, case, subject, rule, participant_id)


def step_in(uow: UnitOfWork, actor: Actor, case_id: str, name: str, participant_id: str | None, reason: str) -> None:
    """As `send_to_case`, with a reason; a running procedure that waits for it takes it in this transaction, not by job.

    So whoever steps in is told what comes of it before and after. Raises as `send_to_case`.
    """
    case = within(actor.program_id, store.cases.get(uow, case_id))
    rule, subject = _rule(uow, actor, case, name)
    loaded = [(one, turns.load(uow, case.program_id, one.instance_id)) for one in _waiting(uow, case, rule)[:1]]
    if not loaded or loaded[0][1].instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        _send(uow, actor, case, subject, rule, participant_id, reason=reason)
        return
    waiting, receiver = loaded[0]
    participant = _participant(uow, case, subject, rule, participant_id)
    _note_sent(uow, actor, case, rule, participant, waiting.instance_id, reason)
    body = values.untagged(values.tagged(_own(rule, participant)))
    try:
        turns.act(uow, actor, receiver, lambda execution: execution.deliver(waiting.token_id, body))
    except TokenGone:
        raise Conflict(say("The procedure no longer waits for this.")) from None
    taker = {"element_id": waiting.element_id, "process_key": waiting.process_key}
    trail.note(uow, actor, "message_received", case_id=case.id, instance_id=waiting.instance_id, name=name, **taker)


def _waiting(uow: UnitOfWork, case: Case, rule: MessageRule) -> list[Subscription]:
    return [one for one in store.subscriptions.of_case(uow, case.id) if one.name == rule.name and one.kind == "message"]


def _own(rule: MessageRule, participant: str | None) -> dict[str, Value]:
    return {key: participant for key, source in rule.payload.items() if source == _SELF}


def _note_sent(
    uow: UnitOfWork, actor: Actor, case: Case, rule: MessageRule, participant: str | None, instance_id: str | None, reason: str
) -> None:
    kept = reasons.keep(uow, actor, case.id, instance_id, "message_sent", reason) if reason else {}
    trail.note(uow, actor, "message_sent", case_id=case.id, details={"name": rule.name, "participant": participant, **kept})


def _rule(uow: UnitOfWork, actor: Actor, case: Case, name: str) -> tuple[MessageRule, Subject]:
    """The pack's rule for a message that the actor may send to a case. Raises NotFound or Forbidden."""
    pack = live.spoken(uow, actor, case.pack)
    subject = ties.to_case(uow, actor, case)
    access.require(actor, Act.CASE_VIEW, subject, pack)
    rule = pack.messages.get(name) if pack else None
    if rule is None or not (actor.roles | subject.case_roles) & set(rule.roles):
        raise Forbidden(say("Your roles may not send this message."))
    return rule, subject


def _send(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    subject: Subject,
    rule: MessageRule,
    participant_id: str | None,
    *,
    stated: Mapping[str, Value] = MappingProxyType({}),
    message_id: str | None = None,
    ttl: timedelta | None = None,
    reason: str = "",
) -> Sent:
    participant = _participant(uow, case, subject, rule, participant_id)
    waiting = _waiting(uow, case, rule)
    starting = store.starts.matching(uow, case.program_id, StartKind.MESSAGE, rule.name) if not waiting else ()
    if not waiting and (case.state is CaseState.CLOSED or case.pack not in {one.pack for one in starting}):
        raise Conflict(say("The procedure no longer waits for this."))
    body = values.tagged({**stated, **_own(rule, participant)})
    correlation = (waiting[0].correlation or "") if waiting else case.id
    sent = delivery.post(uow, case.program_id, rule.name, correlation, body, message_id=message_id, ttl=ttl)
    _note_sent(uow, actor, case, rule, participant, waiting[0].instance_id if waiting else None, reason)
    return sent


def _participant(uow: UnitOfWork, case: Case, subject: Subject, rule: MessageRule, chosen: str | None) -> str | None:
    if rule.of is None:
        return None
    current = [p for p in store.participants.of_case(uow, case.id) if p.role == rule.of]
    own = next((p.id for p in current if p.id in subject.participant_ids), None)
    if own is not None:
        if chosen not in (None, own):
            raise Forbidden(say("You send this for yourself only."))
        return own
    if chosen not in {p.id for p in current}:
        message = say("Choose for whom this is sent.")
        raise Invalid(message, (FieldError("/participant", "missing", message),))
    return chosen
