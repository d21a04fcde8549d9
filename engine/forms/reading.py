"""A form file as bytes -> a Form, or the list of what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

import orjson

from engine.forms.conditions import condition_of
from engine.forms.meaning import meaning_problems
from engine.forms.shape import FORM
from engine.language import kept
from engine.model.errors import Problem
from engine.model.files import FileRule
from engine.model.forms import Derivation, Field, FieldType, Form, Option, Rule, Section
from engine.remembering import by_content
from engine.schemas import Fault, canonical, faults, sentence

# What the parser gives is checked against the schema before anything below touches it.
_Raw: TypeAlias = Mapping[str, Any]

#: Longest form file in bytes.
MAX_BYTES = 256 * 1024

#: Longest values of texts for which a form sets no limit of its own.
_LENGTHS = {"email": 320, "uri": 2000, "date": 10, "date-time": 64}
_DEFAULT_LENGTH = 200
#: A short text is one line; from this length on it gets a box of several lines.
_LONG_FROM = 200
_DEFAULT_ROWS = 50
#: What a field for files takes when it says nothing of it.
_FILE_KINDS = ("pdf", "picture")
_FILE_MB = 10
#: Numbers beyond this are slips of the finger, and no longer exact in every reader.
_LARGEST = 10**15

_LEAF_KEYWORDS = ("format", "minLength", "pattern", "minimum", "maximum", "const")


def read(data: bytes, *, file: str) -> tuple[Form | None, tuple[Problem, ...]]:
    """Read and check a form by itself. None when it is malformed or misshapen; a form with problems is to be refused.

    A problem's `element_id` is the name of the field (or derived entry) that is meant.
    """
    return _read(file, data)


@by_content(256)
def _read(file: str, data: bytes) -> tuple[Form | None, tuple[Problem, ...]]:
    raw, problem = _parsed(data, file)
    if problem is not None:
        return None, (problem,)
    wrong = faults(FORM, raw)
    if wrong:
        return None, tuple(Problem(file, _place(fault), _code(fault), _sentence(fault)) for fault in wrong)
    form = _form(raw, hashlib.sha256(data).hexdigest())
    problems = meaning_problems(form, raw, file)
    if PurePosixPath(file).stem != form.key:
        message = kept("The file is called {name} but its $id is “{key}”; make them alike.", name=PurePosixPath(file).name, key=form.key)
        problems = (Problem(file, None, "name-mismatch", message), *problems)
    return form, problems


def _parsed(data: bytes, file: str) -> tuple[Any, Problem | None]:
    if len(data) > MAX_BYTES:
        return None, Problem(
            file, None, "too-large", kept("A form file has at most {max_bytes} KB; make two forms of it.", max_bytes=MAX_BYTES // 1024)
        )
    try:
        return orjson.loads(data), None
    except orjson.JSONDecodeError as error:
        return None, Problem(
            file, None, "malformed-json", kept("The file is not well-formed JSON; correct it there: {error}.", error=error)
        )


def _place(fault: Fault) -> str | None:
    match fault.path:
        case ("properties", str(field), "properties", str(inner), *_) | ("properties", str(field), "items", "properties", str(inner), *_):
            return f"{field}.{inner}"
        case ("properties" | "x-derive", str(field), *_):
            return field
        case (str(top), *_):
            return top
        case _:
            return None


def _code(fault: Fault) -> str:
    match fault.keyword:
        case "additionalProperties":
            return "unsupported-keyword"
        case "required":
            return "missing-keyword"
        case "propertyNames":
            return "bad-name"
        case _:
            return "bad-keyword"


def _sentence(fault: Fault) -> str:
    keyword = next((str(part) for part in reversed(fault.path) if isinstance(part, str)), "")
    if fault.keyword == "additionalProperties":
        return kept("Forms do not support “{keyword}” here; remove it or say it another way.", keyword=keyword)
    return kept("“{keyword}”: {fault}", keyword=keyword, fault=sentence(fault)) if keyword else sentence(fault)


def _form(raw: _Raw, digest: str) -> Form:
    required = frozenset(raw.get("required", []))
    return Form(
        key=raw["$id"],
        title=raw["title"],
        description=raw.get("description", ""),
        kept_as=raw.get("x-kept-as", ""),
        version=raw.get("x-version", 1),
        fields=tuple(_field(name, entry, name in required, None) for name, entry in raw["properties"].items()),
        sections=tuple(Section(entry["title"], tuple(entry["fields"])) for entry in raw.get("x-sections", [])),
        derive=tuple(_derivation(name, entry) for name, entry in raw.get("x-derive", {}).items()),
        rules=tuple(Rule(entry["expression"], entry["message"], entry["field"]) for entry in raw.get("x-rules", [])),
        digest=digest,
        reads=tuple(raw.get("x-reads", [])),
        translations={language: dict(said) for language, said in raw.get("x-translations", {}).items()},
    )


def _derivation(name: str, raw: _Raw) -> Derivation:
    return Derivation(name, raw.get("class", "C1"), raw["type"], raw["expression"])


def _field(name: str, raw: _Raw, required: bool, outer_class: str | None) -> Field:
    kind = _type(raw)
    cls = outer_class or raw.get("x-class", "C1")
    inner = raw.get("items", raw) if kind in (FieldType.REPEAT, FieldType.GROUP) else {}
    inner_required = frozenset(inner.get("required", []))
    options = raw.get("oneOf") or (raw.get("items", {}).get("oneOf", []) if kind is FieldType.CHOICES else [])
    return Field(
        name=name,
        type=kind,
        title=raw["title"],
        description=raw.get("description", ""),
        cls=cls,
        widget=raw.get("x-widget") or _widget(kind, raw),
        help=raw.get("x-help", ""),
        required=required,
        options=tuple(Option(entry["const"], entry["title"]) for entry in options),
        format=raw.get("format"),
        max_length=_max_length(raw) if kind is FieldType.STRING else None,
        show_if=condition_of(raw.get("x-show-if")),
        required_if=condition_of(raw.get("x-required-if")),
        on_behalf_only=raw.get("x-only") == "on-behalf",
        autofill=raw.get("x-autofill"),
        default=raw.get("default"),
        fields=tuple(_field(key, entry, key in inner_required, cls) for key, entry in inner.get("properties", {}).items()),
        schema=canonical(_leaf_schema(kind, raw)),
        read=raw.get("x-read", ""),
        files=_file_rule(raw) if raw.get("x-widget") == "file" else None,
    )


def _file_rule(raw: _Raw) -> FileRule:
    given = raw.get("x-files", {})
    return FileRule(tuple(given.get("kinds", _FILE_KINDS)), given.get("most_mb", _FILE_MB) * 1_000_000)


def _type(raw: _Raw) -> FieldType:
    match raw["type"]:
        case "array":
            return FieldType.REPEAT if raw.get("items", {}).get("type") == "object" else FieldType.CHOICES
        case "object":
            return FieldType.GROUP
        case plain:
            return FieldType(plain)


def _widget(kind: FieldType, raw: _Raw) -> str:
    match kind:
        case FieldType.CHOICES:
            return "checkboxes"
        case FieldType.BOOLEAN:
            return "yes-no"
        case FieldType.NUMBER | FieldType.INTEGER:
            return "number"
        case FieldType.REPEAT | FieldType.GROUP:
            return kind.value
    if "oneOf" in raw:
        # A few answers are read at a glance side by side; many are picked from a list.
        return "radio" if len(raw["oneOf"]) <= 6 else "select"
    if raw.get("format") in ("date", "date-time"):
        return "date" if raw["format"] == "date" else "datetime"
    return "long" if "format" not in raw and _max_length(raw) > _LONG_FROM else "text"


def _max_length(raw: _Raw) -> int:
    return int(raw.get("maxLength", _LENGTHS.get(raw.get("format", ""), _DEFAULT_LENGTH)))


def _leaf_schema(kind: FieldType, raw: _Raw) -> dict[str, object]:
    match kind:
        case FieldType.GROUP:
            return {}
        case FieldType.REPEAT:
            return {"type": "array", "minItems": raw.get("minItems", 0), "maxItems": raw.get("maxItems", _DEFAULT_ROWS)}
        case FieldType.CHOICES:
            codes = [entry["const"] for entry in raw.get("items", {}).get("oneOf", [])]
            most = min(raw.get("maxItems", len(codes)), len(codes))
            return {"type": "array", "items": {"enum": codes}, "uniqueItems": True, "minItems": raw.get("minItems", 0), "maxItems": most}
    schema: dict[str, object] = {"type": kind.value, **{key: raw[key] for key in _LEAF_KEYWORDS if key in raw}}
    if "oneOf" in raw:
        schema["enum"] = [entry["const"] for entry in raw["oneOf"]]
    elif kind is FieldType.STRING:
        schema["maxLength"] = _max_length(raw)
    elif kind is not FieldType.BOOLEAN:
        schema.setdefault("minimum", -_LARGEST)
        schema.setdefault("maximum", _LARGEST)
    return schema
