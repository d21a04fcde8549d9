"""The figures of a program, as its packs declare them, for one reader: medians, shares and counts, never a person.

Who reads class C0 of the program reads figures. Cases behind a wall count for nobody whom the wall keeps out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine import clock, feel, packs, store
from engine.language import current, noted, say
from engine.model.access import Actor
from engine.model.errors import Forbidden, NotFound
from engine.model.measures import CaseRow, Cell, Figure, Measure, MeasureKind, Span, Split, TaskRow, Unit
from engine.model.packs import Pack, Relation, RoleKind
from engine.model.surveys import Tally
from engine.operations import live, wording
from engine.operations.measuring import answers, contexts, folding, spans, withholding
from engine.operations.measuring.contexts import Values
from engine.operations.measuring.withholding import Counted, Withheld
from engine.store import UnitOfWork
from engine.store.measures import Wanted

_DAY = timedelta(days=1)
#: from so many rows on figures are counted anew only after so long; so many lists of them are kept
_MANY, _FRESH, _KEPT = 50_000, timedelta(minutes=10), 32
#: while nothing happens they are not counted anew so soon
_SOON = timedelta(minutes=1)
#: period, dimension, value, label -> the numbers
_CellOf = Callable[[str, str, str, str], Cell]
_NO = noted("Figures are for those who look after the program. Your roles do not include that.")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Figures as they were counted once: good for some time whatever happens, and for a moment while nothing does."""

    at: datetime
    #: the newest entry of the trail then
    newest: str | None
    fresh: timedelta
    found: tuple[Figure, ...]

    def holds(self, newest: str | None, now: datetime) -> bool:
        age = now - self.at
        return timedelta() <= age < (max(self.fresh, _SOON) if newest == self.newest else self.fresh)


_counted: dict[tuple[object, ...], _Kept] = {}


