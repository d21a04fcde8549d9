"""Running scenarios in virtual time, each in a private store in memory that is gone afterwards.

What they are run against is deployed once; a scenario that continues another begins with the stage as that one left it.
"""

from __future__ import annotations

import hashlib
import logging
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar

from engine import bpmn, clock, packs, store
from engine.language import kept
from engine.model.errors import ModelRefused, NotFound, ParleyError, Problem
from engine.model.execution import ProcessModel
from engine.model.packs import Pack
from engine.operations import bundles, live
from engine.operations.deploying import deployments
from engine.operations.people import programs
from engine.operations.scenarios import scenario_acts, scenario_checks, scenario_words
from engine.operations.scenarios.scenario_stage import START, NotPlayed, Scene, Stage
from engine.operations.scenarios.scenario_words import Titles
from engine.scenarios import Scenario, Step, read
from engine.scenarios.results import Place, Result, Run, StepResult

T = TypeVar("T")
_log = logging.getLogger(__name__)

#: seconds that one scenario may take
SECONDS = 20.0
#: deployments kept ready, results kept, and stages kept as scenarios left them (packed, about 0.3 MB each)
_KEPT, _RESULTS, _SCENES = 3, 600, 80
#: of steps that count as walked
_WALKED = (None, "element_completed")

#: told the number of scenarios done and of all
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class _Ground:
    """Files deployed in a private store, nobody there yet."""

    scene: Scene
    models: Mapping[str, ProcessModel]
    titles: Titles
    digest: str
    threshold: int


@dataclass
class _Memory:
    """What this process remembers: all of it follows from the content of files, so any of it can be forgotten."""

    grounds: OrderedDict[str, _Ground] = field(default_factory=OrderedDict)
    results: OrderedDict[str, Result] = field(default_factory=OrderedDict)
    #: their images packed
    scenes: OrderedDict[str, Scene] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


_memory = _Memory()


def digest(files: Mapping[str, bytes]) -> str:
    """Of everything that scenarios are run against; scenarios themselves left out."""
    whole = hashlib.sha256()
    for name in sorted(files):
        if bundles.kind(name) != "scenario":
            whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def run(
    files: Mapping[str, bytes], *, only: str | None = None, again: bool = False, known: bool = False, progress: Progress | None = None
) -> Run:
    """Run all scenarios of some files, or one; results of the same content are given again unless `again`.

    `known`: only what is remembered is given, nothing is run. Never raises for what files hold.
    """
    reading = read({name: content for name, content in files.items() if bundles.kind(name) == "scenario"})
    problems = list(reading.problems)
    try:
        ground = _ground(files)
    except ModelRefused as refused:
        return Run((), (), (*problems, *refused.problems))
    wanted = [one for one in reading.scenarios if only in (None, one.name)]
    if again:
        forget()
    playing = _Playing(ground, {one.name: one for one in reading.scenarios})
    results = []
    for number, one in enumerate(wanted):
        result = _remembered(ground, one)
        if result is None and not known:
            result = playing.result(one)
            _remember(result)
        if progress is not None:
            progress(number + 1, len(wanted))
        if result is not None:
            results.append(result)
    walked = frozenset[Place]().union(*(result.walked for result in results))
    return Run(tuple(results), scenario_words.coverage(ground.models, walked), tuple(problems), ground.threshold)


def _key(ground: _Ground, scenario: Scenario) -> str:
    return hashlib.sha256(f"{ground.digest}\n{scenario.name}\n{scenario.digest}".encode()).hexdigest()


def forget() -> None:
    """Run everything anew from now on."""
    with _memory.lock:
        _memory.results.clear()
        _memory.scenes.clear()


def _remembered(ground: _Ground, scenario: Scenario) -> Result | None:
    with _memory.lock:
        return _memory.results.get(_key(ground, scenario))


def _left_before(key: str) -> tuple[Scene, Result] | None:
    """What a scenario of the same content left behind, when that is still kept."""
    with _memory.lock:
        scene, result = _memory.scenes.get(key), _memory.results.get(key)
        if scene is None or result is None:
            return None
        _memory.scenes.move_to_end(key)
    return replace(scene, image=zlib.decompress(scene.image)), result


def on_stage(
    files: Mapping[str, bytes], name: str, then: Callable[[Stage, Titles], T], *, after: int | None = None
) -> tuple[Result, T | None]:
    """Play a scenario to its end and look around there; nothing when it does not come to its end.

    `after`: play only so many of its steps, and of the last one look over what it expects.
    Raises NotFound when there is no such scenario that can be read, ModelRefused for files that cannot be deployed.
    """
    reading = read({name: content for name, content in files.items() if bundles.kind(name) == "scenario"})
    ground = _ground(files)
    scenarios = {one.name: one for one in reading.scenarios}
    if name not in scenarios:
        raise NotFound(kept("There is no scenario of that name, or it cannot be read."))
    played = scenarios[name] if after is None else _cut(scenarios[name], after)
    scene, result = _Playing(ground, scenarios).scene(played)
    _remember(result)
    if scene is None:
        return result, None
    stage = Stage(scene, time.monotonic() + SECONDS)
    with stage.playing():
        return result, then(stage, ground.titles)


