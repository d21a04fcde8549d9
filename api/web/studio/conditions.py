"""Conditions as rows and as FEEL, for the rooms in which people build them: `{text}` gives rows, `{structure}` gives text.

As JSON a condition is a row `{field, op, value}` or a group `{join: "and" | "or", items}`; a value is
`{kind: "text" | "number" | "flag" | "name" | "moment", value}` or `{kind: "list", items}`, absent where the comparison takes none.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.web import page
from engine.feel import FeelSyntaxError, conditions
from engine.feel.conditions import DEPTH, Condition, Group, Incomplete, Moment, Op, Operand, Other, Row
from engine.feel.rendering import number_text
from engine.model.errors import BadRequest
from engine.operations.drafting import changes

blueprint = Blueprint("conditions", __name__, url_prefix="/procedures/changes/<change_id>")

#: names with spaces that are known where the condition stands
_NAMES = 1000
#: rows or groups of one group
_ITEMS = 100


@blueprint.post("/conditions")
def convert(change_id: str) -> Response:
    """`{text, names?}` → `{structure}`, null when it is richer than rows; `{structure}` → `{text}`; with `problem` when it is wrong."""
    body = request.get_json(silent=True)
    with page.reading() as (uow, actor):
        changes.get(uow, actor, change_id)
    if isinstance(body, dict) and isinstance(body.get("text"), str):
        return jsonify(_read(body["text"], body.get("names", [])))
    if isinstance(body, dict) and "structure" in body:
        return jsonify(_written(body["structure"]))
    raise BadRequest("Send JSON: {text} or {structure}.")


def _read(text: str, names: Any) -> dict[str, Any]:
    if not isinstance(names, list) or len(names) > _NAMES or not all(isinstance(name, str) for name in names):
        raise BadRequest("`names` is a list of texts.")
    if not text.strip().removeprefix("="):
        return {"structure": None}
    try:
        found = conditions.read(text, frozenset(names))
    except FeelSyntaxError as wrong:
        return {"structure": None, "problem": str(wrong)}
    return {"structure": _plain(found) if found else None}


def _written(structure: Any) -> dict[str, Any]:
    try:
        condition = _condition(structure, DEPTH + 1)
        text = conditions.write(condition)
        conditions.read(text)
    except (Incomplete, FeelSyntaxError) as wrong:
        return {"text": None, "problem": str(wrong)}
    return {"text": text}


def _plain(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Group):
        return {"join": condition.join, "items": [_plain(item) for item in condition.items]}
    return {"field": condition.field, "op": condition.op.value, "value": _plain_value(condition.value)}


def _plain_value(value: Operand) -> dict[str, Any] | None:
    match value:
        case None:
            return None
        case bool():
            return {"kind": "flag", "value": value}
        case str():
            return {"kind": "text", "value": value}
        case Decimal():
            return {"kind": "number", "value": number_text(value)}
        case Other(name):
            return {"kind": "name", "value": name}
        case Moment(text):
            return {"kind": "moment", "value": text}
        case _:
            return {"kind": "list", "items": [_plain_value(item) for item in value]}


def _condition(raw: Any, depth: int) -> Condition:
    if not isinstance(raw, dict) or depth == 0:
        raise BadRequest("A condition is a row or a group, and groups stand at most three deep in each other.")
    if "items" in raw:
        items = raw["items"]
        if not isinstance(items, list) or len(items) > _ITEMS:
            raise BadRequest(f"A group has a list of at most {_ITEMS} items.")
        return Group(str(raw.get("join")), tuple(_condition(item, depth - 1) for item in items))
    field, op = raw.get("field"), raw.get("op")
    if not isinstance(field, str) or not isinstance(op, str) or op not in set(Op):
        raise BadRequest("A row has a field and one of the comparisons.")
    return Row(field, Op(op), _value(raw.get("value")))


def _value(raw: Any) -> Operand:
    if not isinstance(raw, dict):
        return None
    if raw.get("kind") == "list":
        return _listed(raw.get("items"))
    value = raw.get("value")
    match raw.get("kind"), value:
        case "flag", bool():
            return value
        case "text", str():
            return value
        case "number", str() | int():
            return _number(value)
        case "name", str():
            return Other(value) if value else None
        case "moment", str():
            return Moment(value) if value else None
        case _:
            return None


def _listed(items: Any) -> Operand:
    if not isinstance(items, list) or len(items) > _ITEMS:
        raise BadRequest(f"A list has at most {_ITEMS} values.")
    found = [_value(item) for item in items]
    return tuple(one for one in found if isinstance(one, (str, Decimal)) and not isinstance(one, bool))


def _number(value: str | int) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
