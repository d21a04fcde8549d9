"""The guides of a pack: their shape in pack.toml, reading them, and what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from engine import feel
from engine.feel.errors import FeelError
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.guides import Guide
from engine.model.packs import Pack
from engine.packs import selecting

_Schema: TypeAlias = dict[str, object]

_TEXT: _Schema = {"type": "string", "minLength": 1, "maxLength": 2000}
_LINK = re.compile(r"https?://[^\s/?#@\"'<>]+(?:[/?#][^\s\"'<>]*)?")
#: a date as written in TOML comes without quotes too, but the pages write texts
_DAY: _Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

#: an entry of the list [[guides]]
SHAPE: _Schema = {
    "type": "object",
    "properties": {
        "key": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "text": _TEXT,
        "link": {"type": "string", "minLength": 1, "maxLength": 500},
        "at": {"type": "array", "maxItems": 100, "items": {"type": "string", "pattern": r"^((duty|form):[^\s/]+|[^\s/:]+/[^\s/]+)$"}},
        "when": {"type": "string", "minLength": 1, "maxLength": 500},
        "until": _DAY,
        "staff": {"type": "boolean"},
    },
    "required": ["key", "title"],
    "additionalProperties": False,
}


def read(raw: Mapping[str, Any]) -> Guide:
    """An entry of [[guides]], after it was checked against the shape."""
    return Guide(
        key=raw["key"],
        title=raw["title"],
        text=raw.get("text", ""),
        link=raw.get("link"),
        at=tuple(raw.get("at", ())),
        when=raw.get("when"),
        until=_day(raw.get("until")),
        staff=raw.get("staff", False),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None  # said by `inner`


def inner(pack: Pack, raw: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """What contradicts the rest of the pack in a guide: names that are no facts, addresses that lead nowhere."""
    for guide, entry in zip(pack.guides, raw.get("guides", ()), strict=True):
        element = f"guides.{guide.key}"
        if not guide.text and not guide.link:
            yield Problem(file, element, "guide-empty", kept("This guide has neither a text nor an address; give it one of them."))
        if guide.link and not _LINK.fullmatch(guide.link):
            message = kept("The address of a guide begins with https:// or http:// and has no spaces; correct it.")
            yield Problem(file, f"{element}.link", "bad-value", message)
        if entry.get("until") and guide.until is None:
            yield Problem(
                file, f"{element}.until", "bad-value", kept("There is no such day; write it as year-month-day, such as 2027-01-31.")
            )
        if guide.when:
            yield from _condition(pack, guide.when, f"{element}.when", file)


def _condition(pack: Pack, when: str, element: str, file: str) -> Iterator[Problem]:
    facts = {key for key, rule in pack.variables.items() if rule.fact}
    try:
        names = feel.compile(when, frozenset(facts)).names
    except FeelError as wrong:
        yield Problem(file, element, "bad-expression", kept("This condition cannot be read; correct it: {wrong}", wrong=wrong))
        return
    for name in sorted(names - facts):
        near = difflib.get_close_matches(name, facts, 1)
        meant = kept(" Did you mean “{near}”?", near=near[0]) if near else ""
        message = kept(
            "“{name}” is not a fact that is kept for lists, so this guide would never be shown; choose a fact of the page “Facts”.{meant}",
            name=name,
            meant=meant,
        )
        yield Problem(file, element, "unknown-name", message)


def problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    """Tasks that guides are for and that no procedure has."""
    for guide in pack.guides:
        for selector in guide.at:
            if next(selecting.elements(selector, processes), None) is None:
                message = kept(
                    "No procedure has {selector}, so this guide would not be shown there; choose another task.",
                    selector=selecting.words(selector),
                )
                yield Problem(file, f"guides.{guide.key}", "unknown-element", message)


def is_for(guide: Guide, process: str, element: str, form: str | None, duty: str | None) -> bool:
    """Whether a guide is for a task, whatever the case is about."""
    return not guide.at or not {f"{process}/{element}", f"form:{form}", f"duty:{duty}"}.isdisjoint(guide.at)
