"""From what cases and tasks say to figures: which of them count, what each gives, and the cells that come of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from engine import feel, packs
from engine.feel.values import DaysTime
from engine.model.measures import CaseRow, Cell, Heard, Item, Measure, MeasureKind, Span, TaskRow, Unit

#: (span, dimension, value); "" and "" for all together
Key = tuple[str, str, str]
#: the dimension that a count's parts make
PARTS = "parts"
#: the role that a task was offered to, as a dimension
ROLE = "role"
#: moments that are the same for every case: how things stood then
STANDING = frozenset({"begin", "end"})
#: as how many a case counts, at most; each has a place of its own
SEVERAL = 64
_DAY = timedelta(days=1)
_PERCENT = 100


def items(measure: Measure, cases: Sequence[CaseRow], tasks: Sequence[TaskRow], spans: Sequence[Span], now: datetime) -> Iterator[Item]:
    """What a measure counts in each span; none that has not begun. Spans may lie within each other."""
    if measure.kind is MeasureKind.UNMEASURED:
        return
    known = {case.id: case for case in cases}
    rows: list[tuple[int, CaseRow, TaskRow | None]]
    if measure.unit is Unit.TASK:
        of = frozenset(measure.of)
        rows = [(at, known[task.case_id], task) for at, task in enumerate(tasks) if task.case_id in known and (not of or task.place in of)]
    else:
        rows = [(at, case, None) for at, case in enumerate(cases)]
    begun = [span for span in spans if span.begin < now]
    for place, case, task in rows:
        if measure.when in STANDING:
            within = _standing(measure, case, task, begun, now)
        else:
            moment = _moment(measure.when, case, task)
            within = [span for span in begun if moment is not None and span.begin <= moment < span.end]
        if within:
            yield from _items(measure, case, task, within, now, place)


def _moment(when: str, case: CaseRow, task: TaskRow | None) -> datetime | None:
    if task is not None and when in ("due", "waived"):
        return task.due_at if when == "due" else task.waived_at
    if when == "opened":
        return case.opened_at
    return case.closed_at if when == "closed" else case.milestones.get(when)


def _standing(measure: Measure, case: CaseRow, task: TaskRow | None, spans: Sequence[Span], now: datetime) -> list[Span]:
    """The spans at whose border a case or task was open."""
    since, until = (task.created_at, task.ended_at) if task is not None else (case.opened_at, case.closed_at)
    found = []
    for span in spans:
        at = span.begin if measure.when == "begin" else min(span.end, now)
        if since < at and (until is None or until >= at):
            found.append(span)
    return found


def _items(measure: Measure, case: CaseRow, task: TaskRow | None, spans: Sequence[Span], now: datetime, place: int) -> Iterator[Item]:
    """One case or task in spans; what it gives is the same in all of them unless the measure asks how it stood in each."""
    if len(spans) > 1 and not _once(measure):
        for span in spans:
            yield from _items(measure, case, task, [span], now, place)
        return
    context = _context(measure, case, task, spans[0], now)
    if measure.where is not None and _value(measure.where, context, now) is not True:
        return
    groups = _groups(measure, case, task, context, now)
    if measure.parts and PARTS not in groups:
        return
    if measure.times is not None:
        yield from _several(measure, context, groups, spans, now, place)
        return
    fits = measure.fits is not None and _value(measure.fits, context, now) is True
    value, paused = _worth(measure, case, context, now)
    for span in spans:
        yield Item(span.name, groups, fits, value, paused, place)


def _several(
    measure: Measure, context: Mapping[str, object], groups: Mapping[str, str], spans: Sequence[Span], now: datetime, place: int
) -> Iterator[Item]:
    """An item for each that a case counts as. Those that fit come first, so that two measures of the same ones know them again."""
    many, fitting = (int(_number(_value(text or "null", context, now)) or 0) for text in (measure.times, measure.fits))
    for span in spans:
        for number in range(min(many, SEVERAL)):
            yield Item(span.name, groups, number < fitting, place=place * SEVERAL + number)


def _once(measure: Measure) -> bool:
    """Whether a row gives the same in all spans: nothing asks for the period, nor how anything stood at its border."""
    changing = {"period", "task", "apart"} if measure.when in STANDING else {"period"}
    return all(_compiled(text).names.isdisjoint(changing) for text in packs.measure_expressions(measure))


def _worth(measure: Measure, case: CaseRow, context: Mapping[str, object], now: datetime) -> tuple[float | None, Mapping[str, float]]:
    if measure.kind is MeasureKind.AMOUNT:
        return _number(_value(measure.value or "null", context, now)), {}
    if measure.kind is not MeasureKind.DURATION:
        return None, {}
    start, end = (_value(text or "null", context, now) for text in (measure.start, measure.end))
    if not isinstance(start, datetime) or not isinstance(end, datetime) or end < start:
        return None, {}
    paused: dict[str, float] = defaultdict(float)
    for begin, until, code in case.pauses:
        paused[code] += max((min(until, end) - max(begin, start)) / _DAY, 0.0)
    return (end - start) / _DAY, {code: days for code, days in paused.items() if days}


def _context(measure: Measure, case: CaseRow, task: TaskRow | None, span: Span, now: datetime) -> dict[str, object]:
    # Whatever stands at a moment is as it was then; what happened is as it is known now.
    until = min(span.end, now) if measure.when in STANDING else now
    context: dict[str, object] = {
        **case.facts,
        "case": {
            "state": case.state,
            "outcome": case.outcome,
            "status": case.status,
            "opened": case.opened_at,
            "closed": case.closed_at,
        },
        "milestones": dict(case.milestones),
        "steps": {name: _step(case, place) for name, place in measure.steps.items()},
        "apart": {panel: _apart(heard, until) for panel, heard in case.heard.items()},
        "period": {"begin": span.begin, "end": min(span.end, now)},
    }
    if task is not None:
        context["task"] = _task(task, until)
    return context


def _apart(heard: Sequence[Heard], at: datetime) -> int:
    """How many entries there were by then about who has the most of them, beyond those about who has the fewest; of those there then."""
    counts = [sum(moment <= at for moment in one.entries) for one in heard if one.since <= at and (one.until is None or one.until > at)]
    return max(counts, default=0) - min(counts, default=0)


def _step(case: CaseRow, place: str) -> dict[str, object]:
    count, first, last = case.steps.get(place, (0, None, None))
    return {"count": count, "first": first, "last": last}


def _task(task: TaskRow, until: datetime) -> dict[str, object]:
    """As it stands at a moment: late when it was done, or is still open, after it was due."""
    done = min(task.ended_at or until, until)
    late = task.due_at is not None and done > task.due_at
    days = (done - task.due_at) / _DAY if late and task.due_at is not None else 0.0
    moments = {"created": task.created_at, "due": task.due_at, "ended": task.ended_at, "waived": task.waived_at}
    return {"state": task.state, **moments, "late": late, "daysLate": days}


def _value(text: str, context: Mapping[str, object], now: datetime) -> object:
    try:
        return _compiled(text).evaluate(context, now=now)
    except feel.FeelLimit:
        return None


@lru_cache(maxsize=512)
def _compiled(text: str) -> feel.Expression:
    return feel.compile(text)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, DaysTime):
        return value.delta / _DAY
    try:
        return float(str(value))
    except ValueError:
        return None


def _groups(measure: Measure, case: CaseRow, task: TaskRow | None, context: Mapping[str, object], now: datetime) -> dict[str, str]:
    found = {key: _text(case.facts.get(key)) for key in measure.by if key != ROLE}
    if task is not None and ROLE in measure.by:
        found[ROLE] = task.role or ""
    for part in measure.parts:
        if _value(part.where, context, now) is True:
            found[PARTS] = part.key
            break
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def dimensions(measure: Measure) -> tuple[str, ...]:
    """What a measure can be split by."""
    return (*((PARTS,) if measure.parts else ()), *measure.by)


def gathered(measure: Measure, found: Iterable[Item]) -> dict[Key, list[Item]]:
    """The items of each cell, those without a value too."""
    cells_: dict[Key, list[Item]] = defaultdict(list)
    for item in found:
        cells_[item.span, "", ""].append(item)
        for dimension in dimensions(measure):
            cells_[item.span, dimension, item.groups.get(dimension, "")].append(item)
    return dict(cells_)


def counted(measure: Measure, found: Sequence[Item]) -> list[Item]:
    """Those that stand behind a number: where a value is asked for, those that have one."""
    needs = measure.kind in (MeasureKind.DURATION, MeasureKind.AMOUNT)
    return [item for item in found if item.value is not None] if needs else list(found)


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a cell: its number, its share of those that fit, how many stand behind; and from how many on anything."""

    least: int
    number: bool = True
    share: bool = True
    count: bool = True


