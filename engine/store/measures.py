"""What measures read: cases of a time with their facts, milestones and steps; no content, no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from engine.model.measures import CaseRow, Heard, TaskRow
from engine.model.states import CaseState, UserTaskState
from engine.store import tables
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_C, _T, _F, _M = tables.cases.c, tables.user_tasks.c, tables.facts.c, tables.milestones.c
_A, _P = tables.audit_entries.c, tables.participants.c
_E, _R = tables.entries.c, tables.records.c
#: an entry counts by its process facts, as on the case page
_COUNTED = "C1"
#: so many cases are named in one statement
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of a pack, as one person may see them, and what of them."""

    program_id: str
    pack: str
    begin: datetime
    end: datetime
    unseen_by: str
    facts: frozenset[str] = frozenset()
    milestones: bool = False
    #: (process, element) of user tasks
    steps: frozenset[tuple[str, str]] = frozenset()
    #: statuses that stop the clock
    pauses: frozenset[str] = frozenset()
    #: panel -> forms of its entries, and the roles of the participants whom it weighs by them
    weighed: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)


def first_opened(uow: UnitOfWork, program_id: str, unseen_by: str) -> datetime | None:
    """When the first case was opened that a person may know of."""
    statement = select(func.min(_C.opened_at)).where(_C.program_id == program_id, _C.id.not_in(hidden_from(unseen_by)))
    found: datetime | None = uow.execute(statement).scalar_one()
    return found


def cases(uow: UnitOfWork, wanted: Wanted) -> tuple[CaseRow, ...]:
    """The cases that were open in a time, or to which something happened then; by id."""
    rows = uow.execute(select(_C.id, _C.state, _C.outcome, _C.status, _C.opened_at, _C.closed_at).where(_of(wanted)).order_by(_C.id)).all()
    ids = [row[0] for row in rows]
    facts = _facts(uow, ids, wanted.facts)
    milestones = _milestones(uow, ids) if wanted.milestones else {}
    steps = _steps(uow, ids, wanted.steps)
    found = tuple(
        CaseRow(
            row[0], str(row[1]), row[2], row[3], row[4], row[5], facts.get(row[0], {}), milestones.get(row[0], {}), steps.get(row[0], {})
        )
        for row in rows
    )
    weighed = {panel: _heard(uow, ids, forms, roles) for panel, (forms, roles) in wanted.weighed.items()}
    if weighed:
        found = tuple(replace(case, heard={panel: heard.get(case.id, ()) for panel, heard in weighed.items()}) for case in found)
    return _paused(uow, ids, found, wanted) if wanted.pauses else found


def _each(uow: UnitOfWork, statement: Select[Any], column: ColumnElement[str], ids: Sequence[str]) -> Iterator[Any]:
    """The rows that are of some cases. In handfuls: which cases they are is dearer to find again than to say."""
    for at in range(0, len(ids), _AT_ONCE):
        yield from uow.execute(statement.where(column.in_(ids[at : at + _AT_ONCE])))


def _of(wanted: Wanted) -> ColumnElement[bool]:
    return and_(
        _C.program_id == wanted.program_id,
        _C.pack == wanted.pack,
        _C.opened_at < wanted.end,
        or_(
            _C.state == CaseState.OPEN,
            _C.closed_at >= wanted.begin,
            _C.id.in_(select(_T.case_id).where(_T.program_id == wanted.program_id, _T.due_at >= wanted.begin, _T.due_at < wanted.end)),
            _C.id.in_(select(_M.case_id).where(_M.program_id == wanted.program_id, _M.at >= wanted.begin, _M.at < wanted.end)),
        ),
        _C.id.not_in(hidden_from(wanted.unseen_by)),
    )


