"""Comparing at the pages: two versions of a procedure, a change against what is live, an upload against what it replaces."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.model.compared import Mark
from engine.operations.deploying import definitions, deployments
from engine.operations.drafting import changes, file_changes
from engine.operations.drafting.file_changes import FileChange
from engine.operations.releasing import comparing
from engine.operations.releasing.comparing import Comparison
from engine.store import UnitOfWork

blueprint = Blueprint("compare", __name__, url_prefix="/procedures")


@blueprint.get("/<key>/compare")
def versions(key: str) -> page.Answer:
    """Two versions of a procedure; without more said, the newest and the one before it."""
    with page.reading() as (uow, actor):
        line, lines = definitions.with_versions(uow, actor, key)
        numbers = [one.definition.version for one in lines]
        new = request.args.get("to", line.definition.version, type=int)
        old = request.args.get("from", max((one for one in numbers if one < new), default=new), type=int)
        found = comparing.of_versions(uow, actor, key, old, new)
        name = line.definition.name or key
        values: dict[str, Any] = {
            "crumbs": [(name, url_for("studio.definition", key=key))],
            "numbers": numbers,
            "old": old,
            "new": new,
            "here_link": {"key": key, "from": old, "to": new},
        }
        return _page(uow, actor, found, say("{name}: version {old} and version {new}", name=name, old=old, new=new), values)


@blueprint.get("/changes/<change_id>/compare")
def change(change_id: str) -> page.Answer:
    """A change against what it is based on, or with `?against=live` against what is live now."""
    against = "live" if request.args.get("against") == "live" else "base"
    with page.reading() as (uow, actor):
        found = comparing.of_change(uow, actor, change_id, live_now=against == "live")
        drawn = changes.get(uow, actor, change_id)
        values: dict[str, Any] = {
            "crumbs": [(drawn.title, url_for("changes.show", change_id=change_id))],
            "against": against,
            "here_link": {"change_id": change_id, "against": against},
        }
        return _page(uow, actor, found, say("What “{title}” changes", title=drawn.title), values)


@blueprint.get("/deployments/<deployment_id>/compare")
def deployment(deployment_id: str) -> page.Answer:
    """A deployment against what it replaces."""
    with page.reading() as (uow, actor):
        found = comparing.of_deployment(uow, actor, deployment_id)
        sent = deployments.get(uow, actor, deployment_id)
        values: dict[str, Any] = {
            "crumbs": [(say("What was sent"), url_for("studio.deployment", deployment_id=sent.id))],
            "here_link": {"deployment_id": deployment_id},
        }
        return _page(uow, actor, found, say("What would change"), values)


def _page(uow: UnitOfWork, actor: Actor, found: Comparison, title: str, values: dict[str, Any]) -> page.Answer:
    drawn = [file for file in found.files if file.kind == "bpmn"]
    picked = next((file for file in found.files if file.name == request.args.get("file")), drawn[0] if drawn else None)
    values |= {"comparison": found, "title": title, "picked": picked, "sides": _sides(picked, found) if picked else ()}
    values["rows"] = file_changes.columns
    return page.render("studio/compare.html", uow, actor, here="studio", **values)


def _sides(file: FileChange, found: Comparison) -> tuple[dict[str, Any], ...]:
    """Both drawings of one diagram, each with the marks of what stands in it."""
    if file.kind != "bpmn":
        return ()
    changed = list(file.places(Mark.CHANGED))
    return (
        {"title": found.before, "source": _text(file.before), "overlays": {"removed": list(file.places(Mark.REMOVED)), "changed": changed}},
        {"title": found.after, "source": _text(file.after), "overlays": {"added": list(file.places(Mark.ADDED)), "changed": changed}},
    )


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "replace")
