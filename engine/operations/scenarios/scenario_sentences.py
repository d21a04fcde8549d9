"""Steps of scenarios in sentences, for pages: what is done, and what has to be true afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from engine import feel
from engine.language import say
from engine.operations.scenarios.scenario_words import Titles
from engine.operations.wording import quoted
from engine.operations.words import sentences
from engine.scenarios import Expectation, Scenario, Step, StepKind

_SETTING = re.compile(r"settings\.(\w+)")
_DURATION = re.compile(r'duration\("([^"]*)"\)')


def step(one: Step, titles: Titles) -> str:
    """What a step does."""
    said = _done(one, titles)
    return say("{what}, which has to be refused", what=said) if one.refused else said


def _done(one: Step, titles: Titles) -> str:
    task = titles.called(one.does)
    match one.kind:
        case StepKind.TASK if one.of and one.on_behalf:
            return say("{who} completes “{task}” for {whom}, entered on their behalf", who=one.who, task=task, whom=one.of)
        case StepKind.TASK if one.of:
            return say("{who} completes “{task}” for {whom}", who=one.who, task=task, whom=one.of)
        case StepKind.TASK if one.on_behalf:
            return say("{who} completes “{task}”, entered on their behalf", who=one.who, task=task)
        case StepKind.TASK:
            return say("{who} completes “{task}”", who=one.who, task=task)
        case StepKind.TIME:
            return _passing(one.passes, titles)
        case StepKind.MESSAGE if one.of:
            return say("{who} sends “{message}” for {whom}", who=one.who, message=one.does, whom=one.of)
        case StepKind.MESSAGE:
            return say("{who} sends “{message}”", who=one.who, message=one.does)
        case StepKind.JOB if one.fails:
            return say("Outside work at “{task}” fails with “{error}”", task=task, error=one.fails)
        case StepKind.JOB:
            return say("Outside work at “{task}” is done", task=task)
        case StepKind.LOOK:
            return say("Look")


def _passing(text: str, titles: Titles) -> str:
    """“3 days pass”; of settings their labels, “Time passes: “Remind after” less 1 day”."""
    if not text.startswith("="):
        return say("{length} pass", length=sentences.duration(text))
    said = _SETTING.sub(lambda match: quoted(titles.settings.get(match[1], match[1])), text[1:].strip())
    said = _DURATION.sub(lambda match: sentences.duration(match[1]), said)
    return say("Time passes: {length}", length=said.replace(" - ", say(" less ")).replace(" + ", say(" and ")))


def opening(scenario: Scenario, called: Mapping[str, str] = MappingProxyType({})) -> str:
    """How a scenario begins. `called` gives the titles of scenarios and the names of procedures by their keys."""
    if scenario.continues:
        return say("Goes on where “{title}” ends", title=called.get(scenario.continues, scenario.continues))
    if scenario.opening is None:
        return say("Nothing is opened; time passes")
    process = scenario.opening.process
    if process:
        return say("{who} starts “{name}”", who=scenario.opening.by, name=called.get(process, process))
    return say("{who} opens a case", who=scenario.opening.by)


def expected(wanted: Expectation | None, titles: Titles) -> tuple[str, ...]:
    """What has to be true, a sentence each."""
    if wanted is None:
        return ()
    found = [say("“{task}” is open", task=titles.called(text)) for text in wanted.open]
    if wanted.only_open is not None:
        found.append(say("Open is only {tasks}", tasks=_list(wanted.only_open, titles)) if wanted.only_open else say("No task is open"))
    found += [say("“{task}” is not open", task=titles.called(text)) for text in wanted.not_open]
    found += [say("The notice “{text}” was sent", text=text) for text in wanted.notices]
    found += [say("The notice “{text}” was not sent", text=text) for text in wanted.no_notices]
    found += [say("The procedure is at “{place}”", place=titles.called(text)) for text in wanted.token_at]
    found += [say("“{place}” was passed", place=titles.called(text)) for text in wanted.passed]
    found += [say("“{place}” was not passed", place=titles.called(text)) for text in wanted.not_passed]
    found += [say("{name} is {value}", name=name, value=given(value)) for name, value in wanted.facts.items()]
    if wanted.status is not None:
        found.append(say("The case's status is “{status}”", status=wanted.status))
    if wanted.ended is not None:
        found.append(_ended(wanted.ended, titles))
    return tuple(found)


def _list(texts: tuple[str, ...], titles: Titles) -> str:
    return ", ".join(quoted(titles.called(text)) for text in texts)


def _ended(ended: str | bool, titles: Titles) -> str:
    if isinstance(ended, str):
        return say("The procedure ended at “{place}”", place=titles.called(ended))
    return say("The procedure has ended") if ended else say("The procedure goes on")


def data(found: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The data of a step as (name, words)."""
    return tuple((name, given(value)) for name, value in found.items())


def given(value: object) -> str:
    """A value in words."""
    match value:
        case bool():
            return say("yes") if value else say("no")
        case list():
            return ", ".join(given(one) for one in value) or say("nothing")
        case dict():
            return "; ".join(f"{key}: {given(one)}" for key, one in value.items())
        case None:
            return say("empty")
        case _:
            return feel.text(feel.coerce(value))
