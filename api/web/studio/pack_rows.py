"""Fields of the pack room that are rows of a few cells: levels of rules, tables by key, orders, lists of tables.

A kind says what stands in the pack: `levels` a table of fixed keys, `texts` one that is typed, `keyed` a table by the first
cell, `order` entries of one element and what it needs, `rows` a list of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

#: rows that are offered empty, to be filled in
BLANK = 2


class Column(Protocol):
    """What is known here of a cell."""

    @property
    def name(self) -> str: ...

    @property
    def many(self) -> bool: ...

    @property
    def number(self) -> bool: ...


def drawn(kind: str, cells: Sequence[Column], value: Any) -> list[tuple[str, ...]]:
    """The rows as texts, cell by cell, with empty ones to be filled in."""
    match kind:
        case "levels" | "texts":
            return [(cell.name, _joined((value or {}).get(cell.name, ""))) for cell in cells]
        case "keyed":
            found = [(str(key), _joined(entry)) for key, entry in (value or {}).items()]
        case "order":
            found = [(str(entry.get("element", "")), str(need)) for entry in value or () for need in entry.get("needs", ())]
        case _:
            return [*(tuple(_joined(entry.get(cell.name, "")) for cell in cells) for entry in value or ()), *_blank(cells)]
    return [*found, *_blank(cells)]


def _blank(cells: Sequence[Column]) -> list[tuple[str, ...]]:
    return [("",) * len(cells)] * BLANK


def _joined(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def read(kind: str, cells: Sequence[Column], text: Callable[[int, str], str], rows: Sequence[int]) -> Any:
    """What was sent, as the pack holds it; rows without a first cell are left out. `text` gives a cell of a row."""
    if kind in ("levels", "texts"):
        return {cell.name: level for place, cell in enumerate(cells) if (level := _cell(cell, text(place, "level")))}
    given = [[_cell(cell, text(row, cell.name)) for cell in cells] for row in rows]
    filled = [row for row in given if row[0]]
    match kind:
        case "keyed":
            return {str(key): value for key, value in filled}
        case "order":
            return _ordered(filled)
        case _:
            return [_entry(cells, row) for row in filled]


def _cell(cell: Column, text: str) -> str | int | list[str]:
    if cell.number and text.isascii() and text.isdigit():
        return int(text[:9])
    return [part.strip() for part in text.split(",") if part.strip()] if cell.many else text


def _entry(cells: Sequence[Column], row: Sequence[str | int | list[str]]) -> Mapping[str, Any]:
    return {cell.name: value for cell, value in zip(cells, row, strict=True) if value}


def _ordered(rows: Sequence[Sequence[str | int | list[str]]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for element, need in rows:
        if found and found[-1]["element"] == element:
            found[-1]["needs"].append(need)
        else:
            found.append({"element": element, "needs": [need] if need else []})
    return found
