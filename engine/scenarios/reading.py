"""Scenario files into values; what cannot be read is a problem that names the step and says what to do."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.language import kept, reason
from engine.model.errors import Problem
from engine.remembering import by_contents
from engine.scenarios import shape
from engine.scenarios.model import Expectation, Opening, Scenario, Step, StepKind
from engine.scenarios.shape import Wrong

#: steps of one file, people, files that continue each other, bytes
STEPS, PEOPLE, CHAIN, LARGEST = 400, 50, 20, 200_000


@dataclass(frozen=True, slots=True)
class Reading:
    """All scenarios that can be read, those that are continued before those that continue them."""

    scenarios: tuple[Scenario, ...]
    problems: tuple[Problem, ...]


@by_contents(4)
def read(files: Mapping[str, bytes]) -> Reading:
    """The scenarios among some files by their names."""
    raws: dict[str, tuple[str, dict[str, Any]]] = {}
    problems: list[Problem] = []
    for file in sorted(files):
        name = name_of(file)
        try:
            if name in raws:
                raise Wrong(kept("There is another scenario named “{name}”; give this file another name.", name=name))
            raws[name] = (file, _toml(files[file]))
        except Wrong as wrong:
            problems.append(_problem(file, wrong))
    found: dict[str, Scenario] = {}
    for name in raws:
        _resolve(name, raws, files, found, problems, ())
    return Reading(tuple(found.values()), tuple(problems))


def name_of(file: str) -> str:
    """What a scenario is called by others: its file's name without the ending."""
    return file.rsplit("/", 1)[-1].removesuffix(".toml")


def _problem(file: str, wrong: Wrong) -> Problem:
    return Problem(file, None, "scenario-unreadable", reason(wrong))


