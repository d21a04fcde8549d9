"""Editing a diagram element by element without a canvas: every byte that is not meant stays as it is.

All functions take the file and give the new file; they are pure. The text is spliced where the element stands, so that other
vendors' extensions, comments, layout and line breaks are kept. What comes out may be a diagram that cannot be run: it is
a draft, and its problems are told by the checks.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engine.bpmn import xml
from engine.language import say
from engine.model.errors import BadRequest, NotFound

_KINDS_OF_TIME = ("timeDuration", "timeDate", "timeCycle")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
#: what stands before a condition in a sequence flow, and before everything else in any element (BPMN 2.0, 8.2.1)
_FIRST = ("documentation", "extensionElements")


@dataclass(slots=True)
class _Node:
    """One element with where it stands: `start` to `opened` is its start tag, `closing` to `end` its end tag, in bytes."""

    tag: str
    start: int
    attributes: dict[str, str]
    spaces: dict[str, str]
    opened: int = 0
    closing: int = 0
    end: int = 0
    children: list[_Node] = field(default_factory=list)

    @property
    def local(self) -> str:
        """Its name, when it is BPMN's."""
        prefix, _, name = self.tag.rpartition(":")
        return name if self.spaces.get(prefix) == xml.BPMN else ""

    def walk(self) -> Iterator[_Node]:
        """It and everything inside."""
        left = [self]
        while left:
            node = left.pop()
            yield node
            left += reversed(node.children)

    def first(self, *names: str) -> _Node | None:
        """The first child with one of these BPMN names."""
        return next((child for child in self.children if child.local in names), None)


def set_name(data: bytes, id: str, name: str) -> bytes:
    """Another name; an empty one takes it away. Raises NotFound, BadRequest for text that XML cannot hold."""
    return _edited(data, id, lambda text, node: _attribute(text, node, "name", " ".join(name.split()) or None))


def set_attribute(data: bytes, id: str, name: str, value: str | None) -> bytes:
    """One of our extension attributes; None takes it away."""

    def change(text: bytes, node: _Node) -> bytes:
        prefix = next((one for one, space in node.spaces.items() if space == xml.PARLEY and one), None)
        if prefix is not None:
            return _attribute(text, node, f"{prefix}:{name}", value)
        if value is None:
            return text
        fresh = next(one for one in ("parley", "parley1", "parley2") if one not in node.spaces)
        return _attribute(_attribute(text, node, f"{fresh}:{name}", value), node, f"xmlns:{fresh}", xml.PARLEY, here=True)

    return _edited(data, id, change)


def set_documentation(data: bytes, id: str, words: str) -> bytes:
    """Other notes; empty ones take them away."""

    def change(text: bytes, node: _Node) -> bytes:
        known = node.first("documentation")
        if not words.strip():
            return _without(text, known) if known else text
        return _content(text, known, words) if known else _inserted(text, node, "documentation", words, after=())

    return _edited(data, id, change)


def set_condition(data: bytes, id: str, expression: str | None) -> bytes:
    """Another condition of a sequence flow or conditional event; None takes that of a flow away."""

    def change(text: bytes, node: _Node) -> bytes:
        if node.local != "sequenceFlow":
            event = node.first("conditionalEventDefinition")
            known = event.first("condition") if event else None
            if known is None or not expression:
                raise BadRequest(say("This element has no condition that can be changed here."))
            return _content(text, known, expression)
        known = node.first("conditionExpression")
        if not expression:
            return _without(text, known) if known else text
        if known:
            return _content(text, known, expression)
        return _inserted(text, node, "conditionExpression", expression, after=_FIRST, kind=True)

    return _edited(data, id, change)


def set_timer(data: bytes, id: str, kind: str, rule: str) -> bytes:
    """Another time of a timer event; `kind` is timeDuration, timeDate or timeCycle."""
    if kind not in _KINDS_OF_TIME:
        raise BadRequest(say("A timer is one of {kinds_of_time}.", kinds_of_time=", ".join(_KINDS_OF_TIME)))

    def change(text: bytes, node: _Node) -> bytes:
        timer = node.first("timerEventDefinition")
        if timer is None:
            raise BadRequest(say("This element has no timer."))
        known = timer.first(*_KINDS_OF_TIME)
        if known is None:
            return _inserted(text, timer, kind, rule, after=_FIRST, kind=True)
        changed = _content(text, known, rule)
        return changed if known.local == kind else _renamed(changed, known, kind)

    return _edited(data, id, change)


def _edited(data: bytes, id: str, change: Callable[[bytes, _Node], bytes]) -> bytes:
    """The file with one element changed, in the encoding it came in."""
    root = xml.parse(data)
    encoding = str(root.getroottree().docinfo.encoding or "UTF-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise BadRequest(
            say("A file in the encoding {encoding} cannot be edited here; save it as UTF-8 in a BPMN editor.", encoding=encoding)
        ) from None
    text = data.decode(encoding).encode() if encoding.upper() not in ("UTF-8", "ASCII", "US-ASCII") else data
    node = next((one for one in _tree(text).walk() if one.attributes.get("id") == id and one.local), None)
    if node is None:
        raise NotFound(say("The diagram has no such element any more."))
    after = change(text, node)
    if text is not data:
        after = after.decode().encode(encoding, "xmlcharrefreplace")
    elif encoding.upper() != "UTF-8":
        after = after.decode().encode("ascii", "xmlcharrefreplace")
    try:
        xml.parse(after)
    except xml.Unreadable as wrong:
        raise BadRequest(say("This cannot be kept in a diagram: {message}", message=wrong.message)) from wrong
    return after


