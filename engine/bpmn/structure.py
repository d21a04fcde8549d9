"""First look at a file: known elements, ids and references (BPMN 2.0, 8.1 and annex of the schema)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from engine.bpmn import xml
from engine.language import kept
from engine.model.errors import Problem

#: XML Schema 1.1, type ID (an NCName)
_ID = re.compile(r"[^\W\d][\w.\-]{0,254}")
_CONTAINERS = frozenset({"process", "subProcess"})
#: attributes of type xsd:boolean that change how something runs
_BOOLEANS = frozenset(
    {
        "isExecutable",
        "cancelActivity",
        "isInterrupting",
        "triggeredByEvent",
        "isSequential",
        "testBefore",
        "instantiate",
        "parallelMultiple",
        "isForCompensation",
    }
)
#: what can stand only once inside an element
_AT_MOST_ONE = (
    tuple(sorted(xml.LOOPS)),
    ("timeDate", "timeDuration", "timeCycle"),
    ("conditionExpression",),
    ("script",),
    ("condition",),
    ("ioSpecification",),
    ("inputSet",),
    ("outputSet",),
    *((name,) for name in sorted(frozenset[str]().union(*xml.LOOP_PARTS.values()) - {"documentation", "extensionElements"})),
)
#: references from event definitions and tasks to root elements: attribute, what it has to name
_DATA_REFS = ("loopDataInputRef", "loopDataOutputRef", "sourceRef", "targetRef")
#: references that are written as text inside an element of their own
_TEXT_REFS = ("eventDefinitionRef", "resourceRef", "flowNodeRef", "incoming", "outgoing", *_DATA_REFS)
_ROOT_REFS = {"messageRef": "message", "signalRef": "signal", "errorRef": "error", "escalationRef": "escalation"}


def problems(root: etree._Element, file: str) -> Iterator[Problem]:
    """What is wrong with the elements, ids and references of a file."""
    yield from _roots(root, file)
    yield from _ids(root, file)
    names = {name: {e.get("id") for e in xml.children(root, name)} for name in set(_ROOT_REFS.values())}
    yield from _booleans(root, file)
    executable = [process for process in xml.children(root, "process") if process.get("isExecutable") in (None, "true", "1")]
    for process in executable:
        yield from _container(process, process.get("id"), file)
        yield from _references(process, root, names, file)
        yield from _global_calls(process, root, file)
    if executable:
        for shared in xml.children(root, *xml.EVENT_DEFINITIONS):
            yield from _single(shared, shared.get("id"), file)
            yield from _named(shared, names, file)
        yield from _demands(root, file)


def _booleans(root: etree._Element, file: str) -> Iterator[Problem]:
    for element in root.iter(f"{{{xml.BPMN}}}*"):
        for attribute in sorted(_BOOLEANS.intersection(map(str, element.keys()))):
            value = xml.text(element, attribute)
            if value not in ("true", "false", "1", "0"):
                message = kept("{attribute} is {value}; it has to be true or false.", attribute=attribute, value=value[:40] or "empty")
                yield Problem(file, element.get("id") or _near(element), "invalid-attribute", message)


def _demands(root: etree._Element, file: str) -> Iterator[Problem]:
    for extension in xml.children(root, "extension"):
        if xml.is_true(extension.get("mustUnderstand")):
            yield Problem(
                file,
                extension.get("id"),
                "unknown-extension",
                kept(
                    "The file needs {value} to be run, and that is not known here; remove it where the file was made.",
                    value=extension.get("definition") or kept("an extension"),
                ),
            )
    for correlation in xml.children(root, "correlationProperty"):
        yield Problem(
            file,
            correlation.get("id"),
            "unsupported-element",
            "correlationProperty is not supported; use parley:correlationKey on the message instead.",
        )


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
            kept("This kind of element ({name}) is not run here; draw it with choices, parts or events instead.", name=name),
        )
    if name in xml.UNSUPPORTED_PARTS:
        return Problem(
            file,
            near,
            "unsupported-element",
            kept("This ({name}) is not run here; {unsupported_parts} instead.", name=name, unsupported_parts=xml.UNSUPPORTED_PARTS[name]),
        )
    return Problem(
        file,
        element.get("id") or near,
        "unknown-element",
        kept("BPMN has no element {name} at this place; remove it or correct its name.", name=name),
    )


def _ids(root: etree._Element, file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in root.iter(f"{{{xml.BPMN}}}*"):
        found, name = element.get("id"), xml.local(element)
        if found is not None and found in seen:
            yield Problem(
                file, found, "duplicate-id", kept("The id {found} is used twice; give each element an id of its own.", found=found)
            )
        elif not (found or "").strip() and (found is not None or name in xml.FLOW_NODES or name in ("process", "sequenceFlow")):
            yield Problem(
                file,
                element.get("name"),
                "empty-id",
                kept("A {name} has no id (line {sourceline}); give it one.", name=name, sourceline=element.sourceline),
            )
        elif found is not None:
            seen.add(found)
            if not _ID.fullmatch(found):
                yield Problem(
                    file,
                    found,
                    "invalid-id",
                    kept("The id {found} is not allowed; use letters, digits, _, - and ., beginning with a letter or _.", found=found[:80]),
                )


def _container(element: etree._Element, near: str | None, file: str) -> Iterator[Problem]:
    for child in xml.children(element):
        name = xml.local(child) or ""
        own_id = child.get("id") or near
        if name == "subProcess":
            yield from _container(child, own_id, file)
        elif name in xml.FLOW_NODES or name == "sequenceFlow":
            yield from _parts(child, xml.parts(name), own_id, file)
        elif name in xml.LOOPS and xml.local(element) == "subProcess":
            yield from _parts(child, xml.LOOP_PARTS[name], near, file)
        elif name not in xml.PASSIVE and not (xml.local(element) == "subProcess" and name in xml.parts("subProcess")):
            yield unknown(child, near, file)
    yield from _single(element, near, file)


def _parts(element: etree._Element, allowed: Collection[str], near: str | None, file: str) -> Iterator[Problem]:
    for part in xml.children(element):
        name = xml.local(part)
        if name not in allowed:
            yield unknown(part, near, file)
        elif name in xml.EVENT_DEFINITIONS:
            yield from _single(part, near, file)
        elif name in xml.LOOPS:
            yield from _parts(part, xml.LOOP_PARTS[name], near, file)
    yield from _single(element, near, file)


def _single(element: etree._Element, near: str | None, file: str) -> Iterator[Problem]:
    for box in xml.children(element, "ioSpecification"):
        yield from _single(box, near, file)
    for group in _AT_MOST_ONE:
        found = list(xml.children(element, *group))
        if len(found) > 1:
            yield Problem(
                file,
                near,
                "several-of-one",
                kept(
                    "There is more than one {list} here, and only one can count; remove the others.",
                    list=" or ".join(sorted({xml.local(one) or "" for one in found})),
                ),
            )


def _references(process: etree._Element, root: etree._Element, names: dict[str, set[str | None]], file: str) -> Iterator[Problem]:
    definitions = {e.get("id") for e in xml.children(root, *xml.EVENT_DEFINITIONS)}
    for element in process.iter(f"{{{xml.BPMN}}}*"):
        yield from _named(element, names, file)
        yield from _language(element, file)
        if (xml.local(element) or "").startswith("whileExecuting"):
            yield unknown(element, near=_near(element), file=file)
        if xml.local(element) in _CONTAINERS:
            yield from _inside(element, file)
    near_by = {e.get("id") for e in process.iter(f"{{{xml.BPMN}}}*")}
    everything = {e.get("id") for e in root.iter(f"{{{xml.BPMN}}}*")}
    places = {"eventDefinitionRef": definitions, "resourceRef": {e.get("id") for e in xml.children(root, "resource")}}
    for element in process.iter(*(f"{{{xml.BPMN}}}{name}" for name in _TEXT_REFS)):
        name, value = xml.local(element) or "", xml.plain(xml.words(element))
        if value not in places.get(name, everything if name in _DATA_REFS else near_by):
            yield _dangling(file, _near(element), name, value)
    for shown in process.iter(f"{{{xml.BPMN}}}dataObjectReference"):
        if xml.plain(shown.get("dataObjectRef")) not in near_by:
            yield _dangling(file, shown.get("id"), "dataObjectRef", shown.get("dataObjectRef"))


def _global_calls(process: etree._Element, root: etree._Element, file: str) -> Iterator[Problem]:
    tasks = {xml.text(e, "id"): xml.local(e) for e in xml.children(root) if (xml.local(e) or "").startswith("global")}
    for call in process.iter(f"{{{xml.BPMN}}}callActivity"):
        called = xml.plain(call.get("calledElement"))
        if called in tasks:
            yield Problem(
                file,
                call.get("id"),
                "unsupported-element",
                kept(
                    "{called} is a {tasks}, which cannot be called; draw the step here, or call a procedure.",
                    called=called,
                    tasks=tasks[called],
                ),
            )


def _language(element: etree._Element, file: str) -> Iterator[Problem]:
    for attribute in ("scriptFormat", "language"):
        value = element.get(attribute)
        if value and "feel" not in value.lower() and xml.local(element) != "documentation":
            yield Problem(
                file,
                _near(element),
                "unsupported-language",
                kept(
                    "This is written in another language ({value}); write it in FEEL, the one language for conditions "
                    "and calculations here.",
                    value=value[:80],
                ),
            )


def _named(element: etree._Element, names: dict[str, set[str | None]], file: str) -> Iterator[Problem]:
    for attribute, wanted in _ROOT_REFS.items():
        value = xml.plain(element.get(attribute))
        if value is not None and value not in names[wanted]:
            yield _dangling(file, _near(element) or element.get("id"), attribute, value)


def _inside(container: etree._Element, file: str) -> Iterator[Problem]:
    # What is refused as unsupported is there all the same; its flows are not at fault.
    here = {e.get("id"): xml.local(e) for e in xml.children(container, *xml.FLOW_NODES, *xml.UNSUPPORTED_NODES)}
    flows = {e.get("id"): e.get("sourceRef") for e in xml.children(container, "sequenceFlow")}
    for flow in xml.children(container, "sequenceFlow"):
        for attribute in ("sourceRef", "targetRef"):
            if flow.get(attribute) not in here:
                yield _dangling(file, flow.get("id"), attribute, flow.get(attribute))
    for node in xml.children(container, *xml.FLOW_NODES):
        host = node.get("attachedToRef")
        if xml.local(node) == "boundaryEvent" and here.get(host) not in xml.ACTIVITIES | xml.UNSUPPORTED_NODES:
            yield _dangling(file, node.get("id"), "attachedToRef", host)
        default = node.get("default")
        if default is not None and flows.get(default, "") != node.get("id"):
            yield _dangling(file, node.get("id"), "default", default)


def _dangling(file: str, near: str | None, attribute: str, value: str | None) -> Problem:
    root = _ROOT_REFS.get(attribute)
    again = (
        kept("choose {which} {root} again", which="an" if root in ("error", "escalation") else "a", root=root)
        if root
        else kept("connect it again")
    )
    return Problem(
        file,
        near,
        "dangling-reference",
        kept(
            "This points at something that is not there ({attribute}: {value}); {again}.",
            attribute=attribute,
            value=value or "nothing",
            again=again,
        ),
    )


def _near(element: etree._Element) -> str | None:
    current: etree._Element | None = element
    while current is not None:
        if xml.local(current) in xml.FLOW_NODES | _CONTAINERS | {"sequenceFlow", "lane"} and current.get("id"):
            return current.get("id")
        current = current.getparent()
    return None
