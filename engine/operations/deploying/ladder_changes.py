"""Deadline rules and calendars are live: what another pack does to due dates, timers and the next rungs of open tasks, told
before and done when it is approved.

Both go through `_moves`, so that what is done is what was told, unless tasks moved on in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from engine import access, clock, packs, store
from engine.language import noted
from engine.model.access import Actor
from engine.model.deployments import Deployment
from engine.model.ids import new_id
from engine.model.instances import Job, Timer, UserTask
from engine.model.instances import Rung as RungRow
from engine.model.packs import Act, DeadlineRule, Pack, Rung
from engine.model.states import DeploymentState, JobState, RungState
from engine.operations import bundles, live, ties, trail
from engine.operations.deploying import calendar_moves
from engine.operations.deploying.calendar_moves import TimerMove
from engine.operations.drafting import change_files, changes
from engine.operations.people import task_access
from engine.operations.running import ladders
from engine.store import UnitOfWork

#: open tasks that are looked at in one transaction; the others follow by job
AT_ONCE = 1000
#: rows shown to who may list cases
SHOWN = 100
#: timers of diagrams that are moved in one transaction; each is a step of its instance
TIMERS_AT_ONCE = 100
_BATCH = 500
JOB = "deadlines"


@dataclass(frozen=True, slots=True)
class Move:
    """One open task whose next rung comes at another time, or is another one, or which is due at another. None: no rung is ahead."""

    task: UserTask
    before: Timer | None
    after: Timer | None
    #: rungs done so far that have another place in the new ladder: (row, place)
    renumbered: tuple[tuple[RungRow, int], ...]
    #: when it is due from now on
    due_at: datetime | None = None

    @property
    def moves_due(self) -> bool:
        """Whether the task itself is due at another time."""
        return self.due_at is not None and self.due_at != self.task.due_at

    @property
    def moves_rung(self) -> bool:
        """Whether another time has a reminder, or something else happens then."""
        was, becomes = (None if timer is None else (timer.due_at, timer.name) for timer in (self.before, self.after))
        return was != becomes

    @property
    def tells(self) -> bool:
        """Whether people notice."""
        return self.moves_rung or self.moves_due

    @property
    def at_once(self) -> bool:
        """Whether the time of the new rung has passed already, so that it acts right away."""
        return self.after is not None and self.after.due_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Kind:
    """Deadlines that move alike: of one step, from one rung to another, due dates, or timers of a diagram.

    `step` is None for steps that not everybody is told of.
    """

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
    move: Move | TimerMove

    @property
    def step(self) -> str:
        """The step that it is about."""
        return self.move.task.name if isinstance(self.move, Move) else self.move.timer.name

    @property
    def times(self) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
        """What moves: (what, time before, time after)."""
        if isinstance(self.move, TimerMove):
            return ((TIMER, self.move.timer.due_at, self.move.due_at),)
        due = ((DUE, self.move.task.due_at, self.move.due_at),) if self.move.moves_due else ()
        rung = (("", *_times(self.move)),) if self.move.moves_rung else ()
        return (*due, *rung)


@dataclass(frozen=True, slots=True)
class Preview:
    """What approving a pack would do to deadlines that are running."""

    number: int
    at_once: int
    kinds: tuple[Kind, ...]
    #: the first of them; none for who may not list cases
    rows: tuple[Row, ...]


NOTHING = Preview(0, 0, (), ())
#: what moves when it is no rung of a ladder
DUE, TIMER = noted(("Due", "Timer"))


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
    if before is None or after is None or _same(before, after):
        return NOTHING
    moves = [move for move in _all_moves(uow, actor.program_id, before, after) if move.tells]
    waiting = list(_all_timers(uow, actor.program_id, before, after))
    lists = live.program_may(uow, actor, Act.CASE_LIST)
    kinds = (*_due_kinds(moves, tells_all=lists), *_timer_kinds(waiting, tells_all=lists), *_kinds(moves, tells_all=lists))
    rows = (*_timer_rows(uow, actor, waiting), *_rows(uow, actor, moves))[:SHOWN] if lists else ()
    return Preview(sum(kind.number for kind in kinds), sum(kind.at_once for kind in kinds), kinds, rows)


def _same(before: Pack, after: Pack) -> bool:
    return before.deadline_rules == after.deadline_rules and before.calendars == after.calendars


def _due_kinds(moves: Sequence[Move], *, tells_all: bool) -> Iterator[Kind]:
    groups: dict[str | None, list[tuple[datetime | None, datetime | None]]] = defaultdict(list)
    for move in moves:
        if move.moves_due:
            groups[None if move.task.discreet and not tells_all else move.task.name].append((move.task.due_at, move.due_at))
    for step, found in groups.items():
        yield Kind(step, DUE, DUE, len(found), 0, min(found, key=_order))


def _timer_kinds(waiting: Sequence[TimerMove], *, tells_all: bool) -> Iterator[Kind]:
    groups: dict[str | None, list[TimerMove]] = defaultdict(list)
    for move in waiting:
        groups[move.timer.name if tells_all else None].append(move)
    for step, found in groups.items():
        times = [(move.timer.due_at, move.due_at) for move in found]
        yield Kind(step, TIMER, TIMER, len(found), sum(move.at_once for move in found), min(times))


def _timer_rows(uow: UnitOfWork, actor: Actor, waiting: Sequence[TimerMove]) -> Iterator[Row]:
    """Whoever lists all cases knows of every step of those that no wall keeps them from."""
    for move in sorted(waiting, key=lambda move: move.timer.due_at)[:SHOWN]:
        case = store.cases.get(uow, move.timer.case_id)
        subject = ties.to_case(uow, actor, case)
        if access.may(actor, Act.CASE_LIST, subject, live.pack(uow, actor.program_id, case.pack)).allowed:
            yield Row(case.id, case.number, move)


def _kinds(moves: Sequence[Move], *, tells_all: bool) -> tuple[Kind, ...]:
    groups: dict[tuple[str | None, str | None, str | None], list[Move]] = defaultdict(list)
    for move in (move for move in moves if move.moves_rung):
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


def _order(times: tuple[datetime | None, ...]) -> datetime:
    return min(moment for moment in times if moment is not None)


def _rows(uow: UnitOfWork, actor: Actor, moves: Sequence[Move]) -> tuple[Row, ...]:
    found = []
    for move in sorted(moves, key=lambda move: _order((*_times(move), move.due_at))):
        seen = task_access.of(uow, actor, move.task)
        if task_access.visible(seen):
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
    return _part(uow, actor, {"task": "", "timer": "", "pack": pack, "before": before_id, "deployment": deployment_id})


def go_on(uow: UnitOfWork, actor: Actor, payload: Mapping[str, object]) -> None:
    """The next part of `apply`, by job."""
    _part(uow, actor, {name: str(payload[name]) for name in ("pack", "before", "deployment", "task", "timer") if name in payload})


def _part(uow: UnitOfWork, actor: Actor, asked: Mapping[str, str]) -> int:
    before, after = (live.pack_of(uow, asked["pack"], asked[which]) for which in ("before", "deployment"))
    if _same(before, after):
        return 0
    ahead: dict[str, str] = {}
    moves: list[Move] = []
    if "task" in asked:
        tasks = store.user_tasks.open_of_pack(uow, actor.program_id, after.key, after=asked["task"], limit=AT_ONCE)
        moves = list(_moves(uow, before, after, tasks))
        _write(uow, moves)
        ahead |= {"task": tasks[-1].id} if len(tasks) == AT_ONCE else {}
    waiting: list[TimerMove] = []
    if "timer" in asked:
        timers = list(calendar_moves.timers(uow, actor.program_id, before, after, last=asked["timer"], limit=TIMERS_AT_ONCE))
        waiting = [move for _, move in timers if move is not None]
        for one in waiting:
            calendar_moves.move(uow, actor, one)
        ahead |= {"timer": timers[-1][0]} if len(timers) == TIMERS_AT_ONCE else {}
    _note(uow, actor, asked["deployment"], before, after, moves, waiting)
    if ahead:
        _go_on_later(uow, actor, {name: value for name, value in asked.items() if name not in ("task", "timer")} | ahead)
    return sum(move.tells for move in moves) + len(waiting)


def _note(
    uow: UnitOfWork, actor: Actor, deployment: str, before: Pack, after: Pack, moves: Sequence[Move], waiting: Sequence[TimerMove]
) -> None:
    told = [move.task.id for move in moves if move.tells]
    rules = sorted({rule.key for rule in _changed_rules(before, after)})
    more: dict[str, object] = {}
    if changed := calendar_moves.changed(before, after):
        dues = {move.task.id: [str(move.task.due_at), str(move.due_at)] for move in moves if move.moves_due}
        timers = {move.timer.id: [str(move.timer.due_at), str(move.due_at)] for move in waiting}
        more = {"calendars": changed, "due_dates": dues, "timers": timers}
    number = len(told) + len(waiting)
    trail.note(uow, actor, "deadlines_moved", deployment=deployment, rules=rules, number=number, tasks=told, **more)


def _go_on_later(uow: UnitOfWork, actor: Actor, payload: Mapping[str, str]) -> None:
    now = clock.now()
    key = f"{JOB}/{payload['deployment']}/{payload.get('task', '')}/{payload.get('timer', '')}"
    store.jobs.insert(uow, Job(new_id(now), actor.program_id, None, JOB, key, payload, now, 0, JobState.AVAILABLE, now))


def _write(uow: UnitOfWork, moves: Sequence[Move]) -> None:
    fresh = [move.after for move in moves if move.after is not None]
    store.timers.replace(uow, fresh, [move.before.id for move in moves if move.before is not None])
    for move in moves:
        for row, position in move.renumbered:
            store.rungs.renumber(uow, row.id, position)
        if move.moves_due:
            store.user_tasks.move_due(uow, replace(move.task, due_at=move.due_at))


def _changed_rules(before: Pack, after: Pack) -> Iterator[DeadlineRule]:
    for one, others in ((before, after), (after, before)):
        yield from (rule for rule in one.deadline_rules if rule not in others.deadline_rules)


def _all_moves(uow: UnitOfWork, program_id: str, before: Pack, after: Pack) -> Iterator[Move]:
    last = ""
    while tasks := store.user_tasks.open_of_pack(uow, program_id, after.key, after=last, limit=_BATCH):
        yield from _moves(uow, before, after, tasks)
        last = tasks[-1].id


def _all_timers(uow: UnitOfWork, program_id: str, before: Pack, after: Pack) -> Iterator[TimerMove]:
    last: str | None = ""
    while last is not None and calendar_moves.changed(before, after):
        found = list(calendar_moves.timers(uow, program_id, before, after, last=last, limit=_BATCH))
        yield from (move for _, move in found if move is not None)
        last = found[-1][0] if len(found) == _BATCH else None


def _moves(uow: UnitOfWork, before: Pack, after: Pack, tasks: Sequence[UserTask]) -> Iterator[Move]:
    """What becomes of each task whose ladder or calendar is another one in the new pack, and of its next rung."""
    concerned = []
    for task in tasks:
        old, new = (packs.deadline_rule(pack, task.process_key, task.element_id) for pack in (before, after))
        if old != new or calendar_moves.task_after(task, before, after) is not task:
            concerned.append((task, old, new))
    ids = [task.id for task, _, _ in concerned]
    timers, done = defaultdict(list), defaultdict(list)
    for timer in store.timers.of_tasks(uow, ids):
        timers[timer.task_id].append(timer)
    for row in store.rungs.of_tasks(uow, ids):
        done[row.task_id].append(row)
    for task, old, new in concerned:
        moved = calendar_moves.task_after(task, before, after)
        paused = ladders.is_paused(after, task, store.cases.get(uow, task.case_id).status)
        move = replace(_move(task, moved, old, new, timers[task.id], done[task.id], paused), due_at=moved.due_at)
        if move.tells or move.renumbered:
            yield move


def _move(
    task: UserTask,
    moved_task: UserTask,
    old: DeadlineRule | None,
    new: DeadlineRule | None,
    timers: Sequence[Timer],
    done: Sequence[RungRow],
    paused: bool,
) -> Move:
    now = timers[0] if timers else None
    if new is None:
        return Move(task, now, None, ())
    places = _places(old, new)
    moved = [replace(row, position=_place(places, row)) for row in done]
    renumbered = tuple((row, after.position) for row, after in zip(done, moved, strict=True) if row.position != after.position)
    fresh = [] if paused else ladders.next_timer(new, moved_task, ladders.done_of(task, moved), ladders.anchor(task, timers))
    return Move(task, now, fresh[0] if fresh else None, renumbered)


def _place(places: Mapping[int, int], row: RungRow) -> int:
    """The place of what is recorded; a waived step that is gone waives no other one."""
    return places.get(row.position, 0) if row.state is RungState.STEP_WAIVED else carried(places, row.position)


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
