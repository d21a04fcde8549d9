"""Procedures for those who look after them: diagrams with versions, upload with problems, approval by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for

from api.web import page
from api.web.studio.plain import nested, outline
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import FieldError, Invalid, ModelRefused, NotFound, Problem
from engine.model.packs import Act
from engine.model.states import DeploymentState
from engine.operations import naming
from engine.operations.deploying import definitions, deployments, ladder_changes
from engine.operations.drafting import changes, file_changes
from engine.operations.releasing import comparing, deciding, publishing, unheld
from engine.operations.scenarios import scenarios, trials
from engine.operations.words import problem_places
from engine.store import UnitOfWork

blueprint = Blueprint("studio", __name__)

#: how many deployments the list of procedures shows
_RECENT = 20
#: types of elements as the page's filter `spaced` writes them
_TYPES = noted((
    "User task", "Manual task", "Task", "Script task", "Business rule task", "Service task", "Send task", "Receive task",
    "Call activity", "Sub process", "Exclusive gateway", "Inclusive gateway", "Parallel gateway", "Event based gateway",
    "Start event", "End event", "Intermediate catch event", "Intermediate throw event", "Boundary event",
))  # fmt: skip
_NO_PACK = noted(
    "These files belong to no pack that you may change. Add its pack.toml, or upload a diagram that has the id of one of its procedures."
)


@blueprint.get("/procedures")
def show() -> page.Answer:
    """Every procedure with its newest version and what runs."""
    with page.reading() as (uow, actor):
        lines = definitions.list_(uow, actor, cursor=page.cursor(), limit=100, starts=False)
        recent = deployments.list_(uow, actor, cursor=None, limit=_RECENT).items
        drawn = changes.list_(uow, actor)
        return page.render("studio/list.html", uow, actor, here="studio", lines=lines, deployments=recent, changes=drawn)


@blueprint.get("/procedures/<key>")
def definition(key: str) -> page.Answer:
    """One procedure: its diagram, its versions, its elements as a table."""
    version = request.args.get("version", type=int)
    with page.reading() as (uow, actor):
        line, versions = definitions.with_versions(uow, actor, key, version)
        values: dict[str, Any] = {
            "line": line,
            "versions": versions,
            "elements": _elements(line.definition),
            "outline": outline(uow, line.definition),
            "stoppages": definitions.stoppages(uow, actor, key),
        }
        return page.render("studio/definition.html", uow, actor, here="studio", **values)


@blueprint.get("/procedures/<key>/<int:version>.bpmn")
def source(key: str, version: int) -> Response:
    """The diagram of one version, as its author made it."""
    with page.reading() as (uow, actor):
        content = definitions.source(uow, actor, key, version)
    return Response(content, mimetype="application/xml")


@blueprint.get("/procedures/upload")
def ask_upload() -> page.Answer:
    """Choose the files of a new version."""
    with page.reading() as (uow, actor):
        return page.render("studio/upload.html", uow, actor, here="studio", problems=(), diagrams={})


@blueprint.post("/procedures/upload")
def upload() -> page.Answer:
    """Deploy files; what cannot be run comes back with each problem beside its element, and nothing is stored."""
    files = {file.filename: file.read() for file in request.files.getlist("files") if file.filename}
    if not files:
        return _refused((Problem("", None, "no-files", say("Choose at least one file.")),), {})
    try:
        with page.reading() as (uow, actor):
            found = publishing.to_try(uow, actor, files)
            older = publishing.before(uow, actor, found) if found else {}
        if found:
            # Remembered by content, so that nobody waits for them in the transaction.
            scenarios.run_files(found)
            trials.run_dropped(older, found)
        done = page.act(lambda uow, actor: publishing.upload(uow, actor, files))
    except ModelRefused as error:
        return _refused(error.problems, files)
    except NotFound:
        return _refused((Problem("", None, "no-pack", say(_NO_PACK)),), {})
    return page.go(url_for("studio.deployment", deployment_id=done.deployment.id), say("The files were checked and stored."))


@blueprint.get("/procedures/deployments/<deployment_id>")
def deployment(deployment_id: str) -> page.Answer:
    """One deployment: what it brings, and the decision of a second person when it waits for one."""
    with page.reading() as (uow, actor):
        return _deployment_page(uow, actor, deployment_id)


@blueprint.post("/procedures/deployments/<deployment_id>/decision")
def decide(deployment_id: str) -> page.Answer:
    """Approve or reject a deployment that waits."""
    approve, reason = request.form.get("decision") == "approve", request.form.get("reason", "").strip()
    if not approve and not reason:
        with page.reading() as (uow, actor):
            message = say("Say why it is rejected, so that its author can correct it.")
            return _deployment_page(uow, actor, deployment_id, Invalid(message, (FieldError("/reason", "missing", message),)))
    seen = request.form.get("scenarios_seen") == "1"
    try:
        page.act(lambda uow, actor: publishing.decide(uow, actor, deployment_id, approve, reason=reason, scenarios_seen=seen))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _deployment_page(uow, actor, deployment_id, wrong)
    said = say("Approved: new cases start with it.") if approve else say("Rejected: nothing of it will run.")
    return page.go(url_for("studio.deployment", deployment_id=deployment_id), said)


def _refused(problems: tuple[Problem, ...], files: Mapping[str, bytes]) -> Response:
    marked = {p.file for p in problems if p.element_id}
    diagrams = {name: content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".bpmn") and name in marked}
    with page.reading() as (uow, actor):
        return page.render(
            "studio/upload.html", uow, actor, here="studio", status=422, problems=problem_places.tell(problems, files), diagrams=diagrams
        )


def _deployment_page(uow: UnitOfWork, actor: Actor, deployment_id: str, wrong: Invalid | None = None) -> Response:
    found = deployments.get(uow, actor, deployment_id)
    brought = definitions.of_deployment(uow, actor, deployment_id)
    values: dict[str, Any] = {"deployment": found, "given": request.form}
    values["wrong"] = {error.path.lstrip("/"): error.message for error in wrong.errors} if wrong else {}
    values["deadlines"] = ladder_changes.of_deployment(uow, actor, found)
    compared = comparing.of_deployment(uow, actor, deployment_id)
    different = {file.name: file.kind for file in compared.files if file.before != file.after}
    drawn = [one for one in brought if one.file in different]
    values |= {"comparison": compared, "definitions": drawn, "renewed": len(brought) - len(drawn)}
    values["by_setting"] = set(different.values()) <= {"pack", "scenario"}
    change = publishing.change_of(uow, actor, deployment_id)
    authors = publishing.authors(uow, (change,))[change.id] if change else publishing.authors_of_upload(uow, found)
    values["deciders"] = naming.who_may(uow, actor, Act.DEFINITION_APPROVE)
    values |= {"change": change, "own": actor.person_id in authors | {found.deployed_by}}
    decider = publishing.decider(uow, actor, found) if found.state is DeploymentState.PENDING else None
    values |= {"may_decide": decider is not None, "absent": deciding.in_place_of(uow, decider)}
    values |= {"outlines": {name: nested(told) for name, told in compared.told.items()}, "rows": file_changes.columns}
    values["fresh"] = found.pack is not None and all(file.mark == "added" for file in compared.files if file.kind == "pack")
    values["fresh"] = values["fresh"] and any(file.kind == "pack" for file in compared.files)
    tried = trials.of_deployment(uow, actor, deployment_id)
    values |= {"failing": trials.failing(tried), "taken": trials.taken(tried)}
    values["author"] = naming.of_person(uow, found.deployed_by)
    values["unheld"] = unheld.advice(uow, actor, found.pack, compared) if found.state is DeploymentState.PENDING else ()
    values["passed"] = comparing.scenarios_of(uow, actor, deployment_id)
    return page.render("studio/deployment.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _elements(found: Definition) -> list[tuple[str, Mapping[str, object]]]:
    """(id, what the manifest says) of the elements of the definition's process, user tasks first."""
    manifest = found.manifest
    if not isinstance(manifest, dict):
        raise NotFound
    elements: Mapping[str, Mapping[str, object]] = manifest.get("elements", {}).get(found.key, {})
    return sorted(elements.items(), key=lambda item: (item[1].get("type") != "userTask", str(item[1].get("name") or item[0])))
