"""The parts of a pack that have pages: what each is called, which fields its entries have, how an entry is told in a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.studio import pack_calendars, pack_panels, pack_telling, pack_words
from api.web.studio.pack_fields import Field, Options
from api.web.studio.pack_figures import CASELOAD, FIGURES, MEASURES
from api.web.studio.pack_guides import GUIDES
from api.web.studio.pack_part import Part, fixed, named, told
from api.web.studio.pack_promises import LINT, MESSAGES, RETENTION
from api.web.studio.pack_surveys import SURVEYS
from api.web.studio.pack_tiles import TILES
from engine.language import say
from engine.operations.drafting.pack_choices import Around
from engine.operations.wording import listed
from engine.packs.shape import NAME


def _duties(around: Around) -> Options:
    return (*around.roles, *((duty, say("Duty: {name}", name=duty)) for duty in around.duties))


def _facts(around: Around) -> Options:
    """The facts that are kept for lists."""
    return tuple((key, str(entry.get("label", key))) for key, entry in around.raw.get("variables", {}).items() if entry.get("fact"))


def _word(table: Mapping[str, str], key: object) -> str:
    return say(table[str(key)]) if str(key) in table else ""


def _key(help: str) -> Field:
    return Field("_key", "Short name", "text", help, optional=True, once=True)


_LABEL = Field("label", "Label", help="What people read.")

ROLES = Part(
    "roles",
    "Roles",
    "role",
    "Who does what, and sees what. Rights are given by class and by how somebody stands to a case.",
    (
        _LABEL,
        _key("For diagrams: lower case, digits and dashes. Made from the label when left empty."),
        Field("kind", "Held", "select", options=fixed(pack_words.KINDS)),
        Field(
            "staff",
            "Works for the program",
            "check",
            "Without it: an outside participant, who only ever answers for themselves.",
            otherwise=True,
        ),
        Field(
            "eligible",
            "Given only to who has this role in the program",
            "select",
            options=lambda around: around.program_roles,
            optional=True,
        ),
        Field("read", "Reads", "matrix", "What this role may read, by class.", lambda around: around.classes, optional=True),
        Field("write", "Writes", "matrix", "What this role may fill in, by class.", lambda around: around.classes, optional=True),
        Field("may", "May", "checks", options=fixed(pack_words.ACTS), optional=True),
    ),
    columns=(
        ("Role", told("label")),
        ("Held", lambda entry, around: _word(pack_words.KINDS, entry.get("kind"))),
        ("Reads", lambda entry, around: ", ".join(entry.get("read", {}))),
        ("Writes", lambda entry, around: ", ".join(entry.get("write", {}))),
    ),
)
LANES = Part(
    "lanes",
    "Lanes",
    "lane",
    "The role that does the tasks of a lane, for all diagrams.",
    (Field("lanes", "Lanes", "lanes", options=lambda around: around.roles, optional=True),),
    whole=True,
)
EXCLUSIONS = Part(
    "exclusions",
    "Duties that exclude each other",
    "exclusion",
    "Whoever ever held or did the one on a case may not do the other on it.",
    (Field("between", "Not both", "two", options=_duties), Field("reason", "Why", help="Told to who is refused.")),
    listed=True,
    columns=(
        ("Not both", lambda entry, around: say(" and ").join(named(_duties(around), one) for one in entry.get("between", []))),
        ("Why", told("reason")),
    ),
)
SETTINGS = Part(
    "settings",
    "Settings",
    "setting",
    "Values that diagrams read. A new value counts for cases that begin after approval; running cases keep theirs.",
    (
        _LABEL,
        _key("For diagrams: letters and digits, as in answerDue. Made from the label when left empty."),
        Field(
            "type",
            "Is",
            "select",
            options=fixed({key: pack_words.TYPES[key] for key in ("duration", "number", "boolean", "string")}),
            once=True,
        ),
        Field("default", "Value", "amount"),
        Field("min", "At least", "amount", optional=True),
        Field("max", "At most", "amount", optional=True),
    ),
    pattern=NAME,
    columns=(
        ("Setting", told("label")),
        ("Value", lambda entry, around: _value(entry, "default")),
        ("Bounds", lambda entry, around: _bounds(entry)),
    ),
)
VARIABLES = Part(
    "variables",
    "Facts",
    "fact",
    "The facts that steer procedures. Nothing else may become a variable; content never does.",
    (
        _LABEL,
        _key("For diagrams and forms: letters and digits. Made from the label when left empty."),
        Field("type", "Is", "select", options=fixed(pack_words.TYPES)),
        Field("values", "Codes and what they mean", "pairs", "Only for codes. Leave a line empty to take it out.", optional=True),
        Field("fact", "Kept for lists, search and reports", "check"),
        Field("staff", "Not told to outside participants", "check"),
    ),
    pattern=NAME,
    columns=(
        ("Fact", told("label")),
        ("Is", lambda entry, around: _word(pack_words.TYPES, entry.get("type"))),
        ("Told to", lambda entry, around: say("staff") if entry.get("staff") else say("everybody on the case")),
    ),
)


def _ladder(entry: Mapping[str, Any], around: Around) -> str:
    """A deadline rule by its label, else by its first tasks."""
    return str(entry.get("label") or "") or listed([_task(target, around) for target in entry.get("applies_to", [])], most=2)


def _task(target: str, around: Around) -> str:
    return say("every other task") if target == "*" else named(around.tasks, target).partition(": ")[2] or target


DEADLINES = Part(
    "deadline_rules",
    "Deadlines and reminders",
    "deadline rule",
    "What happens before and after a task is due. Of the rules that fit a task, the first counts. Live: approving moves what runs.",
    (
        Field("label", "Label", help="What people read. Without one it is called by its tasks.", optional=True),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field("rungs", "Steps of the ladder", "rungs"),
        Field(
            "working",
            "Counted in",
            "select",
            "The days and hours of the steps.",
            pack_calendars.working,
            optional=True,
            none="Calendar time: every day counts",
        ),
        Field(
            "applies_to",
            "For these tasks",
            "checks",
            options=lambda around: (("*", say("Every task that has no rule above")), *around.tasks),
        ),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Rule", _ladder),
        (
            "Tasks",
            lambda entry, around: say("every other task") if "*" in entry.get("applies_to", []) else str(len(entry.get("applies_to", []))),
        ),
        ("Steps", lambda entry, around: "\n".join(pack_words.step(rung, around.choices) for rung in entry.get("rungs", []))),
    ),
)
NOTICES = Part(
    "notices",
    "Notices",
    "notice",
    "Texts of reminders and news. They say {case} for the number and {task} for a task's name, and never content.",
    (
        Field("title", "Title"),
        _key("For diagrams and deadline rules: lower case, digits and dashes. Made from the label when left empty."),
        Field("text", "Text", "long"),
    ),
    columns=(("Notice", told("title")), ("Text", told("text"))),
)
CLASSES = Part(
    "classes",
    "Classes",
    "class",
    "What the badge of a confidentiality class says: C1 to C8, parts of one as C5.needs.",
    (Field("classes", "Classes", "pairs", optional=True),),
    whole=True,
)
MILESTONES = Part(
    "milestones",
    "Milestones",
    "milestone",
    "What is reached on the way, in order. Diagrams name the codes.",
    (Field("milestones", "Milestones", "pairs", optional=True),),
    whole=True,
)
POLICIES = Part(
    "policies",
    "Policies",
    "policy",
    "What the program asks of its own changes. A change of these is approved under the rules that hold now.",
    (
        Field("approval", "A second person approves every change", "check", otherwise=True),
        Field("coverage", "Scenarios have to walk so many percent of the diagrams", "number", optional=True),
    ),
    whole=True,
)
CASE = Part(
    "case",
    "Cases",
    "case",
    "How cases are called, numbered and opened.",
    (
        Field("label", "What a case is called", optional=True),
        Field("number", "Number", help="{year} and {serial}, as in {year}-{serial:04d}."),
        Field("process", "Procedure that begins with a case", "select", options=lambda around: around.processes),
        Field("opening_form", "Form to open one with", "select", options=lambda around: around.forms, optional=True),
        Field("duplicate_months", "Warn of a likely duplicate within months", "number", optional=True),
        Field(
            "afterwards",
            "Begun by a message on a closed case too",
            "checks",
            "The case stays closed; only the tasks of such a procedure are open on it.",
            options=lambda around: around.processes,
            optional=True,
        ),
        Field("intensity", "Fact that says how closely a case is looked at", "select", options=_facts, optional=True),
    ),
    whole=True,
)
PARTS = {
    part.key: part
    for part in (
        DEADLINES,
        pack_calendars.CALENDARS,
        pack_calendars.USUAL,
        SETTINGS,
        ROLES,
        LANES,
        EXCLUSIONS,
        VARIABLES,
        NOTICES,
        pack_telling.TELLING,
        pack_telling.KINDS,
        MESSAGES,
        pack_panels.PANELS,
        SURVEYS,
        GUIDES,
        TILES,
        MEASURES,
        FIGURES,
        CASELOAD,
        CLASSES,
        MILESTONES,
        CASE,
        RETENTION,
        POLICIES,
        LINT,
    )
}


def _value(entry: Mapping[str, Any], name: str) -> str:
    return pack_words.said(entry.get("type"), entry[name]) if name in entry else ""


def _bounds(entry: Mapping[str, Any]) -> str:
    least, most = _value(entry, "min"), _value(entry, "max")
    if least and most:
        return say("{least} to {most}", least=least, most=most)
    return say("at least {least}", least=least) if least else say("at most {most}", most=most) if most else ""
