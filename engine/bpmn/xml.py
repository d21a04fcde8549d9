"""BPMN files as XML: a parser that trusts nothing, the names of the standard's elements, and small readers.

Source of the safety rules: XML 1.0 entity expansion; no DOCTYPE is ever needed in BPMN 2.0 (clause 15).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.language import kept

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PARLEY = "urn:parley:bpmn:1"

#: Largest file accepted, in bytes.
MAX_BYTES = 1_000_000
#: Largest canonical form of an accepted file, in bytes: it writes out the end of every element.
MAX_CANONICAL = 5 * MAX_BYTES
#: Deepest nesting of XML elements accepted; fifty nested sub-processes need about sixty.
MAX_DEPTH = 120
#: Most attributes accepted on one element.
MAX_ATTRIBUTES = 500
_ATTRIBUTE = re.compile(rb"[^\s=<>\"']\s*=\s*[\"']")
_ENCODING = re.compile(rb"\W*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ENCODINGS = frozenset(
    {b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252", b"cp1252"}
)
#: Most flow nodes accepted in one process.
MAX_NODES = 5_000

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "businessRuleTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
    }
)
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
#: Activities that a person completes.
HUMAN = frozenset({"userTask", "manualTask", "task"})
#: Flow nodes of BPMN 2.0 that this engine refuses.
UNSUPPORTED_NODES = frozenset(
    {
        "complexGateway",
        "transaction",
        "adHocSubProcess",
        "implicitThrowEvent",
        "subChoreography",
        "choreographyTask",
        "callChoreography",
    }
)
#: Elements that carry drawing, words or data shapes and change no flow.
PASSIVE = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "property",
        "ioSpecification",
        "ioBinding",
        "auditing",
        "monitoring",
        "supports",
        "supportedInterfaceRef",
        "categoryValueRef",
        "artifact",
    }
)
_FLOW_PARTS = frozenset({"documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef"})
_NODE_PARTS = _FLOW_PARTS | {"incoming", "outgoing"}
_ACTIVITY_PARTS = (
    _NODE_PARTS
    | {"property", "ioSpecification", "dataInputAssociation", "dataOutputAssociation"}
    | {"potentialOwner", "humanPerformer", "performer", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
)
_EVENT_PARTS = _NODE_PARTS | {"property", "eventDefinitionRef"}
_OWN_PARTS = {"scriptTask": {"script"}, "userTask": {"rendering"}}
#: What may stand inside loop characteristics, by kind.
LOOP_PARTS = {
    "multiInstanceLoopCharacteristics": frozenset(
        {
            "documentation",
            "extensionElements",
            "loopCardinality",
            "completionCondition",
            "loopDataInputRef",
            "loopDataOutputRef",
            "inputDataItem",
            "outputDataItem",
        }
    ),
    "standardLoopCharacteristics": frozenset({"documentation", "extensionElements", "loopCondition"}),
}
#: Elements of BPMN 2.0 that change how a process runs and that this engine refuses, with what to use instead.
UNSUPPORTED_PARTS = {
    "resourceRole": kept("use potentialOwner or humanPerformer on the task"),
    "performer": kept("use potentialOwner or humanPerformer on a task that a person completes"),
    "humanPerformer": kept("use it on a task that a person completes"),
    "potentialOwner": kept("use it on a task that a person completes"),
    "correlationSubscription": kept("use parley:correlationKey on the message"),
    "complexBehaviorDefinition": kept("use a completion condition"),
    "whileExecutingInputRefs": kept("pass the data before the activity begins"),
    "whileExecutingOutputRefs": kept("pass the data when the activity is over"),
}
LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
EVENT_DEFINITIONS = frozenset(
    {
        "messageEventDefinition",
        "timerEventDefinition",
        "signalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "terminateEventDefinition",
        "linkEventDefinition",
        "conditionalEventDefinition",
        "compensateEventDefinition",
        "cancelEventDefinition",
    }
)
#: What may stand at the top of a file beside processes; none of it changes how a process runs unless referred to.
ROOTS = (
    frozenset(
        {
            "process",
            "collaboration",
            "choreography",
            "globalChoreographyTask",
            "conversation",
            "globalConversation",
            "message",
            "signal",
            "error",
            "escalation",
            "itemDefinition",
            "dataStore",
            "category",
            "categoryValue",
            "correlationProperty",
            "interface",
            "resource",
            "partnerEntity",
            "partnerRole",
            "endPoint",
            "import",
            "extension",
            "relationship",
            "documentation",
            "extensionElements",
            "globalTask",
            "globalUserTask",
            "globalManualTask",
            "globalScriptTask",
            "globalBusinessRuleTask",
            "eventDefinition",
        }
    )
    | EVENT_DEFINITIONS
)


def parts(name: str) -> frozenset[str]:
    """What may stand inside a flow node of this kind, or inside a sequence flow (BPMN 2.0, tables of clause 10)."""
    if name in ACTIVITIES:
        return _ACTIVITY_PARTS | _OWN_PARTS.get(name, set())
    if name in EVENTS:
        throws = name in ("endEvent", "intermediateThrowEvent")
        data = {"dataInput", "inputSet", "dataInputAssociation"} if throws else {"dataOutput", "outputSet", "dataOutputAssociation"}
        return _EVENT_PARTS | EVENT_DEFINITIONS | data
    if name == "sequenceFlow":
        return _FLOW_PARTS | {"conditionExpression"}
    return _NODE_PARTS


class Unreadable(Exception):
    """The file cannot be read as BPMN."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse(data: bytes, most: int = MAX_BYTES) -> etree._Element:
    """The root of a BPMN file. Raises Unreadable for anything oversized, hostile, broken or not BPMN."""
    if len(data) > most:
        raise Unreadable(
            "too-large",
            kept("The file is larger than {max_bytes} kB; split the process into called processes.", max_bytes=MAX_BYTES // 1000),
        )
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _doctype()
    _refuse_crowded(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        why = str(wrong.msg if isinstance(wrong, etree.XMLSyntaxError) else wrong)[:200]
        raise Unreadable(
            "malformed-xml", kept("This is not well-formed XML: {why}. Open and save it in a BPMN editor.", why=why)
        ) from wrong
    if root is None:
        raise Unreadable("malformed-xml", kept("The file is empty; export the diagram again."))
    document: Any = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise _doctype()
    if _depth(root) > MAX_DEPTH:
        raise Unreadable("too-deep", kept("Elements are nested too deeply; use called processes instead of nested sub-processes."))
    if root.tag != f"{{{BPMN}}}definitions":
        raise Unreadable("not-bpmn", kept("The file is not BPMN 2.0: its outermost element must be bpmn:definitions."))
    return root


def _refuse_crowded(data: bytes) -> None:
    # The XML library compares each attribute of an element with each: tens of thousands of them would hold a worker for minutes.
    plain_text = data.replace(b"\0", b"")
    if not plain_text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        raise Unreadable("malformed-xml", kept("This is not XML in UTF-8 or UTF-16; open and save it in a BPMN editor."))
    declared = _ENCODING.match(plain_text)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise Unreadable("malformed-xml", kept("The file has an unusual encoding; save it as UTF-8."))
    if any(part.count(b"=") > MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(part)) > MAX_ATTRIBUTES for part in plain_text.split(b"<")):
        raise Unreadable(
            "too-many-attributes",
            kept("An element has more than {max_attributes} attributes; remove those it does not need.", max_attributes=MAX_ATTRIBUTES),
        )


def _doctype() -> Unreadable:
    return Unreadable("doctype", kept("The file holds a DOCTYPE or ENTITY declaration, which BPMN never needs; remove it."))


def _depth(root: etree._Element) -> int:
    deepest, level = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def text(element: etree._Element, name: str) -> str:
    """An attribute as written, empty when it is not there."""
    return str(element.get(name) or "")


def local(element: etree._Element) -> str | None:
    """The element's name when it belongs to BPMN, else None."""
    tag = element.tag
    if isinstance(tag, str) and tag.startswith(f"{{{BPMN}}}"):
        return tag[len(BPMN) + 2 :]
    return None


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The BPMN children with one of these names, all BPMN children if none is given."""
    for child in element:
        name = local(child)
        if name is not None and (not names or name in names):
            yield child


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """The first BPMN child with one of these names."""
    return next(children(element, *names), None)


def words(element: etree._Element | None) -> str:
    """The text inside an element, trimmed."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def plain(name: str | None) -> str | None:
    """A reference without its namespace prefix (editors write both `Message_1` and `tns:Message_1`)."""
    return None if name is None else name.strip().rsplit(":", 1)[-1]


def own(element: etree._Element) -> dict[str, str]:
    """The extension attributes of an element, without prefix."""
    start = f"{{{PARLEY}}}"
    return {str(key)[len(start) :]: str(value).strip() for key, value in element.attrib.items() if str(key).startswith(start)}


def extension(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Our elements with this name inside the element's extensionElements."""
    for box in children(element, "extensionElements"):
        yield from box.iterchildren(f"{{{PARLEY}}}{name}")


def is_true(value: str | None) -> bool:
    """An xsd:boolean as written."""
    return value in ("true", "1")
