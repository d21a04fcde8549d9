"""The shape of pack.toml as a JSON Schema: which names there are and what stands at them."""

from __future__ import annotations

from typing import TypeAlias

from engine.model.packs import Act, PanelKind, Relation, RoleKind, RungAct, ValueType
from engine.packs import guides, measures, surveys, telling, tiles
from engine.packs.rules import RULES
from engine.schemas import canonical

_Schema: TypeAlias = dict[str, object]

KEY = r"^[a-z0-9][a-z0-9_-]{0,63}$"
NAME = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
#: a language tag, such as es or pt-BR
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
CLASS = r"^C[0-8](\.[a-z][a-z0-9_-]{0,31})?$"

_TEXT: _Schema = {"type": "string", "minLength": 1, "maxLength": 200}
_LONG: _Schema = {"type": "string", "minLength": 1, "maxLength": 2000}
_KEY: _Schema = {"type": "string", "pattern": KEY}
_CODE: _Schema = {"type": "string", "pattern": r"^[A-Za-z0-9_.-]{1,64}$"}
_DURATION: _Schema = {"type": "string", "format": "duration"}
_BOOL: _Schema = {"type": "boolean"}
_TYPE: _Schema = {"enum": [entry.value for entry in ValueType]}
_BOUND: _Schema = {"type": ["string", "number"]}


def _table(properties: _Schema, required: tuple[str, ...] = ()) -> _Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _named(names: str, entry: _Schema) -> _Schema:
    return {"type": "object", "propertyNames": {"pattern": names}, "additionalProperties": entry}


def _list(entry: _Schema, least: int = 0) -> _Schema:
    return {"type": "array", "items": entry, "minItems": least, "maxItems": 500}


#: language -> text as written -> the same in that language
TRANSLATIONS: _Schema = _named(
    LANGUAGE,
    {
        "type": "object",
        "maxProperties": 5000,
        "propertyNames": {"minLength": 1, "maxLength": 4000},
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 4000},
    },
)
_LABELS: _Schema = {"type": "object", "additionalProperties": _TEXT}
_RELATIONS = _named(CLASS, {"enum": [entry.value for entry in Relation]})

