"""The surveys of a pack: their shape in pack.toml, reading them, and what is wrong with them and with figures of their answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from engine import feel
from engine.feel.values import DaysTime
from engine.language import kept
from engine.model.errors import Problem
from engine.model.forms import Field, FieldType, Form
from engine.model.measures import Measure, MeasureKind, PartRule, Unit
from engine.model.packs import Pack
from engine.model.surveys import Survey

_Schema: TypeAlias = dict[str, object]
_KEY: _Schema = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"}
_TITLE: _Schema = {"type": "string", "minLength": 1, "maxLength": 80}
_LENGTH: _Schema = {"type": "string", "minLength": 2, "maxLength": 64}
#: an invitation is open for at most so long
_LONGEST = timedelta(days=366)
#: a scale has at most so many steps: with more, an answer would be one's own again
_STEPS = 11
#: classes that become facts
_FACTS = frozenset({"C0", "C1"})

#: an entry of the list [[surveys]]
SHAPE: _Schema = {
    "type": "object",
    "properties": {
        "key": _KEY,
        "title": _TITLE,
        "form": {"type": "string", "minLength": 1, "maxLength": 64},
        "invitation": _KEY,
        "reminder": _KEY,
        "remind_after": _LENGTH,
        "open_for": _LENGTH,
        "split": _TITLE,
        "parts": {
            "type": "array",
            "maxItems": 6,
            "items": {
                "type": "object",
                "properties": {"key": _KEY, "title": _TITLE, "where": {"type": "string", "minLength": 1, "maxLength": 1000}},
                "required": ["key", "title", "where"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["key", "title", "form", "invitation", "open_for"],
    "additionalProperties": False,
}


def read(raw: Mapping[str, Any]) -> Survey:
    """An entry of [[surveys]], after it was checked against the shape."""
    return Survey(
        key=raw["key"],
        title=raw["title"],
        form=raw["form"],
        invitation=raw["invitation"],
        reminder=raw.get("reminder"),
        remind_after=_length(raw.get("remind_after", "")) or timedelta(),
        open_for=_length(raw["open_for"]) or timedelta(),
        split=raw.get("split", ""),
        parts=tuple(PartRule(one["key"], one["title"], one["where"]) for one in raw.get("parts", ())),
    )


def _length(text: str) -> timedelta | None:
    try:
        found = feel.iso_duration(text)
    except ValueError:
        return None
    return found.delta if isinstance(found, DaysTime) and timedelta() < found.delta <= _LONGEST else None


def split(found: Sequence[Measure], surveys: Sequence[Survey]) -> tuple[Measure, ...]:
    """Measures, those of answers with the parts of their survey."""
    parts = {survey.key: survey.parts for survey in surveys}
    return tuple(replace(one, parts=parts.get(one.survey, ())) if one.unit is Unit.ANSWER else one for one in found)


def texts(survey: Survey) -> tuple[str, ...]:
    """What people read of a survey."""
    return (survey.title, survey.split, *(part.title for part in survey.parts))


def said(survey: Survey, say_it: Callable[[str], str]) -> Survey:
    """A survey with its texts as they are said in another language."""
    parts = tuple(replace(part, title=say_it(part.title)) for part in survey.parts)
    return replace(survey, title=say_it(survey.title), split=say_it(survey.split), parts=parts)


def rate(pack: Pack, survey: str) -> Measure | None:
    """The measure that tells how many of those who were invited answered: no answer is told without it (domain 4.7)."""
    return next((one for one in pack.measures if one.unit is Unit.ANSWER and one.survey == survey and not one.question), None)


def inner(pack: Pack, raw: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """What contradicts the rest of the pack in a survey or in a figure of its answers."""
    for survey, entry in zip(pack.surveys, raw.get("surveys", ()), strict=True):
        for code, message in (*_notices(pack, survey), *_times(survey, entry), *_parts(pack, survey)):
            yield Problem(file, f"surveys.{survey.key}", code, message)
    for measure in pack.measures:
        for code, message in _measured(pack, measure):
            yield Problem(file, f"measures.{measure.key}", code, message)


def _notices(pack: Pack, survey: Survey) -> Iterator[tuple[str, str]]:
    for notice in (survey.invitation, survey.reminder):
        if notice is not None and notice not in pack.notices:
            message = kept("There is no notice “{notice}”; choose another one, or write it on the page “Notices”.", notice=notice)
            yield "unknown-notice", message
    if survey.reminder == survey.invitation:
        yield "survey-notices", kept("A reminder that is the invitation would invite again; choose another notice.")
    if any(other is not survey and other.invitation == survey.invitation for other in pack.surveys):
        yield "survey-notices", kept("Two surveys are invited to by one notice, so nobody would know which; give each its own.")


def _times(survey: Survey, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("remind_after", "open_for"):
        if name in entry and _length(entry[name]) is None:
            yield "bad-duration", kept("“{text}” is no length of time such as P30D, of a year at most; correct it.", text=entry[name])
    if survey.reminder and not timedelta() < survey.remind_after < survey.open_for:
        yield "survey-notices", kept("A reminder goes out some days after the invitation and before the survey is over; correct the times.")


def _parts(pack: Pack, survey: Survey) -> Iterator[tuple[str, str]]:
    for part in survey.parts:
        try:
            asked = feel.compile(part.where).names
        except feel.FeelError as error:
            yield "bad-expression", kept("“{text}” cannot be read; correct it: {error}.", text=part.where, error=error)
            continue
        for name in sorted(asked):
            if name not in pack.variables or not pack.variables[name].fact:
                yield (
                    "unknown-name",
                    kept("“{name}” is not a fact that is kept for lists, so no survey can be split by it; choose another one.", name=name),
                )


def _measured(pack: Pack, measure: Measure) -> Iterator[tuple[str, str]]:
    if measure.unit is not Unit.ANSWER:
        if measure.survey or measure.question:
            yield "measure-answers", kept("Only a figure of answers names a survey; count answers, or take the survey out.")
        return
    if all(one.key != measure.survey for one in pack.surveys):
        yield "unknown-survey", kept("There is no survey “{survey}”; choose another one.", survey=measure.survey or "")
    if measure.kind is not MeasureKind.SHARE:
        yield "measure-answers", kept("Of answers only shares are told; choose the share.")
    if measure.by or measure.of or measure.steps or measure.where or measure.times:
        yield "measure-answers", kept("Answers know nothing of their case: they are split as their survey says, and by nothing else.")
    if measure.fits and _names(measure.fits) - {"answer"}:
        yield "measure-answers", kept("Answers know nothing of their case: which of them count is asked of “answer” alone.")
    if bool(measure.question) is not bool(measure.fits):
        message = kept("A share of answers names its question and which answers count; without both it is the share that answered.")
        yield "measure-answers", message
    if measure.question and rate(pack, measure.survey) is None:
        yield "survey-rate", kept("Answers are told only beside how many answered; add the figure of this survey without a question.")


def _names(text: str) -> frozenset[str]:
    """Of what cannot be read, none: that is said of every measure."""
    try:
        return feel.compile(text).names
    except feel.FeelError:
        return frozenset()


def problems(pack: Pack, forms: Mapping[str, Form], file: str) -> Iterator[Problem]:
    """Forms that are missing or ask what cannot be counted, and questions that no form asks."""
    for survey in pack.surveys:
        form = forms.get(survey.form)
        if form is None:
            message = kept("There is no form “{form}”; choose another one.", form=survey.form)
            yield Problem(file, f"surveys.{survey.key}.form", "unknown-form", message)
            continue
        for field in form.fields:
            if not _is_counted(field):
                message = kept(
                    "“{title}” can be answered with something of one's own, which could tell who answered; "
                    "ask for yes or no, one of a list, or a step of a scale.",
                    title=field.title,
                )
                yield Problem(file, f"surveys.{survey.key}.form", "survey-question", message)
            if field.cls in _FACTS:
                message = kept(
                    "“{title}” would become a fact of a case; until it is counted an answer is its author's own: C4.", title=field.title
                )
                yield Problem(file, f"surveys.{survey.key}.form", "survey-question", message)
        yield from _questions(pack, survey, form, file)


def _questions(pack: Pack, survey: Survey, form: Form, file: str) -> Iterator[Problem]:
    asked = {field.name for field in form.fields}
    for measure in pack.measures:
        if measure.survey == survey.key and measure.question and measure.question not in asked:
            message = kept("The form of the survey does not ask “{question}”; choose one of its questions.", question=measure.question)
            yield Problem(file, f"measures.{measure.key}", "unknown-name", message)


def _is_counted(field: Field) -> bool:
    if field.type is FieldType.BOOLEAN:
        return True
    if field.type is FieldType.STRING:
        return 0 < len(field.options) <= _STEPS
    bounds = json.loads(field.schema) if field.type is FieldType.INTEGER else {}
    return "minimum" in bounds and "maximum" in bounds and bounds["maximum"] - bounds["minimum"] < _STEPS
