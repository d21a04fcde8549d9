"""Help: daily work step by step, how a procedure is changed, the keyboard, every component in all its states, and what this is made of."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response

from api.web import assets, page
from api.web.help_guides import GUIDES
from api.web.samples import everything
from engine.model.errors import NotFound

blueprint = Blueprint("help", __name__)

#: made by `python -m tests.pictures` and, with PARLEY_PICTURES set, `python -m tests.stories`
_PICTURES = Path(__file__).parent / "static" / "help"
#: seconds
_HOUR = 60 * 60


@blueprint.get("/help")
def index() -> Response:
    """What there is to read."""
    return page.render_for_anybody("help/index.html", guides=GUIDES)


@blueprint.get("/help/work/<name>")
def guide(name: str) -> Response:
    """A page about daily work, step by step with pictures."""
    if name not in GUIDES:
        raise NotFound
    return page.render_for_anybody("help/guide.html", guide=GUIDES[name])


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
