"""Figures as files: one line a number, and beside it what each column and each figure means."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from engine.language import say
from engine.model.measures import Cell, Figure, MeasureKind
from engine.operations.supervision.exports import safe

#: columns by name; what they mean stands in `dictionary`
COLUMNS = (
    "period",
    "figure",
    "title",
    "split_by",
    "group",
    "group_title",
    "withheld",
    "n",
    "percent",
    "median",
    "p90",
    "percent_within_standard",
    "standard_days",
    "without_value",
    "median_without_pauses",
)


def figures(found: Sequence[Figure]) -> str:
    """CSV with a head: for each figure the whole, then each group. What is withheld has empty numbers."""
    return _csv([COLUMNS, *(line for figure in found for line in _lines(figure))])


def _lines(figure: Figure) -> Iterator[Sequence[str]]:
    if figure.measure.kind is MeasureKind.UNMEASURED:
        return
    yield _line(figure, "", figure.total)
    for split in figure.splits:
        for cell in split.cells:
            yield _line(figure, split.key, cell)


def _line(figure: Figure, split: str, cell: Cell) -> Sequence[str]:
    numbers = (cell.n, cell.share, cell.median, cell.p90, cell.within, figure.standard_days, cell.without, cell.net_median)
    told = ["" if number is None or cell.hidden else _number(number) for number in numbers]
    return [figure.period, figure.key, figure.measure.title, split, cell.key, cell.label, "yes" if cell.hidden else "no", *told]


def _number(number: float) -> str:
    return f"{number:.1f}" if isinstance(number, float) else str(number)


def dictionary(found: Sequence[Figure]) -> str:
    """CSV that says what each column is, how each figure is counted, and what it does not mean."""
    lines: list[Sequence[str]] = [("kind", "name", "title", "meaning", "what_it_does_not_mean", "least")]
    meanings = _meanings()
    lines += [("column", name, "", meanings[name], "", "") for name in COLUMNS]
    for figure in found:
        measure = figure.measure
        kind = "not measured" if measure.kind is MeasureKind.UNMEASURED else "figure"
        lines.append((kind, figure.key, measure.title, measure.definition, measure.note, str(figure.least)))
    return _csv(lines)


def _meanings() -> dict[str, str]:
    return {
        "period": say("The month or year, by the program's calendar."),
        "figure": say("The key of the figure."),
        "title": say("What the figure is called."),
        "split_by": say("What the whole is split by; empty for the whole."),
        "group": say("The code of the group; empty for the whole, or where nothing was said."),
        "group_title": say("What the group is called."),
        "withheld": say("yes where the number is withheld so that nobody is singled out; then all numbers are empty."),
        "n": say("How many cases or tasks stand behind the number; empty where telling it would give others away."),
        "percent": say("Of a share: whole percent of n."),
        "median": say("Of days and amounts: the middle one."),
        "p90": say("Of days and amounts: what 90 of 100 do not exceed."),
        "percent_within_standard": say("Whole percent of n that keep the standard."),
        "standard_days": say("The standard in days, where there is one."),
        "without_value": say("Cases that are counted in but have no value yet; empty where there are none or too few."),
        "median_without_pauses": say("The median when the times are taken off during which the clock stood still."),
    }


def _csv(lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in line] for line in lines)
    return out.getvalue()
