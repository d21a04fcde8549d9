"""Running instances brought to another version: rehearsed, proposed, approved by a second person, undone."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, pre_dump, validate

from api.rest import edge
from api.rest.fields import MAX_REASON, flag, line, listing, text
from api.rest.schemas import own
from engine.model import migration as model
from engine.model.migration import Progress
from engine.model.views import Page
from engine.operations.releasing import migration, rehearsals

blueprint = edge.blueprint("migrations", "Running instances brought to another version of their process")

#: most elements that one mapping names
MAX_MAPPED = 2000
_VERSION = validate.Range(min=1, max=2**31 - 1)
_MAPPING = "element by process/element → its id in the other version; left out: guessed by id, then name; empty text: none"


class Asked(Schema):
    """From which version to which, and which elements belong together."""

    from_version = fields.Integer(required=True, strict=True, validate=_VERSION)
    to_version = fields.Integer(required=True, strict=True, validate=_VERSION)
    mapping = fields.Dict(
        keys=line(longest=600),
        values=fields.String(validate=validate.Length(max=MAX_REASON)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MAX_MAPPED),
        metadata={"description": _MAPPING},
    )


class Proposed(Asked):
    """A proposal."""

    why = text(load_default="", metadata={"description": "about the procedure, never about a case"})


class Decision(Schema):
    """A second person's decision."""

    approve = flag(required=True)
    reason = text(load_default="", metadata={"description": "needed to reject"})


class Line(Schema):
    """What happens at one element, and in how many instances."""

    process_key = fields.String()
    element_id = fields.String()
    name = fields.String(metadata={"description": "empty for a step that few may know of"})
    fate = fields.String(metadata={"description": "unchanged, moved, dropped, added or stranded"})
    number = fields.Integer()
    to = fields.String(allow_none=True)
    why = fields.String(allow_none=True, metadata={"description": "why it strands"})
    soonest = fields.AwareDateTime(allow_none=True, metadata={"description": "the soonest of the timers that are kept"})


class CaseFate(Schema):
    """What happens to one instance."""

    instance_id = fields.String()
    case_id = fields.String()
    number = fields.String()
    fate = fields.String(metadata={"description": "unchanged, moved or stranded"})


class Rehearsal(Schema):
    """What a migration would make of every running instance."""

    key = fields.String()
    from_version = fields.Integer()
    to_version = fields.Integer()
    mapping = fields.Dict(keys=fields.String(), values=fields.String())
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    lines = fields.List(fields.Nested(Line))
    drafts_kept = fields.Integer()
    drafts_other_form = fields.Integer()
    cases = fields.List(fields.Nested(CaseFate), allow_none=True, metadata={"description": "null for who may not control cases"})


class Migration(Schema):
    """A proposal and what became of it."""

    id = fields.String()
    key = fields.String()
    from_version = fields.Integer()
    to_version = fields.Integer()
    mapping = fields.Dict(keys=fields.String(), values=fields.String())
    why = fields.String()
    state = fields.String(metadata={"description": "proposed, running, done, rejected, withdrawn, undoing or undone"})
    proposed_by = fields.String(allow_none=True)
    proposed_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decision_reason = fields.String(allow_none=True)
    undone_by = fields.String(allow_none=True)
    undone_at = fields.AwareDateTime(allow_none=True)


class CaseResult(Schema):
    """What became of one instance."""

    instance_id = fields.String()
    case_id = fields.String()
    number = fields.String()
    state = fields.String(metadata={"description": "waiting, migrated, stranded, passed, failed, leaving, undone or kept"})


class Followed(Migration):
    """A migration with how far it is."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "instances by state"})
    cases = fields.List(fields.Nested(CaseResult), allow_none=True, metadata={"description": "null for who may not control cases"})

    @pre_dump
    def _flat(self, progress: Progress, **_: Any) -> dict[str, Any]:
        return {**own(Migration, progress.migration), "counts": progress.counts, "cases": progress.cases}


def stamp(found: model.Migration) -> str:
    """What a migration's ETag is made of."""
    return f"{found.id}:{found.state}"


@blueprint.post("/process-definitions/<key:key>/rehearsals")
@blueprint.arguments(Asked)
@blueprint.response(200, Rehearsal)
def rehearse(args: dict[str, Any], key: str) -> Response:
    """See what a migration would do; nothing is changed by it."""
    return edge.read(Rehearsal, lambda uow, actor: rehearsals.rehearse(uow, actor, key, **args))


@blueprint.post("/process-definitions/<key:key>/migrations")
@blueprint.arguments(Proposed)
@blueprint.response(201, Migration)
def propose(args: dict[str, Any], key: str) -> Response:
    """Propose a migration; nothing moves before somebody else who controls cases approves it."""
    return edge.write(Migration, lambda uow, actor: migration.propose(uow, actor, key, **args), status=201, stamp=stamp)


@blueprint.get("/process-definitions/<key:key>/migrations")
@blueprint.response(200, listing(Migration))
def list_(key: str) -> Response:
    """The migrations of a process, the last proposed first."""
    return edge.listed(Migration, lambda uow, actor: Page(migration.list_(uow, actor, key), None))


@blueprint.get("/migrations/<id:migration_id>")
@blueprint.response(200, Followed)
def get(migration_id: str) -> Response:
    """One migration, how far it is, and for who controls cases what became of each."""
    return edge.read(Followed, lambda uow, actor: migration.get(uow, actor, migration_id), stamp=lambda found: stamp(found.migration))


@blueprint.post("/migrations/<id:migration_id>/decision")
@blueprint.arguments(Decision)
@blueprint.response(200, Migration)
def decide(args: dict[str, Any], migration_id: str) -> Response:
    """Approve or reject a migration that somebody else proposed."""
    return edge.write(
        Migration,
        lambda uow, actor: migration.decide(uow, actor, migration_id, args["approve"], reason=args["reason"]),
        current=lambda uow, actor: migration.get(uow, actor, migration_id).migration,
        stamp=stamp,
    )


@blueprint.post("/migrations/<id:migration_id>/withdrawal")
@blueprint.response(200, Migration)
def take_back(migration_id: str) -> Response:
    """Take a proposal back."""
    return edge.write(Migration, lambda uow, actor: migration.take_back(uow, actor, migration_id), stamp=stamp)


@blueprint.post("/migrations/<id:migration_id>/undo")
@blueprint.response(200, Migration)
def undo(migration_id: str) -> Response:
    """Bring back every instance that did not move on since, to the very state it had."""
    return edge.write(Migration, lambda uow, actor: migration.undo(uow, actor, migration_id), stamp=stamp)
