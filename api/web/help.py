"""Help: how a procedure is changed, the keyboard, every component in all its states, and what this is made of."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response

from api.web import assets, page
from api.web.samples import everything

blueprint = Blueprint("help", __name__)

#: made by `python -m tests.pictures`
_PICTURES = Path(__file__).parent / "static" / "help"
#: seconds
_HOUR = 60 * 60


@blueprint.get("/help/change-a-procedure")
def change_a_procedure() -> Response:
    """From an edit to running cases on the new version, step by step, for who owns a procedure."""
    return page.render_for_anybody("help/change.html")


@blueprint.get("/help/pictures/<name>.png")
def picture(name: str) -> Response:
    """A picture of the help."""
    return assets.whole(_PICTURES, f"{name}.png", _HOUR)


@blueprint.get("/help/components")
def components() -> Response:
    """Every part that pages are made of, in each of its states, with made-up content."""
    return page.render_for_anybody("help/components.html", **everything())


@blueprint.get("/help/keyboard")
def shortcuts() -> Response:
    """What the keyboard does."""
    return page.render_for_anybody("help/keyboard.html")


@blueprint.get("/help/about")
def about() -> Response:
    """What this is and the licences of what it contains."""
    return page.render_for_anybody("help/about.html")
