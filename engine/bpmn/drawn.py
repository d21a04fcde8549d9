"""A diagram as it is drawn, executable or not: its elements with every trait, for comparing and for telling in words.

Nothing is left out: what has no reading of its own here is a trait under the path at which it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn import xml

#: elements of a process that are told apart by their id; whatever else stands inside one is a trait of it
PARTS = (
    xml.FLOW_NODES
    | xml.UNSUPPORTED_NODES
    | {"sequenceFlow", "lane", "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group"}
    | {"participant", "messageFlow"}
)
NODES = xml.FLOW_NODES | xml.UNSUPPORTED_NODES
_REFERENCES = frozenset({"messageRef", "signalRef", "errorRef", "escalationRef", "dataObjectRef"})
_MAPPING = f"{{{xml.PARLEY}}}ioMapping"
_TIMES = ("timeDuration", "timeDate", "timeCycle")
_DI = ("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape", "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNEdge")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One element. `scope` is the id of the process or sub-process it stands in, empty outside of processes.

    Traits are kept by name: attributes as written, ours as `own:NAME`, other vendors' as `other:…`, texts and attributes
    of what stands inside by their path; a timer is `timer` with its kind (`timeDuration|P3D`), a mapping line `input NAME`,
    references are names.
    """

    id: str
    kind: str
    name: str
    scope: str
    lane: str
    traits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Diagram:
    """All elements by id in the order of the file, and where each is drawn."""

    elements: Mapping[str, Drawn]
    places: Mapping[str, str] = field(default_factory=dict)

    def inside(self, scope: str) -> tuple[Drawn, ...]:
        """The flow nodes that stand directly in a process or sub-process."""
        return tuple(one for one in self.elements.values() if one.scope == scope and one.kind in NODES)

    def flows(self, scope: str) -> tuple[Drawn, ...]:
        """The sequence flows that stand directly in a process or sub-process."""
        return tuple(one for one in self.elements.values() if one.scope == scope and one.kind == "sequenceFlow")

    @property
    def processes(self) -> tuple[Drawn, ...]:
        """The processes of the file."""
        return tuple(one for one in self.elements.values() if one.kind == "process")


def read(data: bytes) -> Diagram:
    """The elements of a diagram. Raises `xml.Unreadable` for what is no BPMN."""
    root = xml.parse(data)
    named = {xml.text(node, "id"): _called(node) for node in root.iter(etree.Element) if node.get("id")}
    lanes = {id: label for lane in root.iter(f"{{{xml.BPMN}}}lane") for id, label in _of_lane(lane)}
    elements: dict[str, Drawn] = {}
    for node, scope in _parts(root, ""):
        id = xml.text(node, "id")
        if id and id not in elements:
            elements[id] = Drawn(id, xml.local(node) or "", _name(node), scope, lanes.get(id, ""), dict(_traits(node, named)))
    return Diagram(elements, _places(root))


def _called(node: etree._Element) -> str:
    return xml.text(node, "name") or xml.text(node, "errorCode") or xml.text(node, "escalationCode") or xml.text(node, "id")


def _name(node: etree._Element) -> str:
    return " ".join((xml.text(node, "name") or (xml.words(xml.first(node, "text")) if xml.local(node) == "textAnnotation" else "")).split())


def _of_lane(lane: etree._Element) -> Iterator[tuple[str, str]]:
    label = xml.text(lane, "name") or xml.text(lane, "id")
    for ref in xml.children(lane, "flowNodeRef"):
        yield xml.words(ref), label


def _parts(parent: etree._Element, scope: str) -> Iterator[tuple[etree._Element, str]]:
    """The elements of their own in a part of the file, with the scope of each."""
    top = xml.local(parent) == "definitions"
    for child in xml.children(parent):
        name = xml.local(child)
        listed = name in PARTS or top
        if listed and name != "collaboration":
            yield child, scope
        if name in ("process", "subProcess", "transaction", "adHocSubProcess"):
            yield from _parts(child, xml.text(child, "id"))
        elif name in ("laneSet", "lane", "childLaneSet", "collaboration"):
            yield from _parts(child, scope)


def _traits(node: etree._Element, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    whole = xml.local(node) in ("process", "subProcess", "transaction", "adHocSubProcess")
    yield from _attributes(node, "", named)
    seen: dict[str, int] = {}
    for child in node.iterchildren(etree.Element):
        name = xml.local(child) or _foreign(str(child.tag))
        if name in ("incoming", "outgoing", "flowNodeRef", "childLaneSet", "laneSet") or (whole and name in PARTS):
            continue
        seen[name] = seen.get(name, 0) + 1
        yield from _inner(child, name if seen[name] == 1 else f"{name} {seen[name]}", named)


def _inner(node: etree._Element, path: str, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if xml.local(node) == "timerEventDefinition":
        times = [(xml.local(time), xml.words(time)) for time in xml.children(node, *_TIMES)]
        if times:
            yield "timer", f"{times[0][0]}|{times[0][1]}"
            return
    if str(node.tag) == _MAPPING:
        for line in node.iterchildren(etree.Element):
            yield f"{etree.QName(line).localname} {xml.text(line, 'target')}", xml.text(line, "source")
        return
    yield from _attributes(node, f"{path} ", named)
    children = list(node.iterchildren(etree.Element))
    if not children:
        yield path, xml.words(node)
    seen: dict[str, int] = {}
    for child in children:
        name = xml.local(child) or _foreign(str(child.tag))
        if name == "extensionElements":
            name = ""
        seen[name] = seen.get(name, 0) + 1
        step = name if seen[name] == 1 else f"{name} {seen[name]}"
        yield from _inner(child, f"{path}/{step}" if step else path, named)


def _attributes(node: etree._Element, path: str, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        name, written = str(key), str(value).strip()
        if name in ("id", "name") and not path:
            continue
        if name == "id" or name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
            continue
        if name in _REFERENCES:
            written = named.get(xml.plain(written) or "", written)
        yield f"{path}{_foreign(name)}", written


def _foreign(name: str) -> str:
    """An attribute's or element's name: ours with `own:`, another vendor's with `other:`, the standard's as it is."""
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    return f"own:{local}" if space == xml.PARLEY else f"other:{local}"


def _places(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for shape in root.iter(*_DI):
        bounds = [f"{etree.QName(one).localname}{sorted(one.attrib.items())}" for one in shape.iterdescendants(etree.Element)]
        found[str(shape.get("bpmnElement"))] = "".join(bounds)
    return found
