"""The readable page of the REST contract, made on the server from the OpenAPI document: nothing is fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from flask import Blueprint, render_template

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field of a body, as one line of a table."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    method: str
    path: str
    summary: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    status: str
    answer: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


def blueprint_for(spec: APISpec) -> Blueprint:
    """The blueprint that shows a document's operations."""
    made = Blueprint("api-page", __name__, template_folder="templates", url_prefix="/api/v1")

    @made.get("/docs")
    def page() -> str:
        """All operations by resource."""
        document = spec.to_dict()
        return render_template("api_docs.html", info=document["info"], groups=_groups(document))

    return made


def _groups(document: dict[str, Any]) -> list[tuple[str, str, list[Call]]]:
    calls: dict[str, list[Call]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                calls[operation["tags"][0]].append(_call(document, method, path, operation, operations.get("parameters", [])))
    return [(tag["name"], tag.get("description", ""), calls[tag["name"]]) for tag in document["tags"]]


def _call(document: dict[str, Any], method: str, path: str, operation: dict[str, Any], shared: list[Any]) -> Call:
    status, answer = next((code, found) for code, found in operation["responses"].items() if code.startswith("2"))
    return Call(
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        parameters=tuple(_parameter(one) for one in (*shared, *operation.get("parameters", [])) if "name" in one),
        body=_rows(document, operation.get("requestBody", {})),
        status=status,
        answer=_rows(document, answer),
    )


def _parameter(one: dict[str, Any]) -> Row:
    text = one.get("description", "") or one["schema"].get("description", "")
    return Row(one["name"], f"{one['in']}, {_kind(one['schema'])}", bool(one.get("required")), text)


def _rows(document: dict[str, Any], holder: dict[str, Any]) -> tuple[Row, ...]:
    content: dict[str, Any] = next(iter(holder.get("content", {}).values()), {})
    schema = _resolved(document, content.get("schema", {}))
    item = _resolved(document, schema.get("properties", {}).get("items", {}).get("items", {}))
    return (*_fields(schema), *_fields(item, "items[]."))


def _fields(schema: dict[str, Any], before: str = "") -> tuple[Row, ...]:
    required = schema.get("required", [])
    return tuple(
        Row(before + name, _kind(one), name in required, one.get("description", "")) for name, one in schema.get("properties", {}).items()
    )


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return schema if reference is None else document["components"]["schemas"][reference.rpartition("/")[2]]


def _kind(schema: dict[str, Any]) -> str:
    """A schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return " or ".join(_kind(one) for one in schema[way])
    kind = schema.get("type", "any")
    text = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "array" in text and "items" in schema:
        text = text.replace("array", f"list of {_kind(schema['items'])}")
    if "enum" in schema:
        text += ": " + ", ".join(str(one) for one in schema["enum"])
    return f"{text} ({schema['format']})" if "format" in schema else text
