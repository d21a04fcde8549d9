"""The part of a pack with what those who look after all cases watch."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.studio.pack_fields import Field, Options
from api.web.studio.pack_part import Part, fixed, told
from engine.language import noted, say
from engine.model.tiles import Counting
from engine.operations.drafting.pack_choices import Around

_COUNTS: Mapping[str, str] = noted(
    {
        Counting.OVERDUE: "Cases with a late task",
        Counting.DUE_TODAY: "Cases with a task due today",
        Counting.OPEN: "Cases with such an open task",
        Counting.NOBODY: "Cases that nobody can move",
        Counting.IDLE: "Cases in which nothing was done for long",
        Counting.INCIDENTS: "Cases stopped by an error",
        Counting.EXPIRING: "Cases in which a time runs out soon",
    }
)


def _rules(around: Around) -> Options:
    rules = around.raw.get("deadline_rules", [])
    return tuple((str(entry.get("key", "")), str(entry.get("label") or entry.get("key", ""))) for entry in rules)


TILES = Part(
    "tiles",
    "Tiles of the board",
    "tile",
    "Numbers that those who look after all cases see, each leading to its list. They count cases and steps, never people.",
    (
        Field("title", "Title"),
        Field("key", "Short name", help="Lower case, digits and dashes."),
        Field("counts", "Counts", "select", options=fixed(_COUNTS)),
        Field("note", "What it does not mean", "long", "Told beside the number, so that nobody reads more out of it."),
        Field("rule", "Tasks of this deadline rule", "select", options=_rules, optional=True),
        Field(
            "at", "Only at these steps", "checks", "Without any: everywhere.", lambda around: (*around.tasks, *around.timers), optional=True
        ),
        Field("buckets", "Groups of days late", "numbers", "The last day of each, as in 3, 7.", optional=True),
        Field("within", "How long", help="A setting, or a length of time such as P3D.", optional=True),
        Field("roles", "Who sees it", "checks", "Without any: everybody who sees all cases.", lambda around: around.roles, optional=True),
    ),
    listed=True,
    ordered=True,
    columns=(
        ("Tile", told("title")),
        ("Counts", lambda entry, around: say(_COUNTS[str(entry["counts"])]) if entry.get("counts") in _COUNTS else ""),
        ("What it does not mean", told("note")),
    ),
)