def _tree(text: bytes) -> _Node:
    """All elements with where they stand. The file was read by `xml.parse` before, so it is well-formed and harmless."""
    parser = expat.ParserCreate("UTF-8")
    stack: list[_Node] = []
    roots: list[_Node] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        spaces = dict(stack[-1].spaces) if stack else {}
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                spaces[key[6:]] = value
        node = _Node(tag, parser.CurrentByteIndex, attributes, spaces)
        node.opened = _tag_end(text, node.start)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def finish(_tag: str) -> None:
        node = stack.pop()
        empty = text[node.opened - 2 : node.opened] == b"/>"
        node.closing = node.opened if empty else parser.CurrentByteIndex
        node.end = node.opened if empty else _tag_end(text, node.closing)

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.Parse(text, True)
    return roots[0]


def _tag_end(text: bytes, start: int) -> int:
    """Where a tag that begins here is over; a > inside quotes does not end it."""
    found = re.compile(rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>""").match(text, start)
    assert found is not None
    return found.end()


def _attribute(text: bytes, node: _Node, name: str, value: str | None, *, here: bool = False) -> bytes:
    start, end = node.start, _tag_end(text, node.start)
    key = name.encode()
    for found in _ATTRIBUTE.finditer(text, start, end):
        if found[1] == key:
            if value is None:
                return text[: found.start()] + text[found.end() :]
            return text[: found.start(2)] + _quoted(value, found[2][:1]) + text[found.end(2) :]
    if value is None:
        return text
    place = start + 1 + len(node.tag.encode()) if here else end - (2 if text[end - 2 : end] == b"/>" else 1)
    while not here and text[place - 1 : place].isspace():
        place -= 1
    return text[:place] + b" " + key + b"=" + _quoted(value, b'"') + text[place:]


def _quoted(value: str, quote: bytes) -> bytes:
    entities = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;", "'": "&apos;"}
    if quote == b'"':
        del entities["'"]
    else:
        del entities['"']
    return quote + escape(value, entities).encode() + quote


def _content(text: bytes, node: _Node, words: str) -> bytes:
    said = escape(words).encode()
    if node.end == node.opened:
        tag = text[node.start : node.opened - 2].rstrip()
        return text[: node.start] + tag + b">" + said + f"</{node.tag}>".encode() + text[node.end :]
    return text[: node.opened] + said + text[node.closing :]


def _renamed(text: bytes, node: _Node, name: str) -> bytes:
    """The element under another name; its content may have changed its length since it was found."""
    prefix = node.tag.rpartition(":")[0]
    tag = f"{prefix}:{name}" if prefix else name
    closing = text.index(f"</{node.tag}".encode(), node.start)
    old = len(node.tag.encode())
    text = text[: closing + 2] + tag.encode() + text[closing + 2 + old :]
    return text[: node.start + 1] + tag.encode() + text[node.start + 1 + old :]


def _without(text: bytes, node: _Node) -> bytes:
    start = node.start
    while text[start - 1 : start].isspace():
        start -= 1
    return text[:start] + text[node.end :]


def _inserted(text: bytes, parent: _Node, name: str, words: str, *, after: tuple[str, ...], kind: bool = False) -> bytes:
    """A new child behind those with these names, laid out as its neighbours are."""
    prefix = parent.tag.rpartition(":")[0]
    tag = f"{prefix}:{name}" if prefix else name
    said = f"<{tag}{_kind(parent, prefix) if kind else ''}>{escape(words)}</{tag}>".encode()
    before = [child for child in parent.children if child.local in after]
    place = before[-1].end if before else parent.opened
    if parent.end == parent.opened:
        start = text[parent.start : parent.opened - 2].rstrip()
        margin = _margin(text, parent.start)
        inner = margin + b"  " if margin else b""
        return text[: parent.start] + start + b">" + inner + said + margin + f"</{parent.tag}>".encode() + text[parent.end :]
    margin = _margin(text, parent.children[0].start) if parent.children else _margin(text, parent.start) + b"  "
    tail = b"" if parent.children or not margin.strip(b" ") else _margin(text, parent.start)
    return text[:place] + margin + said + tail + text[place:]


def _kind(parent: _Node, prefix: str) -> str:
    """The type that BPMN asks for, where the file names the schema's namespace."""
    instance = next((one for one, space in parent.spaces.items() if space == _XSI and one), None)
    bpmn = f"{prefix}:" if prefix else ""
    return f" {instance}:type={quoteattr(f'{bpmn}tFormalExpression')}" if instance else ""


def _margin(text: bytes, start: int) -> bytes:
    """The line break and spaces before a place; nothing where something else stands before it."""
    place = start
    while text[place - 1 : place] in (b" ", b"\t"):
        place -= 1
    while text[place - 1 : place] in (b"\n", b"\r"):
        place -= 1
        if text[place : place + 1] == b"\n" and text[place - 1 : place] != b"\r":
            break
    return text[place:start] if text[place : place + 1] in (b"\n", b"\r") else b""
