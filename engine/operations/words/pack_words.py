"""What changed in a pack, in words: settings with their values, rungs of ladders with their times, rights, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine import clock
from engine.language import called, noted, say
from engine.model.compared import Difference, Facet, Mark
from engine.operations.wording import quoted
from engine.operations.words import measure_words, role_words, sentences
from engine.operations.words.sentences import Words

#: place, mark, what, before, after, note: as in `file_changes.Line`
Told: TypeAlias = tuple[str, Mark, str, str | None, str | None, str]
_SERIAL = re.compile(r"\{serial[^}]*\}")
_TIMES = ("offset", "percentage", "after")
_NEW, _LIVE = noted(("new cases", "at once, also for what is open"))
_ACTS = noted(
    {
        "remind": "Deadline rule “{name}”, reminder {whom}",
        "notify": "Deadline rule “{name}”, notice {whom}",
        "start": "Deadline rule “{name}”, start of {whom}",
    }
)
#: what the kinds of things in packs, forms and tables are called
_KINDS = noted((
    "form", "field", "section", "rule", "derived entry", "role", "variable", "setting", "notice", "milestone", "lane", "class",
    "retention", "calendar", "deadline rule", "message", "panel", "tile", "guide", "exclusion", "mail", "pack", "table", "input",
    "output", "decision", "inputData", "businessKnowledgeModel", "decisionService", "itemDefinition",
))  # fmt: skip
_TRAITS = noted(
    {
        "label": "label",
        "default": "value",
        "min": "at least",
        "max": "at most",
        "may": "may do",
        "x-class": "class",
        "x-help": "help",
        "x-read": "text to read",
        "x-kept-as": "called once it is kept",
        "x-reads": "what is read first, of",
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
        "at": "for the tasks",
        "when": "only if",
        "until": "shown until",
        "type": "kind of answer",
        "items type": "each of them is",
        "format": "written as",
        "pattern": "has the form",
        "minimum": "at least",
        "maximum": "at most",
        "minItems": "at least so many",
        "maxItems": "at most so many",
        "uniqueItems": "none of them twice",
        "required": "has to be answered",
        "description": "introduction",
        "title": "title",
        "expression": "formula",
        "field": "about the question",
        "fields": "questions",
        "message": "what it says",
        "x-autofill": "filled in with",
        "x-code": "a code, no free text",
        "x-only": "only for answers entered",
        "x-required-if field": "has to be answered by the answer to",
        "x-required-if equals": "has to be answered when it is",
        "x-required-if in": "has to be answered when it is one of",
        "x-required-if not": "has to be answered unless it is",
        "x-show-if not": "shown unless it is",
        "fact": "kept for lists, search and reports",
        "staff": "kept from people outside of the program",
        "text": "text",
        "value": "value",
        "zone": "time zone",
        "holidays": "public holidays of",
        "days": "days of its own",
        "working": "counted in",
        "offset": "before or after it is due",
        "percentage": "after so many percent of the time",
        "after": "after it began",
        "act": "what happens",
        "to": "to whom",
        "notice": "notice",
        "process": "procedure",
        "roles": "roles",
        "confirm": "asked before it is sent",
        "of": "chosen by staff among",
        "kind": "shown as",
        "entries": "forms to add something with",
        "adds": "who may add",
        "forms": "forms",
        "columns": "columns",
        "date": "question with the date",
        "state": "question that says how far it is",
        "done": "answers that mean done",
        "released": "class once it is released",
        "permission": "form for the permission",
        "signatures": "form of tasks that signs it",
        "between": "between",
        "reason": "reason",
        "language": "language",
        "languages": "languages",
        "calendar": "usual working time",
        "policies.approval": "a second person approves changes",
        "policies.coverage": "scenarios have to walk so many percent of the diagrams",
        "case.label": "what a case is called",
        "figures.least": "figures are told from so many on",
        "caseload.cap": "most that somebody takes on, by the setting",
        "caseload.note": "what the caseload does not mean",
        "case.number": "number of a case",
        "case.process": "procedure that begins with a case",
        "case.opening_form": "form to open a case with",
        "case.afterwards": "procedures that a message begins on a closed case too",
        "case.duplicate_months": "months within which a likely duplicate is told",
    }
)
#: values of traits that are codes of ours
_CODES = noted(
    {
        "string": "a text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "yes or no",
        "array": "several answers",
        "object": "several questions together",
        "duration": "a length of time",
        "date": "a date",
        "datetime": "a date and time",
        "date-time": "a date and time",
        "email": "an e-mail address",
        "text": "one line",
        "long": "several lines",
        "radio": "choices one below the other",
        "select": "a list to choose from",
        "checkbox": "a box to tick",
        "checkboxes": "boxes to tick",
        "yes-no": "yes or no",
        "rating": "a rating",
        "signature": "a signature",
        "file": "a file",
        "today": "today's date",
        "on-behalf": "for somebody else",
        "remind": "a reminder",
        "notify": "a notice",
        "start": "the start of a procedure",
    }
)
_CODED = frozenset({"type", "items type", "format", "x-widget", "x-autofill", "x-only", "act"})


def coded(key: str, text: str) -> str:
    """A trait's value: what it means where it is one of our own codes, else as it is written."""
    return say(_CODES[text]) if key in _CODED and text in _CODES else text


