"""The numbers of figures in words: the one that stands large, what stands beside it, and what is said of withheld ones."""

from __future__ import annotations

from engine.language import say, say_many
from engine.model.measures import Cell, Figure, Measure, MeasureKind, Unit


def value(measure: Measure, cell: Cell) -> str:
    """The number that stands large: "12", "68 %", "34.7 days"; "–" where there is nothing, "withheld" where there is too little."""
    if cell.hidden:
        return say("withheld")
    number = main(measure, cell)
    if number is None:
        return "–"
    match measure.kind:
        case MeasureKind.SHARE:
            return say("{n} %", n=number)
        case MeasureKind.DURATION:
            return days(float(number))
        case _:
            return plain(float(number))


def main(measure: Measure, cell: Cell) -> float | int | None:
    """The number that stands large: the count, the share or the median."""
    if measure.kind is MeasureKind.COUNT:
        return cell.n
    return cell.share if measure.kind is MeasureKind.SHARE else cell.median


def days(number: float) -> str:
    """A number of days: "1 day", "34.7 days"."""
    return say("1 day") if number == 1 else say("{n} days", n=plain(number))


def plain(number: float) -> str:
    """A number without a needless .0."""
    return f"{number:.1f}".removesuffix(".0")


def beside(figure: Figure, cell: Cell) -> tuple[str, ...]:
    """What else belongs to a number, each a short phrase: how many stand behind it, the 90th percentile, the standard."""
    measure = figure.measure
    if cell.hidden or measure.kind is MeasureKind.UNMEASURED:
        return ()
    said: list[str] = []
    if measure.kind is not MeasureKind.COUNT:
        said.append(counted(measure, cell.n or 0) if cell.n is not None else say("of {n} or more", n=figure.least))
    if cell.p90 is not None:
        said.append(say("90 of 100 within {days}", days=days(cell.p90)) if measure.kind is MeasureKind.DURATION else _most(cell.p90))
    if cell.within is not None and figure.standard_days is not None:
        said.append(say("{n} % within the standard of {days}", n=cell.within, days=days(figure.standard_days)))
    if cell.without:
        said.append(say_many("{n} case without it so far", "{n} cases without it so far", cell.without))
    if cell.net_median is not None:
        said.append(say("{days} without pauses", days=days(cell.net_median)))
    return tuple(said)


def _most(number: float) -> str:
    return say("90 of 100 up to {n}", n=plain(number))


def counted(measure: Measure, number: int) -> str:
    """How many stand behind a number: "93 cases"; where a case counts as several what those are called, else people."""
    if measure.unit is Unit.TASK:
        return say_many("{n} task", "{n} tasks", number)
    if measure.question:
        return say_many("{n} answer", "{n} answers", number)
    if measure.called:
        return f"{number} {measure.called}"
    if measure.times is not None or measure.unit is Unit.ANSWER:
        return say_many("{n} person", "{n} people", number)
    return say_many("{n} case", "{n} cases", number)


def withheld(figure: Figure) -> str:
    """Why a number is not told."""
    return say("Fewer than {n}, or they could be worked out from the rest: withheld, so that nobody is singled out.", n=figure.least)


def all_withheld() -> str:
    """Why a report tells nothing."""
    return say(
        "This report is withheld: so few cases stand behind it that its numbers would single somebody out. "
        "Choose a whole year, or wait until more cases have come together."
    )