def _cut(scenario: Scenario, after: int) -> Scenario:
    """The first steps of a scenario, the last of them expecting nothing."""
    kept = scenario.steps[:after]
    kept = (*kept[:-1], replace(kept[-1], expect=None)) if kept else ()
    return replace(scenario, steps=kept, digest=f"{scenario.digest} {after}")


def titles(files: Mapping[str, bytes]) -> Titles:
    """The elements of some files by what people call them. Raises ModelRefused."""
    return _ground(files).titles


def _remember(result: Result) -> None:
    with _memory.lock:
        _memory.results[result.digest] = result
        while len(_memory.results) > _RESULTS:
            _memory.results.popitem(last=False)


def _ground(files: Mapping[str, bytes]) -> _Ground:
    """The files deployed in a private store; made once for the same content. Raises ModelRefused."""
    key = digest(files)
    with _memory.lock:
        found = _memory.grounds.get(key)
    if found is None:
        found = _deployed({name: content for name, content in files.items() if bundles.kind(name) != "scenario"}, key)
        with _memory.lock:
            _memory.grounds[key] = found
            while len(_memory.grounds) > _KEPT:
                _memory.grounds.popitem(last=False)
    return found


def _deployed(files: Mapping[str, bytes], key: str) -> _Ground:
    movable = clock.MovableClock(START, frozen=True)
    with clock.within(movable):
        opened = store.open("sqlite://")
        try:
            opened.migrate()
            with opened.unit_of_work() as uow:
                program = programs.ensure(uow, key="scenarios", title="Scenarios")
                done = deployments.deploy(uow, programs.system(program), files, sandbox=True)
                uow.commit()
            with opened.reading() as uow:
                pack = live.pack(uow, program.id, done.deployment.pack)
            scene = Scene(opened.image(), START, program, done.deployment.pack)
        finally:
            opened.close()
    drawn = bpmn.read({name: content for name, content in files.items() if bundles.kind(name) == "bpmn"}).processes
    models = {model.key: model for model in drawn if model.executable}
    labels = {name: rule.label for name, rule in pack.settings.items()} if pack else {}
    return _Ground(scene, models, Titles(models.values(), labels), key, pack.policies.coverage if pack else 0)


class _Playing:
    """One run: what each scenario left behind, so that others go on from there."""

    def __init__(self, ground: _Ground, scenarios: Mapping[str, Scenario]) -> None:
        self._ground = ground
        self._scenarios = scenarios
        self._left: dict[str, tuple[Scene | None, Result]] = {}

    def result(self, scenario: Scenario) -> Result:
        """Play one scenario, and what it continues before it."""
        return self._played(scenario)[1]

    def scene(self, scenario: Scenario) -> tuple[Scene | None, Result]:
        """The same, with the stage as it was left behind."""
        return self._played(scenario)

    def _played(self, scenario: Scenario) -> tuple[Scene | None, Result]:
        if scenario.name not in self._left:
            self._left[scenario.name] = _left_before(_key(self._ground, scenario)) or self._played_now(scenario)
        return self._left[scenario.name]

    def _played_now(self, scenario: Scenario) -> tuple[Scene | None, Result]:
        scene, result = self._play(scenario)
        if scene is not None:
            packed = replace(scene, image=zlib.compress(scene.image, 1))
            with _memory.lock:
                _memory.scenes[result.digest] = packed
                while len(_memory.scenes) > _SCENES:
                    _memory.scenes.popitem(last=False)
        return scene, result

    def _play(self, scenario: Scenario) -> tuple[Scene | None, Result]:
        scene: Scene | None = self._ground.scene
        if scenario.continues:
            scene, _before = self._played(self._scenarios[scenario.continues])
        if scene is None:
            before = self._scenarios[scenario.continues].title
            said = kept("It continues “{before}”, which did not come to its end; correct that one first.", before=before)
            return None, self._as_result(scenario, (StepResult(None, START, wrong=(said,), done=False),), frozenset(), 0.0)
        began = time.perf_counter()
        steps, left = play(scene, self._ground.titles, scenario, time.monotonic() + SECONDS)
        walked = scene.walked | walked_in(steps)
        return left, self._as_result(scenario, steps, walked, time.perf_counter() - began)

    def _as_result(self, scenario: Scenario, steps: tuple[StepResult, ...], walked: frozenset[Place], seconds: float) -> Result:
        return Result(
            name=scenario.name,
            file=scenario.file,
            title=scenario.title,
            about=scenario.about,
            continues=scenario.continues,
            digest=_key(self._ground, scenario),
            steps=steps,
            walked=walked,
            seconds=seconds,
            planned=len(scenario.steps),
        )


