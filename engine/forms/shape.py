"""The shape of a form file: the part of JSON Schema 2020-12 that forms use, and the `x-` words beside it."""

from __future__ import annotations

from typing import TypeAlias

from engine.forms.sniffing import KINDS
from engine.model.packs import ValueType
from engine.packs.shape import CLASS, NAME, TRANSLATIONS
from engine.schemas import canonical

_Schema: TypeAlias = dict[str, object]

_TEXT: _Schema = {"type": "string", "minLength": 1, "maxLength": 400}
_LONG: _Schema = {"type": "string", "maxLength": 4000}
_COUNT: _Schema = {"type": "integer", "minimum": 0, "maximum": 100_000}
_NUMBER: _Schema = {"type": "number"}
_NAMES: _Schema = {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 200}
_CLASS: _Schema = {"type": "string", "pattern": CLASS}
_WIDGETS = "text|long|radio|select|checkbox|checkboxes|date|datetime|number|rating|yes-no|yes-no-na|signature|file"

_CONDITION: _Schema = {
    "type": "object",
    "properties": {"field": {"type": "string"}, "equals": True, "in": {"type": "array", "minItems": 1}, "not": True},
    "required": ["field"],
    "minProperties": 2,
    "maxProperties": 2,
    "additionalProperties": False,
}
_OPTIONS: _Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 200,
    "items": {
        "type": "object",
        "properties": {"const": {"type": "string", "minLength": 1, "maxLength": 100}, "title": _TEXT, "description": _LONG},
        "required": ["const", "title"],
        "additionalProperties": False,
    },
}
#: what a field for files takes: kinds of engine/forms/sniffing.py, and the largest size
_FILES: _Schema = {
    "type": "object",
    "properties": {
        "kinds": {"type": "array", "items": {"enum": sorted(KINDS)}, "uniqueItems": True, "minItems": 1},
        "most_mb": {"type": "integer", "minimum": 1, "maximum": 25},
    },
    "additionalProperties": False,
}
#: Keywords that say how a field looks and when it is there; the same at each depth.
_COMMON: _Schema = {
    "title": _TEXT,
    "description": _LONG,
    "$comment": _LONG,
    "x-class": _CLASS,
    "x-widget": {"type": "string", "pattern": rf"^({_WIDGETS}|candidate|person:[a-z0-9_-]+|participant:[a-z0-9_-]+|entry:[a-z0-9_-]+)$"},
    "x-help": _LONG,
    "x-read": _LONG,
    "x-show-if": _CONDITION,
    "x-required-if": _CONDITION,
    "x-only": {"const": "on-behalf"},
    "x-autofill": {"enum": ["today", "now", "actor"]},
    "x-code": {"type": "boolean"},
    "x-files": _FILES,
    "default": True,
    "const": True,
}
_LEAF: _Schema = {
    "format": {"enum": ["date", "date-time", "email", "uri"]},
    "minLength": _COUNT,
    "maxLength": _COUNT,
    "pattern": {"type": "string", "maxLength": 200},
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "oneOf": _OPTIONS,
}
_ITEMS_OF_CHOICES: _Schema = {
    "type": "object",
    "properties": {"type": {"const": "string"}, "oneOf": _OPTIONS},
    "required": ["type", "oneOf"],
    "additionalProperties": False,
}
_PLAIN: _Schema = {
    "type": "object",
    "properties": {
        **_COMMON,
        **_LEAF,
        "type": {"enum": ["string", "number", "integer", "boolean", "array"]},
        "items": _ITEMS_OF_CHOICES,
        "uniqueItems": {"type": "boolean"},
        "minItems": _COUNT,
        "maxItems": _COUNT,
    },
    "required": ["type", "title"],
    "additionalProperties": False,
}
_GROUP_PARTS: _Schema = {
    "properties": {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": {"$ref": "#/$defs/plain"}},
    "required": _NAMES,
}
_ROW: _Schema = {
    "type": "object",
    "properties": {"type": {"const": "object"}, "title": _TEXT, "additionalProperties": {"const": False}, **_GROUP_PARTS},
    "required": ["type", "properties"],
    "additionalProperties": False,
}
_IS_ROWS: _Schema = {
    "properties": {"type": {"const": "array"}, "items": {"properties": {"type": {"const": "object"}}, "required": ["type"]}},
    "required": ["type", "items"],
}
_IS_GROUP: _Schema = {"properties": {"type": {"const": "object"}}, "required": ["type"]}
_ROWS: _Schema = {
    "type": "object",
    "properties": {**_COMMON, "type": {"const": "array"}, "items": _ROW, "minItems": _COUNT, "maxItems": _COUNT},
    "required": ["type", "title", "items"],
    "additionalProperties": False,
}
_GROUP: _Schema = {
    "type": "object",
    "properties": {**_COMMON, "type": {"const": "object"}, "additionalProperties": {"const": False}, **_GROUP_PARTS},
    "required": ["type", "title", "properties"],
    "additionalProperties": False,
}
_FIELD: _Schema = {
    "if": _IS_ROWS,
    "then": _ROWS,
    "else": {"if": _IS_GROUP, "then": _GROUP, "else": {"$ref": "#/$defs/plain"}},
}
_SECTION: _Schema = {
    "type": "object",
    "properties": {"title": _TEXT, "fields": {**_NAMES, "minItems": 1}},
    "required": ["title", "fields"],
    "additionalProperties": False,
}
_DERIVATION: _Schema = {
    "type": "object",
    "properties": {"class": _CLASS, "type": {"enum": [entry.value for entry in ValueType]}, "expression": _LONG, "description": _LONG},
    "required": ["type", "expression"],
    "additionalProperties": False,
}
_RULE: _Schema = {
    "type": "object",
    "properties": {"expression": _LONG, "message": _TEXT, "field": {"type": "string"}},
    "required": ["expression", "message", "field"],
    "additionalProperties": False,
}

FORM = canonical(
    {
        "$defs": {"plain": _PLAIN},
        "type": "object",
        "properties": {
            "$schema": {"const": "https://json-schema.org/draft/2020-12/schema"},
            "$id": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"},
            "$comment": _LONG,
            "title": _TEXT,
            "description": _LONG,
            "x-kept-as": _TEXT,
            "type": {"const": "object"},
            "properties": {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": _FIELD},
            "required": _NAMES,
            "additionalProperties": {"const": False},
            "unevaluatedProperties": {"const": False},
            "x-sections": {"type": "array", "items": _SECTION},
            "x-derive": {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": _DERIVATION},
            "x-rules": {"type": "array", "items": _RULE, "maxItems": 100},
            #: keys of forms whose newest record is read before this one is filled in
            "x-reads": {**_NAMES, "maxItems": 10},
            "x-version": {"type": "integer", "minimum": 1},
            "x-translations": TRANSLATIONS,
        },
        "required": ["$id", "title", "type", "properties"],
        "additionalProperties": False,
    }
)
