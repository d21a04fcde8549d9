"""Field types that the schemas share."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

#: the longest name, title or address that is taken, in characters
MAX_LINE = 300
#: the longest sentence or reason that is taken, in characters
MAX_REASON = 2000
MAX_LIMIT = 200


def line(*, required: bool = False, longest: int = MAX_LINE, **more: Any) -> fields.String:
    """A line of text that is not empty."""
    return fields.String(required=required, validate=validate.Length(min=1, max=longest), **more)


def text(*, longest: int = MAX_REASON, **more: Any) -> fields.String:
    """Text that may be empty."""
    return fields.String(validate=validate.Length(max=longest), **more)


def plain_object(**more: Any) -> fields.Dict:
    """A JSON object with any content."""
    return fields.Dict(keys=fields.String(), **more)


def flag(**more: Any) -> fields.Boolean:
    """true or false, and nothing that merely resembles them."""
    return fields.Boolean(truthy={True}, falsy={False}, **more)


class Query(Schema):
    """Parameters of a list, in the address."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    cursor = line(load_default=None, longest=2000, metadata={"description": "next, as the page before told it"})
    limit = fields.Integer(
        load_default=50, validate=validate.Range(min=1, max=MAX_LIMIT), metadata={"description": f"How many items, up to {MAX_LIMIT}"}
    )


class Empty(Schema):
    """A body that may be left out."""


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(metadata={"description": "urn:parley:problem: and the code"})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "What went wrong and what to do"})
    code = fields.String(metadata={"description": "Stable"})
    errors = fields.List(fields.Dict(), metadata={"description": "path (JSON Pointer), code, message; with 422"})
    problems = fields.List(
        fields.Dict(),
        metadata={
            "description": "element_id, code, message, file, level (refuse or warn), also (other elements of the same problem); "
            "when a deployment is refused"
        },
    )


@cache
def listing(item: type[Schema]) -> Schema:
    """The schema of a page of items, for the documentation."""
    made = Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(allow_none=True, metadata={"description": "cursor of the next page; null at the end"}),
        },
        name=f"{item.__name__}List",
    )
    return made()
