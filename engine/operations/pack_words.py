"""What changed in a pack, in words: settings with their values, rungs of ladders with their times, rights, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine import clock
from engine.model.compared import Difference, Facet, Mark
from engine.operations import role_words, sentences
from engine.operations.sentences import Words

#: place, mark, what, before, after, note: as in `file_changes.Line`
Told: TypeAlias = tuple[str, Mark, str, str | None, str | None, str]
_SERIAL = re.compile(r"\{serial[^}]*\}")
_TIMES = ("offset", "percentage", "after")
_NEW, _LIVE = "new cases", "at once, also for what is open"
_ACTS = {"remind": "reminder", "notify": "notice", "start": "start of"}
_TRAITS = {
    "label": "label",
    "default": "value",
    "min": "at least",
    "max": "at most",
    "may": "may do",
    "x-class": "class",
    "x-help": "help",
    "x-widget": "shown as",
    "x-show-if field": "shown only by the answer to",
    "x-show-if equals": "shown when it is",
    "x-show-if in": "shown when it is one of",
    "oneOf": "answer",
    "maxLength": "longest",
    "minLength": "shortest",
    "hitPolicy": "rule that counts",
    "inputExpression": "looks at",
    "inputExpression typeRef": "type",
    "typeRef": "type",
    "applies_to": "stands on",
}


def trait(key: str) -> str:
    """What a trait of a form, table or pack is called."""
    if key.startswith(("oneOf ", "items oneOf ")):
        return f"answer {key.rpartition(' ')[2]}"
    if key.startswith(("read.", "write.")):
        act, _, cls = key.partition(".")
        return f"{act}s class {cls.strip('.')} of"
    if key.startswith(("translations.", "x-translations ")):
        _, language, text = key.split("." if key.startswith("translations.") else " ", 2)
        return f"“{text}” in {language}"
    if key.startswith("values."):
        return f"label of {key.partition('.')[2]}"
    return _TRAITS.get(key, key.replace("x-", "").replace("_", " ").replace(".", ", "))


def told(one: Difference, before: Words, after: Words) -> Iterator[Told]:
    """The sentences about one difference of a pack."""
    match one.kind:
        case "setting":
            yield from _setting(one, before, after)
        case "rung":
            yield _rung(one, after)
        case "role":
            for what, was, now in role_words.told(one, after):
                yield one.id, one.mark, what, was, now, "" if one.mark is not Mark.CHANGED else _LIVE
        case "pack" if one.mark is Mark.ADDED:
            yield one.id, one.mark, "The pack", None, _new_pack({facet.key: facet.after or "" for facet in one.facets}, after), ""
        case "lane":
            was, now = (None if text is None else words.role(text) for text, words in _sides(one, "value", before, after))
            yield one.id, one.mark, f"Lane “{one.name}”, done by", was or "nobody", now or "nobody", _LIVE
        case _:
            yield from _other(one)


def _new_pack(facts: Mapping[str, str], words: Words) -> str:
    process = facts.get("case.process", "")
    begins = words.processes.get(process, process)
    second = "a second person approves changes" if facts.get("policies.approval") != "no" else "changes need no second person"
    number = _SERIAL.sub("001", facts.get("case.number", "").replace("{year}", str(clock.now().year)))
    return f"new; its cases are numbered like {number} and begin with “{begins}”; {second}"


def _sides(one: Difference, key: str, before: Words, after: Words) -> tuple[tuple[str | None, Words], tuple[str | None, Words]]:
    facet = next((facet for facet in one.facets if facet.key == key), Facet(key, None, None))
    return (facet.before, before), (facet.after, after)


def _setting(one: Difference, before: Words, after: Words) -> Iterator[Told]:
    key = one.id.partition(".")[2]
    if one.mark is not Mark.CHANGED:
        rule = (after if one.mark is Mark.ADDED else before).setting(key)
        said = (
            f"new, {sentences.setting_value(rule)}" if rule and one.mark is Mark.ADDED else "new" if one.mark is Mark.ADDED else "taken out"
        )
        yield one.id, one.mark, f"Setting “{one.name}”", None, said, ""
        return
    for facet in one.facets:
        types = [rule.type if rule else "" for rule in (before.setting(key), after.setting(key))]
        texts = (facet.before, facet.after)
        values = [_typed(facet.key, text, type) for text, type in zip(texts, types, strict=True)]
        label = "" if facet.key == "default" else f", {trait(facet.key)}"
        yield one.id, one.mark, f"Setting “{one.name}”{label}", values[0], values[1], _NEW if facet.key == "default" else ""


def _typed(key: str, text: str | None, type: str) -> str:
    if text is None:
        return "nothing"
    return sentences.plain(type, text) if key in ("default", "min", "max") else text


def _rung(one: Difference, after: Words) -> Told:
    facts = {facet.key: facet.after if facet.after is not None else facet.before for facet in one.facets}
    act, *rest = one.id.rsplit(".", 1)[-1].rsplit(" ", 1)[0].split(" ")
    to = facts.get("to") or next((part for part in rest if part == "assignee" or part.startswith(("role:", "case-role:"))), None)
    process = facts.get("process") or (rest[-1] if act == "start" and rest else "")
    whom = f"to {_whom(to, after)}" if to else f"“{after.processes.get(process or '', process or '')}”"
    what = f"Deadline rule “{one.name}”, {_ACTS.get(act, act)} {whom}"
    if one.mark is Mark.CHANGED and any(facet.key in _TIMES for facet in one.facets):
        was, now = ({facet.key: text for facet in one.facets if (text := getattr(facet, side))} for side in ("before", "after"))
        return one.id, one.mark, what, _moment(was), _moment(now), _LIVE
    if one.mark is Mark.CHANGED:
        return one.id, one.mark, what, _joined(one, "before"), _joined(one, "after"), _LIVE
    when = _moment(facts)
    return one.id, one.mark, what, None, f"new, {when}" if one.mark is Mark.ADDED else "taken out", _LIVE


def _joined(one: Difference, side: str) -> str:
    return ", ".join(f"{trait(facet.key)} {getattr(facet, side) or 'nothing'}" for facet in one.facets)


def _whom(to: str, words: Words) -> str:
    return words.role(to.partition(":")[2]) if ":" in to else {"assignee": "whoever has the task"}.get(to, to)


def _moment(facts: Mapping[str, str | None]) -> str:
    """When a rung stands: an offset from due, a percentage of the time until then, or a duration from the beginning."""
    if percentage := facts.get("percentage"):
        return f"after {percentage} % of the time"
    if after := facts.get("after"):
        return f"{sentences.duration(after)} after it began"
    offset = facts.get("offset")
    if not offset:
        return "nothing"
    if offset.lstrip("-") in ("PT0S", "P0D"):
        return "when it is due"
    return f"{sentences.duration(offset)} {'before it is due' if offset.startswith('-') else 'after it was due'}"


def _other(one: Difference) -> Iterator[Told]:
    quoted = one.kind.capitalize() + (f" “{one.name}”" if one.kind != "pack" else "")
    if one.mark is not Mark.CHANGED:
        values = _essence({facet.key: facet.after or "" for facet in one.facets})
        yield one.id, one.mark, quoted, None, f"new{values}" if one.mark is Mark.ADDED else "taken out", ""
        return
    for facet in one.facets:
        yield one.id, one.mark, f"{quoted}, {trait(facet.key)}", facet.before or "nothing", facet.after or "nothing", ""


def _essence(facts: Mapping[str, str]) -> str:
    said = [f"{trait(key)} {value}" for key, value in facts.items() if value and key not in ("label", "title", "key", "name")]
    return f", {', '.join(said)}" if said else ""
