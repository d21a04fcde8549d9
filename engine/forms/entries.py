"""Rows of a form that are each about an entry of a panel (`x-widget: entry:PANEL`): where they are, and how they begin. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.model.forms import Field, FieldType, Form

#: begins the widget of a field that names an entry; the panel's key follows
WIDGET = "entry:"
_Offered = Mapping[str, Sequence[tuple[str, str]]]


def panel_of(field: Field) -> str | None:
    """The panel of whose entries a field names one; None for every other field."""
    return field.widget.removeprefix(WIDGET) if field.widget.startswith(WIDGET) else None


def rows(form: Form) -> Iterator[tuple[Field, Field]]:
    """Every question that is answered in rows about entries, with the field of a row that names the entry."""
    for one in form.fields:
        if one.type is FieldType.REPEAT:
            yield from ((one, inner) for inner in one.fields if panel_of(inner) is not None)


def asks_nothing(field: Field, offered: _Offered) -> bool:
    """Whether a question is about entries of which there is none to ask about; `offered`: (id, words) by the naming field."""
    return any(panel_of(inner) is not None and not offered.get(inner.name) for inner in field.fields)


def begin(form: Form, offered: _Offered, writable: Collection[str]) -> dict[str, object]:
    """Answers with one row for each entry that is asked about, where the class may be written."""
    about = [(one, inner) for one, inner in rows(form) if one.cls in writable and offered.get(inner.name)]
    return {one.name: [{inner.name: id} for id, _ in offered[inner.name]] for one, inner in about}
