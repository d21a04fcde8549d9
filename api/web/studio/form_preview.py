"""A form as the task's page will draw it, empty, for the rooms where it is built; its ids and names are its own."""

from __future__ import annotations

from dataclasses import replace

from api.web import fields
from engine.model.forms import Form


def sections(form: Form | None) -> tuple[fields.SectionView, ...]:
    """The form's sections with every field; nothing while the form cannot be read."""
    if form is None:
        return ()
    every = frozenset(field.name for field in form.fields)
    filled = fields.Filled(values={}, errors={}, choices={}, labels={}, applying=every, least_rows={})
    drawn = fields.sections(form, form.fields, filled)
    return tuple(replace(section, fields=tuple(_apart(field) for field in section.fields)) for section in drawn)


def _apart(field: fields.FieldView) -> fields.FieldView:
    """The same field under an id and a name that no input of the room has."""
    rows = tuple(tuple(_apart(cell) for cell in row) for row in field.rows)
    blank = tuple(_apart(cell) for cell in field.blank)
    return replace(field, id=f"preview-{field.id}", name=f"preview-{field.name}", rows=rows, blank=blank)
