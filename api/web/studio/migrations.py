"""Running cases brought to another version, as pages: rehearsed with counts and reasons, proposed, approved, followed, undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployed_views import DefinitionLine
from engine.model.errors import Conflict, Invalid, NotFound
from engine.model.migration import Fate, Progress, Rehearsal, Why
from engine.model.packs import Act
from engine.model.states import DeploymentState, MigrationState
from engine.operations import naming
from engine.operations.deploying import definitions
from engine.operations.releasing import migration, rehearsals
from engine.store import UnitOfWork

blueprint = Blueprint("running_cases", __name__, url_prefix="/procedures")

#: how the select boxes of the mapping are called: `map.process/element`
_MAP = "map."

WHYS = noted(
    {
        Why.GONE: "The other version has no such step.",
        Why.ELSEWHERE: "In the other version it lies in another sub-process, or in none.",
        Why.KIND: "In the other version it is another kind of step.",
        Why.EVENT: "In the other version it waits for another kind of event.",
        Why.REPEATS: "In the other version it repeats in another way.",
        Why.CALLED: "In the other version it calls another procedure.",
        Why.WORK: "In the other version it asks for another kind of outside work.",
        Why.BRANCH: "In the other version the branch by which it came here is gone.",
        Why.BLOCKED: "It would wait here for ever, for a branch that nobody is on.",
        Why.VALUE: "Something that the other version needs here cannot be worked out: a person, a time or a key.",
        Why.MOVING: "It is in the middle of a step; look again in a moment.",
    }
)
#: what to do about a reason, where something can be done
ADVICE = noted({Why.GONE: "Choose below which step it is now.", Why.KIND: "Choose below another step, or let the case end on its version."})


@blueprint.get("/<key>/migrate")
def show(key: str) -> page.Answer:
    """Choose two versions and see what would become of every running case."""
    with page.reading() as (uow, actor):
        return _rehearsal_page(uow, actor, key)


@blueprint.post("/<key>/migrate")
def propose(key: str) -> page.Answer:
    """Propose what the page shows."""
    old, new = (request.form.get(name, type=int) or 0 for name in ("from", "to"))
    mapping, why = _mapping(request.form), request.form.get("why", "")
    try:
        found, who = page.act(
            lambda uow, actor: (
                migration.propose(uow, actor, key, old, new, mapping, why=why),
                naming.who_may(uow, actor, Act.INSTANCE_CONTROL),
            )
        )
    except (Invalid, Conflict) as wrong:
        with page.reading() as (uow, actor):
            return _rehearsal_page(uow, actor, key, wrong.message)
    return page.go(url_for("running_cases.follow", migration_id=found.id), say("Proposed. Who decides: {roles}.", roles=who))


def _mapping(values: Any) -> dict[str, str] | None:
    found = {name.removeprefix(_MAP): str(value) for name, value in values.items() if name.startswith(_MAP)}
    return found if found or "mapped" in values else None


def _rehearsal_page(uow: UnitOfWork, actor: Actor, key: str, wrong: str | None = None) -> Response:
    line, every = definitions.with_versions(uow, actor, key)
    versions = [one for one in every if one.definition.state is DeploymentState.ACTIVE]
    values = request.values
    new = values.get("to", type=int) or line.definition.version
    old = values.get("from", type=int) or _left(line, versions, new)
    found = None
    if old is not None:
        try:
            found = rehearsals.rehearse(uow, actor, key, old, new, _mapping(values))
        except (Invalid, Conflict, NotFound) as error:
            wrong = wrong or error.message
    said: dict[str, Any] = {"line": line, "versions": versions, "old": old, "new": new, "found": found, "wrong": wrong}
    said |= {"may_propose": migration.may_propose(uow, actor), "why": values.get("why", ""), **_words(found)}
    inside = definitions.callers(uow, actor, key, old) if found is not None and not found.total and old else ()
    said |= {"inside": inside, "titles": definitions.titles(uow, actor), "deciders": naming.who_may(uow, actor, Act.INSTANCE_CONTROL)}
    said["earlier"] = migration.list_(uow, actor, key)
    return page.render("studio/migrate.html", uow, actor, here="studio", status=422 if wrong else 200, **said)


def _left(line: DefinitionLine, versions: list[DefinitionLine], new: int) -> int | None:
    """The version that most cases run on, beside the one they are to go to; else the newest other one."""
    others = [one.definition.version for one in versions if one.definition.version != new]
    return max(others, key=lambda version: (line.running_by_version.get(version, 0), version), default=None)


def _words(found: Rehearsal | None) -> dict[str, Any]:
    stranded = found is not None and found.counts.get(Fate.STRANDED, 0)
    return {"whys": WHYS, "advice": ADVICE, "fates": Fate, "stranded": stranded or 0}


@blueprint.get("/migrations/<migration_id>")
def follow(migration_id: str) -> page.Answer:
    """One migration: what it would do, the decision, how far it is, what became of each case, undo."""
    with page.reading() as (uow, actor):
        return _progress_page(uow, actor, migration_id)


def _progress_page(uow: UnitOfWork, actor: Actor, migration_id: str, wrong: str | None = None) -> Response:
    progress = migration.get(uow, actor, migration_id)
    found = _again(uow, actor, progress) if progress.migration.state is MigrationState.PROPOSED else None
    values = {"progress": progress, "found": found, "wrong": wrong, "titles": definitions.titles(uow, actor), **_words(found)}
    values["deciders"] = naming.who_may(uow, actor, Act.INSTANCE_CONTROL)
    return page.render("studio/migration.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _again(uow: UnitOfWork, actor: Actor, progress: Progress) -> Rehearsal:
    """The rehearsal as it is now: cases move on while a proposal waits."""
    asked = progress.migration
    mapping = asked.mapping if isinstance(asked.mapping, dict) else {}
    return rehearsals.rehearse(uow, actor, asked.key, asked.from_version, asked.to_version, mapping)


@blueprint.get("/migrations/<migration_id>/progress")
def fragment(migration_id: str) -> page.Answer:
    """How far it is; asked for again and again while it goes on."""
    with page.reading() as (uow, actor):
        progress = migration.get(uow, actor, migration_id)
        answer = page.render("studio/migration_progress.html", uow, actor, here="studio", progress=progress, **_words(None))
    if progress.migration.state not in (MigrationState.RUNNING, MigrationState.UNDOING):
        answer.headers["HX-Refresh"] = "true"  # what can be done next stands around it
    return answer


@blueprint.post("/migrations/<migration_id>/decision")
def decide(migration_id: str) -> page.Answer:
    """Approve or reject a proposal."""
    approve, reason = request.form.get("decision") == "approve", request.form.get("reason", "").strip()
    try:
        page.act(lambda uow, actor: migration.decide(uow, actor, migration_id, approve, reason=reason))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _progress_page(uow, actor, migration_id, wrong.message)
    return _back(migration_id, say("Approved: the cases go over one by one.") if approve else say("Rejected: no case moves."))


@blueprint.post("/migrations/<migration_id>/withdrawal")
def take_back(migration_id: str) -> AnyResponse:
    """Take a proposal back."""
    page.act(lambda uow, actor: migration.take_back(uow, actor, migration_id))
    return _back(migration_id, say("Taken back: no case moves."))


@blueprint.post("/migrations/<migration_id>/undoing")
def undo(migration_id: str) -> AnyResponse:
    """Bring the cases back."""
    page.act(lambda uow, actor: migration.undo(uow, actor, migration_id))
    return _back(migration_id, say("The cases come back one by one."))


def _back(migration_id: str, said: str) -> AnyResponse:
    return page.go(url_for("running_cases.follow", migration_id=migration_id), said)
