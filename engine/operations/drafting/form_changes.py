"""Changing a form of a change field by field. A fact that a form gives declares its variable in the pack by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import forms, store
from engine.forms import editing
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound, Problem
from engine.model.forms import Field, FieldType, Form
from engine.model.packs import ValueType
from engine.operations.drafting import change_files, pack_changes, pack_choices
from engine.operations.drafting.change_files import ChangeFile, StaleDraft
from engine.packs import editing as pack_editing
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form of a change: as a file, as plain JSON, as a form where it can be read as one, and the tasks that use it."""

    file: ChangeFile
    raw: Mapping[str, Any]
    form: Form | None
    problems: tuple[Problem, ...]
    #: (file of the diagram, element id, name of the task)
    used_by: tuple[tuple[str, str, str], ...]
    #: the other forms of the change, which can be read before this one: (key, title)
    others: tuple[tuple[str, str], ...] = ()


def get(uow: UnitOfWork, actor: Actor, change_id: str, name: str) -> FormFile:
    """One form of a change. Raises NotFound, and Invalid when it cannot be edited field by field."""
    file = change_files.get(uow, actor, change_id, name)
    if file.kind != "form":
        raise NotFound(say("That is no form."))
    raw = editing.raw(file.content)
    form, problems = forms.read(file.content, file=name)
    files, key = change_files.contents(uow, store.changes.get(uow, change_id)), str(raw.get("$id", ""))
    others = tuple(one for one in pack_choices.forms_of(files) if one[0] != key)
    return FormFile(file, raw, form, problems, _used_by(files, key), others)


def _used_by(files: Mapping[str, bytes], key: str) -> tuple[tuple[str, str, str], ...]:
    drawn = pack_choices.drawn(files)
    return tuple(
        (model.file, element.id, element.name or element.id)
        for model in drawn
        for element in model.elements
        if element.attributes.get("form") == key
    )


def create(uow: UnitOfWork, actor: Actor, change_id: str, key: str, title: str) -> ChangeFile:
    """A new form without fields. Raises Invalid for a key that no form may have, or that a form of the change has."""
    name = f"{key}.json"
    if any(file.name.rsplit("/", 1)[-1] == name for file in change_files.list_(uow, actor, change_id)):
        message = say("There is a form “{key}” already; choose another key.", key=key)
        raise Invalid(message, (FieldError("/key", "taken", message),))
    return change_files.save(uow, actor, change_id, name, editing.blank(key, title), 0)


def edit(uow: UnitOfWork, actor: Actor, change_id: str, name: str, was: str, path: str, work: Callable[[bytes], bytes]) -> ChangeFile:
    """Save what `work` makes of a form. `was` is the `mark` of the field at `path` as the editor read it; "" asks nothing.

    Raises StaleDraft when somebody changed that field meanwhile.
    """
    found = get(uow, actor, change_id, name)
    if was and pack_changes.mark(part(found.raw, path)) != was:
        raise StaleDraft(say("Somebody else changed this field meanwhile; yours was not saved over it. Look at what stands there now."))
    after = work(found.file.content)
    if after == found.file.content:
        return found.file
    saved = change_files.save(uow, actor, change_id, name, after, found.file.revision)
    _declare(uow, actor, change_id, after, name)
    return saved


def part(raw: Mapping[str, Any], path: str) -> object:
    """The field at a path, None when it is not there."""
    outer, dot, name = path.rpartition(".")
    if dot:
        holder = raw["properties"].get(outer, {})
        return holder.get("items", holder).get("properties", {}).get(name)
    return raw["properties"].get(name)


def _declare(uow: UnitOfWork, actor: Actor, change_id: str, content: bytes, name: str) -> None:
    """Declare the variables of facts that the pack does not know yet; a change without a pack declares none."""
    form, _problems = forms.read(content, file=name)
    if form is None or not any(file.kind == "pack" for file in change_files.list_(uow, actor, change_id)):
        return
    facts = {field.name: (_type(field), field.title, _codes(field)) for field in form.fields if field.cls == "C1"}
    facts |= {one.name: (ValueType(one.type), one.name, None) for one in form.derive if one.cls == "C1"}

    def declared(text: str) -> str:
        known = pack_editing.plain(text).get("variables", {})
        for key, (kind, label, codes) in facts.items():
            if key not in known:
                text = pack_editing.declare_variable(text, key, kind, label=label[:80], values=codes)
        return text

    pack_changes.edit(uow, actor, change_id, declared)


_TYPES = {
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.INTEGER: ValueType.NUMBER,
    FieldType.BOOLEAN: ValueType.BOOLEAN,
    FieldType.CHOICES: ValueType.LIST,
    FieldType.REPEAT: ValueType.LIST,
    FieldType.GROUP: ValueType.CONTEXT,
}


def _type(field: Field) -> ValueType:
    by_format = {"date": ValueType.DATE, "date-time": ValueType.DATETIME}
    return by_format.get(field.format or "") or _TYPES.get(field.type, ValueType.STRING)


def _codes(field: Field) -> dict[str, str] | None:
    codes = {option.value: option.title for option in field.options}
    return codes if codes and field.type is FieldType.STRING else None