_CASE = _table(
    {
        "label": _TEXT,
        "number": _TEXT,
        "process": _TEXT,
        "opening_form": _KEY,
        "required_participants": _named(KEY, {"type": "integer", "minimum": 1, "maximum": 50}),
        "duplicate_months": {"type": "integer", "minimum": 0, "maximum": 600},
        "intensity": _TEXT,
        "afterwards": _list(_TEXT),
    },
    ("number", "process"),
)
_ROLE = _table(
    {
        "label": _TEXT,
        "kind": {"enum": [entry.value for entry in RoleKind]},
        "staff": _BOOL,
        "eligible": _KEY,
        "read": _RELATIONS,
        "write": _RELATIONS,
        "may": _list({"enum": [entry.value for entry in Act]}),
    },
    ("label", "kind"),
)
_EXCLUSION = _table({"between": {**_list(_KEY, 2), "maxItems": 2, "uniqueItems": True}, "reason": _TEXT}, ("between", "reason"))
_VARIABLE = _table({"type": _TYPE, "label": _TEXT, "fact": _BOOL, "values": _LABELS, "staff": _BOOL}, ("type",))
_SETTING = _table(
    {
        "type": {"enum": ["duration", "number", "string", "boolean"]},
        "default": {"type": ["string", "number", "boolean"]},
        "min": _BOUND,
        "max": _BOUND,
        "label": _TEXT,
    },
    ("type", "default"),
)
_NOTICE = _table({"title": _TEXT, "text": _LONG}, ("title", "text"))
_RUNG = _table(
    {
        "offset": _DURATION,
        "after": _DURATION,
        "percentage": {"type": "number", "minimum": 0, "maximum": 100},
        "act": {"enum": [entry.value for entry in RungAct]},
        "to": {"type": "string", "pattern": r"^(assignee|(case-)?role:[a-z0-9_-]+)$"},
        "notice": _KEY,
        "process": _TEXT,
        "label": _TEXT,
    },
    ("act",),
)
_RULE = _table(
    {"key": _KEY, "label": _TEXT, "applies_to": _list(_TEXT, 1), "rungs": _list(_RUNG, 1), "working": _KEY}, ("key", "applies_to", "rungs")
)
_HOURS: _Schema = {"type": "string", "maxLength": 200}
_CALENDAR = _table(
    {
        "label": _TEXT,
        "zone": _TEXT,
        "week": _table(dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), _HOURS)),
        "holidays": {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Z0-9]{1,6})?$"},
        "days": _list(_table({"on": _TEXT, "hours": _HOURS, "label": _HOURS}, ("on",))),
        "recesses": _list(_table({"from": _TEXT, "to": _TEXT, "label": _HOURS}, ("from", "to"))),
        "pauses": _list(_CODE),
    },
    ("zone", "week"),
)
_MESSAGE = _table(
    {
        "name": _TEXT,
        "label": _TEXT,
        "roles": _list(_KEY, 1),
        "payload": {"type": "object", "additionalProperties": {"enum": ["self", "given"]}},
        "of": _KEY,
        "confirm": _LONG,
    },
    ("name", "label", "roles"),
)
_SELECTOR: _Schema = {"type": "string", "pattern": r"^((duty|form|calls):[^\s/]+|[^\s/:]+/[^\s/]+)$"}
_LINT = _table(
    {
        "levels": {"type": "object", "propertyNames": {"enum": sorted(RULES)}, "additionalProperties": {"enum": ["off", "warn", "refuse"]}},
        "required": _list(_SELECTOR),
        "before": _list(_table({"element": _SELECTOR, "needs": _list(_SELECTOR, 1)}, ("element", "needs"))),
        "reports": _named(KEY, _list(_TEXT)),
        "exceptions": _list(_table({"code": {"enum": sorted(RULES)}, "at": _TEXT, "reason": _LONG}, ("code", "at", "reason"))),
    }
)
_CRITERION = _table(
    {"form": _KEY, "since": _KEY, "records": _list(_KEY, 1), "each": _KEY, "label": _LONG},
    ("form", "label"),
)
_WEIGHING = _table(
    {"forms": _list(_KEY, 1), "minutes": _list(_TEXT), "limit": _TEXT, "shown": _list(_KEY)},
    ("forms", "limit"),
)
_FILLING = _table(
    {
        "milestone": _CODE,
        "form": _KEY,
        "rows": _TEXT,
        "entry": _KEY,
        "takes": {"type": "object", "additionalProperties": _TEXT},
        "begins": {"type": "object", "additionalProperties": _CODE},
        "about": _TEXT,
        "replaced": _CODE,
    },
    ("milestone", "form", "rows", "entry", "takes"),
)
_PANEL = _table(
    {
        "key": _KEY,
        "title": _TEXT,
        "kind": {"enum": [kind.value for kind in PanelKind]},
        "forms": _list(_KEY, 1),
        "columns": _list(_TEXT),
        "entries": _list(_KEY, 1),
        "adds": _list(_KEY, 1),
        "about": _named(KEY, _KEY),
        "staff": _BOOL,
        "date": _TEXT,
        "state": _TEXT,
        "done": _list(_CODE, 1),
        "released": {"type": "string", "pattern": CLASS},
        "permission": _KEY,
        "signatures": _KEY,
        "criteria": _list(_CRITERION),
        "balance": _WEIGHING,
        "fills": _FILLING,
        "hears": _table(
            {"form": _KEY, "rows": _TEXT, "takes": {"type": "object", "additionalProperties": _TEXT}}, ("form", "rows", "takes")
        ),
        "tally": _named(r"^[A-Za-z][A-Za-z0-9_]{0,63}$", _LONG),
        "afterwards": _BOOL,
        "tells": _list(_table({"form": _KEY, "when": _LONG, "message": _TEXT}, ("form", "when", "message"))),
    },
    ("key", "title"),
)

PACK = canonical(
    _table(
        {
            "key": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9-]{0,63}$"},
            "title": _TEXT,
            "forms": _TEXT,
            "language": {"type": "string", "pattern": LANGUAGE},
            "languages": {**_list({"type": "string", "pattern": LANGUAGE}, 1), "uniqueItems": True},
            "translations": TRANSLATIONS,
            "calendar": _TEXT,
            "calendars": _named(KEY, _CALENDAR),
            "case": _CASE,
            "roles": _named(KEY, _ROLE),
            "lanes": {"type": "object", "additionalProperties": _KEY},
            "exclusions": _list(_EXCLUSION),
            "variables": _named(NAME, _VARIABLE),
            "settings": _named(NAME, _SETTING),
            "notices": _named(KEY, _NOTICE),
            "milestones": {"type": "object", "propertyNames": _CODE, "additionalProperties": _TEXT},
            "classes": {"type": "object", "propertyNames": {"pattern": r"^C[0-8](\.[a-z]+)?$"}, "additionalProperties": _TEXT},
            "deadline_rules": _list(_RULE),
            "messages": _list(_MESSAGE),
            "panels": _list(_PANEL),
            "tiles": _list(tiles.SHAPE),
            "measures": _list(measures.SHAPE),
            "figures": measures.FIGURES,
            "caseload": measures.CASELOAD,
            "surveys": _list(surveys.SHAPE),
            "guides": _list(guides.SHAPE),
            "telling": telling.SHAPE,
            "policies": _table({"approval": _BOOL, "coverage": {"type": "integer", "minimum": 0, "maximum": 100}, "lint": _LINT}),
            "retention": _named(CLASS, _DURATION),
        },
        ("key", "title", "case", "roles"),
    )
)
