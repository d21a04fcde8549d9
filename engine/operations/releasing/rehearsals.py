"""A migration rehearsed: every running instance of a version through the function that would bring it over.

Only reads, so that no case waits for it. Who may draw procedures sees counts and reasons; cases are for who controls them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine import store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.migration import CaseFate, Choice, Fate, FateLine, Outcome, Rehearsal, TokenFate, Why
from engine.model.packs import Act
from engine.model.states import DeploymentState
from engine.operations import live
from engine.operations.running import crossing
from engine.store import UnitOfWork

_HUMAN = frozenset({"task", "userTask", "manualTask"})
_ORDER = tuple(Fate)


def rehearse(
    uow: UnitOfWork, actor: Actor, key: str, from_version: int, to_version: int, mapping: Mapping[str, str] | None = None
) -> Rehearsal:
    """What would become of every instance of one version in another; `mapping` None: elements are guessed by id, then name.

    An element mapped to "" is mapped to none. Raises NotFound, Conflict for a version that does not run, Invalid.
    """
    require_told(uow, actor)
    old, new = pair(uow, actor, key, from_version, to_version)
    mapped = guess(old, new) if mapping is None else checked(old, new, mapping)
    look = _Look(uow, actor, old, new, mapped)
    for instance in store.migrations_of_cases.running(uow, old.id):
        case = store.cases.get(uow, instance.case_id)
        look.add(instance.id, case.id, case.number, crossing.outcome(uow, instance, case, old, new, mapped))
    return look.result()


def pair(uow: UnitOfWork, actor: Actor, key: str, from_version: int, to_version: int) -> tuple[Definition, Definition]:
    """Two approved versions of a process. Raises NotFound and Conflict."""
    found = [store.definitions.get_version(uow, actor.program_id, key, version) for version in (from_version, to_version)]
    old, new = found
    if old is None or new is None:
        raise NotFound(say("No such version of a process definition is deployed."))
    if new.state is not DeploymentState.ACTIVE or old.state is not DeploymentState.ACTIVE:
        raise Conflict(say("Cases run only on versions that were approved."))
    if old.id == new.id:
        raise Conflict(say("Choose two versions that differ."))
    return old, new


def require_told(uow: UnitOfWork, actor: Actor) -> None:
    """Migrations concern who sees procedures and who controls cases. Raises Forbidden for others."""
    if not live.program_may(uow, actor, Act.INSTANCE_CONTROL):
        live.require_program_act(uow, actor, Act.DEFINITION_VIEW)


def may_control(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor is told of single cases here."""
    return live.program_may(uow, actor, Act.INSTANCE_CONTROL) and live.program_may(uow, actor, Act.CASE_LIST)


