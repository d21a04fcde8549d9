"""From what cases and tasks say to figures: which of them count, what each gives, and the cells that come of them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.feel.values import DaysTime
from engine.model.measures import CaseRow, Cell, Item, Measure, MeasureKind, Span, TaskRow, Unit
from engine.operations.measuring import contexts
from engine.operations.measuring.contexts import Row, Values

#: a case or task -> the spans it counts in
_Within = Callable[[CaseRow, TaskRow | None], Sequence[Span]]
#: nothing paused
_NONE: Mapping[str, float] = {}
#: (span, dimension, value); "" and "" for all together
Key = tuple[str, str, str]
#: the dimension that a count's parts make
PARTS = "parts"
#: the role that a task was offered to, as a dimension
ROLE = "role"
#: what gives a number of each
_WEIGHED = (MeasureKind.AMOUNT, MeasureKind.DURATION)
#: moments that are the same for every case: how things stood then
STANDING = frozenset({"begin", "end"})
#: as how many a case counts, at most; each has a place of its own
SEVERAL = 64
_DAY = timedelta(days=1)
_PERCENT = 100


def items(
    measure: Measure, cases: Sequence[CaseRow], tasks: Sequence[TaskRow], spans: Sequence[Span], now: datetime, values: Values | None = None
) -> Iterator[Item]:
    """What a measure counts in each span; none that has not begun. Spans may lie within each other.

    `values`: those of other measures at the same moment, so that nothing is asked twice.
    """
    if measure.kind is MeasureKind.UNMEASURED:
        return
    begun = [span for span in spans if span.begin < now]
    asks = _Asks(measure, contexts.facts_of(measure), contexts.parts_of(measure), values or Values(now), now)
    within = _standing(measure, begun, now) if measure.when in STANDING else _moments(measure, begun)
    once = {"period", "task", "apart"}.isdisjoint(asks.parts) if measure.when in STANDING else "period" not in asks.parts
    for place, case, task in _rows(measure, cases, tasks):
        found = within(case, task)
        if found and once:
            yield from _items(asks, case, task, found, place)
        else:
            for span in found:
                yield from _items(asks, case, task, [span], place)


@dataclass(frozen=True, slots=True)
class _Asks:
    """A measure while it is counted: what its expressions name, and the values they gave so far."""

    measure: Measure
    facts: tuple[str, ...]
    parts: tuple[str, ...]
    values: Values
    now: datetime


def _rows(measure: Measure, cases: Sequence[CaseRow], tasks: Sequence[TaskRow]) -> Iterator[tuple[int, CaseRow, TaskRow | None]]:
    if measure.unit is not Unit.TASK:
        yield from ((at, case, None) for at, case in enumerate(cases))
        return
    known, of = {case.id: case for case in cases}, frozenset(measure.of)
    for at, task in enumerate(tasks):
        case = known.get(task.case_id)
        if case is not None and (not of or task.place in of):
            yield at, case, task


def _moments(measure: Measure, spans: Sequence[Span]) -> _Within:
    """The spans in which the moment of a case or task lies, found between their borders."""
    borders = sorted({border.astimezone(UTC) for span in spans for border in (span.begin, span.end)})
    between = [[span for span in spans if span.begin <= border < span.end] for border in borders]

    def within(case: CaseRow, task: TaskRow | None) -> Sequence[Span]:
        moment = _moment(measure.when, case, task)
        at = 0 if moment is None else bisect_right(borders, moment)
        return between[at - 1] if at else ()

    return within


def _moment(when: str, case: CaseRow, task: TaskRow | None) -> datetime | None:
    if task is not None and when in ("due", "waived"):
        return task.due_at if when == "due" else task.waived_at
    if when == "opened":
        return case.opened_at
    return case.closed_at if when == "closed" else case.milestones.get(when)


def _standing(measure: Measure, spans: Sequence[Span], now: datetime) -> _Within:
    """The spans at whose border a case or task was open."""
    ordered = sorted(((_border(measure, span, now), span) for span in spans), key=lambda one: one[0])
    borders, ordered_spans = [at for at, _ in ordered], [span for _, span in ordered]

    def within(case: CaseRow, task: TaskRow | None) -> Sequence[Span]:
        since, until = (task.created_at, task.ended_at) if task is not None else (case.opened_at, case.closed_at)
        return ordered_spans[bisect_right(borders, since) : len(borders) if until is None else bisect_right(borders, until)]

    return within


def _border(measure: Measure, span: Span, now: datetime) -> datetime:
    return (span.begin if measure.when == "begin" else min(span.end, now)).astimezone(UTC)


def _items(asks: _Asks, case: CaseRow, task: TaskRow | None, spans: Sequence[Span], place: int) -> Iterator[Item]:
    """One case or task in spans in which it gives the same."""
    measure, value_of = asks.measure, asks.values.of
    # Whatever stands at a moment is as it was then; what happened is as it is known now.
    until = min(spans[0].end, asks.now) if measure.when in STANDING else asks.now
    context = contexts.of(Row(measure, case, task, spans[0], until, asks.now), asks.facts, asks.parts)
    if measure.where is not None and value_of(measure.where, context) is not True:
        return
    groups = _groups(asks, case, task, context)
    if measure.parts and PARTS not in groups:
        return
    if measure.times is not None:
        yield from _several(asks, context, groups, spans, place)
        return
    fits = measure.fits is not None and value_of(measure.fits, context) is True
    value, paused = _worth(asks, case, context) if measure.kind in _WEIGHED else (None, _NONE)
    for span in spans:
        yield Item(span.name, groups, fits, value, paused, place)


def _several(asks: _Asks, context: Mapping[str, object], groups: Mapping[str, str], spans: Sequence[Span], place: int) -> Iterator[Item]:
    """An item for each that a case counts as. Those that fit come first, so that two measures of the same ones know them again."""
    texts = (asks.measure.times, asks.measure.fits)
    many, fitting = (int(_number(asks.values.of(text or "null", context)) or 0) for text in texts)
    for span in spans:
        for number in range(min(many, SEVERAL)):
            yield Item(span.name, groups, number < fitting, place=place * SEVERAL + number)


def _worth(asks: _Asks, case: CaseRow, context: Mapping[str, object]) -> tuple[float | None, Mapping[str, float]]:
    measure, value_of = asks.measure, asks.values.of
    if measure.kind is MeasureKind.AMOUNT:
        return _number(value_of(measure.value or "null", context)), _NONE
    start, end = (value_of(text or "null", context) for text in (measure.start, measure.end))
    if not isinstance(start, datetime) or not isinstance(end, datetime) or end < start:
        return None, _NONE
    if not case.pauses:
        return (end - start) / _DAY, _NONE
    paused: dict[str, float] = defaultdict(float)
    for begin, until, code in case.pauses:
        paused[code] += max((min(until, end) - max(begin, start)) / _DAY, 0.0)
    return (end - start) / _DAY, {code: days for code, days in paused.items() if days}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, DaysTime):
        return value.delta / _DAY
    try:
        return float(str(value))
    except ValueError:
        return None


def _groups(asks: _Asks, case: CaseRow, task: TaskRow | None, context: Mapping[str, object]) -> dict[str, str]:
    measure = asks.measure
    found = {key: _text(case.facts.get(key)) for key in measure.by if key != ROLE}
    if task is not None and ROLE in measure.by:
        found[ROLE] = task.role or ""
    for part in measure.parts:
        if asks.values.of(part.where, context) is True:
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
    split = dimensions(measure)
    for item in found:
        cells_[item.span, "", ""].append(item)
        for dimension in split:
            cells_[item.span, dimension, item.groups.get(dimension, "")].append(item)
    return dict(cells_)


def counted(measure: Measure, found: Sequence[Item]) -> list[Item]:
    """Those that stand behind a number: where a value is asked for, those that have one."""
    needs = measure.kind in _WEIGHED
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
