"""What is searched for in a list of open tasks, looked up before the list is read: titles by role, and case numbers.

Titles are few, however many tasks there are: an index is read from one title to the next. Each comes with how many
tasks have it, so that few tasks are sorted and many are met soon in the order that is asked for. A case is found by its
number, or by the figures of it: its running number, with or without the year.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, or_, select, union_all

from engine.store import tables
from engine.store.persons import folded
from engine.store.task_rows import OPEN
from engine.store.unit_of_work import UnitOfWork

_T, _C, _S = tables.user_tasks.c, tables.cases.c, tables.case_serials.c
_FREE = (OPEN, _T.assignee_id.is_(None))
_FIGURES = re.compile(r"[0-9]+")
#: figures of one running number, at most
_LONGEST = 9
#: from so many tasks on, a title is met soon enough on the way through the list in its order
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Sought:
    """A text and what it stands for. `titles`: titles as drawn that say it in the reader's language."""

    text: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where it is: titles of free tasks by role, the roles with many of them, cases by number."""

    sought: Sought
    titles: dict[str, tuple[str, ...]]
    many: frozenset[str]
    case_ids: tuple[str, ...]

    def in_any(self) -> ColumnElement[bool]:
        """Tasks that the text is about, for lists that are short."""
        return or_(_named(_T.name, self.sought), _T.case_id.in_(self.case_ids))

    def in_role(self, program_id: str, role: str) -> list[ColumnElement[bool]]:
        """Free tasks of a role that the text is about: each condition is to be read by itself, from its own index."""
        ways: list[ColumnElement[bool]] = []
        if role in self.titles:
            name: ColumnElement[str] = _unread(_T.name) if role in self.many else _T.name
            ways.append(and_(_T.program_id == program_id, _T.role == role, name.in_(self.titles[role])))
        if self.case_ids:
            ways.append(and_(_T.case_id.in_(self.case_ids), _unread(_T.role) == role))
        return ways


def look_up(uow: UnitOfWork, program_id: str, roles: Collection[str], text: str, titles: Collection[str] = ()) -> Found | None:
    """Where a text is, or a title that stands for it, in one statement at most; None when nothing is looked for."""
    sought = Sought(" ".join(text.split()), tuple(titles))
    return _found(uow, program_id, roles, sought) if sought.text else None


def _found(uow: UnitOfWork, program_id: str, roles: Collection[str], sought: Sought) -> Found:
    figures = _figures(sought.text)
    parts = [_titles(program_id, roles, sought)] if roles else []
    if figures:
        parts.append(_numbered(program_id, sought.text, figures))
    titles: dict[str, tuple[str, ...]] = {}
    counted: dict[str, int] = {}
    case_ids = []
    for role, text, number in uow.execute(union_all(*parts)).all() if parts else ():
        if role is not None:
            titles[role] = (*titles.get(role, ()), text)
            counted[role] = counted.get(role, 0) + number
        elif _fits(figures, sought.text, text.partition(" ")[2]):
            case_ids.append(text.partition(" ")[0])
    many = frozenset(role for role, number in counted.items() if number >= _MANY)
    return Found(sought, titles, many, tuple(case_ids))


def _unread(column: ColumnElement[str]) -> ColumnElement[str]:
    """A column as something worked out, so that no index is read by it: neither many tasks sorted nor all of a role met."""
    return func.coalesce(column, column)


def _named(name: ColumnElement[str], sought: Sought) -> ColumnElement[bool]:
    return or_(func.lower(name).contains(folded(sought.text), autoescape=True), name.in_(sought.titles))


def _titles(program_id: str, roles: Collection[str], sought: Sought) -> Select[Any]:
    """Role, title, and how many free tasks have it, up to `_MANY`."""
    wanted = union_all(*(select(literal(role).label("role")) for role in sorted(set(roles)))).cte("wanted")
    titles = select(wanted.c.role, literal("").label("name")).cte("titles", recursive=True)
    titles = titles.union_all(select(titles.c.role, _next(program_id, titles)).where(titles.c.name.is_not(None)))
    same = select(literal(1)).where(_T.program_id == program_id, _T.role == titles.c.role, _T.name == titles.c.name, *_FREE)
    counted = select(func.count()).select_from(same.limit(_MANY).correlate(titles).subquery())
    columns = (titles.c.role.label("role"), titles.c.name.label("text"), counted.correlate(titles).scalar_subquery().label("number"))
    return select(*columns).where(titles.c.name != "", _named(titles.c.name, sought))


def _next(program_id: str, titles: CTE) -> ColumnElement[Any]:
    after = select(func.min(_T.name)).where(_T.program_id == program_id, _T.role == titles.c.role, _T.name > titles.c.name, *_FREE)
    return after.correlate(titles).scalar_subquery()


def _numbered(program_id: str, text: str, figures: Collection[int]) -> Select[Any]:
    """Cases that may be meant: each id with its number."""
    years = select(_S.year).where(_S.program_id == program_id)
    running = and_(_C.program_id == program_id, _C.year.in_(years), _C.serial.in_(figures))
    exact = and_(_C.program_id == program_id, _C.number.in_((text, text.upper())))
    known: ColumnElement[Any] = _C.id.concat(" ").concat(_C.number)
    columns: list[ColumnElement[Any]] = [literal(None).label("role"), known.label("text"), literal(0).label("number")]
    return select(*columns).where(or_(exact, running))


def _figures(text: str) -> list[int]:
    return [int(one) for one in _FIGURES.findall(text) if len(one) <= _LONGEST]


def _fits(figures: list[int], text: str, number: str) -> bool:
    """Whether the figures of a text stand in a number one after the other, and no other letters than the number's beside them."""
    if folded(text) == folded(number):
        return True
    own = _figures(number)
    beside = "".join(sign for sign in folded(text) if sign.isalpha())
    follow = any(own[at : at + len(figures)] == figures for at in range(len(own)))
    return follow and beside in "".join(sign for sign in folded(number) if sign.isalpha())
