"""What the templates need to draw a form: each field with its names, value, error and condition, decided here once.

Names of inputs: `field`, `group.field`, `rows-0-field` (engine.forms.parse_html reads them back). The id of an input
is made from the JSON Pointer that the checks answer with, so that an error can link to its field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from engine.forms import entries, holds, signing, sniffing
from engine.language import noted, say, told
from engine.model.errors import FieldError
from engine.model.files import FileLink
from engine.model.forms import Condition, Field, FieldType, Form, Option

_Choices = Mapping[str, tuple[tuple[str, str], ...]]
_RADIO_WIDGETS = frozenset({"radio", "yes-no", "yes-no-na", "rating"})
_INPUT_TYPES = {"date": "date", "datetime": "datetime-local"}
_YES_NO = (("true", noted("Yes")), ("false", noted("No")))
#: at most this many people or participants are offered as radio buttons; more become a list
_FEW = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as it is drawn."""

    #: the form's own name of the field
    key: str
    id: str
    name: str
    label: str
    help: str
    #: what is read beside the question, as Markdown; empty: nothing
    read: str
    widget: str
    input_type: str
    value: str
    options: tuple[Choice, ...]
    error: str | None
    optional: bool
    cls: str
    #: label of the class when this field says its own; None when its section says it
    badge: str | None
    #: the condition as JSON for the browser; None: always shown
    show_if: str | None
    applies: bool
    #: the condition in words, for pages without script
    condition: str
    max_length: int | None
    short: bool
    #: a number; typed as text, so that what cannot be read stays to be corrected
    numeric: bool
    autocomplete: str
    row_title: str
    #: the file that is there now, and what can be chosen: endings for the browser, kinds and size in words
    file: FileLink | None
    accept: str
    takes: str
    #: bytes of the largest; 0 for other fields
    most: int
    opens: str
    #: rows of a repeat, or the one row of a group
    rows: tuple[tuple[FieldView, ...], ...]
    #: an empty row, for adding one in the browser
    blank: tuple[FieldView, ...]
    #: what is drawn beside a typed signature, as a data address; None: nothing can be drawn there
    drawn: str | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """Fields under one heading. `cls` when all of them have one class above C1."""

    title: str
    cls: str | None
    badge: str | None
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is drawn with: the answers so far, what is wrong with them, and what may be chosen."""

    values: Mapping[str, object]
    errors: Mapping[str, str]
    choices: _Choices
    #: class -> what people call it
    labels: Mapping[str, str]
    #: names of the fields that apply to the answers so far
    applying: frozenset[str]
    #: rows to show of each repeat, when more than are filled in
    least_rows: Mapping[str, int]
    #: files that were put beside the draft, by id
    files: Mapping[str, FileLink] = dataclass_field(default_factory=dict)
    #: the page that opens one; empty: none does
    opens: str = "upload.get"
    #: what was drawn as signatures, as data addresses by field
    drawn: Mapping[str, str] = dataclass_field(default_factory=dict)


def sections(form: Form, fields: Sequence[Field], filled: Filled) -> tuple[SectionView, ...]:
    """The form's sections with the fields that this reader may fill in; sections without any are left out."""
    fields = [field for field in fields if not entries.asks_nothing(field, filled.choices)]
    given = form.sections or ()
    names = {field.name for field in fields}
    placed = [(s.title, [f for f in fields if f.name in s.fields]) for s in given] if given else [("", list(fields))]
    return tuple(_section(title, within, fields, filled) for title, within in placed if names and within)


