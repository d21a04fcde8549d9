"""Maps: each procedure with the tokens that stand in it now, what is overdue, and how long its steps took.

For who lists all cases. A map counts; it names no case, and a case that its reader may not see is not in its counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from engine import bpmn, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import NotFound
from engine.model.instances import places_read
from engine.model.maps import MapLine, Passage, ProcedureMap, StayFigures, StepLine
from engine.model.packs import Act
from engine.model.states import DeploymentState
from engine.operations import live
from engine.operations.running import surroundings, turns
from engine.operations.supervision import stays
from engine.store import UnitOfWork

#: with fewer stays than this no times are shown (domain 4.7: k = 10)
FEWEST = 10
#: how stays at user tasks are found; other elements are read from the trail
_TASK = "userTask"
#: what a token passes without staying, so that nothing of it is read
_PASSED = frozenset(
    {
        "sequenceFlow",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateThrowEvent",
        "scriptTask",
        "businessRuleTask",
    }
)

_Place = tuple[str, str]


_Counts = defaultdict[_Place, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Now:
    """What stands and what is late: by process and element, then by the definition of the instance."""

    #: tokens
    standing: _Counts = field(default_factory=lambda: defaultdict(Counter))
    #: instances with a token inside a sub-process
    inside: _Counts = field(default_factory=lambda: defaultdict(Counter))
    #: tasks at the element itself
    overdue: _Counts = field(default_factory=lambda: defaultdict(Counter))
    #: tasks somewhere inside a sub-process, and inside a procedure that a step calls
    overdue_inside: _Counts = field(default_factory=lambda: defaultdict(Counter))
    overdue_called: _Counts = field(default_factory=lambda: defaultdict(Counter))

    def told(self, place: _Place, definition_ids: Collection[str]) -> tuple[int, int]:
        """What stands at an element, or in it, and what of that is overdue, in instances of some definitions."""
        standing = _of(self.standing, place, definition_ids) or _of(self.inside, place, definition_ids)
        late = (self.overdue, self.overdue_inside, self.overdue_called)
        return standing, sum(_of(counts, place, definition_ids) for counts in late)


def _of(counts: _Counts, place: _Place, definition_ids: Collection[str]) -> int:
    return sum(number for id, number in counts.get(place, Counter()).items() if id in definition_ids)


def list_(uow: UnitOfWork, actor: Actor) -> tuple[MapLine, ...]:
    """Every procedure, those with most tokens first. Raises Forbidden for who does not list all cases."""
    live.require_program_act(uow, actor, Act.CASE_LIST)
    now = _now(uow, actor)
    standing, overdue = _by_process(now.standing), _by_process(now.overdue) + _by_process(now.overdue_called)
    rows = store.definitions.list_latest(uow, actor.program_id)
    lines = [MapLine(row.key, _title(uow, actor, row), standing[row.key], overdue[row.key]) for row in rows]
    return tuple(sorted(lines, key=lambda line: (-line.standing, line.name)))


def _by_process(counts: Mapping[_Place, Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (process, _element), by_definition in counts.items():
        found[process] += by_definition.total()
    return found


def of_procedure(
    uow: UnitOfWork, actor: Actor, key: str, *, since: datetime, until: datetime, version: int | None = None
) -> ProcedureMap:
    """One procedure: its tokens now, and the stays that were left from `since` to before `until`.

    `version` keeps to instances pinned to it, drawn as it is drawn; without it all versions are counted on the newest drawing.
    Raises NotFound for a procedure or version that is not there, Forbidden for who does not list all cases.
    """
    live.require_program_act(uow, actor, Act.CASE_LIST)
    known = [row for row in store.definitions.versions(uow, actor.program_id, key) if row.state is DeploymentState.ACTIVE]
    drawn = next((row for row in known if version in (None, row.version)), None)
    if drawn is None:
        raise NotFound(say("No such version of a process definition is deployed."))
    pinned = {row.id for row in known} if version is None else {drawn.id}
    around = _running_it(uow, actor, key, pinned)
    return ProcedureMap(
        key=key,
        name=_title(uow, actor, drawn),
        definition=drawn,
        versions=tuple(row.version for row in known),
        version=version,
        since=since,
        until=until,
        steps=_steps(uow, actor, drawn, known, around, _stays(uow, actor, drawn, known, around, (since, until))),
        fewest=FEWEST,
    )


def _running_it(uow: UnitOfWork, actor: Actor, key: str, pinned: Collection[str]) -> frozenset[str]:
    """The definitions of instances in which one of these versions of a process runs, itself or called."""
    used = (store.definitions.get(uow, id) for id in store.passages.definitions(uow, actor.program_id))
    return frozenset(row.id for row in used if str(live.manifest(row)["processes"].get(key)) in pinned)


def _now(uow: UnitOfWork, actor: Actor) -> _Now:
    now, nested = _Now(), cache(lambda key: bpmn.nesting(live.compiled(uow, store.definitions.get(uow, key))))
    late = store.passages.overdue(uow, actor.program_id, clock.now(), actor.person_id)
    for instance_id, definition_id, kept in store.passages.standing(uow, actor.program_id, actor.person_id):
        places, drawn = places_read(kept) if kept is not None else _read(uow, actor, instance_id), nested(definition_id)
        for place in places:
            now.standing[place][definition_id] += 1
        for outer in {outer for place in places for outer in drawn.within(place)}:
            now.inside[outer][definition_id] += 1
        for place, number in late.get(instance_id, {}).items():
            now.overdue[place][definition_id] += number
            for outer in drawn.around(place, places):
                risen = now.overdue_called if drawn.calls(outer) else now.overdue_inside
                risen[outer][definition_id] += number
    return now


def _read(uow: UnitOfWork, actor: Actor, instance_id: str) -> tuple[_Place, ...]:
    """Of an instance that has not moved since places are kept."""
    loaded = turns.load(uow, actor.program_id, instance_id)
    env = surroundings.env(uow, loaded.definition, loaded.case, instance_id)
    return bpmn.places_of(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)


def _stays(
    uow: UnitOfWork,
    actor: Actor,
    drawn: Definition,
    known: Collection[Definition],
    around: Collection[str],
    time: tuple[datetime, datetime],
) -> Mapping[str, StayFigures]:
    others = {id for row in known for id, one in _elements(row).items() if one.get("type") not in {_TASK, *_PASSED}}
    since, until = time
    wanted = store.passages.Wanted(actor.program_id, drawn.key, around, since, until, actor.person_id)
    settled = min(until, max(since, _settled()))
    passages: list[Passage] = list(store.passages.settled(uow, replace(wanted, until=settled), others)) if since < settled else []
    if settled < until:
        recent = replace(wanted, since=settled)
        passages += [*store.passages.at_tasks(uow, recent), *store.passages.at_others(uow, recent, others)]
    return stays.fold(passages, FEWEST)


def _settled() -> datetime:
    """Before when nothing is left any more: midnight, and an hour for what is written while it strikes."""
    return (clock.now() - timedelta(hours=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _elements(definition: Definition) -> Mapping[str, Mapping[str, object]]:
    found = live.manifest(definition)["elements"].get(definition.key, {})
    assert isinstance(found, dict)
    return found


def _steps(
    uow: UnitOfWork,
    actor: Actor,
    drawn: Definition,
    known: Collection[Definition],
    around: Collection[str],
    found: Mapping[str, StayFigures],
) -> tuple[StepLine, ...]:
    now, warm = _now(uow, actor), stays.levels(found)
    pack = live.pack(uow, actor.program_id, drawn.pack)
    here = _elements(drawn)
    older = {id: one for row in known for id, one in _elements(row).items() if id not in here}
    lines = []
    for id, element in [*here.items(), *older.items()]:
        standing, overdue = now.told((drawn.key, id), around)
        if standing or overdue or id in found:
            lines.append(
                StepLine(
                    element_id=id,
                    name=live.words(pack, actor, str(element.get("name") or "")),
                    type=str(element.get("type", "")),
                    standing=standing,
                    overdue=overdue,
                    stays=found.get(id, StayFigures()),
                    level=warm.get(id, 0),
                    gone=id in older,
                )
            )
    return tuple(lines)


def _title(uow: UnitOfWork, actor: Actor, definition: Definition) -> str:
    return live.words(live.pack(uow, actor.program_id, definition.pack), actor, definition.name or definition.key)
