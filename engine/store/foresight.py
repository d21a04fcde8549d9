"""What deciding and naming will ask about the cases of a page, read ahead in one statement however many cases there are.

Typed rows of one UNION ALL. Only for units of work that read: what is foreseen stays as it was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, case, cast, literal, null, or_, select, union_all

from engine.model.cases import Participant
from engine.model.states import InstanceState
from engine.store import tables, walls
from engine.store.task_rows import IS_ABOUT, OPEN
from engine.store.types import Instant
from engine.store.unit_of_work import UnitOfWork

_P, _N, _D, _W, _T = tables.participants.c, tables.persons.c, tables.duties.c, tables.walls.c, tables.user_tasks.c
_I = tables.instances.c
_NO_TEXT, _NO_NUMBER, _NO_TIME = cast(null(), _P.role.type), cast(null(), _P.position.type), cast(null(), Instant())
_PERSON: ColumnElement[str] = bindparam("person_id")
_FORESEEN = "foresight"


@dataclass(slots=True)
class Ties:
    """How one person stands to one case."""

    #: case roles held now, and the participants that the person is
    roles: set[str] = field(default_factory=set)
    participant_ids: set[str] = field(default_factory=set)
    #: case roles and duties ever held or done
    ever: set[str] = field(default_factory=set)
    #: of each open task that is theirs or free: role, classes its page shows, whether it is assigned to them
    offered: set[tuple[str | None, str, bool]] = field(default_factory=set)
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A person as names are decided about."""

    id: str
    name: str
    staff: bool


@dataclass(slots=True)
class _Foreseen:
    #: by case and person
    ties: dict[tuple[str, str], Ties] = field(default_factory=dict)
    #: everybody who takes or took part, by case
    participants: dict[str, tuple[Participant, ...]] = field(default_factory=dict)
    #: by person
    names: dict[str, Named] = field(default_factory=dict)
    #: as `instances.remarkable`, and the cases of which all of them are known
    remarkable: dict[str, tuple[datetime | None, str | None]] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)


def ties(uow: UnitOfWork, case_id: str, person_id: str) -> Ties | None:
    """What was foreseen of a person's ties to a case; None when nothing was."""
    return _of(uow).ties.get((case_id, person_id))


def participants(uow: UnitOfWork, case_id: str) -> tuple[Participant, ...] | None:
    """Everybody who takes or took part in a case, by role and position; None when it was not foreseen."""
    return _of(uow).participants.get(case_id)


def remarkable(uow: UnitOfWork, case_ids: Collection[str]) -> dict[str, tuple[datetime | None, str | None]] | None:
    """As `instances.remarkable` of the instances of some cases; None when they were not foreseen."""
    kept = _of(uow)
    return kept.remarkable if kept.looked_at.issuperset(case_ids) else None


def names(uow: UnitOfWork) -> dict[str, Named]:
    """The names foreseen, by person."""
    return _of(uow).names


def _of(uow: UnitOfWork) -> _Foreseen:
    found = uow.read_before.setdefault(_FORESEEN, {}).setdefault(_FORESEEN, _Foreseen())
    assert isinstance(found, _Foreseen)
    return found


def foresee(
    uow: UnitOfWork, case_ids: Collection[str], person_id: str, *, known_to: Collection[str] = (), people: Collection[str] = ()
) -> None:
    """Read ahead a person's ties to some cases.

    `known_to` are those of the cases whose participants will be named, `people` persons who will be named beside them.
    """
    if not case_ids or uow.writes:
        return
    ids = {"case_ids": sorted(set(case_ids)), "known_to": sorted(set(known_to)), "people": sorted(set(people))}
    kept = _of(uow)
    found = {case_id: kept.ties.setdefault((case_id, person_id), Ties()) for case_id in case_ids}
    taking_part: defaultdict[str, list[Participant]] = defaultdict(list)
    for what, case_id, *rest in uow.execute(_statement(), {"person_id": person_id, **ids}).all():
        if what == "tie":
            _tie(found[case_id], rest)
        elif what == "remarkable":
            kept.remarkable[rest[0]] = (rest[7], rest[3])
        else:
            id, program_id, person, role, name, position, staff, from_at, to_at = rest
            kept.names[person] = Named(person, name, bool(staff))
            if what == "participant":
                taking_part[case_id].append(Participant(id, program_id, case_id, person, role, position, from_at, to_at))
    kept.looked_at.update(case_ids)
    for case_id in known_to:
        kept.participants[case_id] = tuple(sorted(taking_part[case_id], key=lambda one: (one.role, one.position, one.id)))