def errors_by_path(errors: Sequence[FieldError]) -> dict[str, str]:
    """The first message for each path."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.path, error.message)
    return found


def summary(form: Form, errors: Sequence[FieldError]) -> tuple[tuple[str | None, str], ...]:
    """(id of the field, sentence that names it) for the list on top of the page."""
    titles = {field.name: field for field in form.fields}
    return tuple((field_id(e.path) if e.path else None, _named(titles, e)) for e in errors)


def field_id(path: str) -> str:
    """The HTML id of the input at a JSON Pointer."""
    return "f" + path.replace("/", "-")


def _named(titles: Mapping[str, Field], error: FieldError) -> str:
    parts = error.path.strip("/").split("/")
    field = titles.get(parts[0])
    words = []
    while field is not None:
        words.append(field.title)
        inner = {f.name: f for f in field.fields}
        parts = parts[1:]
        if parts and parts[0].isdecimal():
            words.append(str(int(parts[0]) + 1))
            parts = parts[1:]
        field = inner.get(parts[0]) if parts else None
    return f"{', '.join(words)}: {told(error.message)}" if words else told(error.message)


def _section(title: str, within: Sequence[Field], every: Sequence[Field], filled: Filled) -> SectionView:
    classes = {field.cls for field in within}
    shared = classes.pop() if len(classes) == 1 else None
    confidential = shared if shared and shared not in ("C0", "C1") else None
    drawn = tuple(_top(field, every, filled, says_class=confidential is None) for field in within)
    return SectionView(title, confidential, filled.labels.get(confidential or ""), drawn)


def _top(field: Field, every: Sequence[Field], filled: Filled, *, says_class: bool) -> FieldView:
    view = _view(field, f"/{field.name}", field.name, filled.values.get(field.name), filled, every)
    badge = filled.labels.get(field.cls, field.cls) if says_class and field.cls not in ("C0", "C1") else None
    drawn = filled.drawn.get(field.name, "") if field.widget == signing.WIDGET else None
    return replace(view, badge=badge, applies=field.name in filled.applying, drawn=drawn)


def _view(field: Field, path: str, name: str, value: object, filled: Filled, siblings: Sequence[Field]) -> FieldView:
    options = _options(field, value, filled.choices)
    widget = _widget(field, options)
    help_text = " ".join(text for text in (field.description, field.help) if text)
    return FieldView(
        key=field.name,
        id=field_id(path),
        name=name,
        label=field.title,
        help=help_text,
        read=field.read,
        widget=widget,
        input_type=_INPUT_TYPES.get(field.widget, "email" if field.format == "email" else "text"),
        value=_text(value, field),
        options=options,
        error=filled.errors.get(path),
        optional=not field.required and field.required_if is None and field.type is not FieldType.GROUP,
        cls=field.cls,
        badge=None,
        show_if=_condition_json(field.show_if),
        applies=True,
        condition=_condition_words(field.show_if, siblings),
        max_length=field.max_length,
        short=field.widget in ("date", "datetime", "number", "yes-no", "yes-no-na", "rating"),
        numeric=field.widget == "number",
        autocomplete="off",
        file=filled.files.get(str(value)) if field.files else None,
        opens=filled.opens,
        accept=",".join("." + ending for kind in field.files.kinds for ending in sniffing.endings(kind)) if field.files else "",
        takes=_takes(field),
        most=field.files.most if field.files else 0,
        row_title=say("Entry"),
        rows=_rows(field, path, name, value, filled),
        blank=_cells(field, f"{path}/__row__", f"{name}-__row__-", {}, filled) if widget == "repeat" else (),
    )


def people(choices: _Choices) -> dict[str, str]:
    """What those who can be chosen are called, by id."""
    return {value: label for offered in choices.values() for value, label in offered}


def _takes(field: Field) -> str:
    if field.files is None:
        return ""
    return say("{kinds}; at most {size} MB.", kinds=sniffing.said(field.files), size=field.files.most // 1_000_000)


def _widget(field: Field, options: tuple[Choice, ...]) -> str:
    if field.type in (FieldType.GROUP, FieldType.REPEAT):
        return str(field.type)
    if field.type is FieldType.CHOICES:
        return "checkboxes"
    if entries.panel_of(field) is not None:
        return "entry"
    if ":" in field.widget or field.widget == "candidate":
        return "radio" if 0 < len(options) <= _FEW else "select"
    if field.widget in _RADIO_WIDGETS:
        return "radio"
    return field.widget if field.widget in ("long", "select", "checkbox", "file") else "text"


def _options(field: Field, value: object, choices: _Choices) -> tuple[Choice, ...]:
    chosen = {_plain(item) for item in value} if isinstance(value, list) else {_plain(value)}
    return tuple(Choice(option, label, option in chosen) for option, label in _offered(field, choices))


def _offered(field: Field, choices: _Choices) -> tuple[tuple[str, str], ...]:
    if field.name in choices:
        nobody = ((("", say("Nobody alone")),) if field.widget.startswith("participant:") and not field.required else ())
        return (*nobody, *choices[field.name])
    if field.options:
        return tuple((option.value, option.title) for option in _strings(field.options))
    if field.type is FieldType.BOOLEAN:
        return tuple((value, say(label)) for value, label in _YES_NO)
    if field.widget == "rating":
        bounds = json.loads(field.schema)
        least, most = int(bounds.get("minimum", 1)), int(bounds.get("maximum", 5))
        return tuple((str(number), str(number)) for number in range(least, most + 1))
    return ()


def _strings(options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(Option(str(option.value), option.title) for option in options)


def _rows(field: Field, path: str, name: str, value: object, filled: Filled) -> tuple[tuple[FieldView, ...], ...]:
    if field.type is FieldType.GROUP:
        return (_cells(field, path, f"{name}.", value if isinstance(value, Mapping) else {}, filled),)
    if field.type is not FieldType.REPEAT:
        return ()
    given = [row if isinstance(row, Mapping) else {} for row in value] if isinstance(value, list) else []
    given += [{}] * (max(filled.least_rows.get(field.name, 0), 1) - len(given))
    return tuple(_cells(field, f"{path}/{n}", f"{name}-{n}-", row, filled) for n, row in enumerate(given))


def _cells(field: Field, path: str, prefix: str, row: Mapping[str, object], filled: Filled) -> tuple[FieldView, ...]:
    drawn = (_view(inner, f"{path}/{inner.name}", prefix + inner.name, row.get(inner.name), filled, field.fields) for inner in field.fields)
    return tuple(replace(view, applies=holds(inner.show_if, row)) for inner, view in zip(field.fields, drawn, strict=True))


def _condition_json(condition: Condition | None) -> str | None:
    if condition is None:
        return None
    return json.dumps({"field": condition.field, "among": _all(condition.among), "unless": _all(condition.unless)})


def _all(values: tuple[object, ...] | None) -> list[str] | None:
    return None if values is None else [_plain(value) for value in values]


def _condition_words(condition: Condition | None, siblings: Sequence[Field]) -> str:
    if condition is None:
        return ""
    asked = next((field for field in siblings if field.name == condition.field), None)
    if asked is None:
        return ""
    titles = dict(_offered(asked, {}))
    values = [titles.get(_plain(value), _plain(value)) for value in condition.among or condition.unless or ()]
    said = {"question": asked.title, "answers": say(" or ").join(values)}
    if condition.among is None:
        return say("Only when the answer to “{question}” is not {answers}.", **said)
    return say("Only when the answer to “{question}” is {answers}.", **said)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _text(value: object, field: Field) -> str:
    text = "" if isinstance(value, list | Mapping) else _plain(value)
    return text[:16] if field.widget == "datetime" else text