def trait(key: str) -> str:
    """What a trait of a form, table or pack is called."""
    if key.startswith(("oneOf ", "items oneOf ")):
        return say("answer {name}", name=key.rpartition(" ")[2])
    if key.startswith(("read.", "write.")):
        act, _, cls = key.partition(".")
        return say("reads class {cls} of", cls=cls.strip(".")) if act == "read" else say("writes class {cls} of", cls=cls.strip("."))
    if key.startswith(("translations.", "x-translations ")):
        _, language, *text = key.split("." if key.startswith("translations.") else " ", 2)
        # A draft may have anything in the place of a language's texts.
        return say("“{text}” in {language}", text=text[0], language=called(language)) if text else called(language)
    if key.startswith("caseload.weights."):
        return say("weight of a case for the role {name}", name=key.rpartition(".")[2])
    if key.startswith("values."):
        return say("label of {name}", name=key.partition(".")[2])
    return say(_TRAITS[key]) if key in _TRAITS else key.replace("x-", "").replace("_", " ").replace(".", ", ")


def named(kind: str, name: str) -> str:
    """A thing of a pack, form or table: “Field “Title””."""
    said = say(kind) if kind in _KINDS else kind
    return say("{kind} “{name}”", kind=said.capitalize(), name=name)


def told(one: Difference, before: Words, after: Words) -> Iterator[Told]:
    """The sentences about one difference of a pack."""
    match one.kind:
        case "setting":
            yield from _setting(one, before, after)
        case "rung":
            yield _rung(one, before, after)
        case "role":
            for what, was, now in role_words.told(one, after):
                yield one.id, one.mark, what, was, now, "" if one.mark is not Mark.CHANGED else say(_LIVE)
        case "measure":
            yield from measure_words.told(one, before, after)
        case "pack" if one.mark is Mark.ADDED:
            yield one.id, one.mark, say("The pack"), None, _new_pack({facet.key: facet.after or "" for facet in one.facets}, after), ""
        case "lane":
            was, now = (None if text is None else words.role(text) for text, words in _sides(one, "value", before, after))
            yield one.id, one.mark, say("Lane “{name}”, done by", name=one.name), was or say("nobody"), now or say("nobody"), say(_LIVE)
        case _:
            yield from _other(one, before, after)


def _new_pack(facts: Mapping[str, str], words: Words) -> str:
    process = facts.get("case.process", "")
    begins = words.processes.get(process, process)
    asked = facts.get("policies.approval") != "no"
    second = say("a second person approves changes") if asked else say("changes need no second person")
    number = _SERIAL.sub("001", facts.get("case.number", "").replace("{year}", str(clock.now().year)))
    return say("new; its cases are numbered like {number} and begin with “{begins}”; {second}", number=number, begins=begins, second=second)


def _sides(one: Difference, key: str, before: Words, after: Words) -> tuple[tuple[str | None, Words], tuple[str | None, Words]]:
    facet = next((facet for facet in one.facets if facet.key == key), Facet(key, None, None))
    return (facet.before, before), (facet.after, after)


def _setting(one: Difference, before: Words, after: Words) -> Iterator[Told]:
    key = one.id.partition(".")[2]
    if one.mark is not Mark.CHANGED:
        rule = (after if one.mark is Mark.ADDED else before).setting(key)
        said = say("new") if one.mark is Mark.ADDED else say("taken out")
        if rule and one.mark is Mark.ADDED:
            said = say("new, {value}", value=sentences.setting_value(rule))
        yield one.id, one.mark, say("Setting “{name}”", name=one.name), None, said, ""
        return
    for facet in one.facets:
        types = [rule.type if rule else "" for rule in (before.setting(key), after.setting(key))]
        texts = (facet.before, facet.after)
        values = [_typed(facet.key, text, type) for text, type in zip(texts, types, strict=True)]
        label = "" if facet.key == "default" else f", {trait(facet.key)}"
        what = say("Setting “{name}”", name=one.name) + label
        yield one.id, one.mark, what, values[0], values[1], say(_NEW) if facet.key == "default" else ""


