"""Doing a task the same way in all scenarios that stop at it: tried first, in a thread of its own, then kept by who asked."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import background
from engine.language import say, say_many
from engine.model.access import Actor
from engine.model.errors import ModelRefused
from engine.operations.drafting import change_files, changes
from engine.operations.scenarios import scenario_mending, scenario_runs, scenario_sentences, scenarios
from engine.operations.scenarios.scenario_mending import Mended, Sample, Stopper
from engine.scenarios.results import Place
from engine.store import UnitOfWork

blueprint = Blueprint("scenario_mending", __name__, url_prefix="/procedures/changes/<change_id>/scenarios/same-way")
_log = logging.getLogger(__name__)

#: trials kept, and seconds that a request waits for one before it answers with how far it is
_KEPT, _PATIENCE = 8, 4.0


@dataclass
class Trial:
    """Scenarios being mended on a copy."""

    done: int = 0
    all: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    outcome: Mended | None = None

    def step(self, done: int, every: int) -> None:
        """So many scenarios are done."""
        self.done, self.all = done, every


_trials: OrderedDict[str, Trial] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the files of a change and of what it is based on, and the task."""

    files: dict[str, bytes]
    base: dict[str, bytes]
    place: Place

    @property
    def key(self) -> str:
        """Known by the content, so that a trial of other files is never kept."""
        return f"{background.key(self.files)} {self.place.process} {self.place.id}"


def _asked(uow: UnitOfWork, actor: Actor, change_id: str) -> Asked:
    change = changes.get(uow, actor, change_id)
    files, base = scenarios.files(uow, actor, change_id), change_files.base(uow, change)
    return Asked(files, base, Place(request.values.get("process", ""), request.values.get("element", "")))


def stoppers(files: Mapping[str, bytes], base: Mapping[str, bytes]) -> tuple[Stopper, ...]:
    """What is known to stop scenarios; nothing for files that cannot be deployed."""
    try:
        return scenario_mending.stoppers(files, base, {one.name: one for one in scenarios.known(files).results})
    except ModelRefused:
        return ()


@blueprint.get("")
def show(change_id: str) -> page.Answer:
    """How the task is done in one scenario, those that stop at it, and what came of doing it in them."""
    with page.reading() as (uow, actor):
        asked = _asked(uow, actor, change_id)
        found = next((one for one in stoppers(asked.files, asked.base) if one.place == asked.place), None)
        values: dict[str, Any] = {"change": changes.get(uow, actor, change_id), "stopper": None, "going": False}
        if found is not None and found.sample is not None:
            values |= _tried(asked, found, found.sample)
        answer = page.render("studio/scenario_same_way.html", uow, actor, here="studio", **values)
    if not values["going"] and request.headers.get("HX-Request"):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _tried(asked: Asked, found: Stopper, sample: Sample) -> dict[str, Any]:
    with _lock:
        trial = _trials.get(asked.key)
    return {
        "stopper": found,
        "titles": {one.name: one.title for one in scenarios.reading(asked.files).scenarios},
        "words": scenario_sentences.step(sample.step, scenario_runs.titles(asked.files)),
        "answers": scenario_sentences.data(sample.step.data),
        "trial": trial,
        "outcome": trial.outcome if trial else None,
        "going": trial is not None and not trial.over.is_set(),
    }


def _here(change_id: str, place: Place) -> str:
    return url_for("scenario_mending.show", change_id=change_id, process=place.process, element=place.id)


@blueprint.post("")
def try_(change_id: str) -> AnyResponse:
    """Do it on a copy of all of them; nothing is kept yet."""
    with page.reading() as (uow, actor):
        asked = _asked(uow, actor, change_id)
    with _lock:
        trial = _trials.get(asked.key)
        is_new = trial is None or trial.over.is_set()
        if trial is None or is_new:
            trial = _trials[asked.key] = Trial()
        while len(_trials) > _KEPT:
            _trials.popitem(last=False)
    if is_new:
        threading.Thread(target=_run, args=(asked, trial), name="mending", daemon=True).start()
    trial.over.wait(_PATIENCE)
    return page.go(_here(change_id, asked.place))


def _run(asked: Asked, trial: Trial) -> None:
    try:
        trial.outcome = scenario_mending.same_way(asked.files, asked.base, asked.place, trial.step)
    except Exception as fault:  # noqa: BLE001 - a thread has nobody to tell; the page offers to try again
        _log.error("Scenarios could not be mended (%s).", type(fault).__name__)
    finally:
        trial.over.set()


@blueprint.post("/keep")
def keep(change_id: str) -> AnyResponse:
    """Keep what was tried, when nothing of the change is different since, and run all scenarios."""

    def write(uow: UnitOfWork, actor: Actor) -> tuple[Asked, Mended | None]:
        asked = _asked(uow, actor, change_id)
        with _lock:
            trial = _trials.get(asked.key)
        if trial is not None and trial.outcome is not None and trial.outcome.files:
            change_files.put_many(uow, actor, change_id, trial.outcome.files)
        return asked, trial.outcome if trial else None

    asked, mended = page.act(write)
    if mended is None or not mended.files:
        return page.go(_here(change_id, asked.place), say("The change is different by now, so nothing was kept; try again."), tone="wrong")
    background.start({**asked.files, **mended.files}).over.wait(background.PATIENCE)
    said = say_many("{n} scenario does it the same way now.", "{n} scenarios do it the same way now.", len(mended.files))
    return page.go(url_for("scenario_room.list_", change_id=change_id), said)
