"""Data in BPMN's own words: which variable an element stands for, and which lines data associations draw (BPMN 2.0, 10.4).

A data object, property, data input or output is a variable of that name. Associations between an activity and data it
sees anyway are drawing; those that rename, assign or transform are mapping lines where a mapping means something, and
are refused elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import xml
from engine.bpmn.graph import Line
from engine.language import kept
from engine.model.execution import Interface

Found = tuple[str, str, str]

_ITEMS = ("dataObject", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem")
_NAME = re.compile(r"=?\s*([^\W\d]\w*)\s*")
#: What drawing tools call the property they hang an association on.
_PLACEHOLDER = "__"


@dataclass(frozen=True, slots=True)
class Associations:
    """What the data associations of a node mean: lines of its mapping, and what is wrong with them."""

    inputs: tuple[Line, ...] = ()
    outputs: tuple[Line, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def names(root: etree._Element) -> dict[str, str]:
    """The variable that each item-aware element of a file stands for, by id.

    A data object without a name has that of the reference by which it is shown, as editors write it.
    """
    shown: dict[str, str] = {}
    for ref in root.iter(f"{{{xml.BPMN}}}dataObjectReference"):
        if ref.get("name"):
            shown.setdefault(xml.plain(ref.get("dataObjectRef")) or "", xml.text(ref, "name").strip())
    found = {}
    for element in root.iter(*(f"{{{xml.BPMN}}}{name}" for name in _ITEMS)):
        own_id = xml.text(element, "id")
        found[own_id] = xml.text(element, "name").strip() or shown.get(own_id) or own_id
    for ref in root.iter(f"{{{xml.BPMN}}}dataObjectReference"):
        own_id = xml.text(ref, "id")
        found[own_id] = found.get(xml.plain(ref.get("dataObjectRef")) or "") or xml.text(ref, "name").strip() or own_id
    return found


def declared(container: etree._Element, known: Mapping[str, str]) -> frozenset[str]:
    """The variables that a process or sub-process declares as its own (10.4.1: the life of data is that of its parent)."""
    drawn = [*xml.children(container, "property", "dataObject"), *_interface(container)]
    found = (known.get(xml.text(one, "id"), xml.text(one, "name")) for one in drawn)
    return frozenset(name for name in found if name and not name.startswith(_PLACEHOLDER))


def interface(process: etree._Element, known: Mapping[str, str]) -> Interface | None:
    """The data inputs and outputs of a process that says so; None when it does not."""
    if xml.first(process, "ioSpecification") is None:
        return None
    optional = {xml.plain(xml.words(ref)) for ref in process.iter(f"{{{xml.BPMN}}}optionalInputRefs")}
    drawn = list(_interface(process))
    inputs = {xml.text(one, "id") for one in drawn if xml.local(one) == "dataInput"}
    outputs = {xml.text(one, "id") for one in drawn if xml.local(one) == "dataOutput"}
    return Interface(
        inputs=frozenset(known.get(one, one) for one in inputs),
        required=frozenset(known.get(one, one) for one in inputs - optional),
        outputs=frozenset(known.get(one, one) for one in outputs),
    )


def _interface(element: etree._Element) -> Iterator[etree._Element]:
    for box in xml.children(element, "ioSpecification"):
        yield from xml.children(box, "dataInput", "dataOutput")


def item(element: etree._Element, many: etree._Element, tag: str, known: Mapping[str, str]) -> str | None:
    """The variable that a loopDataInputRef, loopDataOutputRef, inputDataItem or outputDataItem stands for.

    A task's loop names its own data input, which an association fills from the data (10.3.8): then it is that data.
    """
    drawn = xml.first(many, tag)
    if drawn is None:
        return None
    if tag.endswith("Item"):
        return xml.text(drawn, "name").strip() or xml.text(drawn, "id")
    own_id = xml.plain(xml.words(drawn)) or ""
    for association in xml.children(element, "dataInputAssociation", "dataOutputAssociation"):
        sources, target = _ends(association)
        if target == own_id and len(sources) == 1:
            return known.get(sources[0], "")
        if own_id in sources:
            return known.get(target, "")
    return known.get(own_id, "")


def _ends(association: etree._Element) -> tuple[list[str], str]:
    sources = [xml.plain(xml.words(one)) or "" for one in xml.children(association, "sourceRef")]
    return sources, xml.plain(xml.words(xml.first(association, "targetRef"))) or ""


def associations(element: etree._Element, known: Mapping[str, str]) -> Associations:
    """What the data associations of a flow node mean."""
    looped = {
        xml.plain(xml.words(ref))
        for many in xml.children(element, "multiInstanceLoopCharacteristics")
        for ref in xml.children(many, "loopDataInputRef", "loopDataOutputRef")
    }
    passes = xml.local(element) in ("callActivity", "serviceTask", "sendTask", "intermediateThrowEvent", "endEvent")
    lines: dict[str, list[Line]] = {"dataInputAssociation": [], "dataOutputAssociation": []}
    problems: list[tuple[str, str]] = []
    for association in xml.children(element, *lines):
        sources, target = _ends(association)
        if looped & {*sources, target}:
            continue
        kind = xml.local(association) or ""
        able = passes if kind == "dataInputAssociation" else xml.local(element) == "callActivity" or "job" in xml.own(element)
        found = list(_lines(association, sources, target, element, known))
        if able:
            lines[kind] += found
            problems += [_UNNAMED for line in found if name(line.target) is None or not line.source.strip("= ")]
        elif any(line.source != line.target or _changes(association) for line in found):
            problems.append(_NOT_HERE)
    return Associations(
        tuple(map(_plain, lines["dataInputAssociation"])), tuple(map(_plain, lines["dataOutputAssociation"])), tuple(problems)
    )


_UNNAMED = (
    "data-association",
    kept("A data association needs an expression or data to take from, and the name of a variable to give to; connect it again."),
)
_NOT_HERE = (
    "data-association",
    (
        kept(
            "A data association cannot rename, assign or transform here, as this element sees the variables of "
            "its process directly; use a script task before or after it."
        )
    ),
)


def _changes(association: etree._Element) -> bool:
    return xml.first(association, "assignment", "transformation") is not None


def _lines(
    association: etree._Element, sources: list[str], target: str, element: etree._Element, known: Mapping[str, str]
) -> Iterator[Line]:
    transformation = xml.first(association, "transformation")
    assignments = list(xml.children(association, "assignment"))
    for assignment in assignments:
        yield Line(xml.words(xml.first(assignment, "from")), xml.words(xml.first(assignment, "to")))
    if transformation is not None:
        yield Line(xml.words(transformation), known.get(target, ""))
    elif not assignments:
        # Without an input or output of the element itself it is only a line between a shape and a shape.
        inner = {xml.text(one, "id") for one in (*_interface(element), *xml.children(element, "dataInput", "dataOutput"))}
        if inner & {*sources, target}:
            yield from (Line(known.get(source, ""), known.get(target, "")) for source in sources)


def name(text: str) -> str | None:
    """The variable that an expression is nothing but the name of."""
    found = _NAME.fullmatch(text)
    return found[1] if found else None


def _plain(line: Line) -> Line:
    return Line(line.source, name(line.target) or line.target)


def stray(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Code and sentence for each property drawn on a task or event, where it would be forgotten at once."""
    if xml.local(element) == "subProcess":
        return
    for one in xml.children(element, "property"):
        name = xml.text(one, "name").strip()
        if name and not name.startswith(_PLACEHOLDER):
            yield (
                "property-not-allowed",
                kept(
                    "The property {name} would be forgotten together with its task or event; declare it in the process or sub-process.",
                    name=name,
                ),
            )
