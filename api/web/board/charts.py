"""Charts of figures as shapes: worked out here, drawn by the server as SVG, with a table of the same numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.reporting import words
from engine.model.measures import Cell, Measure, MeasureKind

#: a column of months, and what stands between two
_WIDTH, _GAP = 44, 12
HEIGHT = 120
#: what is withheld is drawn this high, hatched
_WITHHELD = 18
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart. `label` stands below, `text` above; a withheld one is hatched and says so."""

    x: int
    y: float
    width: int
    height: float
    label: str
    text: str
    hidden: bool
    #: stands out: the month asked for, or each of the year asked for
    marked: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in a row."""

    width: int
    bars: tuple[Bar, ...]
    #: where the standard lies; None: there is none, or it is far above everything
    standard: float | None


def months(measure: Measure, cells: Sequence[Cell], standard_days: float | None, *, marks_last: bool) -> Chart:
    """The months of a figure; `marks_last`: the last one is the one asked for."""
    told = [float(words.main(measure, cell) or 0) for cell in cells if not cell.hidden]
    standard = standard_days if measure.kind is MeasureKind.DURATION else None
    top = 100.0 if measure.kind is MeasureKind.SHARE else max([*told, 1.0])
    if standard is not None and standard <= 2 * top:
        top = max(top, standard)
    bars = tuple(_bar(measure, cell, place, top, marked=not marks_last or place == len(cells) - 1) for place, cell in enumerate(cells))
    line = HEIGHT * (1 - standard / top) if standard is not None and standard <= top else None
    return Chart(len(cells) * (_WIDTH + _GAP) + _GAP, bars, line)


def _bar(measure: Measure, cell: Cell, place: int, top: float, *, marked: bool) -> Bar:
    number = words.main(measure, cell)
    height = float(_WITHHELD) if cell.hidden else HEIGHT * float(number or 0) / top
    text = "" if cell.hidden else "–" if number is None else words.plain(float(number))
    return Bar(
        x=_GAP + place * (_WIDTH + _GAP),
        y=round(HEIGHT - height, 1),
        width=_WIDTH,
        height=round(height, 1),
        label=cell.label[:_LONGEST],
        text=text,
        hidden=cell.hidden,
        marked=marked,
    )


def share(measure: Measure, cell: Cell, cells: Sequence[Cell]) -> int:
    """How long a bar beside a line of a table is, in percent of the longest."""
    number = words.main(measure, cell)
    if cell.hidden or not number:
        return 0
    if measure.kind is MeasureKind.SHARE:
        return int(number)
    top = max(float(words.main(measure, one) or 0) for one in cells if not one.hidden)
    return round(100 * float(number) / top) if top else 0
