"""The parts of a pack about telling people outside of the pages: mail, its hours, and what people choose about together."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, fixed, named, told
from engine.language import noted
from engine.model.packs import ValueType
from engine.model.telling import Way
from engine.operations.drafting.pack_choices import Around

_WAYS: Mapping[str, str] = noted(
    {
        Way.MAIL: "A mail at once",
        Way.DIGEST: "One mail a day",
        Way.INBOX: "In the inbox only",
        Way.NONE: "Not at all",
    }
)


def _moments(around: Around) -> Options:
    """Facts that are a date and time and are kept for lists, so that they can stand in calendars."""
    known = around.raw.get("variables", {})
    return tuple(
        (key, str(entry.get("label", key))) for key, entry in known.items() if entry.get("type") == ValueType.DATETIME and entry.get("fact")
    )


TELLING = Part(
    "telling",
    "Mail",
    "mail",
    "When mail goes out, and its texts that are the same for everybody: no number, no title, no name, as others may read them.",
    (
        Field("quiet", "Quiet hours", "lines", "From and to, one a line: 21:00 and 07:00. Mail waits until they end.", optional=True),
        Field("digest_at", "The one mail a day comes at", help="As in 08:00.", optional=True),
        Field(
            "digest",
            "The one mail a day",
            "texts",
            "{count} stands for how much is new.",
            optional=True,
            cells=(Cell("subject", "Subject"), Cell("text", "Text")),
        ),
        Field("due_title", "What a due date is called in calendars", optional=True),
        Field(
            "appointments",
            "Appointments in calendars",
            "rows",
            "Facts that are a date and time, with what they are called there and how many minutes they take.",
            optional=True,
            cells=(Cell("variable", "Fact", _moments), Cell("title", "Title"), Cell("minutes", "Minutes", number=True)),
        ),
        Field(
            "contact",
            "Where somebody says how they can be reached safely",
            "texts",
            "A form about one participant, its question, and the answer that allows mail. Without that answer no mail goes out.",
            optional=True,
            cells=(Cell("form", "Form"), Cell("field", "Question"), Cell("mail", "Answer that allows mail")),
        ),
    ),
    whole=True,
)
KINDS = Part(
    "telling-kinds",
    "Kinds of mail",
    "kind of mail",
    "Notices that people choose about together, and the one mail that stands for all of them. A notice of no kind is in the inbox only.",
    (
        Field("label", "Label", help="What people read where they choose."),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field("notices", "For these notices", "checks", options=lambda around: around.notices),
        Field("subject", "Subject", help="The same for everybody: nothing of a case, and no braces."),
        Field("text", "Text", "long", "The same for everybody: nothing of a case, and no braces."),
        Field("ways", "Ways that may be chosen", "checks", "Without any: all.", fixed(_WAYS), optional=True),
        Field("way", "Way unless somebody chooses", "select", "Without one: the first that may be chosen.", fixed(_WAYS), optional=True),
        Field("roles", "Who is asked about it", "checks", "Without any: everybody.", lambda around: around.roles, optional=True),
    ),
    listed=True,
    at=("telling", "kinds"),
    columns=(
        ("Kind", told("label")),
        ("Notices", lambda entry, around: "\n".join(named(around.notices, one) for one in entry.get("notices", []))),
        ("Subject", told("subject")),
    ),
)
