"""The measures of a pack: their shape in pack.toml, reading them, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from engine import feel
from engine.feel.values import DaysTime
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.measures import Caseload, Measure, MeasureKind, PartRule, Unit
from engine.model.packs import Pack, RoleKind, ValueType
from engine.packs import selecting

_Schema: TypeAlias = dict[str, object]
_KEY: _Schema = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"}
_NAME: _Schema = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]{0,63}$"}
_TITLE: _Schema = {"type": "string", "minLength": 1, "maxLength": 80}
_SENTENCE: _Schema = {"type": "string", "minLength": 1, "maxLength": 400}
_FEEL: _Schema = {"type": "string", "minLength": 1, "maxLength": 1000}
_PLACE: _Schema = {"type": "string", "pattern": r"^[^\s/:]+/[^\s/]+$"}
#: the class of figures: counts, after small ones are withheld
AGGREGATE = "C0"
#: fewer than this may never be told
FEWEST, USUAL = 3, 10
#: what expressions may ask for beside facts
_AROUND = frozenset({"case", "milestones", "steps", "apart", "period", "task", "settings"})
#: what expressions over an answer ask for
_ANSWER = frozenset({"answer"})
_MOMENTS = frozenset({"opened", "closed", "begin", "end"})
_TASK_MOMENTS = frozenset({"due", "waived", "begin", "end"})
_ROLE = "role"
#: the panel whose balance an expression asks for
_APART = re.compile(r"\bapart\s*\.\s*(\w+)")
#: the setting that an expression asks for
_SET = re.compile(r"\bsettings\s*\.\s*(\w+)")

#: an entry of the list [[measures]]
SHAPE: _Schema = {
    "type": "object",
    "properties": {
        "key": _KEY,
        "title": _TITLE,
        "heading": _TITLE,
        "definition": _SENTENCE,
        "kind": {"enum": [one.value for one in MeasureKind]},
        "unit": {"enum": [one.value for one in Unit]},
        "when": {"type": "string", "pattern": r"^[A-Za-z0-9_.-]{1,64}$"},
        "of": {"type": "array", "maxItems": 100, "items": _PLACE},
        "where": _FEEL,
        "fits": _FEEL,
        "times": _FEEL,
        "called": _TITLE,
        "start": _FEEL,
        "end": _FEEL,
        "value": _FEEL,
        "standard": {"type": "string", "minLength": 1, "maxLength": 64},
        "by": {"type": "array", "maxItems": 8, "uniqueItems": True, "items": _NAME},
        "parts": {
            "type": "array",
            "maxItems": 30,
            "items": {
                "type": "object",
                "properties": {"key": _KEY, "title": _TITLE, "where": _FEEL},
                "required": ["key", "title", "where"],
                "additionalProperties": False,
            },
        },
        "steps": {"type": "object", "maxProperties": 20, "propertyNames": {"pattern": _NAME["pattern"]}, "additionalProperties": _PLACE},
        "survey": _KEY,
        "question": _NAME,
        "least": {"type": "integer", "minimum": 0, "maximum": 1000},
        "note": _SENTENCE,
        "roles": {"type": "array", "maxItems": 100, "items": _KEY},
    },
    "required": ["key", "title", "kind", "note"],
    "additionalProperties": False,
}
#: the table [figures]
FIGURES: _Schema = {
    "type": "object",
    "properties": {"least": {"type": "integer", "minimum": FEWEST, "maximum": 1000}},
    "additionalProperties": False,
}
#: the table [caseload]
CASELOAD: _Schema = {
    "type": "object",
    "properties": {
        "cap": _NAME,
        "weights": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": _KEY["pattern"]}, "additionalProperties": _FEEL},
        "note": _SENTENCE,
    },
    "required": ["cap", "weights"],
    "additionalProperties": False,
}


def read(raw: Mapping[str, Any]) -> Measure:
    """An entry of [[measures]], after it was checked against the shape."""
    return Measure(
        key=raw["key"],
        title=raw["title"],
        definition=raw.get("definition", ""),
        kind=MeasureKind(raw["kind"]),
        heading=raw.get("heading", ""),
        unit=Unit(raw.get("unit", Unit.CASE)),
        when=raw.get("when", "opened"),
        of=tuple(raw.get("of", ())),
        by=tuple(raw.get("by", ())),
        parts=tuple(PartRule(one["key"], one["title"], one["where"]) for one in raw.get("parts", ())),
        steps=dict(raw.get("steps", {})),
        survey=raw.get("survey", ""),
        question=raw.get("question", ""),
        least=raw.get("least", 0),
        note=raw["note"],
        roles=tuple(raw.get("roles", ())),
        where=raw.get("where"),
        fits=raw.get("fits"),
        times=raw.get("times"),
        called=raw.get("called", ""),
        start=raw.get("start"),
        end=raw.get("end"),
        value=raw.get("value"),
        standard=raw.get("standard"),
    )


def read_caseload(raw: Mapping[str, Any] | None) -> Caseload | None:
    """The table [caseload]."""
    return Caseload(raw["cap"], dict(raw["weights"]), raw.get("note", "")) if raw else None


def standard(pack: Pack, measure: Measure) -> timedelta | None:
    """The length that a measure is held against: as written, or as its setting says; None when it has none."""
    rule = pack.settings.get(measure.standard or "")
    text = str(rule.default) if rule is not None else measure.standard or ""
    try:
        found = feel.iso_duration(text)
    except ValueError:
        return None
    return found.delta if isinstance(found, DaysTime) and found.delta > timedelta(0) else None


def texts(measure: Measure) -> tuple[str, ...]:
    """What people read of a measure."""
    return (measure.title, measure.heading, measure.definition, measure.note, measure.called, *(part.title for part in measure.parts))


def said(measure: Measure, say_it: Callable[[str], str]) -> Measure:
    """A measure with its texts as they are said in another language."""
    return replace(
        measure,
        title=say_it(measure.title),
        heading=say_it(measure.heading),
        definition=say_it(measure.definition),
        note=say_it(measure.note),
        called=say_it(measure.called),
        parts=tuple(replace(part, title=say_it(part.title)) for part in measure.parts),
    )


def inner(pack: Pack, file: str) -> Iterator[Problem]:
    """What contradicts the rest of the pack in a measure or in the caseload."""
    for measure in pack.measures:
        for check in (_needed, _moment, _split, _asked, _weighed, _set, _readers):
            yield from (Problem(file, f"measures.{measure.key}", code, message) for code, message in check(pack, measure))
    if pack.caseload is not None:
        for code, message in _load(pack, pack.caseload):
            yield Problem(file, "caseload", code, message)


def expressions(measure: Measure) -> tuple[str, ...]:
    """The FEEL texts of a measure."""
    named = (measure.where, measure.fits, measure.times, measure.start, measure.end, measure.value)
    return (*(text for text in named if text), *(part.where for part in measure.parts))


def names(measure: Measure) -> frozenset[str]:
    """The facts that a measure asks for; of what cannot be read, none."""
    found = set(measure.by) - {_ROLE}
    for text in expressions(measure):
        try:
            found |= feel.compile(text).names
        except feel.FeelError:
            continue
    return frozenset(found) - _AROUND - _ANSWER


def asks_apart(measure: Measure) -> bool:
    """Whether a measure asks how far apart the participants of a case are in what a panel weighs."""
    return any("apart" in feel.compile(text).names for text in expressions(measure))


def _needed(_pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    has = {
        MeasureKind.SHARE: (("fits", measure.fits or (measure.unit is Unit.ANSWER and not measure.question)),),
        MeasureKind.DURATION: (("start", measure.start), ("end", measure.end)),
        MeasureKind.AMOUNT: (("value", measure.value),),
    }
    for name, text in has.get(measure.kind, ()):
        if not text:
            yield "missing-key", kept("A measure of this kind needs “{name}”; write an expression there.", name=name)
    if measure.kind is not MeasureKind.UNMEASURED and not measure.definition:
        yield "missing-key", kept("A measure says in a sentence how it is counted; write it as its definition.")
    if measure.times and (measure.kind is not MeasureKind.SHARE or measure.unit is not Unit.CASE):
        yield "measure-times", kept("Only in a share of cases a case counts as several; take “times” out.")
    if measure.called and not measure.times:
        yield "measure-times", kept("Only what a case counts as several of is called something; take “called” out.")
    if measure.parts and measure.kind is not MeasureKind.COUNT and measure.unit is not Unit.ANSWER:
        yield "measure-parts", kept("Only a count is split into parts; take the parts out.")


def _moment(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    known = _TASK_MOMENTS if measure.unit is Unit.TASK else _MOMENTS
    if measure.when not in known and not (measure.unit is Unit.CASE and measure.when in pack.milestones):
        yield "unknown-name", kept("“{when}” is no moment that puts something into a month; choose another one.", when=measure.when)
    if measure.standard and standard(pack, measure) is None:
        yield (
            "bad-duration",
            kept(
                "“{standard}” is neither a length of time such as P30D nor a setting that holds one; correct it.", standard=measure.standard
            ),
        )
    if measure.of and measure.unit is not Unit.TASK:
        yield "measure-steps", kept("Only tasks stand at steps; take the steps out, or count tasks.")


def _split(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    for key in measure.by:
        rule = pack.variables.get(key)
        if key == _ROLE and measure.unit is Unit.TASK:
            continue
        if rule is None or not rule.fact:
            yield (
                "unknown-name",
                kept("“{key}” is not a fact that is kept for lists, so nothing can be split by it; choose another one.", key=key),
            )
        elif not rule.values and rule.type is not ValueType.BOOLEAN:
            message = kept("“{label}” can hold any text; a figure is split only by facts with a list of values.", label=rule.label)
            yield "measure-free-text", message


def _asked(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    for text in expressions(measure):
        try:
            asked = feel.compile(text).names - (_ANSWER if text == measure.fits and measure.unit is Unit.ANSWER else _AROUND)
        except feel.FeelError as error:
            yield "bad-expression", kept("“{text}” cannot be read; correct it: {error}.", text=text, error=error)
            continue
        for name in sorted(asked):
            if name not in pack.variables or not pack.variables[name].fact:
                yield (
                    "unknown-name",
                    kept("“{name}” is not a fact that is kept for lists, so no measure can ask for it; choose another one.", name=name),
                )


def _weighed(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    weighing = {panel.key for panel in pack.panels if panel.balance is not None}
    for name in sorted({name for text in expressions(measure) for name in _APART.findall(text)} - weighing):
        yield "unknown-name", kept("No panel “{name}” weighs participants against each other; choose one that does.", name=name)


def _set(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    for name in sorted({name for text in expressions(measure) for name in _SET.findall(text)} - pack.settings.keys()):
        yield "unknown-setting", kept("There is no setting “{name}”; choose another one.", name=name)


def _readers(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    for key in measure.roles:
        if key not in pack.roles:
            yield (
                "unknown-role",
                kept(
                    "There is no role “{key}”; choose one of these: {list}.",
                    key=key,
                    list=", ".join(role.label for role in pack.roles.values()),
                ),
            )
        elif AGGREGATE not in pack.roles[key].read:
            label = pack.roles[key].label
            yield (
                "measure-unseen",
                kept(
                    "The role “{label}” reads no figures ({aggregate}), so it would not see this one; leave it out.",
                    label=label,
                    aggregate=AGGREGATE,
                ),
            )


def _load(pack: Pack, caseload: Caseload) -> Iterator[tuple[str, str]]:
    cap = pack.settings.get(caseload.cap)
    if cap is None or cap.type is not ValueType.NUMBER:
        yield "unknown-setting", kept("“{cap}” is no setting that holds a number; choose another one.", cap=caseload.cap)
    for role, text in caseload.weights.items():
        if role not in pack.roles or pack.roles[role].kind is RoleKind.PROGRAM:
            yield "unknown-role", kept("“{role}” is held on no case, so it weighs nothing; choose a case role.", role=role)
        try:
            asked = feel.compile(text).names
        except feel.FeelError as error:
            yield "bad-expression", kept("“{text}” cannot be read; correct it: {error}.", text=text, error=error)
            continue
        for name in sorted(asked - {key for key, rule in pack.variables.items() if rule.fact}):
            yield (
                "unknown-name",
                kept("“{name}” is not a fact that is kept for lists, so no load can ask for it; choose another one.", name=name),
            )


def problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    """Steps that measures count and that no procedure has."""
    for measure in pack.measures:
        for selector in (*measure.of, *measure.steps.values()):
            if next(selecting.elements(selector, processes), None) is None:
                message = kept(
                    "No procedure has {selector}, so nothing would be counted there; choose another step.",
                    selector=selecting.words(selector),
                )
                yield Problem(file, f"measures.{measure.key}", "unknown-element", message)
