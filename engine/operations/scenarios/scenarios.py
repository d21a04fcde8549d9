"""Scenarios of a change: what is known of them, running them, and the gate that they are for publishing.

Running needs no transaction of the real store: take the files with `files` or `files_to_publish`, let go of the unit of
work, then `run`. What was run is remembered by content, so that asking afterwards is quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.language import kept
from engine.model.access import Actor
from engine.model.errors import Level, Problem
from engine.operations import bundles, live
from engine.operations.drafting import change_files, changes
from engine.operations.scenarios import scenario_runs
from engine.scenarios import Reading, read
from engine.scenarios.results import Run
from engine.store import UnitOfWork

run = scenario_runs.run
problems = scenario_runs.problems


def run_files(files: Mapping[str, bytes]) -> Run:
    """Run all scenarios of some files, a pack's folder for example; `problems` says what of it stands against publishing."""
    return scenario_runs.run(files)


def files(uow: UnitOfWork, actor: Actor, change_id: str) -> dict[str, bytes]:
    """All files of a change, for who may see it. Raises NotFound."""
    return change_files.contents(uow, changes.get(uow, actor, change_id))


def reading(found: Mapping[str, bytes]) -> Reading:
    """The scenarios among some files, and what is wrong with those that cannot be read."""
    return read({name: content for name, content in found.items() if bundles.kind(name) == "scenario"})


def known(found: Mapping[str, bytes]) -> Run:
    """What is remembered of the scenarios of some files; nothing is run."""
    return scenario_runs.run(found, known=True)


def is_asked(found: Mapping[str, bytes]) -> bool:
    """Whether there is anything to run before publishing: scenarios, or a pack that asks for coverage."""
    return any(bundles.kind(name) == "scenario" for name in found) or scenario_runs.threshold(found) > 0


def untried(found: Mapping[str, bytes]) -> bool:
    """Whether scenarios of some files are still to be run before publishing; never for files that are refused anyway."""
    return standing(found).to_run > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How the scenarios of some files stand before publishing: how many there are, still have to run, and what speaks against it."""

    all: int
    to_run: int
    problems: tuple[Problem, ...]


def standing(found: Mapping[str, bytes]) -> Standing:
    """What is known without running anything; nothing is to run for files that are refused anyway."""
    if not is_asked(found):
        return Standing(0, 0, ())
    made, every = known(found), len(reading(found).scenarios)
    left = every - len(made.results)
    if not made.coverage or left > 0:
        return Standing(every, left if made.coverage else 0, ())
    return Standing(every, 0, scenario_runs.problems(made))


def gate(uow: UnitOfWork, program_id: str, pack: str | None, found: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What of their scenarios stands against publishing files of a pack: one that fails, or too little walked.

    Of the live pack's coverage and theirs the higher is asked for, so that no change lowers the bar for itself. Quick when
    they were run before with the same content; otherwise they are run here and now.
    """
    before = live.pack(uow, program_id, pack)
    least = before.policies.coverage if before else 0
    if not is_asked(found) and not least:
        return ()
    made = scenario_runs.run(found)
    against = scenario_runs.problems(replace(made, threshold=max(made.threshold, least)))
    stopped = next((one for one in made.problems if one.level is Level.REFUSE), None)
    if against or made.coverage or stopped is None:
        return against
    # What is deployed may be called, but scenarios know only these files: without them nothing would have been tried.
    message = kept("The scenarios could not be run, so that nothing is known of this change: {problem}", problem=stopped.message)
    return (Problem(stopped.file, stopped.element_id, "scenarios-not-run", message),)