def walked_in(steps: tuple[StepResult, ...]) -> frozenset[Place]:
    """Elements completed and flows taken in some steps."""
    return frozenset(one.place for step in steps for one in step.passed if one.event in _WALKED)


def play(scene: Scene, titles: Titles, scenario: Scenario, until: float) -> tuple[tuple[StepResult, ...], Scene | None]:
    """Play the steps of one scenario from a scene; gives the steps up to the first that is wrong, and the scene left behind."""
    stage = Stage(scene, until)
    steps: list[StepResult] = []
    with stage.playing():
        steps.append(_opening(stage, titles, scenario))
        for step in scenario.steps:
            if steps[-1].wrong:
                break
            steps.append(_step(stage, titles, step, scene.walked | walked_in(tuple(steps))))
        done = tuple(steps)
        return done, None if done[-1].wrong else stage.ended(scene.walked | walked_in(done))


def _opening(stage: Stage, titles: Titles, scenario: Scenario) -> StepResult:
    def begin() -> None:
        stage.cast(scenario.people)
        if scenario.opening is not None:
            scenario_acts.open_case(stage, scenario.opening)

    return _told(stage, titles, None, begin, frozenset())


def _step(stage: Stage, titles: Titles, step: Step, walked: frozenset[Place]) -> StepResult:
    return _told(stage, titles, step, lambda: scenario_acts.perform(stage, titles, step), walked)


def _told(stage: Stage, titles: Titles, step: Step | None, act: Callable[[], object], walked: frozenset[Place]) -> StepResult:
    """Do something and say what came of it."""
    stage.passed.clear()
    wrong = _said(act)
    passed = tuple(stage.passed)
    with stage.store.reading() as uow:
        look = scenario_checks.Look(uow, stage, titles)
        fresh = look.fresh_notices(stage.notices_seen)
        wrong = wrong or look.incidents()
        done = not wrong
        if not wrong and step is not None and step.expect is not None:
            now = walked | frozenset(one.place for one in passed if one.event in _WALKED)
            wrong = _unmet(look, step, now)
            stage.notices_seen = len(look.notices)
        asked = tuple(Place(task.process_key, task.element_id) for task in look.tasks)
        return StepResult(step, clock.now(), passed, look.tokens(), look.open(), fresh, wrong, done, asked)


def _said(act: Callable[[], object]) -> tuple[str, ...]:
    try:
        act()
    except NotPlayed as wrong:
        return (wrong.message,)
    except ParleyError as wrong:
        return (kept("It was refused: {problem}", problem=wrong.message),)
    except Exception as fault:  # noqa: BLE001 - whatever a draft does, its scenario says so and the page goes on
        _log.error("A scenario failed in a way that it should not (%s).", type(fault).__name__)
        return (kept("It failed in a way that it should not ({kind}). Look at what the step does.", kind=type(fault).__name__),)
    return ()


def _unmet(look: scenario_checks.Look, step: Step, walked: frozenset[Place]) -> tuple[str, ...]:
    assert step.expect is not None
    try:
        return scenario_checks.unmet(look, step.expect, walked)
    except NotPlayed as wrong:
        return (wrong.message,)


def models(files: Mapping[str, bytes]) -> Mapping[str, ProcessModel]:
    """The processes among some files that can be run, by key. Raises ModelRefused."""
    return _ground(files).models


def roles(files: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """(key, label) of the roles of the pack among some files."""
    pack = _pack(files)
    return tuple((key, role.label) for key, role in pack.roles.items()) if pack else ()


def _pack(files: Mapping[str, bytes]) -> Pack | None:
    found = next((content for name, content in files.items() if bundles.kind(name) == "pack"), None)
    return packs.read(found, file="pack.toml")[0] if found is not None else None


def threshold(files: Mapping[str, bytes]) -> int:
    """How much of the diagrams the pack among some files asks scenarios to walk, in percent; 0 without a pack that can be read."""
    pack = _pack(files)
    return pack.policies.coverage if pack else 0


def problems(found: Run) -> tuple[Problem, ...]:
    """What of a run stands against publishing, as problems of its files."""
    refused = []
    for result in found.results:
        step = result.failed_at
        if step is not None:
            where = kept("step {number}", number=step.step.number) if step.step else kept("its beginning")
            message = kept("The scenario “{title}” fails at {where}: {wrong}", title=result.title, where=where, wrong=step.wrong[0])
            refused.append(Problem(result.file, None, "scenario-failed", message))
    if not found.problems and not refused and found.total.percent < found.threshold:
        message = kept(
            "Scenarios walk {percent} % of the diagrams; the pack asks for {threshold} %. Write scenarios for "
            "what is never walked; the page of the scenarios lists it.",
            percent=found.total.percent,
            threshold=found.threshold,
        )
        refused.append(Problem("", None, "scenario-coverage", message))
    return (*(one for one in found.problems if one.code == "scenario-unreadable"), *refused)
