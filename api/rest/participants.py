"""People in case roles, as requests name them; shared by opening a case, starting a process and adding somebody later."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from api.rest.fields import line
from engine.operations.people import memberships


class NewParticipant(Schema):
    """Somebody in a case role: a person known by id, or a new one by name."""

    role = line(required=True, longest=100)
    person_id = line(load_default=None, allow_none=True)
    name = line(load_default=None, allow_none=True)
    email = line(load_default=None, allow_none=True)
    phone = line(load_default=None, allow_none=True, longest=50)
    language = line(load_default="en", longest=20)

    @validates_schema
    def person_or_name(self, data: dict[str, Any], **_: Any) -> None:
        """One of the two has to say who it is."""
        if bool(data["person_id"]) == bool(data["name"]):
            raise ValidationError("Give either person_id, or the name of a new person.")


def new_participants(found: list[dict[str, Any]]) -> tuple[memberships.NewParticipant, ...]:
    """The engine's values of what a request holds."""
    return tuple(memberships.NewParticipant(**one) for one in found)
