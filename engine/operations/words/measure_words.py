"""What changed in a measure of a pack, in words: what it gives, what is counted, by what it is split, who sees it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import noted, say
from engine.model.compared import Difference, Mark
from engine.model.measures import MeasureKind, Unit
from engine.operations.words.sentences import Words

_TRAITS = noted(
    {
        "title": "title",
        "key": "short name",
        "heading": "heading it stands under",
        "definition": "how it is counted",
        "note": "what it does not mean",
        "kind": "what it gives",
        "unit": "what is counted",
        "when": "what puts it into a month",
        "of": "only these tasks",
        "where": "counted only if",
        "fits": "share of those for which",
        "times": "a case counts as so many",
        "called": "what those several are called",
        "start": "days from",
        "end": "days to",
        "value": "number of each",
        "standard": "standard",
        "by": "can be split by",
        "parts": "parts",
        "survey": "survey",
        "question": "question",
        "least": "told only from so many on",
        "roles": "who sees it",
    }
)
_KINDS = noted(
    {
        MeasureKind.COUNT: "how many",
        MeasureKind.SHARE: "a share in percent",
        MeasureKind.DURATION: "days from one moment to another",
        MeasureKind.AMOUNT: "a number of each",
        MeasureKind.UNMEASURED: "nothing yet",
    }
)
_UNITS = noted({Unit.CASE: "cases", Unit.TASK: "user tasks", Unit.ANSWER: "answers to a survey"})
_MOMENTS = noted(
    {
        "opened": "when the case was opened",
        "closed": "when the case was closed",
        "begin": "open when the period begins",
        "end": "open when the period ends",
        "due": "when the task is due",
        "waived": "when the task's deadline was waived",
    }
)
#: traits whose values are shown when a figure is new
_ESSENCE = ("kind", "definition", "where", "fits", "times", "called", "by", "roles")


def told(one: Difference, before: Words, after: Words) -> Iterator[tuple[str, Mark, str, str | None, str | None, str]]:
    """The sentences about one measure, as `pack_words.told`."""
    what = say("Figure “{name}”", name=one.name)
    if one.mark is not Mark.CHANGED:
        facts = {facet.key: facet.after or "" for facet in one.facets}
        said = [say("new"), *(f"{_trait(key)}: {_value(key, facts[key], after)}" for key in _ESSENCE if facts.get(key))]
        yield one.id, one.mark, what, None, "; ".join(said) if one.mark is Mark.ADDED else say("taken out"), ""
        return
    for facet in one.facets:
        was, now = _value(facet.key, facet.before, before), _value(facet.key, facet.after, after)
        note = say("at once, for all periods") if facet.key not in ("title", "heading", "note") else ""
        yield one.id, one.mark, f"{what}, {_trait(facet.key)}", was or say("nothing"), now or say("nothing"), note


def _trait(key: str) -> str:
    if key.startswith("steps."):
        return say("step called {name}", name=key.partition(".")[2])
    return say(_TRAITS[key]) if key in _TRAITS else key


def _value(key: str, text: str | None, words: Words) -> str:
    """A trait's value, with facts, roles, settings and steps by what people call them."""
    if not text:
        return ""
    parts = text.split(", ")
    match key:
        case "kind":
            return say(_KINDS[MeasureKind(text)]) if text in _KINDS else text
        case "unit":
            return say(_UNITS[Unit(text)]) if text in _UNITS else text
        case "when":
            return say(_MOMENTS[text]) if text in _MOMENTS else _milestone(text, words)
        case "of":
            return ", ".join(words.step(place) for place in parts)
        case "by":
            return ", ".join(say("whose task it is") if part == "role" else words.name(part) for part in parts)
        case "roles":
            return ", ".join(words.role(part) for part in parts)
        case "standard":
            return words.name(f"settings.{text}") if words.setting(text) else text
        case _:
            return words.step(text) if key.startswith("steps.") else text


def _milestone(code: str, words: Words) -> str:
    label = (words.pack.milestones.get(code) if words.pack else None) or code
    return say("when this was reached: {name}", name=label)
