"""First look at a file: known elements, ids and references (BPMN 2.0, 8.1 and annex of the schema)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from engine.bpmn import xml
from engine.model.errors import Problem

#: XML Schema 1.1, type ID (an NCName)
_ID = re.compile(r"[^\W\d][\w.\-]{0,254}")
_CONTAINERS = frozenset({"process", "subProcess"})
#: references from event definitions and tasks to root elements: attribute, what it has to name
_ROOT_REFS = {"messageRef": "message", "signalRef": "signal", "errorRef": "error", "escalationRef": "escalation"}


def problems(root: etree._Element, file: str) -> Iterator[Problem]:
    """What is wrong with the elements, ids and references of a file."""
    yield from _roots(root, file)
    yield from _ids(root, file)
    names = {name: {e.get("id") for e in xml.children(root, name)} for name in set(_ROOT_REFS.values())}
    for process in xml.children(root, "process"):
        if process.get("isExecutable") in (None, "true", "1"):
            yield from _container(process, process.get("id"), file)
            yield from _references(process, root, names, file)


def _roots(root: etree._Element, file: str) -> Iterator[Problem]:
    for child in xml.children(root):
        if xml.local(child) not in xml.ROOTS:
            yield unknown(child, child.get("id"), file)


def unknown(element: etree._Element, near: str | None, file: str) -> Problem:
    """The problem of an element that BPMN does not know there or that is not supported."""
    name = xml.local(element) or str(element.tag)
    if name in xml.UNSUPPORTED_NODES:
        return Problem(
            file,
            element.get("id") or near,
            "unsupported-element",
            f"{name} is not supported; draw it with gateways, sub-processes or events instead.",
        )
    if name in xml.UNSUPPORTED_PARTS:
        return Problem(file, near, "unsupported-element", f"{name} is not supported; {xml.UNSUPPORTED_PARTS[name]} instead.")
    return Problem(
        file, element.get("id") or near, "unknown-element", f"BPMN has no element {name} at this place; remove it or correct its name."
    )


def _ids(root: etree._Element, file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in root.iter(f"{{{xml.BPMN}}}*"):
        found, name = element.get("id"), xml.local(element)
        if found is not None and found in seen:
            yield Problem(file, found, "duplicate-id", f"The id {found} is used twice; give each element an id of its own.")
        elif not (found or "").strip() and (found is not None or name in xml.FLOW_NODES or name in ("process", "sequenceFlow")):
            yield Problem(file, element.get("name"), "empty-id", f"A {name} has no id (line {element.sourceline}); give it one.")
        elif found is not None:
            seen.add(found)
            if not _ID.fullmatch(found):
                yield Problem(
                    file,
                    found,
                    "invalid-id",
                    f"The id {found[:80]} is not allowed; use letters, digits, _, - and ., beginning with a letter or _.",
                )


def _container(element: etree._Element, near: str | None, file: str) -> Iterator[Problem]:
    for child in xml.children(element):
        name = xml.local(child) or ""
        own_id = child.get("id") or near
        if name == "subProcess":
            yield from _container(child, own_id, file)
        elif name in xml.FLOW_NODES:
            yield from _parts(child, xml.NODE_PARTS | xml.EVENT_DEFINITIONS | xml.LOOPS, own_id, file)
        elif name == "sequenceFlow":
            yield from _parts(child, frozenset({"documentation", "extensionElements", "conditionExpression"}), own_id, file)
        elif name in xml.LOOPS and xml.local(element) == "subProcess":
            yield from _parts(child, xml.LOOP_PARTS, near, file)
        elif name not in xml.PASSIVE and not (xml.local(element) == "subProcess" and name in xml.NODE_PARTS):
            yield unknown(child, near, file)


def _parts(element: etree._Element, allowed: Collection[str], near: str | None, file: str) -> Iterator[Problem]:
    for part in xml.children(element):
        name = xml.local(part)
        if name not in allowed:
            yield unknown(part, near, file)
        elif name in xml.LOOPS:
            yield from _parts(part, xml.LOOP_PARTS, near, file)


def _references(process: etree._Element, root: etree._Element, names: dict[str, set[str | None]], file: str) -> Iterator[Problem]:
    definitions = {e.get("id") for e in xml.children(root, *xml.EVENT_DEFINITIONS)}
    for element in process.iter(f"{{{xml.BPMN}}}*"):
        near = _near(element)
        for attribute, wanted in _ROOT_REFS.items():
            value = xml.plain(element.get(attribute))
            if value is not None and value not in names[wanted]:
                yield _dangling(file, near, attribute, value)
        name = xml.local(element)
        if name == "eventDefinitionRef" and xml.plain(xml.words(element)) not in definitions:
            yield _dangling(file, near, name, xml.words(element))
        if name in _CONTAINERS:
            yield from _inside(element, file)
    nodes = {e.get("id") for e in process.iter(f"{{{xml.BPMN}}}*")}
    for ref in process.iter(f"{{{xml.BPMN}}}flowNodeRef"):
        if xml.words(ref) not in nodes:
            yield _dangling(file, _near(ref), "flowNodeRef", xml.words(ref))


def _inside(container: etree._Element, file: str) -> Iterator[Problem]:
    here = {e.get("id"): xml.local(e) for e in xml.children(container, *xml.FLOW_NODES)}
    flows = {e.get("id"): e.get("sourceRef") for e in xml.children(container, "sequenceFlow")}
    for flow in xml.children(container, "sequenceFlow"):
        for attribute in ("sourceRef", "targetRef"):
            if flow.get(attribute) not in here:
                yield _dangling(file, flow.get("id"), attribute, flow.get(attribute))
    for node in xml.children(container, *xml.FLOW_NODES):
        host = node.get("attachedToRef")
        if xml.local(node) == "boundaryEvent" and here.get(host) not in xml.ACTIVITIES:
            yield _dangling(file, node.get("id"), "attachedToRef", host)
        default = node.get("default")
        if default is not None and flows.get(default, "") != node.get("id"):
            yield _dangling(file, node.get("id"), "default", default)


def _dangling(file: str, near: str | None, attribute: str, value: str | None) -> Problem:
    return Problem(
        file,
        near,
        "dangling-reference",
        f"{attribute} names {value or 'nothing'}, which does not exist at this place; connect it again in the editor.",
    )


def _near(element: etree._Element) -> str | None:
    current: etree._Element | None = element
    while current is not None:
        if xml.local(current) in xml.FLOW_NODES | _CONTAINERS | {"sequenceFlow", "lane"} and current.get("id"):
            return current.get("id")
        current = current.getparent()
    return None
