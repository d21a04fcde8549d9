"""Steps of scenarios in sentences, for pages: what is done, and what has to be true afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from engine import feel
from engine.operations import sentences
from engine.operations.scenario_words import Titles
from engine.scenarios import Expectation, Scenario, Step, StepKind

_SETTING = re.compile(r"settings\.(\w+)")
_DURATION = re.compile(r'duration\("([^"]*)"\)')


def step(one: Step, titles: Titles) -> str:
    """What a step does."""
    whose = f" for {one.of}" if one.of else ""
    match one.kind:
        case StepKind.TASK:
            way = ", entered on their behalf" if one.on_behalf else ""
            return f"{one.who} completes “{titles.called(one.does)}”{whose}{way}{_refused(one)}"
        case StepKind.TIME:
            return _passing(one.passes, titles)
        case StepKind.MESSAGE:
            return f"{one.who} sends “{one.does}”{whose}{_refused(one)}"
        case StepKind.JOB:
            how = f"fails with “{one.fails}”" if one.fails else "is done"
            return f"Outside work at “{titles.called(one.does)}” {how}{_refused(one)}"
        case StepKind.LOOK:
            return "Look"


def _refused(one: Step) -> str:
    return ", which has to be refused" if one.refused else ""


def _passing(text: str, titles: Titles) -> str:
    """“3 days pass”; of settings their labels, “Time passes: “Remind after” less 1 day”."""
    if not text.startswith("="):
        return f"{sentences.duration(text)} pass"
    said = _SETTING.sub(lambda match: f"“{titles.settings.get(match[1], match[1])}”", text[1:].strip())
    said = _DURATION.sub(lambda match: sentences.duration(match[1]), said)
    return f"Time passes: {said.replace(' - ', ' less ').replace(' + ', ' and ')}"


def opening(scenario: Scenario, called: Mapping[str, str] = MappingProxyType({})) -> str:
    """How a scenario begins. `called` gives the titles of scenarios and the names of procedures by their keys."""
    if scenario.continues:
        return f"Goes on where “{called.get(scenario.continues, scenario.continues)}” ends"
    if scenario.opening is None:
        return "Nothing is opened; time passes"
    process = scenario.opening.process
    what = f"starts “{called.get(process, process)}”" if process else "opens a case"
    return f"{scenario.opening.by} {what}"


def expected(wanted: Expectation | None, titles: Titles) -> tuple[str, ...]:
    """What has to be true, a sentence each."""
    if wanted is None:
        return ()
    found = [f"“{titles.called(text)}” is open" for text in wanted.open]
    if wanted.only_open is not None:
        found.append(f"Open is only {_list(wanted.only_open, titles)}" if wanted.only_open else "No task is open")
    found += [f"“{titles.called(text)}” is not open" for text in wanted.not_open]
    found += [f"The notice “{text}” was sent" for text in wanted.notices]
    found += [f"The notice “{text}” was not sent" for text in wanted.no_notices]
    found += [f"The procedure is at “{titles.called(text)}”" for text in wanted.token_at]
    found += [f"“{titles.called(text)}” was passed" for text in wanted.passed]
    found += [f"“{titles.called(text)}” was not passed" for text in wanted.not_passed]
    found += [f"{name} is {given(value)}" for name, value in wanted.facts.items()]
    if wanted.status is not None:
        found.append(f"The case's status is “{wanted.status}”")
    if wanted.ended is not None:
        found.append(_ended(wanted.ended, titles))
    return tuple(found)


def _list(texts: tuple[str, ...], titles: Titles) -> str:
    return ", ".join(f"“{titles.called(text)}”" for text in texts)


def _ended(ended: str | bool, titles: Titles) -> str:
    if isinstance(ended, str):
        return f"The procedure ended at “{titles.called(ended)}”"
    return "The procedure has ended" if ended else "The procedure goes on"


def data(found: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The data of a step as (name, words)."""
    return tuple((name, given(value)) for name, value in found.items())


def given(value: object) -> str:
    """A value in words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(given(one) for one in value) or "nothing"
        case dict():
            return "; ".join(f"{key}: {given(one)}" for key, one in value.items())
        case None:
            return "empty"
        case _:
            return feel.text(feel.coerce(value))
