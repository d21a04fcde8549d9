"""Deadline rules are live: what another pack does to the next rungs of open tasks, told before and done when it is approved.

Both go through `_moves`, so that what is done is what was told, unless tasks moved on in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from engine import clock, packs, store
from engine.model.access import Actor
from engine.model.deployments import Deployment
from engine.model.ids import new_id
from engine.model.instances import Job, Timer, UserTask
from engine.model.instances import Rung as RungRow
from engine.model.packs import Act, DeadlineRule, Pack, Rung
from engine.model.states import DeploymentState, JobState
from engine.operations import bundles, change_files, changes, ladders, live, task_access, trail
from engine.store import UnitOfWork

#: open tasks that are looked at in one transaction; the others follow by job
AT_ONCE = 1000
#: rows shown to who may list cases
SHOWN = 100
_BATCH = 500
JOB = "deadlines"


@dataclass(frozen=True, slots=True)
class Move:
    """One open task whose next rung comes at another time, or is another one. None: no rung is ahead."""

    task: UserTask
    before: Timer | None
    after: Timer | None
    #: rungs done so far that have another place in the new ladder: (row, place)
    renumbered: tuple[tuple[RungRow, int], ...]

    @property
    def tells(self) -> bool:
        """Whether people notice: another time, or something else that happens then."""
        was, becomes = (None if timer is None else (timer.due_at, timer.name) for timer in (self.before, self.after))
        return was != becomes

    @property
    def at_once(self) -> bool:
        """Whether the time of the new rung has passed already, so that it acts right away."""
        return self.after is not None and self.after.due_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Kind:
    """Deadlines that move alike: of one step, from one rung to another. `step` is None for steps that not everybody is told of."""

    step: str | None
    before: str | None
    after: str | None
    number: int
    at_once: int
    #: the earliest of them: (time before, time after)
    first: tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One deadline that moves, for who may list cases."""

    case_id: str
    case_number: str
    move: Move


@dataclass(frozen=True, slots=True)
class Preview:
    """What approving a pack would do to deadlines that are running."""

    number: int
    at_once: int
    kinds: tuple[Kind, ...]
    #: the first of them; none for who may not list cases
    rows: tuple[Row, ...]


NOTHING = Preview(0, 0, (), ())


def of_change(uow: UnitOfWork, actor: Actor, change_id: str) -> Preview:
    """As `preview`, of a change as it stands now; nothing for one that has been decided or whose pack cannot be read."""
    change = changes.get(uow, actor, change_id)
    if change.state not in changes.OPEN or change.base_id is None:
        return NOTHING
    content = next((content for name, content in change_files.contents(uow, change).items() if bundles.kind(name) == "pack"), b"")
    pack, problems = packs.read(content, file="pack.toml")
    return NOTHING if problems else preview(uow, actor, pack)


def of_deployment(uow: UnitOfWork, actor: Actor, deployment: Deployment) -> Preview:
    """As `preview`, of a deployment that waits for a second person."""
    if deployment.state is not DeploymentState.PENDING or deployment.pack is None:
        return NOTHING
    return preview(uow, actor, live.pack_of(uow, deployment.pack, deployment.id))


