"""Scenarios of a change: the list with results and coverage, running them, and one walked step by step over the diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import background, scenario_mending
from api.web.studio.changes import ROOMS
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Change
from engine.model.errors import ModelRefused, NotFound
from engine.model.states import ChangeState
from engine.operations.drafting import change_files, changes
from engine.operations.scenarios import scenario_mending as mending
from engine.operations.scenarios import scenario_openings, scenario_runs, scenario_sentences, scenarios
from engine.operations.scenarios.scenario_words import Titles
from engine.operations.words import problem_places, sentences
from engine.scenarios import Scenario
from engine.scenarios.results import Place, Result, StepResult
from engine.store import UnitOfWork

blueprint = Blueprint("scenario_room", __name__, url_prefix="/procedures/changes/<change_id>/scenarios")

ROOMS["scenario"] = ("scenario_room.show", "Look at the scenario")


@blueprint.get("")
def list_(change_id: str) -> page.Answer:
    """All scenarios with what is known of them, and how much of each diagram they walk."""
    with page.reading() as (uow, actor):
        change, files = changes.get(uow, actor, change_id), scenarios.files(uow, actor, change_id)
        reading, known = scenarios.reading(files), scenarios.known(files)
        results = {result.name: result for result in known.results}
        base = change_files.base(uow, change)
        values: dict[str, Any] = {
            **_head(uow, actor, change),
            "scenarios": reading.scenarios,
            "problems": problem_places.tell(dict.fromkeys((*reading.problems, *known.problems)), files),
            "titles": {one.name: one.title for one in reading.scenarios},
            "results": results,
            "run": known,
            "complete": bool(reading.scenarios) and all(one.name in results for one in reading.scenarios),
            "running": background.of(files),
            "procedures": scenario_openings.procedures(files),
            "fresh": scenario_openings.added(files, base),
            "failed": [result for result in known.results if not result.passed],
            **_stopping(files, base, reading.scenarios, results),
        }
        answer = page.render("studio/scenarios.html", uow, actor, here="studio", **values)
    if values["running"] is None and request.headers.get("HX-Request"):
        answer.headers["HX-Refresh"] = "true"  # the results stand around what was asked for
    return answer


def _stopping(files: dict[str, bytes], base: dict[str, bytes], reading: tuple[Scenario, ...], results: dict[str, Result]) -> dict[str, Any]:
    """Scenarios that fail by themselves with those that wait for them, and the tasks that stop them."""
    roots = mending.roots(results)
    waiting = {one.name: mending.waiting(one.name, results) for one in roots}
    held = {one.name for found in waiting.values() for one in found}
    by_name = {one.name: one for one in reading}
    others = [one for one in reading if one.name not in held and one.name not in waiting]
    listed = [*(by_name[one.name] for one in roots), *sorted(others, key=lambda one: one.title)]
    stoppers = scenario_mending.stoppers(files, base) if roots else ()
    return {"roots": roots, "waiting": waiting, "held": held, "listed": listed, "stoppers": stoppers}


def _head(uow: UnitOfWork, actor: Actor, change: Change) -> dict[str, Any]:
    may_draw = change.state is ChangeState.DRAWING and changes.may_draw(uow, actor)
    return {"change": change, "may_draw": may_draw}


@blueprint.post("/run")
def run(change_id: str) -> AnyResponse:
    """Run all, or one; what takes long goes on by itself, and the list says how far it is."""
    only, again = request.form.get("name") or None, "again" in request.form
    with page.reading() as (uow, actor):
        files = scenarios.files(uow, actor, change_id)
    going = background.start(files, only, again=again)
    over = going.over.wait(background.PATIENCE)
    back = url_for("scenario_room.list_", change_id=change_id)
    if only is not None and over:
        file = next((one.file for one in scenarios.reading(files).scenarios if one.name == only), None)
        back = url_for("scenario_room.show", change_id=change_id, name=file) if file else back
    return page.go(back)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a scenario as the page shows it."""

    number: int
    words: str
    data: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    result: StepResult | None


