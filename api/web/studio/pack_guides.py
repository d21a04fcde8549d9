"""The part of a pack with what people can read up beside their tasks."""

from __future__ import annotations

from api.web.studio.pack_fields import Field, Options
from api.web.studio.pack_part import Part, named, told
from engine.language import say
from engine.operations.drafting.pack_choices import Around


def _tasks(around: Around) -> Options:
    """What a guide can be for, as its selectors."""
    return (
        *((f"form:{key}", say("Task with the form “{title}”", title=title)) for key, title in around.forms),
        *((f"duty:{duty}", say("Duty: {name}", name=duty)) for duty in around.duties),
        *around.tasks,
    )


GUIDES = Part(
    "guides",
    "Guides",
    "guide",
    "What people can read up beside a task: a few lines, or where to find more. Shown by what the case is about.",
    (
        Field("title", "Title"),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field(
            "text",
            "Text",
            "long",
            "An empty line begins a new paragraph, a dash a point of a list. **Bold**, *slanted*, [words](https://address).",
            optional=True,
        ),
        Field("link", "Address on the web", help="Where more stands: https://…", optional=True),
        Field("at", "For these tasks", "checks", "Without any: for every task.", _tasks, optional=True),
        Field(
            "when",
            "Only if",
            help="A condition over the facts of the case, such as sum > 100.",
            optional=True,
        ),
        Field("until", "Shown until", "date", "Then somebody looks whether it still holds, and gives a new day.", optional=True),
        Field("staff", "Kept from people outside of the program", "check"),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Guide", told("title")),
        ("Tasks", lambda entry, around: ", ".join(named(_tasks(around), one) for one in entry.get("at", [])) or say("every task")),
        ("Only if", told("when")),
        ("Shown until", told("until")),
    ),
)