def _tie(found: Ties, rest: list[Any]) -> None:
    """One row of a person's own: its kind stands where participants have their program."""
    id, kind, _person, word, text, _number, own, _from_at, ended = rest
    match kind:
        case "role" if ended is None:
            found.roles.add(word)
            found.participant_ids.add(id)
        case "duty":
            found.ever.add(word)
        case "wall":
            found.walled = True
        case "offered":
            found.offered.add((word, text, bool(own)))


@cache
def _statement() -> CompoundSelect[Any]:
    return union_all(_participants(), _people(), _roles(), _duties(), _walls(), _offered(), _remarkable())


def _row(what: str, **columns: Any) -> Select[Any]:
    """One kind of row; what a kind does not have is null."""
    empty = {
        **dict.fromkeys(("case_id", "id", "program_id", "person_id", "role", "text"), _NO_TEXT),
        **dict.fromkeys(("number", "flag"), _NO_NUMBER),
        **dict.fromkeys(("from_at", "to_at"), _NO_TIME),
    }
    return select(literal(what).label("what"), *((columns.get(name, default)).label(name) for name, default in empty.items()))


def _among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def _flag(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((condition, 1), else_=0)


def _participants() -> Select[Any]:
    columns = {"case_id": _P.case_id, "id": _P.id, "program_id": _P.program_id, "person_id": _P.person_id, "role": _P.role}
    more = {"text": _N.name, "number": _P.position, "flag": _flag(_N.staff), "from_at": _P.from_at, "to_at": _P.to_at}
    return (
        _row("participant", **columns, **more)
        .join_from(tables.participants, tables.persons, _N.id == _P.person_id)
        .where(_among(_P.case_id, "known_to"))
    )


def _people() -> Select[Any]:
    return _row("person", person_id=_N.id, text=_N.name, flag=_flag(_N.staff)).where(_among(_N.id, "people"))


def _own(kind: str, case_id: ColumnElement[str], **columns: Any) -> Select[Any]:
    return _row("tie", case_id=case_id, program_id=literal(kind), **columns).where(_among(case_id, "case_ids"))


def _roles() -> Select[Any]:
    return _own("role", _P.case_id, id=_P.id, role=_P.role, to_at=_P.to_at).where(_P.person_id == _PERSON)


def _duties() -> Select[Any]:
    return _own("duty", _D.case_id, role=_D.duty).where(_D.person_id == _PERSON)


def _walls() -> Select[Any]:
    return _own("wall", _W.case_id).where(_W.person_id == _PERSON, walls.standing())


def _remarkable() -> Select[Any]:
    stopped = _I.state == InstanceState.SUSPENDED
    since = case((stopped, _I.suspended_at), else_=_NO_TIME)
    row = _row("remarkable", case_id=_I.case_id, id=_I.id, role=_I.subject_task_id, from_at=since)
    about = and_(_I.subject_task_id.is_not(None), _I.state.not_in((InstanceState.COMPLETED, InstanceState.TERMINATED)))
    return row.where(_among(_I.case_id, "case_ids"), or_(stopped, about))


def _offered() -> Select[Any]:
    row = _own("offered", _T.case_id, role=_T.role, text=_T.shows, flag=_flag(_T.assignee_id.is_not(None)))
    free = and_(_T.assignee_id.is_(None), or_(_T.participant_id.is_(None), IS_ABOUT))
    return row.where(OPEN, or_(_T.assignee_id == _PERSON, free)).distinct()
