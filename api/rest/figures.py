"""Figures: what packs measure, by month or year; cells that are too small are withheld."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import EXCLUDE, Schema, fields

from api.rest import edge
from api.rest.fields import line, listing
from engine.model.lists import Page
from engine.model.measures import Figure as FigureValue
from engine.operations.measuring import caseload, figures

blueprint = edge.blueprint("figures", "Figures of a program, without any case or person")


class Of(Schema):
    """Which period."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    period = line(required=True, longest=7, metadata={"description": "a month or a year of the program's calendar: 2026-10, 2026"})


class Cell(Schema):
    """One number. When it is withheld, all numbers are null."""

    key = fields.String(metadata={"description": "code of the group or name of nothing for the whole"})
    label = fields.String()
    hidden = fields.Boolean(metadata={"description": "withheld so that nobody is singled out"})
    n = fields.Integer(allow_none=True, metadata={"description": "how many stand behind the number; null where it would give others away"})
    share = fields.Integer(allow_none=True, metadata={"description": "percent"})
    median = fields.Float(allow_none=True)
    p90 = fields.Float(allow_none=True)
    within = fields.Integer(allow_none=True, metadata={"description": "percent within the standard"})
    without = fields.Integer(allow_none=True, metadata={"description": "counted in, but without a value so far"})
    net_median = fields.Float(allow_none=True, metadata={"description": "the median without pauses"})


class Split(Schema):
    """The figure by one fact."""

    key = fields.String()
    title = fields.String()
    cells = fields.List(fields.Nested(Cell))


class Figure(Schema):
    """A measure in a period."""

    key = fields.String(metadata={"description": "PACK/KEY"})
    title = fields.String()
    heading = fields.String()
    kind = fields.String()
    definition = fields.String()
    note = fields.String(metadata={"description": "what it does not mean"})
    period = fields.String()
    running = fields.Boolean(metadata={"description": "the period is not over yet"})
    least = fields.Integer(metadata={"description": "fewer than this are withheld"})
    standard_days = fields.Float(allow_none=True)
    total = fields.Nested(Cell)
    splits = fields.List(fields.Nested(Split))
    months = fields.List(fields.Nested(Cell), metadata={"description": "the months of the year up to the period"})


class Load(Schema):
    """How much one person carries now."""

    person_id = fields.String()
    person = fields.String()
    cases = fields.Integer()
    weight = fields.Float(metadata={"description": "of the open cases, as the pack weighs them"})
    cap = fields.Float(metadata={"description": "the most that one person takes on"})
    away_until = fields.AwareDateTime(allow_none=True)


class Taker(Schema):
    """Whether somebody can take a case."""

    who = fields.Nested(Load)
    obstacles = fields.List(fields.String(), metadata={"description": "why not; empty: they can"})


class Takers(Schema):
    """Who could take a case in a role."""

    case_id = fields.String()
    case_number = fields.String()
    role = fields.String()
    weight = fields.Float()
    takers = fields.List(fields.Nested(Taker))


class Wanted(Schema):
    """Which case."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    case = line(required=True, longest=64, metadata={"description": "the number of a case"})


@blueprint.get("/caseload")
@blueprint.response(200, listing(Load))
def loads() -> Response:
    """Everybody who can be given cases, by name."""
    return edge.listed(Load, lambda uow, actor: Page(caseload.loads(uow, actor)))


@blueprint.get("/caseload/takers")
@blueprint.arguments(Wanted, location="query")
@blueprint.response(200, listing(Takers))
def takers(args: dict[str, Any]) -> Response:
    """Who can take a case, by role, and why others cannot."""
    return edge.listed(Takers, lambda uow, actor: Page(caseload.takers(uow, actor, args["case"])))


@blueprint.get("/figures")
@blueprint.arguments(Of, location="query")
@blueprint.response(200, listing(Figure))
def list_(args: dict[str, Any]) -> Response:
    """Every figure that the caller reads."""
    return edge.listed(Figure, lambda uow, actor: Page(tuple(_plain(one) for one in figures.list_(uow, actor, args["period"]))))


@blueprint.get("/figures/<pack>/<key>")
@blueprint.arguments(Of, location="query")
@blueprint.response(200, Figure)
def one(args: dict[str, Any], pack: str, key: str) -> Response:
    """One figure."""
    return edge.read(Figure, lambda uow, actor: _plain(figures.get(uow, actor, f"{pack}/{key}", args["period"])))


def _plain(figure: FigureValue) -> dict[str, object]:
    measure = figure.measure
    return {
        "title": measure.title,
        "heading": measure.heading,
        "kind": str(measure.kind),
        "definition": measure.definition,
        "note": measure.note,
        **{name: getattr(figure, name) for name in ("key", "period", "running", "least", "standard_days", "total", "splits", "months")},
    }