@blueprint.get("/of/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """One scenario: its steps in words, what came of them, and the walk over the diagrams."""
    with page.reading() as (uow, actor):
        change, files = changes.get(uow, actor, change_id), scenarios.files(uow, actor, change_id)
        if name not in files:
            raise NotFound(say("This change has no such scenario."))
        found = next((one for one in scenarios.reading(files).scenarios if one.file == name), None)
        values: dict[str, Any] = {**_head(uow, actor, change), "file": name, "scenario": found}
        values["problems"] = [one for one in scenarios.reading(files).problems if one.file == name]
        values |= {"called": problem_places.file_title(name, files), "words": sentences.of_files(files)}
        if found is not None:
            values |= _played(files, found, request.args.get("step", type=int), request.args.get("process"))
        return page.render("studio/scenario.html", uow, actor, here="studio", **values)


def _played(files: dict[str, bytes], found: Scenario, asked: int | None, process: str | None) -> dict[str, Any]:
    try:
        titles = scenario_runs.titles(files)
    except ModelRefused as refused:
        return {"result": None, "refused": problem_places.tell(refused.problems, files), "lines": ()}
    result = next((one for one in scenarios.run(files, only=found.name, known=True).results), None)
    values: dict[str, Any] = {"result": result, "refused": (), "lines": _lines(found, result, titles)}
    values["opening"] = scenario_sentences.opening(found, _called(files))
    return values | (_walk(files, result, titles, asked, process) if result and result.steps else {"walk": None})


def _called(files: dict[str, bytes]) -> dict[str, str]:
    titles = {one.name: one.title for one in scenarios.reading(files).scenarios}
    return {**sentences.of_files(files).processes, **titles}


def _lines(found: Scenario, result: Result | None, titles: Titles) -> tuple[Line, ...]:
    by_number = {one.step.number: one for one in result.steps if one.step} if result else {}
    return tuple(
        Line(
            step.number,
            scenario_sentences.step(step, titles),
            scenario_sentences.data(step.data),
            scenario_sentences.expected(step.expect, titles),
            by_number.get(step.number),
        )
        for step in found.steps
    )


def _walk(files: dict[str, bytes], result: Result, titles: Titles, asked: int | None, process: str | None) -> dict[str, Any]:
    """What the diagram shows at one step: where tokens are, what this step passed, what was passed before."""
    at = min(max(asked if asked is not None else len(result.steps) - 1, 0), len(result.steps) - 1)
    step = result.steps[at]
    touched = [place.process for place in step.tokens] + [one.place.process for one in step.passed]
    choice = tuple(dict.fromkeys(touched))
    shown = process if process in choice else next(iter(_innermost(step)), None)
    if shown is None:
        return {"walk": None}
    done = {place.id for place in scenario_runs.walked_in(result.steps[: at + 1]) if place.process == shown}
    tokens: dict[str, int] = {}
    for place in step.tokens:
        if place.process == shown:
            tokens[place.id] = tokens.get(place.id, 0) + 1
    drawn = _drawn(files, shown)
    walk = {
        "at": at,
        "last": len(result.steps) - 1,
        "step": step,
        "process": shown,
        "choice": choice,
        "file": drawn,
        "overlays": {"completed": sorted(done), "tokens": tokens},
        "tokens": [(titles.of(Place(place.process, place.id)), place.process) for place in step.tokens],
        "passed": [titles.of(one.place) for one in step.passed if one.event == "element_completed"],
    }
    return {"walk": walk}


def _innermost(step: StepResult) -> list[str]:
    """The processes of a step, the one to look at first: where something was passed last, or where tokens are."""
    there = {place.process for place in step.tokens}
    passed = [one.place.process for one in reversed(step.passed)]
    return [one for one in passed if one in there] + passed + sorted(there)


def _drawn(files: dict[str, bytes], process: str) -> str | None:
    return next((model.file for model in scenario_runs.models(files).values() if model.key == process), None)


@blueprint.get("/coverage/<process>")
def coverage(change_id: str, process: str) -> page.Answer:
    """What scenarios walk of one diagram, painted on it, with what they never walk in words beside it."""
    with page.reading() as (uow, actor):
        change, files = changes.get(uow, actor, change_id), scenarios.files(uow, actor, change_id)
        run_of = scenarios.known(files)
        found = next((one for one in run_of.coverage if one.process == process), None)
        if found is None:
            raise NotFound(say("No diagram of this change that can be run has that process."))
        never = [id for id, _words in found.never]
        values: dict[str, Any] = {
            **_head(uow, actor, change),
            "found": found,
            "overlays": {"completed": list(found.walked), "never": never},
            "diagrams": run_of.coverage,
        }
        return page.render("studio/scenario_coverage.html", uow, actor, here="studio", **values)
