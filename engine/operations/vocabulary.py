"""What diagrams may ask of the engine, checked at publish; and a process model's summary as stored in a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.language import kept
from engine.model.deployments import Definition
from engine.model.errors import Problem
from engine.model.execution import ProcessModel

#: operations a service task may name, with their inputs; `engine/operations/running/requests.py` performs them
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "participant.add": ("person", "role"),
    "participant.end": ("participant", "role"),
    "case.close": ("outcome",),
    "case.status": ("status",),
    "user-task.reassign": ("task", "person"),
    "user-task.due": ("task", "due"),
    "user-task.waive": ("task",),
    "notice.send": ("template", "to"),
    "wall.add": ("person", "reason"),
}

#: variables that a process begins with when a rung of a deadline rule starts it (`engine/operations/rounds/due_timers.py`)
RUNG_VARIABLES = ("subjectTask", "subjectElement", "subjectName", "overdueRung")


def problems(processes: Sequence[ProcessModel]) -> tuple[Problem, ...]:
    """Service tasks that name an operation the engine does not have."""
    return tuple(
        Problem(
            model.file,
            element.id,
            "unknown-operation",
            kept("There is no operation {name}. Use one of: {list}.", name=name, list=", ".join(sorted(OPERATIONS))),
        )
        for model in processes
        for element in model.elements
        if (name := element.attributes.get("operation")) and name not in OPERATIONS
    )


def summary(model: ProcessModel) -> dict[str, object]:
    """What has to be known of a process without reading its XML again, as plain JSON."""
    return {
        "lanes": list(model.lanes),
        "calls": sorted(model.calls),
        "forms": sorted(model.forms),
        "decisions": sorted(model.decisions),
        "start_messages": sorted(model.start_messages),
        "signals": sorted(model.signals),
        "plain_start": model.plain_start,
    }


def as_model(row: Definition) -> ProcessModel:
    """A deployed definition as a model, as far as checks of other models need it."""
    manifest = row.manifest
    assert isinstance(manifest, dict)
    kept = manifest["model"]
    return ProcessModel(
        key=row.key,
        name=row.name,
        file=row.file,
        source=row.source,
        normalised=row.normalised,
        executable=True,
        elements=(),
        lanes=tuple(kept["lanes"]),
        calls=frozenset(kept["calls"]),
        plain_start=bool(kept["plain_start"]),
    )
