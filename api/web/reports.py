"""A report that leaves the program, as it is printed and sent: the closed list that the pack declares."""

from __future__ import annotations

from flask import Blueprint, Response

from api.web import page
from engine.operations.cases import reports

blueprint = Blueprint("reports", __name__)


@blueprint.get("/cases/<case_id>/reports/<form>")
def show(case_id: str, form: str) -> Response:
    """The report of a case that was written with this form."""
    with page.reading() as (uow, actor):
        return page.render("case/report.html", uow, actor, here="cases", report=reports.read(uow, actor, case_id, form))
