"""`parley check DIR`: what is wrong with the files of a folder, and whether its scenarios pass; needs no database and no server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from api import places
from engine.model.errors import Level, Problem
from engine.operations import bundles
from engine.operations.scenarios import scenario_runs
from engine.scenarios.results import Result, Run


def check(*, folder: str, as_json: bool) -> int:
    """Check a folder as a deployment to an empty program would, then run its scenarios; 1 when anything is refused or fails.

    With `as_json` one JSON object is all that is ever written to standard output, also for a folder that cannot be read.
    """
    try:
        files = places.pack_files(Path(folder))
    except (places.NoSuchFolder, OSError) as wrong:
        if not as_json:
            raise
        print(json.dumps(_plain(False, [Problem(folder, None, "unreadable", str(wrong))], Run((), ()))))
        return 1
    bundle = bundles.read(files, lambda _key: None)
    run = Run((), ()) if bundle.refused else scenario_runs.run(files)
    problems = tuple(dict.fromkeys((*bundle.problems, *run.problems)))
    wanting = not bundle.refused and bool(run.coverage) and run.total.percent < run.threshold
    passed = not any(one.level is Level.REFUSE for one in problems) and run.passed and not wanting
    if as_json:
        print(json.dumps(_plain(passed, problems, run)))
    else:
        for line in _told(passed, problems, run, wanting=wanting):
            print(line)
    return 0 if passed else 1


def line_of(problem: Problem) -> str:
    """A problem in one line: file, element, sentence."""
    place = problem.file if problem.element_id is None else f"{problem.file}: {problem.element_id}"
    return f"  {place}: {_sentence(problem)}"


def _sentence(problem: Problem) -> str:
    advice = "advice: " if problem.level is Level.WARN else ""
    return f"{advice}{problem.message} [{problem.code}]"


def _told(passed: bool, problems: Sequence[Problem], run: Run, *, wanting: bool) -> Iterator[str]:
    for file, found in groupby(sorted(problems, key=lambda one: (one.file, one.element_id or "")), lambda one: one.file):
        yield file or "the files together"
        yield from (f"  {one.element_id}: {_sentence(one)}" if one.element_id else f"  {_sentence(one)}" for one in found)
    failed = [result for result in run.results if not result.passed]
    for result in failed:
        yield result.file
        yield from (f"  step {number}: {wrong}" for number, wrong in _wrong(result))
    if run.results:
        yield f"{len(run.results)} scenarios, {len(failed)} failed; they walk {run.total.percent} % of the diagrams."
    if wanting:
        yield f"The pack asks for {run.threshold} %; add scenarios that walk the rest."
    refused = sum(one.level is Level.REFUSE for one in problems)
    yield "Nothing is wrong." if passed else f"{refused} to be put right." if refused else "Not as it should be."


def _wrong(result: Result) -> Iterator[tuple[int, str]]:
    for number, step in enumerate(result.steps):
        yield from ((number, wrong) for wrong in step.wrong)


def _plain(passed: bool, problems: Sequence[Problem], run: Run) -> dict[str, Any]:
    """The same as one JSON object; step 0 of a scenario is its opening."""
    return {
        "passed": passed,
        "refused": sum(one.level is Level.REFUSE for one in problems),
        "problems": [
            {
                "file": one.file,
                "element_id": one.element_id,
                "code": one.code,
                "level": one.level.value,
                "message": one.message,
                "also": one.also,
            }
            for one in problems
        ],
        "scenarios": [
            {
                "file": one.file,
                "name": one.name,
                "passed": one.passed,
                "wrong": [{"step": number, "message": words} for number, words in _wrong(one)],
            }
            for one in run.results
        ],
        "coverage": {"percent": run.total.percent, "wanted": run.threshold} if run.coverage else None,
    }
