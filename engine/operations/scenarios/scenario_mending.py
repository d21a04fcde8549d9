"""Mending scenarios that a change of the procedure stops: where they stop, what is so there, the same done in all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine import bpmn, store
from engine.language import say
from engine.model.errors import NotFound
from engine.model.execution import ProcessModel
from engine.operations import bundles
from engine.operations.scenarios import scenario_checks, scenario_recording, scenario_runs, scenario_words
from engine.operations.scenarios.scenario_checks import Look
from engine.operations.scenarios.scenario_recording import Doable
from engine.operations.scenarios.scenario_runs import Progress
from engine.operations.scenarios.scenario_stage import NotPlayed, Stage
from engine.operations.scenarios.scenario_words import Titles
from engine.scenarios import Expectation, Scenario, Step, StepKind, read, writing
from engine.scenarios.results import Place, Result
from engine.scenarios.shape import LISTS

Files = Mapping[str, bytes]

#: turns of the same task in one scenario, and seconds that mending many may take in one go
_ROUNDS, _SECONDS = 12, 120.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A step of a scenario that does a task."""

    scenario: Scenario
    step: Step


@dataclass(frozen=True, slots=True)
class Stopper:
    """A task that is open where scenarios fail, and which they do not do. `first`: the scenario to show it in."""

    place: Place
    title: str
    names: tuple[str, ...]
    first: Scenario
    sample: Sample | None


def roots(results: Mapping[str, Result]) -> tuple[Result, ...]:
    """The scenarios that fail by themselves; those that most others wait for come first."""
    failed = {name: one for name, one in results.items() if not one.passed}
    found = [one for one in failed.values() if one.continues not in failed]
    return tuple(sorted(found, key=lambda one: (-len(waiting(one.name, results)), one.title)))


def waiting(name: str, results: Mapping[str, Result]) -> tuple[Result, ...]:
    """The scenarios that fail because they go on, near or far, from one that does not come to its end."""
    found: list[Result] = []
    names = {name}
    for one in sorted(results.values(), key=lambda one: one.title):
        if not one.passed and _comes_from(one, names, results):
            found.append(one)
    return tuple(found)


def _comes_from(one: Result, names: set[str], results: Mapping[str, Result]) -> bool:
    before: Result | None = one
    while before is not None and before.continues:
        if before.continues in names:
            return True
        before = results.get(before.continues)
    return False


def stoppers(files: Files, base: Files, results: Mapping[str, Result]) -> tuple[Stopper, ...]:
    """What stops the scenarios that fail by themselves: tasks that the change adds first, else all they do not expect.

    Raises ModelRefused for files that cannot be deployed.
    """
    titles, scenarios = scenario_runs.titles(files), _scenarios(files)
    found: dict[Place, list[str]] = {}
    for one in roots(results):
        for place in _unexpected(one, titles):
            found.setdefault(place, []).append(one.name)
    old = {Place(model.key, element.id) for model in _processes(base) for element in model.elements}
    chosen = {place: names for place, names in found.items() if place not in old} or found
    told = [
        Stopper(place, titles.of(place), tuple(names), scenarios[names[0]], sample(files, place, titles)) for place, names in chosen.items()
    ]
    return tuple(sorted(told, key=lambda one: (-len(one.names), one.title)))


def _processes(files: Files) -> tuple[ProcessModel, ...]:
    return bpmn.read({name: content for name, content in files.items() if bundles.kind(name) == "bpmn"}).processes


def _scenarios(files: Files) -> dict[str, Scenario]:
    reading = read({name: content for name, content in files.items() if bundles.kind(name) == "scenario"})
    return {one.name: one for one in reading.scenarios}


def _unexpected(result: Result, titles: Titles) -> Iterator[Place]:
    """The tasks open where it failed, without those that the step which failed does or expects."""
    failed = result.failed_at
    if failed is None or failed.step is None:
        return
    wanted, step = failed.step.expect or Expectation(), failed.step
    texts = [step.does, *wanted.open, *(wanted.only_open or ())]
    meant = frozenset[Place]().union(*(_places(text, titles) for text in texts if text))
    yield from dict.fromkeys(place for place in failed.asked if place not in meant)


def _places(text: str, titles: Titles) -> frozenset[Place]:
    try:
        return titles.find(scenario_words.whose(text, titles, ())[0])
    except NotPlayed:
        return frozenset()


