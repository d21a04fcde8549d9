"""Two versions of a decision model: decisions, inputs, outputs, rules and their cells that are new, gone or different."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.dmn.xml import attribute, characters, child, children, content, local
from engine.model.compared import Difference, Thing, differences

_TOP = frozenset({"decision", "inputData", "businessKnowledgeModel", "decisionService", "itemDefinition"})


class Unreadable(ValueError):
    """The file is not well-formed XML."""


def compare(before: bytes, after: bytes) -> tuple[Difference, ...]:
    """How one version of a model differs from another; empty bytes stand for no model. Raises Unreadable.

    Rules are told apart by their ids, so one that moved is the same rule; its place is a trait.
    """
    return differences(things(before), things(after))


def things(data: bytes) -> dict[str, Thing]:
    """Everything in a model that is told apart, by id, in the order of the file. Raises Unreadable."""
    return {one.id: one for one in _of(_read(data))} if data else {}


def _read(data: bytes) -> etree._Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("The file holds a DOCTYPE or ENTITY declaration; remove it.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise Unreadable(str(wrong)) from wrong


def _of(root: etree._Element) -> Iterator[Thing]:
    for node in children(root):
        if local(node) not in _TOP:
            continue
        id, name = attribute(node, "id") or attribute(node, "name"), attribute(node, "name") or attribute(node, "id")
        table = child(node, "decisionTable")
        yield Thing(id, local(node), name, dict(_flat(node, "", skip=table)))
        if table is not None:
            yield from _table(table, id, name)


def _table(table: etree._Element, owner: str, name: str) -> Iterator[Thing]:
    yield Thing(
        f"{owner} table", "table", name, {key: attribute(table, key) for key in ("hitPolicy", "aggregation") if attribute(table, key)}
    )
    inputs = [_column(node, number, "input") for number, node in enumerate(children(table, "input"), 1)]
    outputs = [_column(node, number, "output") for number, node in enumerate(children(table, "output"), 1)]
    yield from inputs
    yield from outputs
    for number, rule in enumerate(children(table, "rule"), 1):
        cells = [*children(rule, "inputEntry"), *children(rule, "outputEntry")]
        titles = _distinct([one.name for one in (*inputs, *outputs)])
        traits = {"place": str(number)} | {title: content(cell) or "-" for title, cell in zip(titles, cells, strict=False)}
        described = child(rule, "description")
        words = characters(described) if described is not None else ""
        yield Thing(attribute(rule, "id") or f"{owner} rule {number}", "rule", words or f"rule {number}", traits)


def _distinct(titles: list[str]) -> list[str]:
    return [title if title not in titles[:place] else f"{title} ({place + 1})" for place, title in enumerate(titles)]


def _column(node: etree._Element, number: int, kind: str) -> Thing:
    expression = content(child(node, "inputExpression"))
    title = attribute(node, "label") or attribute(node, "name") or expression or f"{kind} {number}"
    return Thing(attribute(node, "id") or f"{kind} {number}", kind, title, dict(_flat(node, "")))


def _flat(node: etree._Element, path: str, skip: etree._Element | None = None) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        key = str(name)
        if key not in ("id", "label") and not (key == "name" and not path):
            yield f"{path} {key}".strip(), str(value).strip()
    inner = [one for one in children(node) if one is not skip]
    if not inner and path:
        yield path, characters(node)
    seen: dict[str, int] = {}
    for one in inner:
        name = local(one)
        seen[name] = seen.get(name, 0) + 1
        step = name if seen[name] == 1 else f"{name} {seen[name]}"
        yield from _flat(one, path if name == "text" else f"{path} {step}".strip())
