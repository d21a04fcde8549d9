"""What is run of a file: one process with what it refers to, without drawing, words for artists and foreign extensions.

The result is canonical XML (C14N), so its hash changes only when the meaning may have changed.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.bpmn import xml

_KEPT_ROOTS = ("message", "signal", "error", "escalation", "resource", *sorted(xml.EVENT_DEFINITIONS))
_DROPPED = frozenset(
    {
        "incoming",
        "outgoing",
        "textAnnotation",
        "association",
        "group",
        "dataStoreReference",
        "auditing",
        "monitoring",
        "rendering",
    }
)


def normalise(root: etree._Element, process: etree._Element) -> bytes:
    """The canonical XML of one process of a file."""
    names: Any = {None: xml.BPMN, "parley": xml.PARLEY}
    made = etree.Element(f"{{{xml.BPMN}}}definitions", nsmap=names)
    for element in xml.children(root, *_KEPT_ROOTS):
        made.append(_copy(element))
    made.append(_copy(process))
    return etree.tostring(made, method="c14n")


def _copy(element: etree._Element) -> etree._Element:
    made = etree.Element(element.tag)
    for key, value in element.attrib.items():
        if not str(key).startswith("{") or str(key).startswith(f"{{{xml.PARLEY}}}"):
            made.set(key, value)
    made.text = element.text.strip() if element.text and element.text.strip() else None
    for child in element:
        if _kept(child):
            made.append(_copy(child))
    return made


def _kept(element: etree._Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str):
        return False
    if tag.startswith(f"{{{xml.PARLEY}}}"):
        return True
    name = xml.local(element)
    return name is not None and name not in _DROPPED
