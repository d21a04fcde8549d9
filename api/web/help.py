"""Help: every component in all its states, the keyboard, and what this is made of."""

from __future__ import annotations

from flask import Blueprint, Response

from api.web import page
from api.web.samples import everything

blueprint = Blueprint("help", __name__)


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
