"""The parts of a pack about what it promises: messages that people may send, how long is kept, what it checks of itself."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, fixed, named, told
from engine.language import noted, say
from engine.operations.drafting.pack_choices import Around

_LEVELS: Mapping[str, str] = noted({"off": "Not checked", "warn": "Shown as advice", "refuse": "Has to be mended before sending"})
_RULES: Mapping[str, str] = noted(
    {
        "lint-shows-nothing": "A task shows what its people may not read",
        "lint-content-read": "Content is read where the flow is steered or something is sent",
        "lint-data-in-mail": "A mail carries facts",
        "lint-required-missing": "Something that has to stay was taken out",
        "lint-report-field": "A report has a field that may not be told",
        "no-due-date": "A task has no due date",
        "lint-time-past": "A time lies in the past",
        "lint-way-around": "There is a way around something that has to come before",
        "lint-asks-another": "Somebody is asked for another person",
        "lint-never-begun": "Nothing begins a procedure",
        "lint-translation-missing": "A text has no words in another language",
    }
)
_SOURCES: Mapping[str, str] = noted({"self": "Who sends it, or whom it is about", "given": "A fact that they state"})


def _steps(around: Around) -> Options:
    """What can be named of the drawings, as selectors (`engine.packs.selecting`)."""
    return (
        *((f"duty:{duty}", say("Duty: {name}", name=duty)) for duty in around.duties),
        *((f"form:{key}", say("Task with the form “{title}”", title=title)) for key, title in around.forms),
        *((f"calls:{key}", say("Call of the procedure “{name}”", name=name)) for key, name in around.processes),
        *((key, say("Step {name}", name=name)) for key, name in around.tasks),
    )


MESSAGES = Part(
    "messages",
    "Messages people may send",
    "message",
    "Buttons on the page of a case, shown while a procedure waits for the message.",
    (
        Field("label", "Label", help="What the button says."),
        Field("name", "Name", help="The name that diagrams wait for, such as BookRecalled."),
        Field("roles", "Sent by", "checks", options=lambda around: around.roles),
        Field("confirm", "Asked before it is sent", "long", "What happens then, in a sentence or two.", optional=True),
        Field("of", "Staff choose somebody in this role", "select", options=lambda around: around.roles, optional=True),
        Field(
            "payload",
            "What it carries",
            "keyed",
            "Only facts. Leave a name empty to take its line out.",
            optional=True,
            cells=(Cell("fact", "Fact"), Cell("from", "Where it comes from", fixed(_SOURCES))),
        ),
    ),
    listed=True,
    columns=(
        ("Message", told("label")),
        ("Name", told("name")),
        ("Sent by", lambda entry, around: ", ".join(named(around.roles, role) for role in entry.get("roles", []))),
    ),
)
RETENTION = Part(
    "retention",
    "Retention",
    "class",
    "How long after a case is closed what stands in a class has to be kept. A class that is not named is kept.",
    (Field("retention", "Kept after closure", "spans", options=lambda around: around.classes, optional=True),),
    whole=True,
)
LINT = Part(
    "lint",
    "What procedures are held to",
    "rule",
    "What every change is checked for. Of these rules and those that hold now the stricter count.",
    (
        Field(
            "levels",
            "How much each rule matters",
            "levels",
            options=fixed(_LEVELS),
            optional=True,
            cells=tuple(Cell(code, words) for code, words in _RULES.items()),
        ),
        Field("required", "No change may take out", "checks", options=_steps, optional=True),
        Field(
            "before",
            "What has to come before",
            "order",
            "No way may lead to the first without the second.",
            optional=True,
            cells=(Cell("element", "No way to", _steps), Cell("needs", "without", _steps)),
        ),
        Field(
            "reports",
            "Reports that leave the program",
            "keyed",
            "The only fields that each may have.",
            optional=True,
            cells=(Cell("form", "Form", lambda around: around.forms), Cell("fields", "Fields, with commas", many=True)),
        ),
        Field(
            "exceptions",
            "Exceptions",
            "rows",
            "A problem that is allowed at one place. Whoever approves the change approves the reason.",
            optional=True,
            cells=(Cell("code", "Rule", fixed(_RULES)), Cell("at", "Place, as the problem names it"), Cell("reason", "Reason")),
        ),
    ),
    whole=True,
    at=("policies", "lint"),
)