def _toml(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise Wrong(kept("A scenario has at most {largest} KB; divide it, one continuing the other.", largest=LARGEST // 1000))
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        raise Wrong(kept("The file is not text in UTF-8; save it so.")) from wrong
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise Wrong(kept("The file cannot be read as TOML: {wrong}.", wrong=wrong)) from wrong


_Raws = Mapping[str, tuple[str, dict[str, Any]]]


def _resolve(
    name: str, raws: _Raws, files: Mapping[str, bytes], found: dict[str, Scenario], problems: list[Problem], way: tuple[str, ...]
) -> Scenario | None:
    """A scenario after the ones that it continues; None when it, or one of those, cannot be read."""
    if name in found:
        return found[name]
    file, raw = raws[name]
    try:
        before = _continued(name, raw, raws, files, found, problems, way)
        read_now = _scenario(name, file, raw, before, _answers(name, raws))
    except Wrong as wrong:
        if not any(problem.file == file for problem in problems):
            problems.append(_problem(file, wrong))
        return None
    digest = hashlib.sha256((before.digest if before else "").encode() + files[file]).hexdigest()
    found[name] = replace(read_now, digest=digest)
    return found[name]


def _continued(
    name: str,
    raw: Mapping[str, Any],
    raws: _Raws,
    files: Mapping[str, bytes],
    found: dict[str, Scenario],
    problems: list[Problem],
    way: tuple[str, ...],
) -> Scenario | None:
    if "continues" not in raw:
        return None
    wanted = shape.text(raw["continues"], "“continues”")
    if wanted not in raws:
        raise Wrong(
            kept(
                "It continues “{wanted}”, but there is no scenario of that name; name a file of the folder without “.toml”.", wanted=wanted
            )
        )
    if wanted in (*way, name) or len(way) >= CHAIN:
        raise Wrong(kept("It continues itself by way of others; one of them has to begin with an opening of its own."))
    before = _resolve(wanted, raws, files, found, problems, (*way, name))
    if before is None:
        raise Wrong(kept("It continues “{wanted}”, which cannot be read; correct that one first.", wanted=wanted))
    return before


def _answers(name: str, raws: _Raws) -> dict[str, dict[str, Any]]:
    """The answers that a scenario may name: its own before those of the scenarios it continues."""
    found: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    while name in raws and name not in seen:
        seen.add(name)
        raw = raws[name][1]
        for key, value in shape.table(raw.get("answers", {}), "“answers”").items():
            found.setdefault(key, shape.table(value, kept("The answer “{key}”", key=key)))
        name = str(raw.get("continues", ""))
    return found


_Answers = Mapping[str, Mapping[str, Any]]


def _scenario(name: str, file: str, raw: Mapping[str, Any], before: Scenario | None, answers: _Answers) -> Scenario:
    shape.keys(raw, shape.TOP, kept("The file"))
    people = {**(before.people if before else {}), **_people(raw.get("people", {}))}
    if len(people) > PEOPLE:
        raise Wrong(kept("A scenario has at most {people} people.", people=PEOPLE))
    opening = _opening(raw["opening"], people, answers) if "opening" in raw else None
    if opening is not None and before is not None:
        raise Wrong(kept("It continues another scenario, so it cannot have an “opening” of its own; leave one of the two out."))
    steps = raw.get("steps", [])
    if not isinstance(steps, list) or len(steps) > STEPS:
        raise Wrong(kept("“steps” are written as [[steps]], at most {steps}.", steps=STEPS))
    return Scenario(
        name=name,
        file=file,
        title=shape.text(raw.get("title"), "“title”"),
        about=_about(raw.get("about", "")),
        continues=before.name if before else "",
        people=people,
        opening=opening,
        steps=tuple(_step(number, one, people, answers) for number, one in enumerate(steps, 1)),
    )


def _about(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2000:
        raise Wrong(kept("“about” is a text of at most 2000 characters."))
    return value.strip()


def _people(value: Any) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, roles in shape.table(value, "“people”").items():
        shape.text(name, kept("The name of a person"), 40)
        found[name] = shape.texts(roles, kept("The roles of {name}", name=name))
    return found


def _opening(value: Any, people: Mapping[str, object], answers: _Answers) -> Opening:
    raw = shape.table(value, "“opening”")
    shape.keys(raw, shape.OPENING, "“opening”")
    by = _person(raw.get("by"), people, "“opening.by”")
    process = shape.text(raw["process"], "“opening.process”") if "process" in raw else ""
    joins = tuple(_person(one, people, "“opening.joins”") for one in shape.texts(raw.get("joins", []), "“opening.joins”"))
    return Opening(by, process, _data(raw, answers, "“opening”"), joins)


def _person(value: Any, people: Mapping[str, object], where: str) -> str:
    name = shape.text(value, where)
    if name not in people:
        raise Wrong(
            kept("{where} names {name}, who is not among the people; add them under [people] with their role.", where=where, name=name)
        )
    return name


def _data(raw: Mapping[str, Any], answers: _Answers, where: str) -> dict[str, Any]:
    """The data of a step: a table, or the name of one under [answers]; “but” changes some of it."""
    given = raw.get("with", {})
    if isinstance(given, str):
        if given not in answers:
            raise Wrong(
                kept(
                    "{where} is done with “{given}”, but there is no [answers.{given}]; add it, or write the data here.",
                    where=where,
                    given=given,
                )
            )
        given = answers[given]
    return {
        **shape.table(given, kept("“with” of {where}", where=where)),
        **shape.table(raw.get("but", {}), kept("“but” of {where}", where=where)),
    }


def _step(number: int, value: Any, people: Mapping[str, object], answers: _Answers) -> Step:
    where = kept("Step {number}", number=number)
    raw = shape.table(value, where)
    shape.keys(raw, shape.STEP, where)
    acts = [key for key in shape.ACTS if key in raw]
    if len(acts) > 1:
        raise Wrong(kept("{where} has {list}; make a step of each.", where=where, list=" and ".join(f"“{key}”" for key in acts)))
    expect = _expectation(raw["expect"], where) if "expect" in raw else None
    if not acts:
        if expect is None or set(raw) != {"expect"}:
            raise Wrong(
                kept("{where} does nothing; say what somebody “does” or “sends”, how much time “passes”, or what to “expect”.", where=where)
            )
        return Step(number, StepKind.LOOK, expect=expect)
    step = _ACTS[acts[0]](number, raw, people, answers, where)
    return replace(step, expect=expect, refused=shape.flag(raw.get("refused", False), kept("“refused” of {where}", where=where)))


def _whose(raw: Mapping[str, Any], people: Mapping[str, object], where: str) -> str:
    return _person(raw["for"], people, kept("“for” of {where}", where=where)) if "for" in raw else ""


def _task(number: int, raw: Mapping[str, Any], people: Mapping[str, object], answers: _Answers, where: str) -> Step:
    return Step(
        number,
        StepKind.TASK,
        who=_person(raw.get("who"), people, kept("“who” of {where}", where=where)),
        does=shape.text(raw["does"], kept("“does” of {where}", where=where)),
        of=_whose(raw, people, where),
        data=_data(raw, answers, where),
        on_behalf=shape.flag(raw.get("on_behalf", False), kept("“on_behalf” of {where}", where=where)),
    )


def _time(number: int, raw: Mapping[str, Any], _people: Mapping[str, object], _answers: _Answers, where: str) -> Step:
    return Step(number, StepKind.TIME, passes=shape.duration(raw["passes"], kept("“passes” of {where}", where=where)))


def _message(number: int, raw: Mapping[str, Any], people: Mapping[str, object], _answers: _Answers, where: str) -> Step:
    who = _person(raw.get("who"), people, kept("“who” of {where}", where=where))
    return Step(
        number,
        StepKind.MESSAGE,
        who=who,
        does=shape.text(raw["sends"], kept("“sends” of {where}", where=where)),
        of=_whose(raw, people, where),
    )


def _job(number: int, raw: Mapping[str, Any], _people: Mapping[str, object], _answers: _Answers, where: str) -> Step:
    fails = shape.text(raw["fails"], kept("“fails” of {where}", where=where)) if "fails" in raw else ""
    gives = shape.table(raw.get("gives", {}), kept("“gives” of {where}", where=where))
    return Step(number, StepKind.JOB, does=shape.text(raw["job"], kept("“job” of {where}", where=where)), data=gives, fails=fails)


_ACTS = {"does": _task, "passes": _time, "sends": _message, "job": _job}


def _expectation(value: Any, where: str) -> Expectation:
    raw = shape.table(value, kept("“expect” of {where}", where=where))
    shape.keys(raw, shape.EXPECT, kept("“expect” of {where}", where=where))
    lists = {key: shape.texts(raw[key], kept("“{key}” of {where}", key=key, where=where)) for key in shape.LISTS if key in raw}
    ended = raw.get("ended")
    if ended is not None and not isinstance(ended, bool):
        ended = shape.text(ended, kept("“ended” of {where}", where=where))
    return Expectation(
        facts=shape.table(raw.get("facts", {}), kept("“facts” of {where}", where=where)),
        status=shape.text(raw["status"], kept("“status” of {where}", where=where)) if "status" in raw else None,
        ended=ended,
        **lists,
    )
