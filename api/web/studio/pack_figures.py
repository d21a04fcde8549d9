"""The parts of a pack about what it measures: its figures, from how many on they are told, and how much work a case is."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, fixed, told
from engine.language import noted, say
from engine.model.measures import MeasureKind, Unit
from engine.operations.drafting.pack_choices import Around

_KINDS: Mapping[str, str] = noted(
    {
        MeasureKind.COUNT: "How many",
        MeasureKind.SHARE: "Which share of them, in percent",
        MeasureKind.DURATION: "How many days from one moment to another",
        MeasureKind.AMOUNT: "A number of each",
        MeasureKind.UNMEASURED: "Nothing yet: it stands in the list of what is not measured",
    }
)
_UNITS: Mapping[str, str] = noted({Unit.CASE: "Cases", Unit.TASK: "User tasks", Unit.ANSWER: "Answers to a survey"})
_MOMENTS: Mapping[str, str] = noted(
    {
        "opened": "When the case was opened",
        "closed": "When the case was closed",
        "begin": "Open when the period begins",
        "end": "Open when the period ends",
        "due": "When the task is due",
        "waived": "When the task's deadline was waived",
    }
)


def _moments(around: Around) -> Options:
    reached = around.raw.get("milestones", {})
    own = [(str(key), say("When this was reached: {name}", name=str(label))) for key, label in reached.items() if key not in _MOMENTS]
    return (*((key, say(label)) for key, label in _MOMENTS.items()), *own)


def _groups(around: Around) -> Options:
    """Facts with a list of values, which is what a figure can be split by."""
    known = around.raw.get("variables", {})
    facts = [(key, entry) for key, entry in known.items() if entry.get("fact") and (entry.get("values") or entry.get("type") == "boolean")]
    return (*((key, str(entry.get("label", key))) for key, entry in facts), ("role", say("Whose task it is")))


def _surveys(around: Around) -> Options:
    return tuple((str(entry.get("key", "")), str(entry.get("title", ""))) for entry in around.raw.get("surveys", ()))


def _amounts(around: Around) -> Options:
    """Settings that hold a number."""
    known = around.raw.get("settings", {})
    return tuple((key, str(entry.get("label", key))) for key, entry in known.items() if entry.get("type") == "number")


MEASURES = Part(
    "measures",
    "Figures",
    "figure",
    "What is counted over all cases, by month and year: medians, shares and numbers, never a person. Live: approving counts anew.",
    (
        Field("title", "Title"),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field("heading", "Stands under the heading", optional=True),
        Field("kind", "Gives", "select", options=fixed(_KINDS)),
        Field("definition", "How it is counted", "long", "In a sentence, as people read it beside the number.", optional=True),
        Field("note", "What it does not mean", "long", "Told beside the number, so that nobody reads more out of it."),
        Field("unit", "Counts", "select", options=fixed(_UNITS), optional=True, none="As usual: cases"),
        Field("when", "What puts it into a month", "select", options=_moments, optional=True, none="As usual: when the case was opened"),
        Field("where", "Counted only if", help="A condition over facts, case, milestones, steps, apart, task and period.", optional=True),
        Field("fits", "Share: those for which", help="A condition, as above.", optional=True),
        Field(
            "times",
            "Share: a case counts as so many",
            help="A number, as in followers; the field above then says how many of them.",
            optional=True,
        ),
        Field("called", "Share: what those several are called", help="In the plural, as in followers. As usual: people.", optional=True),
        Field("start", "Days: from", help="As in case.opened.", optional=True),
        Field("end", "Days: to", help="As in milestones.closed.", optional=True),
        Field("value", "Number of each", help="As in hoursSpent.", optional=True),
        Field("standard", "Standard", help="A setting, or a length of time such as P30D.", optional=True),
        Field("by", "Can be split by", "checks", options=_groups, optional=True),
        Field(
            "parts",
            "Parts of a count",
            "rows",
            "Each case is in the first part whose condition holds.",
            optional=True,
            cells=(Cell("key", "Short name"), Cell("title", "Title"), Cell("where", "Condition")),
        ),
        Field(
            "steps",
            "Steps that conditions name",
            "keyed",
            "As steps.NAME.count, steps.NAME.first and steps.NAME.last.",
            optional=True,
            cells=(Cell("name", "Name"), Cell("place", "Step", lambda around: around.tasks)),
        ),
        Field("of", "Only these tasks", "checks", "Only where tasks are counted.", lambda around: around.tasks, optional=True),
        Field("survey", "Of answers: to which survey", "select", options=_surveys, optional=True, none="None"),
        Field(
            "question",
            "Of answers: to which question",
            help="A field of the survey's form; the share then asks for its answer, as in answer >= 4. Without one: how many answered.",
            optional=True,
        ),
        Field("least", "Told only from so many on", "number", "Where the pack's own limit is not enough.", optional=True),
        Field("roles", "Who sees it", "checks", "Without any: everybody who reads figures.", lambda around: around.roles, optional=True),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Figure", told("title")),
        ("Gives", lambda entry, around: say(_KINDS[str(entry["kind"])]) if entry.get("kind") in _KINDS else ""),
        ("How it is counted", lambda entry, around: str(entry.get("definition") or entry.get("note", ""))),
    ),
)
FIGURES = Part(
    "figures",
    "From how many on figures are told",
    "limit",
    "Numbers of fewer cases are withheld, with as many beside them as it takes that none can be worked out.",
    (Field("least", "Told from so many on", "number", "Three at least; ten when nothing is said.", optional=True),),
    whole=True,
)
CASELOAD = Part(
    "caseload",
    "Caseload",
    "weight",
    "How much work a case is to whoever holds a role on it, and how much of it one person takes on.",
    (
        Field("cap", "The most that somebody takes on", "select", "A setting that holds a number.", _amounts),
        Field(
            "weights",
            "How much a case weighs",
            "keyed",
            "A number, or a formula over facts.",
            cells=(Cell("role", "Role on the case", lambda around: around.roles), Cell("weight", "Weight")),
        ),
        Field("note", "What it does not mean", "long", optional=True),
    ),
    whole=True,
)
