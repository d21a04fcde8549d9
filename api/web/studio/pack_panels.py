"""The part of a pack with the panels of a case's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.studio import pack_words
from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, fixed, named, told
from engine.language import say
from engine.operations.drafting.pack_choices import Around


def _forms(around: Around) -> Options:
    return around.forms


def _kind(entry: Mapping[str, Any]) -> str:
    kind = str(entry.get("kind", "records"))
    return say(pack_words.PANELS[kind]) if kind in pack_words.PANELS else ""


PANELS = Part(
    "panels",
    "Record panels",
    "panel",
    "Parts of the page of a case: what people wrote in tasks, and what they add beside them.",
    (
        Field("title", "Title"),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field("kind", "Shown as", "select", options=fixed(pack_words.PANELS), optional=True),
        Field("forms", "Forms of tasks that it shows", "checks", options=_forms, optional=True),
        Field("columns", "Columns", "lines", "Names of fields, one a line. Without any, all are shown.", optional=True),
        Field("entries", "Forms to add something with", "checks", options=_forms, optional=True),
        Field("adds", "Who may add", "checks", options=lambda around: around.roles, optional=True),
        Field("about", "Form and the role of whom it is about", "pairs", optional=True),
        Field("staff", "Kept from people outside of the program", "check", optional=True),
        Field("date", "Question with the date", help="Name of the field; lists are in its order.", optional=True),
        Field("state", "Question that says how far it is", help="Name of the field.", optional=True),
        Field("done", "Answers that mean done", "lines", "Codes, one a line.", optional=True),
        Field("released", "Class once it is released", "select", options=lambda around: around.classes, optional=True),
        Field("permission", "Form for the permission", "select", options=_forms, optional=True),
        Field("signatures", "Form of tasks that signs it", "select", options=_forms, optional=True),
        Field(
            "criteria",
            "What has to come first",
            "rows",
            "A form for entries waits until one of these records is there, or everybody's own entry; the text says what to do first. "
            "Names of forms, with commas.",
            optional=True,
            cells=(
                Cell("form", "Form that waits", _forms),
                Cell("since", "Counted from the newest", _forms),
                Cell("records", "Records, any of", many=True),
                Cell("each", "Or everybody's entry", _forms),
                Cell("label", "What to do first"),
            ),
        ),
        Field(
            "tells",
            "Messages to the procedure",
            "rows",
            "Sent when an entry makes the condition true: over entry and earlier, process facts only. They carry nothing.",
            optional=True,
            cells=(Cell("form", "Form", _forms), Cell("when", "When"), Cell("message", "Message")),
        ),
        Field(
            "balance",
            "Entries about each participant, compared",
            "texts",
            "Names of forms and of questions for minutes, with commas; the setting says from which difference on it is told.",
            optional=True,
            cells=(
                Cell("forms", "Forms", many=True),
                Cell("minutes", "Questions for minutes", many=True),
                Cell("limit", "Setting with the difference"),
                Cell("shown", "Shown beside tasks with these forms", many=True),
            ),
        ),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Panel", told("title")),
        ("Shown as", lambda entry, around: _kind(entry)),
        ("Forms", lambda entry, around: ", ".join(named(around.forms, key) for key in entry.get("forms", []) + entry.get("entries", []))),
    ),
)
