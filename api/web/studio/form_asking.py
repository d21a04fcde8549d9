"""What the form room asks about a field, and how what was sent becomes an edit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from engine.forms import editing, sniffing
from engine.forms.editing import Edit
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound
from engine.operations.drafting import pack_changes
from engine.store import UnitOfWork

#: the kinds of answers in words, in the order they are offered
KINDS = noted(
    {
        "text": "Short text",
        "long": "Long text",
        "one": "One of several answers",
        "list": "One of many answers, as a list",
        "several": "Several answers to tick",
        "yes-no": "Yes or no",
        "tick": "One box to tick",
        "number": "Number",
        "whole": "Whole number",
        "rating": "Rating from 1 to 5",
        "date": "Date",
        "datetime": "Date and time",
        "email": "E-mail address",
        "web": "Web address",
        "signature": "Signature",
        "file": "File",
        "rows": "Rows that repeat",
        "group": "Fields under one heading",
        "other": "Chosen among people, or set in the file",
    }
)
#: the class that a new text begins with: free text is never C1
_TEXT_CLASS = "C4"
_LONGEST_NAME = 40
_CODE = re.compile(r"[^a-z0-9]+")


def key_of(title: str) -> str:
    """A form's key made from its title: small letters, digits and hyphens; "form" when the title has none of them."""
    return _CODE.sub("-", title.strip().casefold())[:60].strip("-") or "form"


def name_of(title: str, raw: Mapping[str, Any], outer: str) -> str:
    """A field's short name made from its question, such as firstContact; one that no neighbour in `outer` has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = _CODE.sub(" ", plain.replace("'", "")).lstrip(" 0123456789").split()
    name = words[0][:_LONGEST_NAME] if words else "answer"
    for word in words[1:]:
        if len(name) + len(word) > _LONGEST_NAME:
            break
        name += word.capitalize()
    holder = raw["properties"].get(outer, {}) if outer else raw
    taken = holder.get("items", holder).get("properties", {})
    return next(one for one in (name, *(f"{name}{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def class_of_new(kind: str) -> str:
    """The class that a new field of this kind begins with."""
    return _TEXT_CLASS if kind in editing.WITH_LENGTH or kind == "file" else "C1"


def classes(uow: UnitOfWork, actor: Actor, change_id: str) -> list[tuple[str, str]]:
    """The confidentiality classes with what the pack calls them."""
    try:
        named = pack_changes.get(uow, actor, change_id).raw.get("classes", {})
    except NotFound:
        named = {}
    plain = {f"C{number}": f"C{number}" for number in range(1, 9)}
    return [(code, f"{label} ({code})" if label != code else code) for code, label in sorted({**plain, **named}.items())]


def rows(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields as lines of a table, those inside groups and rows below theirs."""
    found = []
    for name, entry in raw["properties"].items():
        found.append(_row(raw, name, entry, ""))
        holder = entry.get("items", entry) if entry.get("type") == "array" else entry
        inside = holder.get("properties", {}) if isinstance(holder, Mapping) else {}
        found += [_row(holder, inner, one, name) for inner, one in inside.items()]
    return found


def _row(holder: Mapping[str, Any], name: str, entry: Mapping[str, Any], outer: str) -> dict[str, Any]:
    kind = editing.kind_of(entry)
    shown = entry.get("x-show-if", {})
    return {
        "path": f"{outer}.{name}" if outer else name,
        "inside": bool(outer),
        "title": entry.get("title", name),
        "kind": kind,
        "words": KINDS[kind],
        "cls": "" if outer else entry.get("x-class", "C1"),
        "required": name in holder.get("required", []),
        "shown": shown.get("field", ""),
        "mark": pack_changes.mark(entry),
        "holds": kind in editing.INSIDE,
    }


def earlier(raw: Mapping[str, Any], path: str, outer: str) -> list[tuple[str, str]]:
    """The fields that a condition of this one may look at: those before it."""
    outer = outer or path.rpartition(".")[0]
    name = path.rpartition(".")[2]
    before = _until(raw["properties"], outer or name)
    if outer:
        holder = raw["properties"].get(outer, {})
        before += _until((holder.get("items", holder)).get("properties", {}), name)
    return before


def _until(entries: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    found = []
    for key, entry in entries.items():
        if key == name:
            break
        found.append((key, entry.get("title", key)))
    return found


def as_lines(edit: Edit) -> str:
    """Choices as lines `code: words`, as they are typed."""
    return "\n".join(f"{code}: {title}" for code, title in edit.choices)


def edit_from(given: Mapping[str, str], kind: str, *, lenient: bool = False) -> Edit:
    """What was sent about a field. Raises Invalid for numbers that are none, unless `lenient`."""

    def number(name: str) -> float | None:
        text = given.get(name, "").strip()
        if not text:
            return None
        try:
            found = float(text.replace(",", "."))
        except ValueError:
            found = float("inf")
        if not abs(found) <= 10**12:  # so that what is no number at all is none either
            if lenient:
                return None
            message = say("Write a number.")
            raise Invalid(message, (FieldError(f"/{name}", "number", message),))
        return int(found) if found == int(found) else found

    longest, megabytes = number("longest"), number("most_mb")
    return Edit(
        title=given.get("title", ""),
        help=given.get("help", ""),
        read=given.get("read", ""),
        required=given.get("required") == "1",
        cls=given.get("cls") or class_of_new(kind),
        choices=_choices(given.get("choices", "")),
        longest=int(longest) if longest is not None and kind in editing.WITH_LENGTH else None,
        least=number("least"),
        most=number("most"),
        show_field=given.get("show_field", ""),
        show_values=tuple(_value(text) for text in given.get("show_values", "").split(";") if text.strip()),
        on_behalf=given.get("on_behalf") == "1",
        takes=tuple(one for one in sniffing.KINDS if given.get(f"takes-{one}")) if kind == "file" else (),
        most_mb=int(megabytes) if megabytes is not None and kind == "file" else None,
    )


def _choices(text: str) -> tuple[tuple[str, str], ...]:
    """Lines `code: words`, or words alone, from which a code is made."""
    found = []
    for line in text.splitlines():
        code, colon, words = line.partition(":")
        if colon and words.strip() and re.fullmatch(r"[\w-]{1,60}", code.strip()):
            found.append((code.strip(), words.strip()))
        elif line.strip():
            found.append((_CODE.sub("_", line.strip().casefold()).strip("_")[:60] or f"answer_{len(found) + 1}", line.strip()))
    return tuple(found)


def _value(text: str) -> object:
    return {"yes": True, "true": True, "no": False, "false": False}.get(text.strip().casefold(), text.strip())
