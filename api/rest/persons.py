"""Persons: who is known to the program, and the program roles they hold."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import Query, flag, line, listing
from api.rest.schemas_people import Made, Person
from engine.model.access import Actor
from engine.model.views import Page, PersonLine
from engine.operations.people import people
from engine.store import UnitOfWork

blueprint = edge.blueprint("persons", "People and their program roles")


class Filter(Query):
    """Which persons are listed."""

    text = line(load_default="", metadata={"description": "part of a name"})


class NewPerson(Schema):
    """Somebody new."""

    name = line(required=True)
    email = line(load_default=None, allow_none=True)
    phone = line(load_default=None, allow_none=True, longest=50)
    language = line(load_default="en", longest=20)
    staff = flag(load_default=False, metadata={"description": "works for the program"})
    roles = fields.List(line(longest=100), load_default=list, validate=validate.Length(max=50))


class Change(Schema):
    """What changes; what is left out stays."""

    name = line()
    email = line(allow_none=True)
    phone = line(allow_none=True, longest=50)
    language = line(longest=20)


class RoleName(Schema):
    """A program role."""

    role = line(required=True, longest=100)


class Role(Schema):
    """A program role that can be given."""

    key = fields.String()
    label = fields.String()


def _stamp(person: PersonLine) -> str:
    return repr(person)


@blueprint.get("/roles")
@blueprint.response(200, listing(Role))
def roles() -> Response:
    """The program roles that can be given."""
    return edge.listed(Role(), lambda uow, actor: Page(tuple({"key": key, "label": label} for key, label in people.roles(uow, actor))))


@blueprint.get("/persons")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(Person))
def list_(args: dict[str, Any]) -> Response:
    """People of the program, by name."""
    return edge.listed(Person(), lambda uow, actor: people.list_(uow, actor, **args))


@blueprint.post("/persons")
@blueprint.arguments(NewPerson)
@blueprint.response(201, Made)
def add(args: dict[str, Any]) -> Response:
    """Add a person."""
    return edge.write(Made(), lambda uow, actor: people.add(uow, actor, **{**args, "roles": tuple(args["roles"])}), status=201)


@blueprint.get("/persons/<id:person_id>")
@blueprint.response(200, Person)
def get(person_id: str) -> Response:
    """One person."""
    return edge.read(Person(), lambda uow, actor: people.get(uow, actor, person_id), stamp=_stamp)


@blueprint.patch("/persons/<id:person_id>")
@blueprint.arguments(Change)
@blueprint.response(200, Made)
def change(args: dict[str, Any], person_id: str) -> Response:
    """Change a person's name, contacts or language."""
    changes = {name: "" if value is None else value for name, value in args.items()}
    return _act(person_id, lambda uow, actor: people.change(uow, actor, person_id, **changes))


@blueprint.post("/persons/<id:person_id>/deactivation")
@blueprint.response(200, Made)
def deactivate(person_id: str) -> Response:
    """Nobody can sign in as this person any more, and no new task reaches them."""
    return _act(person_id, lambda uow, actor: people.deactivate(uow, actor, person_id))


@blueprint.post("/persons/<id:person_id>/reactivation")
@blueprint.response(200, Made)
def reactivate(person_id: str) -> Response:
    """Undo a deactivation."""
    return _act(person_id, lambda uow, actor: people.reactivate(uow, actor, person_id))


@blueprint.post("/persons/<id:person_id>/roles")
@blueprint.arguments(RoleName)
@blueprint.response(200, Made)
def give_role(args: dict[str, Any], person_id: str) -> Response:
    """Give a program role."""
    return _act(person_id, lambda uow, actor: people.give_role(uow, actor, person_id, args["role"]))


@blueprint.delete("/persons/<id:person_id>/roles/<key:role>")
@blueprint.response(200, Made)
def end_role(person_id: str, role: str) -> Response:
    """End a program role."""
    return _act(person_id, lambda uow, actor: people.end_role(uow, actor, person_id, role))


def _act(person_id: str, act: edge.Verb[object]) -> Response:
    """Change a person; the answer is the id alone, as contacts are not kept with idempotency keys."""

    def done(uow: UnitOfWork, actor: Actor) -> dict[str, str]:
        act(uow, actor)
        return {"id": person_id}

    return edge.write(Made(), done, current=lambda uow, actor: people.get(uow, actor, person_id), stamp=_stamp, tagged=False)
