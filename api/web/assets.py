"""Scripts and styles under their hashed names, as the front-end build listed them in static/dist/manifest.json."""

from __future__ import annotations

import json
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, abort, send_file, url_for
from werkzeug.security import safe_join

_DIST = Path(__file__).parent / "static" / "dist"
#: seconds; a hashed name never changes its content
_FOREVER = 365 * 24 * 60 * 60

blueprint = Blueprint("assets", __name__)


def whole(folder: Path, name: str, seconds: int) -> Response:
    """A file of a folder, to be kept by browsers for so long; 404 when there is none.

    It is sent from memory: whoever leaves meanwhile leaves no file open, and a browser that keeps it asks once.
    """
    kept = safe_join(str(folder), name)
    try:
        content = Path(kept or "").read_bytes()
    except (OSError, ValueError):  # no such file, a folder, or no name that a file can have
        abort(404)
    return send_file(BytesIO(content), download_name=Path(name).name, max_age=seconds)


@blueprint.get("/assets/<path:name>")
def file(name: str) -> Response:
    """One built file; a browser may keep it for good, because another content has another name."""
    answer = whole(_DIST, name, _FOREVER)
    answer.cache_control.immutable = True
    return answer


def url(name: str) -> str | None:
    """The address of a built file by its plain name (app.js, main.css); None while nothing was built."""
    hashed = _manifest(_stamp()).get(name)
    return url_for("assets.file", name=hashed) if hashed else None


def _stamp() -> int:
    manifest = _DIST / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@lru_cache(maxsize=2)
def _manifest(stamp: int) -> dict[str, str]:
    if stamp == 0:
        return {}
    names: dict[str, str] = json.loads((_DIST / "manifest.json").read_text())
    return names
