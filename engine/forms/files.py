"""Fields for files in a form's answers: where they are, and answers with a file put in or taken out. Pure.

Until the form is sent the answer is the file's id; once sent, it is what a record keeps of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine.model.forms import Field, FieldType, Form

#: the steps from the answers to a value: names of fields, and numbers of rows
Path: TypeAlias = tuple[str | int, ...]

WIDGET = "file"
_IN_ROW = re.compile(r"([A-Za-z_]\w*)-(\d{1,4})-([A-Za-z_]\w*)")


def path_of(name: str) -> Path:
    """The place that an input's name means: `field`, `group.field` or `rows-0-field`."""
    row = _IN_ROW.fullmatch(name)
    return (row[1], int(row[2]), row[3]) if row else tuple(name.split("."))


def name_of(path: Path) -> str:
    """The input's name that means a place; `path_of` reads it again."""
    return "-".join(map(str, path)) if any(isinstance(step, int) for step in path) else ".".join(map(str, path))


def field_at(form: Form, path: Path) -> Field | None:
    """The field for a file at a place; None when there is none."""
    level, found = form.fields, None
    for step in path:
        if isinstance(step, int):
            continue
        found = next((one for one in level if one.name == step), None)
        level = found.fields if found else ()
    return found if found is not None and found.widget == WIDGET else None


def has_files(form: Form) -> bool:
    """Whether a form asks for a file anywhere."""
    return any(one.widget == WIDGET for field in form.fields for one in (field, *field.fields))


def given(form: Form, answers: Mapping[str, object]) -> Iterator[tuple[Path, Field, object]]:
    """Every file field that has an answer, with the answer."""
    for field in form.fields:
        value = answers.get(field.name)
        if field.widget == WIDGET and value is not None:
            yield (field.name,), field, value
        elif field.type is FieldType.GROUP and isinstance(value, Mapping):
            yield from (((field.name, *path), inner, one) for path, inner, one in _inside(field, value))
        elif field.type is FieldType.REPEAT and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from (((field.name, number, *path), inner, one) for path, inner, one in _inside(field, row))


def put(answers: Mapping[str, object], path: Path, value: object) -> dict[str, object]:
    """The answers with another value at a place; None takes it out. A row that is not there yet is added at the end."""
    name, *rest = path
    made = dict(answers)
    if not rest:
        if value is None:
            made.pop(str(name), None)
        else:
            made[str(name)] = value
        return made
    inner = answers.get(str(name))
    if isinstance(rest[0], int):
        rows = list(inner) if isinstance(inner, list) else []
        number = min(rest[0], len(rows))
        rows[number : number + 1] = [put(_mapping(rows[number]) if number < len(rows) else {}, tuple(rest[1:]), value)]
        made[str(name)] = rows
    else:
        made[str(name)] = put(_mapping(inner), tuple(rest), value)
    return made


def _inside(outer: Field, row: Mapping[str, object]) -> Iterator[tuple[Path, Field, object]]:
    for inner in outer.fields:
        if inner.widget == WIDGET and row.get(inner.name) is not None:
            yield (inner.name,), inner, row[inner.name]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
