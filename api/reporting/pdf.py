"""The only door to fpdf: the figures of a period as a PDF that says its title and language, with headings to jump to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

from api.reporting import words
from engine.language import current, noted, say, say_many
from engine.model.measures import Cell, Figure, MeasureKind
from engine.operations.measuring import figures

_FONT = "helvetica"
#: what the fonts that every reader has can write
_LETTERS = "windows-1252"
_INK, _QUIET, _HEAD, _LINE = (28, 36, 48), (91, 100, 114), (245, 246, 248), (200, 205, 213)
_MARGIN = 18.0
#: millimetres of a table's unit of width
_TABLE = 1.5
_NONE = "–"
#: the columns beside the groups
_COLUMNS = noted(
    {
        MeasureKind.COUNT: ("Number",),
        MeasureKind.SHARE: ("Share", "Of how many"),
        MeasureKind.DURATION: ("Median", "Of how many", "90 of 100 within"),
        MeasureKind.AMOUNT: ("Median", "Of how many", "90 of 100 up to"),
    }
)


class _Paper(FPDF):
    """A4 with the report's name and the page at the foot."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = _LETTERS
        self.said_below = title
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, _MARGIN)

    def footer(self) -> None:
        """The report's name and the page."""
        self.set_y(-12)
        self.set_font(_FONT, size=8)
        self.set_text_color(*_QUIET)
        self.cell(0, 5, _plain(f"{self.said_below} - {self.page_no()}"), align="R")


def monthly(found: Sequence[Figure], *, program: str, period: str, made_at: datetime) -> bytes:
    """The report of one period; equal figures and times give equal bytes."""
    title = say("Figures of {program}, {period}", program=program, period=period)
    paper = _Paper(title)
    paper.set_title(_plain(title))
    paper.set_lang(current())
    paper.set_creator("Parley")
    paper.set_creation_date(made_at)
    paper.add_page()
    _text(paper, title, size=18, bold=True, after=2)
    _text(paper, _about(found), quiet=True, after=4)
    alone = figures.isolates(found)
    if alone:
        _text(paper, words.all_withheld(), size=11, after=4)
    heading = None
    for figure in () if alone else found:
        if figure.measure.kind is MeasureKind.UNMEASURED:
            continue
        if figure.measure.heading != heading:
            heading = figure.measure.heading
            if heading:
                paper.start_section(_plain(heading))
                _text(paper, heading, size=14, bold=True, after=1)
        _figure(paper, figure)
    _missing(paper, [figure for figure in found if figure.measure.kind is MeasureKind.UNMEASURED])
    return bytes(paper.output())


def _about(found: Sequence[Figure]) -> str:
    least = min((figure.least for figure in found), default=0)
    said = say("Numbers of fewer than {n} cases are withheld, with as many beside them as it takes that none can be worked out.", n=least)
    running = any(figure.running for figure in found)
    return f"{said} {say('The period is not over yet: the numbers are as they stood when this was made.')}" if running else said


def _figure(paper: _Paper, figure: Figure) -> None:
    if paper.will_page_break(42):
        paper.add_page()
    paper.start_section(_plain(figure.measure.title), level=1 if figure.measure.heading else 0)
    _text(paper, figure.measure.title, size=11, bold=True)
    total = figure.total
    beside = words.beside(figure, total)
    large = words.withheld(figure) if total.hidden else "; ".join((words.value(figure.measure, total), *beside))
    _text(paper, large, size=11, after=0.5)
    _text(paper, f"{figure.measure.definition} {figure.measure.note}", quiet=True, after=1.5)
    whole = []
    for split in figure.splits:
        told = [cell for cell in split.cells if not cell.hidden and (cell.n or cell.median is not None)]
        if told:
            _table(paper, figure, split.title, told, split.hidden)
        elif split.hidden:
            whole.append(split.title)
    if whole:
        _text(paper, say("Withheld, as too few stand behind each group: {groups}.", groups="; ".join(whole)), quiet=True)
    paper.ln(3)


def _table(paper: _Paper, figure: Figure, title: str, cells: Sequence[Cell], withheld: int) -> None:
    """The groups that are told, and how many are not."""
    columns = _COLUMNS[figure.measure.kind]
    head = (title, *map(say, columns))
    most = words.days if figure.measure.kind is MeasureKind.DURATION else words.plain
    paper.set_font(_FONT, size=9)
    paper.set_text_color(*_INK)
    paper.set_draw_color(*_LINE)
    widths = (44, *(20 + 4 * place for place, _ in enumerate(columns)))
    with paper.table(
        col_widths=widths,
        width=sum(widths) * _TABLE,
        align="LEFT",
        text_align=("LEFT", *("RIGHT" for _ in head[1:])),
        line_height=5,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=_HEAD),
        cell_fill_mode=TableCellFillMode.NONE,
    ) as table:
        table.row([_plain(text) for text in head])
        for cell in cells:
            behind = say("{n} or more", n=figure.least) if cell.n is None else str(cell.n)
            line = [cell.label, words.value(figure.measure, cell), behind, _NONE if cell.p90 is None else most(cell.p90)]
            table.row([_plain(text) for text in line[: len(head)]])
        if withheld:
            table.row([_plain(say_many("{n} more group", "{n} more groups", withheld)), _plain(say("withheld")), *("" for _ in head[2:])])
    paper.ln(2)


def _missing(paper: _Paper, found: Sequence[Figure]) -> None:
    if not found:
        return
    paper.start_section(_plain(say("Not measured yet")))
    _text(paper, say("Not measured yet"), size=14, bold=True, after=1)
    for figure in found:
        _text(paper, f"{figure.measure.title}: {figure.measure.note}", after=1)


def _text(paper: _Paper, text: str, *, size: int = 10, bold: bool = False, quiet: bool = False, after: float = 0) -> None:
    paper.set_font(_FONT, style="B" if bold else "", size=size)
    paper.set_text_color(*(_QUIET if quiet else _INK))
    paper.multi_cell(0, size * 0.52, _plain(text), align="L", new_x="LMARGIN", new_y="NEXT")
    if after:
        paper.ln(after)


def _plain(text: str) -> str:
    """What the fonts can write; other letters become question marks, the tables have them all."""
    return text.encode(_LETTERS, "replace").decode(_LETTERS)
