"""Outside work that the server does itself: mail, and webhooks to hosts that the administrator allowed.

Taken in one transaction, called in none, answered in a second one. A crash in between lets the hold run out, and the
work is tried again under the same id: at least once, never lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from engine import clock, feel, jobs, store
from engine.jobs import Mail, MailServer, NotDone, Target
from engine.language import noted
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import Conflict, Invalid, NotRunning, ParleyError
from engine.model.execution import Value
from engine.model.outside import OutsideJob, OutsideState
from engine.operations import live, values
from engine.operations.people import programs
from engine.operations.running import lost_holds, outside_answers
from engine.operations.telling import notices
from engine.store import Store, UnitOfWork

BUILT_IN = ("mail", "webhook")
#: the worker's name under which the server holds what it does itself
WORKER = "server"
#: shortest hold: no call takes longer
_HOLD = timedelta(minutes=2)
#: jobs done in a row before the sweep looks around again
_AT_ONCE = 20
#: how often an answer is tried again after somebody else's came first
_TRIES = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlets:
    """What the server can reach outside. `recording`: mail is kept with its job instead of being sent (demo, sandbox).

    `address`: where people sign in, for the end of a mail; None: it is not known here.
    """

    mail: MailServer | None = None
    recording: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a call gave: the answer's values, and what is kept with the job."""

    answer: Mapping[str, Value]
    record: object = None


Call = Callable[[], Done]


def run_due(open_store: Store, outlets: Outlets, *, threads: int = 1) -> int:
    """Do the built-in outside work that is due now; gives how many jobs were taken.

    With several threads a slow host holds up one of them only. When nothing is due, one indexed query is all.
    """
    with open_store.reading() as uow:
        waiting = len(store.outside_jobs.to_take(uow, BUILT_IN, clock.now(), threads))
    if waiting <= 1 or threads == 1:
        return _drain(open_store, outlets) if waiting else 0
    with ThreadPoolExecutor(min(waiting, threads)) as pool:
        return sum(pool.map(lambda _: _drain(open_store, outlets), range(min(waiting, threads))))


def _drain(open_store: Store, outlets: Outlets) -> int:
    done = 0
    while done < _AT_ONCE and run_one(open_store, outlets):
        done += 1
    return done


def run_one(open_store: Store, outlets: Outlets, types: Collection[str] = BUILT_IN) -> bool:
    """Take one job of some of the built-in types, call, answer. False when nothing is due."""
    with open_store.unit_of_work() as uow:
        found = store.outside_jobs.to_take(uow, types, clock.now(), 1)
        if not found:
            return False
        left = lost_holds.counted(uow, found[0])
        if left is None:
            uow.commit()
            return True
        job = _taken(uow, left)
        call = _prepared(uow, job, outlets)
        uow.commit()
    _answer(open_store, job, _outcome(call))
    return True


def _outcome(call: Call) -> Done | NotDone:
    try:
        return call()
    except NotDone as failure:
        return failure
    except Exception as failure:  # noqa: BLE001 - whatever it is, it counts as a try and never stops the loop
        return _fault(failure)


def _fault(failure: Exception) -> NotDone:
    _log.error("Outside work failed in a way that it should not (%s).", type(failure).__name__)
    return NotDone("server-fault", noted("The server could not do this; tell whoever runs it, and retry."))


def _taken(uow: UnitOfWork, job: OutsideJob) -> OutsideJob:
    until = clock.now() + max(timedelta(seconds=job.timeout), _HOLD)
    taken = replace(job, lock_owner=WORKER, lock_person="", locked_until=until, due_at=until, attempts=job.attempts + 1)
    store.outside_jobs.update(uow, taken)
    return taken


def _prepared(uow: UnitOfWork, job: OutsideJob, outlets: Outlets) -> Call:
    """Everything that has to be looked up before the call; what makes it impossible becomes its failure."""
    inputs = values.untagged(job.body.get("inputs"))
    case = store.cases.get(uow, job.case_id)
    try:
        if job.type == "mail":
            return _mail(outlets, _written(uow, case, job, inputs))
        return _webhook(job, _allowed(uow, job, inputs), inputs)
    except NotDone as failure:
        return _impossible(failure)
    except ParleyError as refused:
        return _impossible(NotDone(refused.code, refused.message, again=False))


def _impossible(failure: NotDone) -> Call:
    def call() -> Done:
        raise failure

    return call


def _mail(outlets: Outlets, mail: Mail) -> Call:
    if outlets.recording:
        return lambda: Done({}, {"to": list(mail.to), "subject": mail.subject, "text": mail.text, "sent": False})
    server = outlets.mail
    if server is None:
        message = noted("No mail server is configured: set PARLEY_SMTP and PARLEY_MAIL_FROM, then retry.")
        raise NotDone("mail-not-configured", message, again=False)

    def call() -> Done:
        jobs.deliver(server, mail)
        return Done({})

    return call


