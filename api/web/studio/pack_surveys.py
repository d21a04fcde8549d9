"""The part of a pack with its surveys: questions whose answers are counted and never kept with who gave them."""

from __future__ import annotations

from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, named, told
from engine.operations.drafting.pack_choices import Around


def _notices(around: Around) -> Options:
    return around.notices


SURVEYS = Part(
    "surveys",
    "Surveys",
    "survey",
    "Questions to those whom a case was about. Answers are counted and told as figures; nothing is kept of who gave them.",
    (
        Field("title", "Title"),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field(
            "form",
            "Form with the questions",
            "select",
            "Only scales, lists, and yes or no: nothing that somebody writes.",
            lambda around: around.forms,
        ),
        Field("invitation", "Notice that invites", "select", "Whoever a procedure sends it to may answer.", _notices),
        Field(
            "reminder",
            "Notice that reminds",
            "select",
            "Sent to all who were invited, whether they answered or not: nobody knows who did.",
            _notices,
            optional=True,
            none="None",
        ),
        Field("remind_after", "Reminded after", "amount", optional=True),
        Field("open_for", "Can be answered for", "amount"),
        Field("split", "Answers are told apart by", help="A heading, such as “How the case ended”.", optional=True),
        Field(
            "parts",
            "Groups of answers",
            "rows",
            "Each answer counts in the first group whose condition holds when people are asked.",
            optional=True,
            cells=(Cell("key", "Short name"), Cell("title", "Title"), Cell("where", "Condition")),
        ),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Survey", told("title")),
        ("Notice that invites", lambda entry, around: named(_notices(around), str(entry.get("invitation", "")))),
    ),
)
