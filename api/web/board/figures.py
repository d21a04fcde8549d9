"""Figures: what the packs measure, by month or year, each with how it is counted and what it does not mean; as files too."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask.blueprints import BlueprintSetupState

from api.reporting import files, words
from api.web import page
from api.web.board import charts
from engine.language import say
from engine.model.access import Actor
from engine.model.measures import Figure, MeasureKind
from engine.operations.measuring import figures
from engine.store import UnitOfWork

blueprint = Blueprint("figure_pages", __name__)


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    """What the templates of figures call; macros of components see globals only."""
    state.app.jinja_env.globals.update(figure_words=words, charts=charts)


@blueprint.get("/figures")
def show() -> page.Answer:
    """All figures of one period, under their headings; what is not measured yet stands last."""
    with page.reading() as (uow, actor):
        period = _period(uow, actor)
        found = figures.list_(uow, actor, period)
        measured = [figure for figure in found if figure.measure.kind is not MeasureKind.UNMEASURED]
        headings = [(heading, list(them)) for heading, them in groupby(measured, lambda figure: figure.measure.heading)]
        missing = [figure for figure in found if figure.measure.kind is MeasureKind.UNMEASURED]
        values: dict[str, Any] = {"headings": headings, "missing": missing, "alone": figures.isolates(found)}
        choices = figures.period_choices(uow, actor)
        return page.render("board/figures.html", uow, actor, here="figures", period=period, choices=choices, **values)


@blueprint.get("/figures/<pack>/<key>")
def one(pack: str, key: str) -> page.Answer:
    """One figure: its months, and what it is split by."""
    with page.reading() as (uow, actor):
        period = _period(uow, actor)
        figure = figures.get(uow, actor, f"{pack}/{key}", period)
        chart = charts.months(figure.measure, figure.months, figure.standard_days, marks_last="-" in period)
        choices = figures.period_choices(uow, actor)
        values: dict[str, Any] = {"figure": figure, "rate": figures.rate_of(uow, actor, figure), "chart": chart, "choices": choices}
        return page.render("board/figure.html", uow, actor, here="figures", period=period, **values)


@blueprint.get("/figures/report.pdf")
def report() -> Response:
    """The figures of a period as a PDF."""
    return _file("application/pdf", "figures-{period}.pdf")


@blueprint.get("/figures/report.csv")
def table() -> Response:
    """The figures of a period as CSV."""
    return _file("text/csv", "figures-{period}.csv")


@blueprint.get("/figures/dictionary.csv")
def dictionary() -> Response:
    """What each column and each figure of the CSV means."""
    return _file("text/csv", "figures-dictionary.csv")


def _file(kind: str, pattern: str) -> Response:
    with page.reading() as (uow, actor):
        period = _period(uow, actor)
        name = pattern.format(period=period)
        answer = make_response(files.of(uow, actor, period)[name]())
    answer.mimetype = kind
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _period(uow: UnitOfWork, actor: Actor) -> str:
    return request.args.get("period", "").strip() or figures.usual_period(uow, actor)


def address(figure: Figure) -> str:
    """Where one figure stands."""
    pack, _, key = figure.key.partition("/")
    return url_for("figure_pages.one", pack=pack, key=key, period=figure.period)


@blueprint.app_template_global()
def figure_href(figure: Figure) -> str:
    """As `address`, for templates."""
    return address(figure)


@blueprint.app_template_global()
def chart_said(figure: Figure) -> str:
    """What a chart shows, for who does not see it."""
    return say("{title} by month; the same numbers stand in the table below.", title=figure.measure.title)
