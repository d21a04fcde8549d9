"""What the expressions of measures are told of a case or a task, and their values, asked once for all that are alike in what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from engine import feel, packs
from engine.model.measures import CaseRow, Heard, Measure, Span, TaskRow

_DAY = timedelta(days=1)
#: so many different answers of an expression are kept in a count; one that reads a moment seldom meets the same twice
_KEPT = 2048


@dataclass(frozen=True, slots=True)
class _Asked:
    """A compiled expression and what decides its value."""

    expression: feel.Expression
    paths: tuple[tuple[str, ...], ...]
    #: what it only reads; None: it does more
    plain: tuple[str, ...] | None


@lru_cache(maxsize=512)
def _asked(text: str) -> _Asked:
    expression = feel.compile(text)
    return _Asked(expression, tuple(sorted(expression.paths())), expression.path())


def names(measure: Measure) -> frozenset[str]:
    """What the expressions of a measure name."""
    return frozenset(path[0] for text in packs.measure_expressions(measure) for path in _asked(text).paths)


def asks_waived(measure: Measure) -> bool:
    """Whether an expression of a measure asks when the deadline of a task was waived."""
    asked = (path for text in packs.measure_expressions(measure) for path in _asked(text).paths)
    return any(path[:2] in (("task",), ("task", "waived")) for path in asked)


@dataclass(slots=True)
class Values:
    """The values of expressions in one count, at one moment."""

    now: datetime
    #: expression -> what it read -> its value
    known: dict[str, dict[tuple[object, ...], object]] = field(default_factory=dict)

    def of(self, text: str, context: Mapping[str, object]) -> object:
        """The value of an expression; null when it uses its budget up."""
        asked = _asked(text)
        if asked.plain is not None:
            whole, value = _reached(context, asked.plain)
            if whole:
                return feel.coerce(value)
        known = self.known.setdefault(text, {})
        read = tuple([_read(context, path) for path in asked.paths])
        try:
            if read in known:
                return known[read]
        except TypeError:  # a list is no key
            return self._evaluated(asked, context)
        value = self._evaluated(asked, context)
        if len(known) < _KEPT:
            known[read] = value
        return value

    def _evaluated(self, asked: _Asked, context: Mapping[str, object]) -> object:
        try:
            return asked.expression.evaluate(context, now=self.now)
        except feel.FeelLimit:
            return None


def _read(context: Mapping[str, object], path: tuple[str, ...]) -> object:
    """What an expression reads there, with its type: true and 1 are the same key otherwise."""
    value = _reached(context, path)[1]
    return (type(value), value)


def _reached(context: Mapping[str, object], path: tuple[str, ...]) -> tuple[bool, object]:
    """What stands at a path, or as far on it as contexts go; and whether that is the end of it."""
    value: object = context
    for number, name in enumerate(path):
        if number and not isinstance(value, dict):
            return False, value
        if name not in value:  # type: ignore[operator]  # the context, or a dict in it
            return number > 0 and number + 1 == len(path), None
        value = value[name]  # type: ignore[index]
    return True, value


@dataclass(slots=True)
class Row:
    """A case, or a task of it, in a span; `until`: how things stood then. Never changed; one is made for every row of a
    measure, which a frozen dataclass makes at three times the price."""

    measure: Measure
    case: CaseRow
    task: TaskRow | None
    span: Span
    until: datetime
    now: datetime


def facts_of(measure: Measure) -> tuple[str, ...]:
    """The facts of a case that the expressions of a measure name."""
    return tuple(sorted(names(measure) - _PARTS.keys()))


def parts_of(measure: Measure) -> tuple[str, ...]:
    """What else they name."""
    return tuple(sorted(names(measure) & _PARTS.keys()))


def of(row: Row, facts: Sequence[str], parts: Sequence[str]) -> dict[str, object]:
    """The context of a case or a task: of those facts and parts alone, as telling everything takes longer than asking it."""
    known = row.case.facts
    context = {name: known[name] for name in facts if name in known} if facts else {}
    for name in parts:
        context[name] = _PARTS[name](row)
    return context


def _case(row: Row) -> dict[str, object]:
    case = row.case
    return {"state": case.state, "outcome": case.outcome, "status": case.status, "opened": case.opened_at, "closed": case.closed_at}


def _apart(heard: Sequence[Heard], at: datetime) -> int:
    """How many entries there were by then about who has the most of them, beyond those about who has the fewest; of those there then."""
    counts = [sum(moment <= at for moment in one.entries) for one in heard if one.since <= at and (one.until is None or one.until > at)]
    return max(counts, default=0) - min(counts, default=0)


def _step(case: CaseRow, place: str) -> dict[str, object]:
    count, first, last = case.steps.get(place, (0, None, None))
    return {"count": count, "first": first, "last": last}


def _task(task: TaskRow, until: datetime, now: datetime) -> dict[str, object]:
    """As it stands at a moment: late when it was done, or is still open, after it was due; over when that moment has come by now."""
    done = min(task.ended_at or until, until)
    late = task.due_at is not None and done > task.due_at
    days = (done - task.due_at) / _DAY if late and task.due_at is not None else 0.0
    moments = {"created": task.created_at, "due": task.due_at, "ended": task.ended_at, "waived": task.waived_at}
    return {"state": task.state, **moments, "late": late, "daysLate": days, "over": task.due_at is not None and task.due_at <= now}


_PARTS: Mapping[str, Callable[[Row], object]] = {
    "case": _case,
    "milestones": lambda row: dict(row.case.milestones),
    "steps": lambda row: {name: _step(row.case, place) for name, place in row.measure.steps.items()},
    "apart": lambda row: {panel: _apart(heard, row.until) for panel, heard in row.case.heard.items()},
    "period": lambda row: {"begin": row.span.begin, "end": min(row.span.end, row.now)},
    "task": lambda row: None if row.task is None else _task(row.task, row.until, row.now),
}
