"""What is different in a changed scenario, in sentences: who takes part, how it begins, its steps, and what has to be true after each.

Steps are told apart by what they do, not by their numbers: a step put in between leaves those behind it as they were.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from engine import bpmn, packs
from engine.language import say
from engine.model.compared import Mark, facets
from engine.operations import bundles
from engine.operations.drafting.file_changes import FileChange, Line
from engine.operations.scenarios import scenario_sentences
from engine.operations.scenarios.scenario_words import Titles
from engine.scenarios import Scenario, Step, read

_Files = Mapping[str, bytes]


def told(files: Sequence[FileChange], before: _Files, after: _Files) -> tuple[FileChange, ...]:
    """The changes of files with those of scenarios in words; one that cannot be read stays as a text, line by line."""
    changed = {file.name for file in files if file.kind == "scenario" and file.mark is Mark.CHANGED}
    if not changed:
        return tuple(files)
    old, new = (_Side(side) for side in (before, after))
    return tuple(_told(file, old, new) if file.name in changed else file for file in files)


class _Side:
    """The scenarios of one version by their files, and what its diagrams call things."""

    def __init__(self, files: _Files) -> None:
        self.scenarios = {one.file: one for one in read(_of_kind(files, "scenario")).scenarios}
        pack = next((packs.read(content, file=name)[0] for name, content in _of_kind(files, "pack").items()), None)
        labels = {key: rule.label for key, rule in pack.settings.items()} if pack else {}
        models = bpmn.read(_of_kind(files, "bpmn")).processes
        self.titles = Titles(models, labels)
        self.called = {one.name: one.title for one in self.scenarios.values()} | {one.key: one.name or one.key for one in models}


def _of_kind(files: _Files, kind: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if bundles.kind(name) == kind}


def _told(file: FileChange, old: _Side, new: _Side) -> FileChange:
    was, now = old.scenarios.get(file.name), new.scenarios.get(file.name)
    if was is None or now is None:
        return file
    lines = (*_head(_beginning(was, old), _beginning(now, new)), *_steps(was, now, old, new))
    return replace(file, lines=lines)


def _beginning(one: Scenario, side: _Side) -> dict[str, str]:
    """What stands before the steps, in words by what it is."""
    found = {say("Title"): one.title, say("What it is about"): one.about}
    found[say("How it begins")] = scenario_sentences.opening(one, side.called)
    found |= {say("Takes part: {name}", name=name): ", ".join(roles) for name, roles in one.people.items()}
    if one.opening is not None:
        found[say("With roles from the beginning")] = ", ".join(one.opening.joins)
        found |= {say("At the beginning, {field}", field=key): said for key, said in scenario_sentences.data(one.opening.data)}
    return {what: said for what, said in found.items() if said}


def _head(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Line]:
    for one in facets(was, now):
        yield Line("", Mark.CHANGED, one.key, one.before or say("nothing"), one.after or say("nothing"))


def _steps(was: Scenario, now: Scenario, old: _Side, new: _Side) -> Iterator[Line]:
    acts_before, acts_after = ([scenario_sentences.step(one, side.titles) for one in it.steps] for it, side in ((was, old), (now, new)))
    for tag, first, last, start, end in difflib.SequenceMatcher(None, acts_before, acts_after, autojunk=False).get_opcodes():
        for before, after in zip_longest(was.steps[first:last], now.steps[start:end]):
            if tag == "replace" and before is not None and after is not None and before.kind is not after.kind:
                yield from (*_step(before, None, old, new), *_step(None, after, old, new))
            else:
                yield from _step(before, after, old, new)


def _step(before: Step | None, after: Step | None, old: _Side, new: _Side) -> Iterator[Line]:
    """One step that is new, gone, or says something else."""
    was = scenario_sentences.step(before, old.titles) if before else ""
    now = scenario_sentences.step(after, new.titles) if after else ""
    if after is None:
        assert before is not None
        yield Line("", Mark.REMOVED, say("Step {number}", number=before.number), was)
        return
    what = say("Step {number}", number=after.number)
    if before is None:
        yield Line("", Mark.ADDED, what, None, now)
    elif was != now:
        yield Line("", Mark.CHANGED, what, was, now)
    named = f"{what}, {now}"
    answers = (dict(scenario_sentences.data(one.data)) if one else {} for one in (before, after))
    yield from _answers(named, *answers, fresh=before is None)
    wanted = (scenario_sentences.expected(one.expect if one else None, side.titles) for one, side in ((before, old), (after, new)))
    yield from _expected(named, *wanted)


def _answers(named: str, was: Mapping[str, str], now: Mapping[str, str], *, fresh: bool) -> Iterator[Line]:
    for one in facets(was, now) if not fresh else ():
        yield Line("", Mark.CHANGED, f"{named}, {one.key}", one.before or say("nothing"), one.after or say("nothing"))


def _expected(named: str, was: Iterable[str], now: Iterable[str]) -> Iterator[Line]:
    before, after = tuple(was), tuple(now)
    for one in before:
        if one not in after:
            yield Line("", Mark.REMOVED, say("{step}: no longer looked at", step=named), one)
    for one in after:
        if one not in before:
            yield Line("", Mark.ADDED, say("{step}: looked at from now on", step=named), None, one)
