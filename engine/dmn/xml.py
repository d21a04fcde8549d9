"""Small readings of DMN elements, whatever version's namespace they are in."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

#: DMN 1.1, 1.2, 1.3, 1.4 and 1.5.
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)


def local(node: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(node).localname


def attribute(node: etree._Element, name: str) -> str:
    """An attribute without a namespace, trimmed; an empty text when it is missing."""
    return str(node.get(name) or "").strip()


def children(node: etree._Element, name: str | None = None) -> Iterator[etree._Element]:
    """The child elements in a DMN namespace, of one name or all."""
    for found in node.iterchildren(etree.Element):
        if etree.QName(found).namespace in NAMESPACES and (name is None or local(found) == name):
            yield found


def child(node: etree._Element, name: str) -> etree._Element | None:
    """The first child of one name."""
    return next(children(node, name), None)


def content(node: etree._Element | None) -> str:
    """What stands in the element's `text` child; empty when there is none."""
    text = None if node is None else child(node, "text")
    return "" if text is None else characters(text)


def characters(node: etree._Element) -> str:
    """All text in an element, trimmed."""
    return "".join(str(part) for part in node.itertext()).strip()