def checked(old: Definition, new: Definition, mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping as given, without what it maps to nothing. Raises Invalid for elements that do not exist."""
    found = {}
    for place, target in mapping.items():
        process, _, element = place.partition("/")
        if element not in elements(old, process):
            message = say("Version {version} has no element {place}.", version=old.version, place=place[:200])
            raise Invalid(message, (FieldError("/mapping", "unknown-element", message),))
        if target and target not in elements(new, process):
            message = say(
                "Version {version} has no element {target} in {process}.", version=new.version, target=target[:200], process=process[:200]
            )
            raise Invalid(message, (FieldError("/mapping", "unknown-element", message),))
        if target:
            found[place] = target
    return found


def elements(definition: Definition, process_key: str) -> Mapping[str, Mapping[str, object]]:
    """What the manifest says of the elements of a process."""
    found = live.manifest(definition)["elements"].get(process_key, {})
    return found if isinstance(found, dict) else {}


def guess(old: Definition, new: Definition) -> dict[str, str]:
    """Elements whose id is gone, mapped to the only new one of the same name and type."""
    found = {}
    for process in live.manifest(old)["elements"]:
        before, after = elements(old, process), elements(new, process)
        for id, element in before.items():
            if id in after:
                continue
            alike = [other for other, what in after.items() if other not in before and _alike(element, what)]
            if element.get("name") and len(alike) == 1:
                found[f"{process}/{id}"] = alike[0]
    return found


def _alike(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return _words(one) == _words(other) and kind(one) == kind(other)


def _words(element: Mapping[str, object]) -> str:
    return " ".join(str(element.get("name", "")).casefold().split())


def kind(element: Mapping[str, object]) -> str:
    """The type of an element, as far as a token could stand at another one of it."""
    found = str(element.get("type", ""))
    return "human" if found in _HUMAN else found


@dataclass
class _Look:
    """One rehearsal as it adds up."""

    uow: UnitOfWork
    actor: Actor
    old: Definition
    new: Definition
    mapping: dict[str, str]
    counts: Counter[Fate] = field(default_factory=Counter)
    lines: dict[tuple[object, ...], list[TokenFate]] = field(default_factory=lambda: defaultdict(list))
    cases: list[CaseFate] = field(default_factory=list)
    drafts: Counter[bool] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.controls = may_control(self.uow, self.actor)
        self.sees_all = live.program_may(self.uow, self.actor, Act.CASE_LIST)
        self.walled = store.walls.of_person(self.uow, self.actor.program_id, self.actor.person_id)
        self.kept = frozenset(store.drafts.of_definition(self.uow, self.old.id))

    def add(self, instance_id: str, case_id: str, number: str, outcome: Outcome) -> None:
        """One instance more, unless a wall keeps its case from the reader: a count would tell of it too."""
        if case_id in self.walled:
            return
        self.counts[outcome.fate] += 1
        told: dict[tuple[object, ...], TokenFate] = {}
        for one in outcome.fates:
            if outcome.fate is not Fate.STRANDED or one.fate is Fate.STRANDED:
                told.setdefault((one.process_key, one.element_id, one.fate, one.to, one.why), one)
        for slot, one in told.items():
            self.lines[slot].append(one)
        if outcome.state is not None:
            forms = {task.token_id: task.form for task in outcome.before.tasks}
            for task in outcome.after.tasks:
                if (instance_id, task.token_id) in self.kept:
                    self.drafts[forms.get(task.token_id) == task.form] += 1
        if self.controls:
            self.cases.append(CaseFate(instance_id, case_id, number, outcome.fate, outcome.fates))

    def result(self) -> Rehearsal:
        """What came of it."""
        return Rehearsal(
            key=self.old.key,
            from_version=self.old.version,
            to_version=self.new.version,
            mapping=self.mapping,
            counts=dict(self.counts),
            lines=tuple(sorted(self._lines(), key=_rank)),
            choices=tuple(self._choices()),
            drafts_kept=self.drafts[True],
            drafts_other_form=self.drafts[False],
            cases=tuple(sorted(self.cases, key=lambda one: (one.fate is not Fate.STRANDED, one.number))) if self.controls else None,
        )

    def _lines(self) -> Iterator[FateLine]:
        discreet: dict[tuple[Fate, Why | None], int] = {}
        for fates in self.lines.values():
            one = fates[0]
            if not self.sees_all and live.attribute(self.old, one.process_key, one.element_id, "discreet") == "true":
                discreet[one.fate, one.why] = discreet.get((one.fate, one.why), 0) + len(fates)
                continue
            yield self._line(one, fates)
        for (fate, why), number in discreet.items():
            yield FateLine("", "", "", fate, number, why=why)

    def _line(self, one: TokenFate, fates: Iterable[TokenFate]) -> FateLine:
        listed = list(fates)
        to_name = str(elements(self.new, one.process_key).get(one.to, {}).get("name") or one.to) if one.to else None
        soonest = min((found.due_at for found in listed if found.due_at is not None), default=None)
        return FateLine(one.process_key, one.element_id, one.name, one.fate, len(listed), one.to, to_name, one.why, soonest)

    def _choices(self) -> Iterator[Choice]:
        """Elements with tokens that the other version lacks under their id."""
        places = {(one.process_key, one.element_id) for fates in self.lines.values() for one in fates[:1]}
        places |= {(place.partition("/")[0], place.partition("/")[2]) for place in self.mapping}
        for process, id in sorted(places):
            before, after = elements(self.old, process), elements(self.new, process)
            found = before.get(id)
            if found is None or (id in after and f"{process}/{id}" not in self.mapping) or self._is_secret(process, id):
                continue
            fitting = [(other, str(what.get("name") or other)) for other, what in after.items() if kind(what) == kind(found)]
            fitting.sort(key=lambda pair: (pair[0] in before, pair[1]))
            yield Choice(process, id, str(found.get("name") or id), tuple(fitting), self.mapping.get(f"{process}/{id}"))

    def _is_secret(self, process: str, id: str) -> bool:
        return not self.sees_all and live.attribute(self.old, process, id, "discreet") == "true"


def _rank(line: FateLine) -> tuple[bool, int, int, str]:
    return (line.fate is not Fate.STRANDED, _ORDER.index(line.fate), -line.number, line.name)