def _typed(key: str, text: str | None, type: str) -> str:
    if text is None:
        return say("nothing")
    return sentences.plain(type, text) if key in ("default", "min", "max") else text


def _rung(one: Difference, before: Words, after: Words) -> Told:
    facts = {facet.key: facet.after if facet.after is not None else facet.before for facet in one.facets}
    act, *rest = one.id.rsplit(".", 1)[-1].rsplit(" ", 1)[0].split(" ")
    to = facts.get("to") or next((part for part in rest if part == "assignee" or part.startswith(("role:", "case-role:"))), None)
    process = facts.get("process") or (rest[-1] if act == "start" and rest else "")
    whom = say("to {whom}", whom=_whom(to, after)) if to else quoted(after.processes.get(process or "", process or ""))
    name = _ladder(one, before, after)
    said = _ACTS.get(act)
    what = say(said, name=name, whom=whom) if said else say("Deadline rule “{name}”, {act} {whom}", name=name, act=act, whom=whom)
    if one.mark is Mark.CHANGED and any(facet.key in _TIMES for facet in one.facets):
        was, now = ({facet.key: text for facet in one.facets if (text := getattr(facet, side))} for side in ("before", "after"))
        return one.id, one.mark, what, _moment(was), _moment(now), say(_LIVE)
    if one.mark is Mark.CHANGED:
        return one.id, one.mark, what, _joined(one, "before"), _joined(one, "after"), say(_LIVE)
    when = _moment(facts)
    return one.id, one.mark, what, None, say("new, {value}", value=when) if one.mark is Mark.ADDED else say("taken out"), say(_LIVE)


def _ladder(one: Difference, before: Words, after: Words) -> str:
    return (before if one.mark is Mark.REMOVED else after).ladder(one.id.split(".")[1])


def _joined(one: Difference, side: str) -> str:
    return ", ".join(f"{trait(facet.key)} {coded(facet.key, getattr(facet, side) or say('nothing'))}" for facet in one.facets)


def _whom(to: str, words: Words) -> str:
    return words.role(to.partition(":")[2]) if ":" in to else say("whoever has the task") if to == "assignee" else to


def _moment(facts: Mapping[str, str | None]) -> str:
    """When a rung stands: an offset from due, a percentage of the time until then, or a duration from the beginning."""
    if percentage := facts.get("percentage"):
        return say("after {percentage} % of the time", percentage=percentage)
    if after := facts.get("after"):
        return say("{length} after it began", length=sentences.duration(after))
    offset = facts.get("offset")
    if not offset:
        return say("nothing")
    if offset.lstrip("-") in ("PT0S", "P0D"):
        return say("when it is due")
    if offset.startswith("-"):
        return say("{length} before it is due", length=sentences.duration(offset))
    return say("{length} after it was due", length=sentences.duration(offset))


def _other(one: Difference, before: Words, after: Words) -> Iterator[Told]:
    name = _ladder(one, before, after) if one.kind == "deadline rule" else one.name
    what = named(one.kind, name) if one.kind != "pack" else say("pack").capitalize()
    if one.mark is not Mark.CHANGED:
        values = _essence({facet.key: _value(facet.key, facet.after, after) for facet in one.facets})
        yield one.id, one.mark, what, None, say("new") + values if one.mark is Mark.ADDED else say("taken out"), ""
        return
    for facet in one.facets:
        was, now = _value(facet.key, facet.before, before), _value(facet.key, facet.after, after)
        yield one.id, one.mark, f"{what}, {trait(facet.key)}", was or say("nothing"), now or say("nothing"), ""


def _value(key: str, text: str | None, words: Words) -> str:
    """What a trait is, with the steps of a deadline rule by their names."""
    if key != "applies_to" or not text:
        return coded(key, text or "")
    return ", ".join(words.step(target) for target in text.split(", "))


def _essence(facts: Mapping[str, str]) -> str:
    said = [f"{trait(key)} {value}" for key, value in facts.items() if value and key not in ("label", "title", "key", "name")]
    return f", {', '.join(said)}" if said else ""