def _written(uow: UnitOfWork, case: Case, job: OutsideJob, inputs: Mapping[str, Value]) -> Mail:
    """The mail of a job: a neutral text of the pack, or what the diagram says (class C1, R32)."""
    notice = inputs.get("notice")
    if notice is None:
        subject, text = inputs.get("subject"), inputs.get("text")
    else:
        pack = live.pack(uow, case.program_id, case.pack)
        found = pack.notices.get(str(notice)) if pack else None
        if found is None:
            raise NotDone("mail-notice", noted("The pack has no notice of the name that the mail asks for."), again=False)
        subject, text = (part.replace("{case}", case.number).replace("{task}", "") for part in (found.title, found.text))
    if not isinstance(subject, str) or not isinstance(text, str) or not subject.strip():
        message = noted("The subject and the text of a mail have to be texts; the diagram gave something else.")
        raise NotDone("mail-text", message, again=False)
    return Mail(job.id, _addresses(uow, case, inputs.get("to")), subject, text)


def _addresses(uow: UnitOfWork, case: Case, to: Value) -> tuple[str, ...]:
    """Addresses of people named as for a notice, or written as they are. Who has no address is left out."""
    found: list[str] = []
    for one in to if isinstance(to, list) else [to]:
        if not isinstance(one, str) or not one:
            raise NotDone("mail-recipient", noted("The diagram named nobody to send the mail to."), again=False)
        if "@" in one:
            found.append(one)
            continue
        people = store.persons.get_many(uow, set(notices.recipients(uow, case, one)))
        found += [person.email for person in people.values() if person.email]
    usable = tuple(dict.fromkeys(address for address in found if jobs.is_address(address)))
    if not usable:
        raise NotDone("mail-no-address", noted("Nobody whom the mail is for has an e-mail address; add one and retry."), again=False)
    return usable


def _allowed(uow: UnitOfWork, job: OutsideJob, inputs: Mapping[str, Value]) -> Target:
    where = jobs.target(inputs.get("url"))
    host = store.hosts.find(uow, job.program_id, where.host, where.port)
    if host is None:
        name = where.host if where.port == jobs.HTTPS else f"{where.host}:{where.port}"
        message = f"Webhooks to {name} are not allowed; the administrator allows them with: parley host allow {name}"
        raise NotDone("webhook-not-allowed", message, again=False)
    return replace(where, private=host.private)


def _webhook(job: OutsideJob, where: Target, inputs: Mapping[str, Value]) -> Call:
    body = values.plain({"body": inputs.get("body", {})})["body"]
    headers = {"Idempotency-Key": job.id, "User-Agent": "Parley"}

    def call() -> Done:
        answer = jobs.call(where, body, headers)
        try:
            return Done({"status": Decimal(answer.status), "body": feel.from_plain(answer.body)})
        except (ValueError, ArithmeticError, RecursionError) as wrong:
            raise NotDone("webhook-json", f"The answer of {where.host} holds values that cannot be kept.", again=False) from wrong

    return call


def _answer(open_store: Store, job: OutsideJob, outcome: Done | NotDone) -> None:
    """The second transaction. Losing a race is normal; what was dropped in the meantime stays dropped."""
    for attempt in range(1, _TRIES + 1):
        try:
            with open_store.unit_of_work() as uow:
                current = store.outside_jobs.lock(uow, job.id)
                if current is None or not _is_ours(current, job):
                    return
                _tell(uow, current, outcome)
                uow.commit()
            return
        except NotRunning:
            return  # suspended: the hold runs out, and it is done again when somebody has resumed it
        except Conflict:
            if attempt == _TRIES:
                _log.warning("The answer of outside work could not be kept; it is tried again.", extra={"row": job.id})
        except Invalid as wrong:
            outcome = _unfitting(wrong)
        except ParleyError as refused:  # by an act of the engine further on in the diagram
            outcome = NotDone(refused.code, refused.message, again=False)
        except Exception as failure:  # noqa: BLE001 - as above
            outcome = _fault(failure)


def _is_ours(current: OutsideJob, job: OutsideJob) -> bool:
    return current.state is OutsideState.AVAILABLE and current.lock_owner == WORKER and current.attempts == job.attempts


def _tell(uow: UnitOfWork, job: OutsideJob, outcome: Done | NotDone) -> None:
    actor: Actor = programs.system(store.programs.get(uow, job.program_id), via="job")
    if isinstance(outcome, Done):
        outside_answers.completed(uow, actor, job, outcome.answer, record=outcome.record)
        return
    left = None if outcome.again else 0
    outside_answers.failed(uow, actor, job, outcome.code, outcome.message, told=outcome.message, retries_left=left)


def _unfitting(wrong: Invalid) -> NotDone:
    parts = " ".join(f"{error.path.lstrip('/')}: {error.message}" for error in wrong.errors[:3])
    return NotDone("answer-unfit", f"The answer does not fit the diagram's output mapping. {parts or wrong.message}", again=False)
