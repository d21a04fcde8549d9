"""From what a case waits for to the acts that would move it: only such as the reader may do now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine import access, clock
from engine.language import noted, say
from engine.model.access import Actor, Subject
from engine.model.lists import CaseOverview
from engine.model.moves import Move, MoveKind
from engine.model.packs import Act, Pack
from engine.model.states import InstanceState
from engine.model.views import CasePage, Waiting

_WORDS: Mapping[MoveKind, str] = noted({
    MoveKind.WORK: "Do it",
    MoveKind.ASSIGN: "Give it to somebody",
    MoveKind.RETRY: "Try again",
    MoveKind.CORRECT: "Correct a variable",
    MoveKind.SUSPEND: "Suspend",
    MoveKind.RESUME: "Resume",
    MoveKind.TERMINATE: "End it",
})
#: what the rights of a case page are called -> the acts that they allow
_CONTROL = frozenset({"retry", "suspend", "resume", "terminate"})


def of_wait(
    wait: Waiting, case_id: str, may: Collection[str], messages: Mapping[str, str] | None = None, own: Collection[str] = ()
) -> tuple[Move, ...]:
    """The acts that would end a wait, the mildest first.

    `may` names rights as `CasePage.may` does; `messages` are those that the reader may send (name -> label); `own` are
    the ids of the tasks that they can do.
    """
    return tuple(_each(wait, case_id, may, messages or {}, own))


def _each(wait: Waiting, case_id: str, may: Collection[str], messages: Mapping[str, str], own: Collection[str]) -> Iterator[Move]:
    match wait.kind:
        case "user_task":
            if wait.task_id in own:
                yield _move(MoveKind.WORK, case_id, task=wait.task_id)
            # what a participant is asked nobody else answers in their place
            if "assign" in may and not any(who.participant_id for who in wait.who):
                yield _move(MoveKind.ASSIGN, case_id, task=wait.task_id)
        case "message" if wait.message in messages and wait.message is not None:
            yield Move(MoveKind.SEND, messages[wait.message], case_id, message=wait.message)
        case "incident":
            yield from _stopped(wait, case_id, may, (MoveKind.RETRY, MoveKind.CORRECT, MoveKind.TERMINATE))
        case "condition":
            yield from _stopped(wait, case_id, may, (MoveKind.CORRECT, *((MoveKind.TERMINATE,) if wait.nobody else ())))
        case _ if wait.nobody:
            yield from _stopped(wait, case_id, may, (MoveKind.TERMINATE,))


def _stopped(wait: Waiting, case_id: str, may: Collection[str], kinds: Sequence[MoveKind]) -> Iterator[Move]:
    if wait.instance_id is None or not _CONTROL & set(may):
        return
    for kind in kinds:
        if kind in may or (kind is MoveKind.CORRECT and "suspend" in may):
            yield _move(kind, case_id, instance=wait.instance_id)


def _move(kind: MoveKind, case_id: str, *, task: str | None = None, instance: str | None = None) -> Move:
    return Move(kind, say(_WORDS[kind]), case_id, task, instance)


def of_page(page: CasePage) -> tuple[tuple[Waiting, tuple[Move, ...]], ...]:
    """Each wait of a case with the acts that would end it; ways out of one gateway are told once."""
    messages = {one.name: one.label for one in page.acts}
    own = {line.task.id for line in page.tasks if line.can_complete or line.can_claim}
    waits = (wait for wait in page.explanation.waiting if wait.way_out_of is None)
    return tuple((wait, of_wait(wait, page.line.id, page.may, messages, own)) for wait in waits)


def resuming(page: CasePage) -> tuple[Move, ...]:
    """What lets suspended procedures of a case go on."""
    if "resume" not in page.may:
        return ()
    return tuple(_move(MoveKind.RESUME, page.line.id, instance=one.id) for one in page.instances if one.state is InstanceState.SUSPENDED)


def of_row(row: CaseOverview, waits: Sequence[Waiting], actor: Actor, pack: Pack | None) -> tuple[Move, ...]:
    """The acts for a line of the list of cases: of what stands on top of it; from rows alone, by the actor's program roles."""
    may = _rights(row, actor, pack)
    for one in row.incidents:
        wait = Waiting("incident", one.element_id, one.process_key, "", one.at, instance_id=one.instance_id)
        return of_wait(wait, row.case.id, may)
    for state in row.instances:
        if state.state is InstanceState.SUSPENDED and "resume" in may:
            return (_move(MoveKind.RESUME, row.case.id, instance=state.id),)
        if state.dead:
            wait = Waiting("join", "", state.key, "", state.started_at, nobody="dead", instance_id=state.id)
            return of_wait(wait, row.case.id, may)
    late = next((wait for wait in waits if wait.nobody), None) or next((wait for wait in waits if _is_late(wait)), None)
    return of_wait(late, row.case.id, may) if late is not None else ()


def _is_late(wait: Waiting) -> bool:
    return wait.due_at is not None and wait.task_id is not None and wait.due_at < clock.now()


def _rights(row: CaseOverview, actor: Actor, pack: Pack | None) -> frozenset[str]:
    subject = Subject("case", row.case.program_id, case_id=row.case.id)
    found = {"assign"} if access.may(actor, Act.TASK_ASSIGN, subject, pack).allowed else set()
    if access.may(actor, Act.INSTANCE_CONTROL, subject, pack).allowed:
        found |= _CONTROL
    return frozenset(found)
