"""The fields of the pack room's pages: how each is drawn from an entry of pack.toml and read back from what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from api.web.studio import pack_rows
from api.web.studio.pack_amounts import Amount, number, of_duration, rung_time, to_duration, to_rung_time
from engine.model.packs import ValueType
from engine.operations.drafting.pack_choices import Around

Options = tuple[tuple[str, str], ...]
Form = MultiDict[str, str]
Entry = Mapping[str, Any]
#: rows that are offered empty, to be filled in
BLANK = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a field that has rows. `many`: several names, written with commas; `number`: a whole number."""

    name: str
    label: str
    options: Callable[[Around], Options] | None = None
    many: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a page. `kind` is a macro of templates/studio/pack_fields.html."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    options: Callable[[Around], Options] = lambda around: ()
    optional: bool = False
    #: what a missing check box stands for in the pack
    otherwise: bool = False
    #: only asked of something new
    once: bool = False
    #: the columns of its rows
    cells: tuple[Cell, ...] = ()
    #: what nothing chosen means, where it is more than none
    none: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A field as it is drawn. What `value` is depends on the kind."""

    field: Field
    value: Any
    options: Options
    error: str | None
    #: what the rungs of a ladder can name
    more: Mapping[str, Options]


def views(fields: Sequence[Field], entry: Entry, around: Around, errors: Mapping[str, str], *, new: bool) -> tuple[View, ...]:
    """The fields as they are drawn, of an entry that is there or of a new one."""
    asked = (one for one in fields if new or not one.once)
    return tuple(
        View(one, _drawn(one, entry, around), one.options(around), errors.get(one.name), _more(one, entry, around)) for one in asked
    )


def _more(one: Field, entry: Entry, around: Around) -> Mapping[str, Options]:
    match one.kind:
        case "rungs":
            return around.choices
        case "amount" if entry.get("type") in (None, ValueType.DURATION):
            return {"units": (("", ""),)}
        case "keyed" | "order" | "rows":
            return {cell.name: cell.options(around) for cell in one.cells if cell.options is not None}
        case _:
            return {}


def _drawn(one: Field, entry: Entry, around: Around) -> Any:
    value = entry.get(one.name)
    match one.kind:
        case "amount":
            return _amount(entry.get("type"), value)
        case "check":
            return one.otherwise if value is None else value
        case "checks" | "two" | "lines":
            return value or []
        case "numbers":
            return ", ".join(str(part) for part in value or ())
        case "lanes":
            return [(lane, (value or {}).get(lane, "")) for lane in dict.fromkeys((*(value or {}), *around.lanes))]
        case "matrix":
            known = {**{cls: "" for cls, _ in around.classes}, **(value or {})}
            return [*known.items(), ("", "")]
        case "pairs":
            return [*(value or {}).items(), *[("", "")] * BLANK]
        case "spans":
            return [*((cls, of_duration(length)) for cls, length in (value or {}).items()), *[("", Amount("", "D"))] * BLANK]
        case "levels" | "texts" | "keyed" | "order" | "rows":
            return pack_rows.drawn(one.kind, one.cells, value)
        case "rungs":
            return [*({**rung, "when": rung_time(rung)} for rung in value or []), *[{"when": ("", Amount("", "D"))}] * BLANK]
        case _:
            return "" if value is None else value


def _amount(type: object, value: object) -> Amount:
    if type in (None, ValueType.DURATION):
        return of_duration(value) if value is not None else Amount("", "D")
    if isinstance(value, bool):
        return Amount("yes" if value else "no")
    return Amount("" if value is None else str(value))


def read(fields: Sequence[Field], sent: Form, before: Entry, *, new: bool) -> dict[str, Any]:
    """The entry that was sent. What the page does not ask stays as it was; what is left empty is left out."""
    entry = dict(before)
    for one in fields:
        if one.once and not new:
            continue
        value = _read(one, sent, entry)
        if value in (None, "", [], {}) or (one.kind == "check" and value == one.otherwise):
            entry.pop(one.name, None)
        else:
            entry[one.name] = value
    return entry


def _read(one: Field, sent: Form, entry: Entry) -> Any:
    name = one.name
    match one.kind:
        case "amount":
            return _typed(entry.get("type"), Amount(_text(sent, f"{name}-number"), sent.get(f"{name}-unit", "")))
        case "number":
            return number(sent.get(name, "")) if _text(sent, name) else None
        case "check":
            return name in sent
        case "numbers":
            return [number(part) for part in sent.get(name, "").split(",") if part.strip()]
        case "checks":
            chosen = dict.fromkeys(value for value in sent.getlist(name) if value)
            # what was chosen before keeps its place in the file
            return list(dict.fromkeys((*(value for value in entry.get(name, ()) if value in chosen), *chosen)))
        case "two":
            return [value for value in (sent.get(f"{name}-0"), sent.get(f"{name}-1")) if value]
        case "lines":
            return [line.strip() for line in sent.get(name, "").splitlines() if line.strip()]
        case "matrix" | "pairs" | "lanes":
            return _pairs(sent, name)
        case "spans":
            return _spans(sent, name)
        case "levels" | "texts" | "keyed" | "order" | "rows":
            return pack_rows.read(one.kind, one.cells, lambda place, cell: _text(sent, f"{name}-{place}-{cell}"), _rows(sent, name))
        case "rungs":
            out = sent.get("take-out", "")
            rows = [row for row in (f"{name}-{number}" for number in _rows(sent, name)) if row != out]
            return [rung for rung in (_rung(sent, row) for row in rows) if rung]
        case _:
            return _text(sent, name)


def _text(sent: Form, name: str) -> str:
    return sent.get(name, "").replace("\r\n", "\n").strip()


def _typed(type: object, amount: Amount) -> Any:
    if not amount.number:
        return None
    match type:
        case ValueType.DURATION:
            return to_duration(amount)
        case ValueType.NUMBER:
            return number(amount.number)
        case ValueType.BOOLEAN:
            return {"yes": True, "no": False}.get(amount.number.lower(), amount.number)
        case _:
            return amount.number


def _rows(sent: Form, name: str) -> list[int]:
    """The numbers of the rows that were sent, at most a hundred."""
    found = {key.removeprefix(f"{name}-").partition("-")[0] for key in sent if key.startswith(f"{name}-")}
    return sorted(int(number) for number in found if number.isascii() and number.isdigit() and len(number) < 4)[:500]


def _pairs(sent: Form, name: str) -> dict[str, str]:
    found = {}
    for row in _rows(sent, name):
        code, value = _text(sent, f"{name}-{row}-code"), _text(sent, f"{name}-{row}-value")
        if code and value:
            found[code] = value
    return found


def _spans(sent: Form, name: str) -> dict[str, str]:
    found = {}
    for row in _rows(sent, name):
        cls, number_of = _text(sent, f"{name}-{row}-code"), _text(sent, f"{name}-{row}-number")
        if cls and number_of:
            found[cls] = to_duration(Amount(number_of, sent.get(f"{name}-{row}-unit", "")))
    return found


def _rung(sent: Form, row: str) -> dict[str, Any]:
    when, act = sent.get(f"{row}-when", ""), sent.get(f"{row}-act", "")
    if not when:
        return {}
    time = to_rung_time(when, Amount(_text(sent, f"{row}-number"), sent.get(f"{row}-unit", "")))
    asked = ("process", "label") if act == "start" else ("to", "notice", "label")
    return {**time, "act": act} | {name: value for name in asked if (value := _text(sent, f"{row}-{name}"))}