def _facts(uow: UnitOfWork, ids: Sequence[str], keys: Collection[str]) -> Mapping[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = defaultdict(dict)
    if keys:
        for case_id, key, value in _each(uow, select(_F.case_id, _F.key, _F.value).where(_F.key.in_(sorted(keys))), _F.case_id, ids):
            found[case_id][key] = value
    return found


def _milestones(uow: UnitOfWork, ids: Sequence[str]) -> Mapping[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    reached = select(_M.case_id, _M.code, func.min(_M.at)).group_by(_M.case_id, _M.code)
    for case_id, code, at in _each(uow, reached, _M.case_id, ids):
        found[case_id][code] = at
    return found


def _steps(
    uow: UnitOfWork, ids: Sequence[str], places: Collection[tuple[str, str]]
) -> Mapping[str, dict[str, tuple[int, datetime, datetime]]]:
    found: dict[str, dict[str, tuple[int, datetime, datetime]]] = defaultdict(dict)
    if not places:
        return found
    done = select(_T.case_id, _T.process_key, _T.element_id, func.count(), func.min(_T.ended_at), func.max(_T.ended_at)).where(
        tuple_(_T.process_key, _T.element_id).in_(sorted(places)), _T.state == UserTaskState.COMPLETED
    )
    done = done.group_by(_T.case_id, _T.process_key, _T.element_id)
    for case_id, process, element, count, first, last in _each(uow, done, _T.case_id, ids):
        found[case_id][f"{process}/{element}"] = (int(count), first, last)
    return found


def _heard(uow: UnitOfWork, ids: Sequence[str], forms: Collection[str], roles: Collection[str]) -> Mapping[str, tuple[Heard, ...]]:
    """Of each case those who take or took part in some roles, with when each entry about them was first written."""
    first: dict[str, datetime] = {}
    about: dict[str, str | None] = {}
    joined = tables.entries.outerjoin(tables.records, and_(_R.entry_id == _E.id, _R.cls == _COUNTED))
    said = select(_E.entry, _E.at, _R.participant_id).select_from(joined).where(_E.form.in_(sorted(forms)))
    for entry, at, participant in _each(uow, said.order_by(_E.entry, _E.version), _E.case_id, ids):
        first.setdefault(entry, at)
        about[entry] = participant
    moments: dict[str, list[datetime]] = defaultdict(list)
    for entry, whom in about.items():
        if whom is not None:
            moments[whom].append(first[entry])
    found: dict[str, tuple[Heard, ...]] = defaultdict(tuple)
    among = select(_P.case_id, _P.id, _P.from_at, _P.to_at).where(_P.role.in_(sorted(roles)))
    for case_id, one, since, until in _each(uow, among.order_by(_P.id), _P.case_id, ids):
        found[case_id] += (Heard(since, until, tuple(moments.get(one, ()))),)
    return found


def _paused(uow: UnitOfWork, ids: Sequence[str], found: tuple[CaseRow, ...], wanted: Wanted) -> tuple[CaseRow, ...]:
    """The cases with the times that each stood in a status that stops the clock, as the trail says."""
    changes: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    said = select(_A.case_id, _A.at, _A.details).where(_A.event == "case_status_set")
    for case_id, at, details in _each(uow, said.order_by(_A.case_id, _A.seq), _A.case_id, ids):
        changes[case_id].append((at, details.get("status") if isinstance(details, dict) else None))
    return tuple(replace(case, pauses=_between(changes.get(case.id, []), case.closed_at or wanted.end, wanted.pauses)) for case in found)


def _between(
    changes: list[tuple[datetime, str | None]], until: datetime, codes: Collection[str]
) -> tuple[tuple[datetime, datetime, str], ...]:
    ends = [*(at for at, _ in changes[1:]), until]
    return tuple((at, end, code) for (at, code), end in zip(changes, ends, strict=True) if code and code in codes) if changes else ()


def tasks(
    uow: UnitOfWork,
    wanted: Wanted,
    cases: Sequence[CaseRow],
    places: Collection[tuple[str, str]] | None,
    waived: Collection[tuple[str, str]] | None = (),
) -> tuple[TaskRow, ...]:
    """User tasks of those cases, which `cases` gave, at some places or (None) all, due before the end of the time.

    Those at the places of `waived`, or (None) all, say when their deadline was waived, as the trail has it.
    """
    columns = (_T.id, _T.case_id, _T.process_key, _T.element_id, _T.role, _T.state, _T.created_at, _T.due_at, _T.ended_at)
    statement = select(*columns).where(_T.created_at < wanted.end)
    statement = statement.where(or_(_T.ended_at.is_(None), _T.ended_at >= wanted.begin, _T.due_at >= wanted.begin))
    if places is not None:
        statement = statement.where(tuple_(_T.process_key, _T.element_id).in_(sorted(places)))
    when = _waived(uow, wanted, waived) if waived is None or waived else {}
    rows = sorted(_each(uow, statement, _T.case_id, [case.id for case in cases]), key=itemgetter(0))
    return tuple(
        TaskRow(case_id, f"{process}/{element}", role, str(state), created, due, ended, when.get(id))
        for id, case_id, process, element, role, state, created, due, ended in rows
    )


def _waived(uow: UnitOfWork, wanted: Wanted, places: Collection[tuple[str, str]] | None) -> Mapping[str, datetime]:
    """Task -> when its deadline was first waived. By place the trail has an index, by event it has none."""
    said = select(_A.task_id, func.min(_A.at)).where(
        _A.program_id == wanted.program_id, _A.event == "user_task_deadline_waived", _A.task_id.is_not(None)
    )
    if places is not None:
        there = (and_(_A.process_key == process, _A.element_id == element) for process, element in sorted(places))
        said = said.where(_A.element_id.is_not(None), or_(*there))
    return {str(row[0]): row[1] for row in uow.execute(said.group_by(_A.task_id))}


def holding(uow: UnitOfWork, program_id: str, pack: str, roles: Collection[str], unseen_by: str) -> tuple[tuple[str, str, str], ...]:
    """Who holds some case roles on open cases now, leaving out cases that a person may not see: (case, person, role)."""
    of = select(_P.case_id, _P.person_id, _P.role).join(tables.cases, _C.id == _P.case_id)
    of = of.where(_C.program_id == program_id, _C.pack == pack, _C.state == CaseState.OPEN, _C.id.not_in(hidden_from(unseen_by)))
    rows = uow.execute(of.where(_P.to_at.is_(None), _P.role.in_(sorted(roles))).order_by(_P.case_id, _P.id))
    return tuple((row[0], row[1], row[2]) for row in rows)