def preview(uow: UnitOfWork, actor: Actor, after: Pack | None) -> Preview:
    """Which running deadlines a pack would move, were it approved now. Counts for who may see procedures, rows by access."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    before = live.pack(uow, actor.program_id, after.key) if after is not None else None
    if before is None or after is None or before.deadline_rules == after.deadline_rules:
        return NOTHING
    moves = [move for move in _all_moves(uow, actor.program_id, before, after) if move.tells]
    lists = live.program_may(uow, actor, Act.CASE_LIST)
    return Preview(
        len(moves), sum(move.at_once for move in moves), _kinds(moves, tells_all=lists), _rows(uow, actor, moves) if lists else ()
    )


def _kinds(moves: Sequence[Move], *, tells_all: bool) -> tuple[Kind, ...]:
    groups: dict[tuple[str | None, str | None, str | None], list[Move]] = defaultdict(list)
    for move in moves:
        step = None if move.task.discreet and not tells_all else move.task.name
        groups[step, _rung_name(move.before, step), _rung_name(move.after, step)].append(move)
    return tuple(
        Kind(step, before, after, len(found), sum(move.at_once for move in found), min(map(_times, found), key=_order))
        for (step, before, after), found in groups.items()
    )


def _rung_name(timer: Timer | None, step: str | None) -> str | None:
    """What a rung does, without the name of the step that its timer carries for lists."""
    if timer is None:
        return None
    return timer.name.partition(": ")[0] if step is not None else ""


def _times(move: Move) -> tuple[datetime | None, datetime | None]:
    return (move.before.due_at if move.before else None, move.after.due_at if move.after else None)


def _order(times: tuple[datetime | None, datetime | None]) -> datetime:
    return min(moment for moment in times if moment is not None)


def _rows(uow: UnitOfWork, actor: Actor, moves: Sequence[Move]) -> tuple[Row, ...]:
    found = []
    for move in sorted(moves, key=lambda move: _order(_times(move))):
        seen = task_access.of(uow, actor, move.task)
        if task_access.visible(actor, seen):
            found.append(Row(seen.case.id, seen.case.number, move))
        if len(found) == SHOWN:
            break
    return tuple(found)


def apply(uow: UnitOfWork, actor: Actor, pack: str | None, before_id: str | None, deployment_id: str) -> int:
    """Move the running deadlines from one deployment's rules to those of another that is live now; gives how many moved.

    One act in the trail. Of very many tasks the others follow by job, each part in a transaction of its own.
    """
    if pack is None or before_id is None or before_id == deployment_id:
        return 0
    return _part(uow, actor, {"pack": pack, "before": before_id, "deployment": deployment_id})


def go_on(uow: UnitOfWork, actor: Actor, payload: Mapping[str, object]) -> None:
    """The next part of `apply`, by job."""
    _part(uow, actor, {name: str(payload[name]) for name in ("pack", "before", "deployment", "task")})


def _part(uow: UnitOfWork, actor: Actor, asked: Mapping[str, str]) -> int:
    before, after = (live.pack_of(uow, asked["pack"], asked[which]) for which in ("before", "deployment"))
    if before.deadline_rules == after.deadline_rules:
        return 0
    tasks = store.user_tasks.open_of_pack(uow, actor.program_id, after.key, after=asked.get("task", ""), limit=AT_ONCE)
    moves = list(_moves(uow, before, after, tasks))
    _write(uow, moves)
    told = [move.task.id for move in moves if move.tells]
    rules = sorted({rule.key for rule in _changed_rules(before, after)})
    trail.note(uow, actor, "deadlines_moved", deployment=asked["deployment"], rules=rules, number=len(told), tasks=told)
    if len(tasks) == AT_ONCE:
        now = clock.now()
        payload = {**asked, "task": tasks[-1].id}
        key = f"{JOB}/{asked['deployment']}/{payload['task']}"
        store.jobs.insert(uow, Job(new_id(now), actor.program_id, None, JOB, key, payload, now, 0, JobState.AVAILABLE, now))
    return len(told)


def _write(uow: UnitOfWork, moves: Sequence[Move]) -> None:
    fresh = [move.after for move in moves if move.after is not None]
    store.timers.replace(uow, fresh, [move.before.id for move in moves if move.before is not None])
    for move in moves:
        for row, position in move.renumbered:
            store.rungs.renumber(uow, row.id, position)


def _changed_rules(before: Pack, after: Pack) -> Iterator[DeadlineRule]:
    for one, others in ((before, after), (after, before)):
        yield from (rule for rule in one.deadline_rules if rule not in others.deadline_rules)


def _all_moves(uow: UnitOfWork, program_id: str, before: Pack, after: Pack) -> Iterator[Move]:
    last = ""
    while tasks := store.user_tasks.open_of_pack(uow, program_id, after.key, after=last, limit=_BATCH):
        yield from _moves(uow, before, after, tasks)
        last = tasks[-1].id


def _moves(uow: UnitOfWork, before: Pack, after: Pack, tasks: Sequence[UserTask]) -> Iterator[Move]:
    """What becomes of the next rung of each task whose ladder is another one in the new pack."""
    concerned = []
    for task in tasks:
        old, new = (packs.deadline_rule(pack, task.process_key, task.element_id) for pack in (before, after))
        if old != new:
            concerned.append((task, old, new))
    ids = [task.id for task, _, _ in concerned]
    timers, done = defaultdict(list), defaultdict(list)
    for timer in store.timers.of_tasks(uow, ids):
        timers[timer.task_id].append(timer)
    for row in store.rungs.of_tasks(uow, ids):
        done[row.task_id].append(row)
    for task, old, new in concerned:
        move = _move(task, old, new, timers[task.id], done[task.id])
        if move.tells or move.renumbered:
            yield move


def _move(task: UserTask, old: DeadlineRule | None, new: DeadlineRule | None, timers: Sequence[Timer], done: Sequence[RungRow]) -> Move:
    now = timers[0] if timers else None
    if new is None:
        return Move(task, now, None, ())
    places = _places(old, new)
    moved = [replace(row, position=carried(places, row.position)) for row in done]
    renumbered = tuple((row, after.position) for row, after in zip(done, moved, strict=True) if row.position != after.position)
    fresh = ladders.next_timer(new, task, ladders.highest_of(task, moved), ladders.anchor(task, timers))
    return Move(task, now, fresh[0] if fresh else None, renumbered)


def carried(places: Mapping[int, int], position: int) -> int:
    """The place of a rung that is done in the new ladder; of one that is gone, that of the highest one below it."""
    return max((new for old, new in places.items() if old <= position), default=0)


def _places(old: DeadlineRule | None, new: DeadlineRule) -> dict[int, int]:
    """Which rung of a ladder is which of another: the same one, or at its place one that does the same at another time."""
    if old is None:
        return {}
    found: dict[int, int] = {}
    plain = [[replace(rung, number=0, label=None) for rung in rule.rungs] for rule in (old, new)]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            pairs = zip(range(i1, i2), range(j1, j2), strict=False)
            found |= {i + 1: j + 1 for i, j in pairs if _does(old.rungs[i]) == _does(new.rungs[j])}
    return found


def _does(rung: Rung) -> tuple[str | None, ...]:
    return (rung.act, rung.to, rung.notice, rung.process)