def sample(files: Files, place: Place, titles: Titles) -> Sample | None:
    """The first step of any scenario that does a task, so that others can do it the same way."""
    for scenario in _scenarios(files).values():
        for step in scenario.steps:
            if step.kind is StepKind.TASK and not step.refused and place in _places(step.does, titles):
                return Sample(scenario, step)
    return None


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of doing a task the same way: the files that are different now, and scenarios by their names.

    `passing` come to their end now, `further` fail later than before, `left` could not be mended so. `late`: no time was left for them.
    """

    files: Mapping[str, bytes]
    passing: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


def same_way(files: Files, base: Files, place: Place, progress: Progress | None = None) -> Mended:
    """Do a task in all scenarios known to stop at it as a scenario does that has it already; nothing is kept.

    Raises NotFound when none does it. `progress` is told how many are done, and of how many.
    """
    scenarios = _scenarios(files)
    shown = sample(files, place, scenario_runs.titles(files))
    if shown is None:
        raise NotFound(say("No scenario does this task yet; show in one of them how it is done."))
    results = {one.name: one for one in scenario_runs.run(files, known=True).results}
    stopped = next((one.names for one in stoppers(files, base, results) if one.place == place), ())
    now, changed, until = dict(files), dict[str, bytes](), time.monotonic() + _SECONDS
    told: dict[str, list[str]] = {"passing": [], "further": [], "left": [], "late": []}
    for number, name in enumerate(stopped):
        if progress is not None:
            progress(number, len(stopped))
        if time.monotonic() > until:
            told["late"].append(name)
            continue
        after, passes = _mended(now, scenarios[name], place, shown.step)
        if after is not None:
            now[scenarios[name].file] = changed[scenarios[name].file] = after
        told["left" if after is None else "passing" if passes else "further"].append(name)
    return Mended(changed, **{key: tuple(names) for key, names in told.items()})


def _mended(files: Files, scenario: Scenario, place: Place, shown: Step) -> tuple[bytes | None, bool]:
    """A scenario's file with a task done wherever it stops at it; None when it comes no further so. Second, whether it passes."""
    kept, now, begun = None, dict(files), None
    for _ in range(_ROUNDS):
        spot = scenario_recording.spot(now, scenario.name)
        failed = spot.result.failed_at
        if failed is None:
            return now[scenario.file], True
        if spot.after is None or failed.step is None:
            break
        behind = spot.result.planned - failed.step.number
        begun = behind if begun is None else begun
        kept = now[scenario.file] if behind < begun else kept
        here = scenario_recording.ahead(now, scenario.name, spot.after) if place in failed.asked else None
        task = next((one for one in (here.tasks if here else ()) if Place(one.process, one.element) == place and one.by), None)
        if task is None:
            break
        text = now[scenario.file].decode("utf-8")
        now[scenario.file] = writing.insert_step(text, spot.after + 1, _as_shown(shown, task), takes_over=spot.takes_over).encode()
    return kept, False


def _as_shown(shown: Step, task: Doable) -> dict[str, object]:
    """The step, done by the same person where they can do it here too, else by who can."""
    who, on_behalf = next(((name, way) for name, way in task.by if name == shown.who), task.by[0])
    found: dict[str, object] = {"who": who, "does": task.element}
    found |= {"for": task.of} if task.of else {}
    found |= {"on_behalf": True} if on_behalf else {}
    return found | ({"with": dict(shown.data)} if shown.data else {})


def so_now(files: Files, name: str) -> tuple[int, dict[str, object]]:
    """The step that fails in what it expects, and what is so now in place of what is not so any more.

    Raises NotFound when the scenario does not fail in that way.
    """
    spot = scenario_recording.spot(files, name)
    failed = spot.result.failed_at
    if not spot.takes_over or failed is None or failed.step is None or failed.step.expect is None:
        raise NotFound(say("The scenario does not stop at something that has to be true."))
    wanted = failed.step.expect
    _result, found = scenario_runs.on_stage(files, name, lambda stage, titles: _so_now(stage, titles, wanted), after=spot.after)
    return failed.step.number, found or {}


def _so_now(stage: Stage, titles: Titles, wanted: Expectation) -> dict[str, object]:
    """What is still so stays as it was written; lists in which something is not are those of now."""
    with stage.store.reading() as uow:
        look = scenario_checks.Look(uow, stage, titles)
        tasks = [scenario_recording.written(uow, stage, titles, task) for task in look.tasks]
        notices = list(look.fresh_notices(stage.notices_seen))
        places = [f"{place.process}/{place.id}" for place in look.tokens()]
        now = {"open": tasks, "only_open": tasks, "notices": notices, "token_at": places}
        found: dict[str, object] = {}
        for key in LISTS:
            texts = getattr(wanted, key) or ()
            true = [text for text in texts if _is_so(look, _only(key, (text,)))] if key != "only_open" else []
            whole = getattr(wanted, key) is None or _is_so(look, _only(key, texts))
            kept = list(texts) if whole else now.get(key, true)
            if kept or (key == "only_open" and wanted.only_open is not None):
                found[key] = kept
        return found | _values(look, wanted)


def _only(key: str, texts: tuple[str, ...]) -> Expectation:
    given: dict[str, Any] = {key: texts}
    return Expectation(**given)


def _is_so(look: Look, wanted: Expectation) -> bool:
    try:
        return not scenario_checks.unmet(look, wanted, look.stage.scene.walked)
    except NotPlayed:
        return False  # what it names is not there any more


def _values(look: Look, wanted: Expectation) -> dict[str, object]:
    """Facts, the status and the end, as they are now."""
    found: dict[str, object] = {}
    if wanted.facts:
        facts = store.facts.of_case(look.uow, look.case.id) if look.case else {}
        same = {key: _is_so(look, Expectation(facts={key: value})) for key, value in wanted.facts.items()}
        kept = {key: value if same[key] else facts[key].value for key, value in wanted.facts.items() if same[key] or key in facts}
        found |= {"facts": kept} if kept else {}
    if wanted.status is not None and look.case is not None:
        found["status"] = look.case.status
    if wanted.ended is not None:
        found["ended"] = wanted.ended if _is_so(look, Expectation(ended=wanted.ended)) else scenario_checks.ending(look)
    return found