def cell(measure: Measure, key: str, label: str, found: Sequence[Item], told: Told, standard_days: float | None) -> Cell:
    """The numbers of some items. Days and amounts of enough cases stay where only how many they are would give others away."""
    behind = counted(measure, found)
    n, rest = len(behind), len(found) - len(behind)
    counts = measure.kind in (MeasureKind.COUNT, MeasureKind.SHARE)
    too_few, silent = 0 < n < told.least, not told.number or (measure.kind is MeasureKind.SHARE and not told.share)
    if too_few or (silent and (counts or not n)):
        return Cell(key, label, hidden=True)
    count = n if told.number and told.count else None
    without = rest if rest >= told.least and count is not None else None
    if not n or measure.kind is MeasureKind.COUNT:
        return Cell(key, label, n=n, without=without)
    if measure.kind is MeasureKind.SHARE:
        return Cell(key, label, n=count, share=percent(sum(item.fits for item in behind), n))
    values = sorted(item.value for item in behind if item.value is not None)
    keeping = sum(value <= standard_days for value in values) if standard_days is not None and told.share else None
    net, codes = _pauses(behind, told.least)
    return Cell(
        key,
        label,
        n=count,
        median=quantile(values, 0.5),
        p90=quantile(values, 0.9),
        within=None if keeping is None else percent(keeping, n),
        without=without,
        net_median=net,
        paused=codes,
    )


def _pauses(behind: Sequence[Item], least: int) -> tuple[float | None, tuple[tuple[str, float], ...]]:
    """The median without the pauses, and the median pause by code; codes with too few are left out."""
    if not any(item.paused for item in behind):
        return None, ()
    net = sorted((item.value or 0.0) - sum(item.paused.values()) for item in behind)
    by_code: dict[str, list[float]] = defaultdict(list)
    for item in behind:
        for code, days in item.paused.items():
            by_code[code].append(days)
    codes = tuple((code, quantile(sorted(days), 0.5)) for code, days in sorted(by_code.items()) if len(days) >= least)
    return quantile(net, 0.5), codes


def percent(part: int, whole: int) -> int:
    """Whole percent, halves up."""
    return (part * 2 * _PERCENT + whole) // (2 * whole)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed (nearest rank); of a median the middle.

    With an even number the median is the mean of the two in the middle. To one decimal. The values are sorted.
    """
    count = len(values)
    if share == 0.5:
        middle = (values[(count - 1) // 2] + values[count // 2]) / 2
        return round(middle, 1)
    rank = -(-count * round(share * _PERCENT) // _PERCENT)
    return round(values[max(rank - 1, 0)], 1)
