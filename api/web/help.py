"""Help: every component in all its states, the keyboard, and what this is made of."""

from __future__ import annotations

from flask import Blueprint, render_template

from api.web.samples import everything

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/components")
def components() -> str:
    """Every part that pages are made of, in each of its states, with made-up content."""
    return render_template("help/components.html", **everything())


@blueprint.get("/help/keyboard")
def shortcuts() -> str:
    """What the keyboard does."""
    return render_template("help/keyboard.html")


@blueprint.get("/help/about")
def about() -> str:
    """What this is and the licences of what it contains."""
    return render_template("help/about.html")
