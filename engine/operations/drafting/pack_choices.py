"""What a pack can name while it is changed: its roles and notices, and the lanes, duties, tasks and forms beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import bpmn, forms
from engine.language import say
from engine.model.access import Actor
from engine.model.execution import ProcessModel
from engine.operations import bundles
from engine.operations.drafting import change_files, changes, pack_changes
from engine.packs.checking import TASKS
from engine.store import UnitOfWork

_WAITED_AT = frozenset({"boundaryEvent", "intermediateCatchEvent"})


@dataclass(frozen=True, slots=True)
class Around:
    """What a pack can name: of its own, and of the diagrams and forms beside it. Each choice is (key, what people read)."""

    raw: Mapping[str, Any]
    roles: tuple[tuple[str, str], ...]
    program_roles: tuple[tuple[str, str], ...]
    duties: tuple[str, ...]
    lanes: tuple[str, ...]
    tasks: tuple[tuple[str, str], ...]
    processes: tuple[tuple[str, str], ...]
    forms: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, str], ...]
    #: events that something waits at
    timers: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What a rung can name: to whom, which notice, which procedure."""
        roles = self.raw.get("roles", {})
        people = [("assignee", say("whoever has the task"))]
        for key, label in self.roles:
            kind = roles[key].get("kind")
            people += [(f"role:{key}", say("{label} (of the program)", label=label))] if kind != "case" else []
            people += [(f"case-role:{key}", say("{label} (of the case)", label=label))] if kind != "program" else []
        return {"to": tuple(people), "notice": self.notices, "process": self.processes}


def around(uow: UnitOfWork, actor: Actor, change_id: str) -> Around:
    """What the pack of a change can name. Raises as `pack_changes.get`."""
    raw = pack_changes.get(uow, actor, change_id).raw
    files = change_files.contents(uow, changes.get(uow, actor, change_id))
    models = drawn(files)
    roles = {key: str(entry.get("label", key)) for key, entry in raw.get("roles", {}).items()}
    named = {key for entry in roles for key in raw["roles"][entry].get("read", {}) | raw["roles"][entry].get("write", {})}
    classes = {**{cls: cls for cls in sorted(named)}, **raw.get("classes", {})}
    return Around(
        raw=raw,
        roles=tuple(roles.items()),
        program_roles=tuple((key, label) for key, label in roles.items() if raw["roles"][key].get("kind") != "case"),
        duties=tuple(sorted({duty for model in models for duty in model.duties})),
        lanes=tuple(dict.fromkeys(lane for model in models for lane in model.lanes)),
        tasks=tuple(_named(models, TASKS)),
        processes=tuple((model.key, model.name or model.key) for model in models),
        forms=forms_of(files),
        notices=tuple((key, str(entry.get("title", key))) for key, entry in raw.get("notices", {}).items()),
        classes=tuple(sorted(classes.items())),
        timers=tuple(_named(models, _WAITED_AT)),
    )


def drawn(files: Mapping[str, bytes]) -> tuple[ProcessModel, ...]:
    """The processes that can be run among some files; how the diagrams fit together is not looked at."""
    diagrams = {name: content for name, content in sorted(files.items()) if bundles.kind(name) == "bpmn"}
    return tuple(model for model in bpmn.read(diagrams).processes if model.executable)


def forms_of(files: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """The forms among some files: (key, title), by title."""
    return tuple(sorted(_forms(files), key=lambda one: one[1]))


def _named(models: Sequence[ProcessModel], types: frozenset[str]) -> Iterator[tuple[str, str]]:
    for model in models:
        for element in model.elements:
            if element.type in types:
                yield f"{model.key}/{element.id}", f"{model.name or model.key}: {element.name or element.id}"


def _forms(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if bundles.kind(name) == "form":
            form, _problems = forms.read(content, file=name)
            if form is not None:
                yield form.key, form.title or form.key
