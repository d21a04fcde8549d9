"""Whether this process lives, whether it can work, and what runs, for those who watch it."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, request

from api.auth import current_actor
from api.rest.reading import encode
from api.running import running
from engine.model.errors import Forbidden, ParleyError
from engine.operations import figures

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
def live() -> Response:
    """The process answers."""
    return _state(200, "live")


@blueprint.get("/health/ready")
def ready() -> Response:
    """The database can be reached and has every migration."""
    parley = running()
    try:
        if not parley.is_migrated():
            return _state(503, "migrations are pending: run `parley migrate`")
        with parley.reading() as uow:
            figures.now(uow)
    except ParleyError as error:
        return _state(503, error.code)
    except Exception as error:  # noqa: BLE001 - whatever a database raises when it is not there, the answer is: not ready
        return _state(503, type(error).__name__)
    return _state(200, "ready")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts in Prometheus' text format 0.0.4; for this machine, and for administrators elsewhere."""
    with running().reading() as uow:
        if not _from_here() and not current_actor(uow).administrator:
            raise Forbidden
        found = figures.now(uow)
    lines = []
    for figure in found:
        lines += [f"# HELP {figure.name} {figure.meaning}.", f"# TYPE {figure.name} gauge"]
        lines += [f"{figure.name}{_labels(labels)} {value}" for labels, value in figure.samples]
    return Response("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _labels(labels: figures.Labels) -> str:
    inner = ",".join(f'{name}="{value}"' for name, value in labels)
    return f"{{{inner}}}" if inner else ""


def _from_here() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _state(status: int, text: str) -> Response:
    return Response(encode({"status": text}), status=status, mimetype="application/json")
