"""What scenarios say when files are sent, kept with them: those they bring, and those they take out or change, as these were before.

A change may take out what fails on it. It is then sent all the same, and whoever approves reads so first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine import store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.compared import Mark
from engine.model.deployments import Trial
from engine.model.packs import Act
from engine.operations import bundles, live
from engine.operations.scenarios import scenario_runs
from engine.operations.scope import within
from engine.scenarios import Scenario, read
from engine.scenarios.results import Result
from engine.store import UnitOfWork

_UNREAD = noted("It could not be read or run any more.")


def dropped(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, Mark]:
    """The scenario files that are not in `after` as they are in `before`; one that only got another name is there."""
    kept = {content for name, content in after.items() if _is_scenario(name)}
    gone = {name for name, content in before.items() if _is_scenario(name) and content not in kept}
    return {name: Mark.CHANGED if name in after else Mark.REMOVED for name in sorted(gone)}


def _is_scenario(name: str) -> bool:
    return bundles.kind(name) == "scenario"


def run_dropped(before: Mapping[str, bytes], after: Mapping[str, bytes], *, known: bool = False) -> tuple[Trial, ...]:
    """What the scenarios that `after` takes out or changes give on it, as they were before; of no deployment yet.

    Run it before the transaction, which holds the write lock: what was run is remembered. `known`: nothing is run, and
    what is not remembered is left out.
    """
    marks = dropped(before, after)
    old = {name: content for name, content in before.items() if _is_scenario(name)}
    titles = {one.file: one for one in read(old).scenarios}
    files = {**{name: content for name, content in after.items() if not _is_scenario(name)}, **old}
    return tuple(_of_dropped(files, marks, titles, known)) if marks else ()


def _of_dropped(files: Mapping[str, bytes], marks: Mapping[str, Mark], scenarios: Mapping[str, Scenario], known: bool) -> Iterator[Trial]:
    for name, mark in marks.items():
        one = scenarios.get(name)
        found = scenario_runs.run(files, only=one.name, known=known).results if one else ()
        if one is None:
            yield Trial("", name, _stem(name), mark, False, _UNREAD)
        elif found or not known:
            yield _trial(found[0], mark) if found else Trial("", name, one.title, mark, False, _UNREAD)


def _trial(result: Result, mark: Mark | None) -> Trial:
    step = result.failed_at
    return Trial("", result.file, result.title or _stem(result.file), mark, result.passed, step.wrong[0] if step else "")


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].removesuffix(".toml")


def keep(uow: UnitOfWork, deployment_id: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Trial, ...]:
    """Keep with a deployment what its scenarios gave, and those that it takes out or changes. Quick when they were run before."""
    own = [_trial(one, None) for one in scenario_runs.run(after).results] if any(_is_scenario(name) for name in after) else []
    taken = {one.name: one for one in run_dropped(before, after)}
    # A changed scenario has one row: what it gave as it was before says more to who approves.
    found = [*taken.values(), *(one for one in own if one.name not in taken)]
    kept = tuple(replace(one, deployment_id=deployment_id) for one in found)
    store.trials.keep(uow, deployment_id, kept)
    return kept


def of_deployment(uow: UnitOfWork, actor: Actor, deployment_id: str) -> tuple[Trial, ...]:
    """What scenarios gave when a deployment was sent, for who may see procedures. Raises NotFound."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.trials.of_deployment(uow, within(actor.program_id, store.deployments.get(uow, deployment_id)).id)


def told(one: Trial) -> str:
    """A scenario that is taken out or changed, in a sentence."""
    if one.mark is Mark.REMOVED and one.passed:
        return say("Takes out the scenario “{title}”, which still passes on the new version", title=one.title) + _why(one)
    if one.mark is Mark.REMOVED:
        return say("Takes out the scenario “{title}”, which fails on the new version", title=one.title) + _why(one)
    if one.passed:
        return say("Changes the scenario “{title}”, which still passes on the new version as it was before", title=one.title) + _why(one)
    return say("Changes the scenario “{title}”, which fails on the new version as it was before", title=one.title) + _why(one)


def _why(one: Trial) -> str:
    return f": {say(one.message)}" if one.message else "."


def taken(found: tuple[Trial, ...]) -> tuple[str, ...]:
    """Every scenario that is taken out or changed, in a sentence each: whoever approves confirms that they looked at them."""
    return tuple(told(one) for one in found if one.mark is not None)


def failing(found: tuple[Trial, ...]) -> tuple[str, ...]:
    """What whoever approves has to read first: scenarios that failed until they were taken out or changed."""
    return tuple(told(one) for one in found if one.mark is not None and not one.passed)