@dataclass(frozen=True, slots=True)
class _Read:
    """All that the measures of a pack need of a year."""

    cases: tuple[CaseRow, ...]
    tasks: tuple[TaskRow, ...]
    spans: tuple[Span, ...]
    #: survey -> what was counted of its answers
    tallies: Mapping[str, tuple[Tally, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """A measure that was counted, and what of it is withheld."""

    counted: Counted
    withheld: Withheld


def may_read(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor reads figures of some pack."""
    return any(_reads(actor, pack) for pack in live.all_packs(uow, actor.program_id))


def are_there(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether some pack measures something that the actor reads."""
    return any(pack.measures and _reads(actor, pack) for pack in live.all_packs(uow, actor.program_id))


def period_choices(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Name and label of the periods that can be asked for: from the first case on, the newest month first, then years."""
    _require(uow, actor)
    zone = wording.zone(store.programs.get(uow, actor.program_id).timezone)
    now = clock.now()
    first = store.measures.first_opened(uow, actor.program_id, actor.person_id) or now
    months = spans.months_between(first, now, zone)
    years = tuple(dict.fromkeys(name.partition("-")[0] for name in months))
    return tuple((name, spans.label(name)) for name in (*months, *years))


def usual_period(uow: UnitOfWork, actor: Actor) -> str:
    """The last month that is over."""
    return spans.last_month(clock.now(), wording.zone(store.programs.get(uow, actor.program_id).timezone))


def list_(uow: UnitOfWork, actor: Actor, period: str) -> tuple[Figure, ...]:
    """Every figure that the actor reads, in the packs' order. Raises Forbidden, BadRequest for a period that is none."""
    _require(uow, actor)
    spans.year(period, wording.zone(store.programs.get(uow, actor.program_id).timezone))  # refuses what is no period
    found: list[Figure] = []
    for pack in _packs(uow, actor):
        found += _all_of(uow, actor, pack, period)
    return tuple(found)


def isolates(found: Sequence[Figure]) -> bool:
    """Whether a report withholds all that it has: then as a whole, as any number in it would single somebody out."""
    return _isolate([figure.total for figure in found if figure.measure.kind is not MeasureKind.UNMEASURED])


def _isolate(totals: Sequence[Cell]) -> bool:
    return any(total.hidden for total in totals) and not any(total.n or total.median is not None for total in totals)


def _as_a_whole(found: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures; of a period whose report is withheld as a whole nothing at all, its zeros neither, wherever it is read."""
    measured = [figure for figure in found if figure.measure.kind is not MeasureKind.UNMEASURED]
    alone = isolates(found)
    months = [place for place in range(len(measured[0].months)) if _isolate([one.months[place] for one in measured])] if measured else []
    return tuple(figure if figure.measure.kind is MeasureKind.UNMEASURED else _kept_back(figure, alone, months) for figure in found)


def _kept_back(figure: Figure, alone: bool, months: Collection[int]) -> Figure:
    told = tuple(_hidden(cell) if place in months else cell for place, cell in enumerate(figure.months))
    if not alone:
        return replace(figure, months=told)
    splits = tuple(replace(one, cells=tuple(map(_hidden, one.cells)), hidden=len(one.cells)) for one in figure.splits)
    return replace(figure, total=_hidden(figure.total), splits=splits, months=told)


def _hidden(cell: Cell) -> Cell:
    return Cell(cell.key, cell.label, hidden=True)


def _all_of(uow: UnitOfWork, actor: Actor, pack: Pack, period: str) -> list[Figure]:
    """Of a pack, as far as the actor sees them; withheld is the same for all who see the same cases, whichever figures they see."""
    deployment = store.deployments.active_packs(uow, actor.program_id)[pack.key]
    hidden = store.walls.of_person(uow, actor.program_id, actor.person_id)
    key = (deployment, period, hidden, current(), pack.title)
    newest = store.audit.newest(uow, actor.program_id)
    known = _counted.get(key)
    if known is None or not known.holds(newest, clock.now()):
        found, rows = _figures(uow, actor, pack, period)
        while len(_counted) >= _KEPT:
            _counted.pop(next(iter(_counted)), None)
        known = _counted[key] = _Kept(clock.now(), newest, _FRESH if rows >= _MANY else timedelta(), _as_a_whole(found))
    return [figure for figure in known.found if _sees(actor, figure.measure)]


def get(uow: UnitOfWork, actor: Actor, key: str, period: str) -> Figure:
    """One figure by its key "PACK/KEY". Raises NotFound for one that is not there for this actor, Forbidden, BadRequest."""
    _require(uow, actor)
    named, _, own = key.partition("/")
    for pack in _packs(uow, actor):
        if pack.key == named and any(measure.key == own and _sees(actor, measure) for measure in pack.measures):
            # with all others, so that it withholds the same as the report does
            return next(figure for figure in _all_of(uow, actor, pack, period) if figure.measure.key == own)
    raise NotFound(say("There is no such figure; it may have been taken out of the pack."))


def _require(uow: UnitOfWork, actor: Actor) -> None:
    if not _is_engine(actor) and not may_read(uow, actor):
        raise Forbidden(say(_NO))


def _reads(actor: Actor, pack: Pack) -> bool:
    if _is_engine(actor):
        return True
    held = (role for key, role in pack.roles.items() if key in actor.roles and role.kind is not RoleKind.CASE)
    return any(role.read.get(packs.AGGREGATE) is Relation.PROGRAM for role in held)


def rate_of(uow: UnitOfWork, actor: Actor, figure: Figure) -> Figure | None:
    """What a figure of answers is read beside: how many of those invited answered (domain 4.7); None for all others."""
    pack = live.pack(uow, actor.program_id, figure.key.partition("/")[0])
    rate = packs.survey_rate(pack, figure.measure.survey) if pack and figure.measure.question else None
    if pack is None or rate is None or not _sees(actor, rate):
        return None
    return get(uow, actor, f"{pack.key}/{rate.key}", figure.period)


def _is_engine(actor: Actor) -> bool:
    """A command on the machine itself, which has no person."""
    return actor.administrator and not actor.person_id


def _packs(uow: UnitOfWork, actor: Actor) -> list[Pack]:
    known = (live.spoken(uow, actor, pack.key) for pack in live.all_packs(uow, actor.program_id))
    return [pack for pack in known if pack is not None and _reads(actor, pack)]


def _sees(actor: Actor, measure: Measure) -> bool:
    return not measure.roles or _is_engine(actor) or not actor.roles.isdisjoint(measure.roles)


def _figures(uow: UnitOfWork, actor: Actor, pack: Pack, period: str) -> tuple[list[Figure], int]:
    """The figures, and how many rows they were counted from."""
    zone = wording.zone(store.programs.get(uow, actor.program_id).timezone)
    year = spans.year(period, zone)
    counted = [measure for measure in pack.measures if measure.kind is not MeasureKind.UNMEASURED]
    read = _read(uow, actor, pack, counted, year) if counted else _Read((), (), year)
    now = clock.now()
    values = Values(now)
    report = [_count(pack, measure, read, values) for measure in counted]
    hidden = withholding.over(report, read.spans, pack.least_told)
    told = {one.measure.key: _Told(one, _beside_rate(pack, one.measure, hidden)) for one in report}
    figures = [_figure(pack, measure, told.get(measure.key, _nothing(measure)), read, period, now) for measure in pack.measures]
    return figures, len(read.cases) + len(read.tasks)


def _count(pack: Pack, measure: Measure, read: _Read, values: Values) -> Counted:
    length = packs.measure_standard(pack, measure)
    if measure.unit is Unit.ANSWER:
        found = answers.items(measure, read.tallies.get(measure.survey, ()), read.spans)
    else:
        found = folding.items(measure, read.cases, read.tasks, read.spans, values.now, values)
    gathered = folding.gathered(measure, found)
    return Counted(measure, gathered, length / _DAY if length is not None else None)


def _beside_rate(pack: Pack, measure: Measure, hidden: Mapping[str, Withheld]) -> Withheld:
    """What is withheld of a measure; answers are also where it is not told how many answered (domain 4.7)."""
    own = hidden[measure.key]
    rate = packs.survey_rate(pack, measure.survey) if measure.question else None
    return own if rate is None else replace(own, numbers=own.numbers | hidden[rate.key].shares)


def _nothing(measure: Measure) -> _Told:
    return _Told(Counted(measure, {}), Withheld(frozenset(), frozenset(), frozenset()))


def _read(uow: UnitOfWork, actor: Actor, pack: Pack, measures: Sequence[Measure], year: tuple[Span, ...]) -> _Read:
    places = {place for measure in measures for place in measure.steps.values()}
    wanted = Wanted(
        program_id=actor.program_id,
        pack=pack.key,
        begin=year[-1].begin,
        end=year[-1].end,
        unseen_by=actor.person_id,
        facts=frozenset(name for measure in measures for name in packs.measured_facts(measure)),
        milestones=True,
        steps=frozenset(_place(place) for place in places),
        pauses=frozenset(status for calendar in pack.calendars.values() for status in calendar.pauses),
        weighed=_weighed(pack) if any(packs.measure_asks_apart(measure) for measure in measures) else {},
    )
    of_tasks = [measure for measure in measures if measure.unit is Unit.TASK]
    every = any(not measure.of for measure in of_tasks)
    steps = None if every else {_place(place) for measure in of_tasks for place in measure.of}
    rows = store.measures.cases(uow, wanted)
    settings = packs.settings_values(pack)
    cases = tuple(replace(row, facts={**_facts(row, wanted), "settings": settings}) for row in rows)
    asking = [measure for measure in of_tasks if measure.when == "waived" or contexts.asks_waived(measure)]
    waived = None if any(not measure.of for measure in asking) else {_place(place) for measure in asking for place in measure.of}
    tasks = store.measures.tasks(uow, wanted, rows, steps, waived) if of_tasks else ()
    return _Read(cases, tasks, year, _tallies(uow, actor, pack, measures, year))


def _tallies(
    uow: UnitOfWork, actor: Actor, pack: Pack, measures: Sequence[Measure], year: tuple[Span, ...]
) -> dict[str, tuple[Tally, ...]]:
    """Survey -> what was counted of its answers. No wall keeps anybody from these: they are of no case any more."""
    months = [span.name for span in year[:-1]]
    asked = sorted({measure.survey for measure in measures if measure.unit is Unit.ANSWER})
    return {key: store.surveys.tallies(uow, actor.program_id, pack.key, key, months) for key in asked}


def _weighed(pack: Pack) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Panel -> the forms that its balance counts, and the roles that it weighs against each other by them."""
    about = {form: role for panel in pack.panels for form, role in panel.about.items()}
    weighing = {panel.key: frozenset(panel.balance.forms) for panel in pack.panels if panel.balance is not None}
    return {key: (forms, frozenset(about[form] for form in forms if form in about)) for key, forms in weighing.items()}


def _place(selector: str) -> tuple[str, str]:
    process, _, element = selector.partition("/")
    return process, element


def _figure(pack: Pack, measure: Measure, told: _Told, read: _Read, period: str, now: datetime) -> Figure:
    least = max(pack.least_told, measure.least)
    asked = next(span for span in read.spans if span.name == period)
    gathered, days = told.counted.gathered, told.counted.standard_days

    def cell(span: str, dimension: str, value: str, label: str) -> Cell:
        key = (span, dimension, value)
        of = told.withheld
        may = folding.Told(least, key not in of.numbers, key not in of.shares, key not in of.counts)
        return folding.cell(measure, value, label, gathered.get(key, ()), may, days)

    begun = [span for span in read.spans if span.begin < now and "-" in span.name and span.begin < asked.end]
    return Figure(
        key=f"{pack.key}/{measure.key}",
        measure=measure,
        period=period,
        period_label=spans.label(period),
        total=cell(period, "", "", say("All together")),
        splits=tuple(_split(pack, measure, dimension, gathered, cell_of=cell, period=period) for dimension in folding.dimensions(measure)),
        months=tuple(cell(span.name, "", "", spans.month_label(span.name)) for span in begun),
        standard_days=days,
        least=least,
        running=asked.end > now,
    )


def _split(pack: Pack, measure: Measure, dimension: str, gathered: Mapping[folding.Key, object], *, cell_of: _CellOf, period: str) -> Split:
    seen = {value for _, of, value in gathered if of == dimension} | {part.key for part in measure.parts if dimension == folding.PARTS}
    labels = _labels(pack, measure, dimension)
    order = [value for value in labels if value in seen] + sorted(seen - labels.keys())
    cells = tuple(cell_of(period, dimension, value, labels.get(value) or value or say("Not said")) for value in order)
    return Split(dimension, _title(pack, measure, dimension), cells, sum(cell.hidden for cell in cells))


def _labels(pack: Pack, measure: Measure, dimension: str) -> Mapping[str, str]:
    if dimension == folding.PARTS:
        return {part.key: part.title for part in measure.parts}
    if dimension == folding.ROLE:
        return {key: role.label for key, role in pack.roles.items()}
    return {**pack.variables[dimension].values, "true": say("Yes"), "false": say("No")}


def _title(pack: Pack, measure: Measure, dimension: str) -> str:
    survey = next((one for one in pack.surveys if one.key == measure.survey), None)
    if dimension == folding.PARTS and survey is not None:
        return survey.split or say("How it is made up")
    if dimension == folding.PARTS:
        return say("How it is made up")
    return say("Whose task it is") if dimension == folding.ROLE else pack.variables[dimension].label


def _facts(row: CaseRow, wanted: Wanted) -> dict[str, object]:
    """What is wanted of a case's facts as FEEL values; null where it has none."""
    return {key: feel.from_json(row.facts[key]) if key in row.facts else None for key in wanted.facts}
