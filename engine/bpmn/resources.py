"""Who a task is for, in BPMN's own words: potential owners and performers (BPMN 2.0, 10.3.1 and table 10.29).

They become the extension attributes `role` and `assignee`, so that everything behind knows one way to say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import xml
from engine.language import kept

Found = tuple[str, str, str]

#: The attribute that each resource role becomes.
_MEANING = {"potentialOwner": "role", "humanPerformer": "assignee", "performer": "assignee"}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource role as drawn on a flow node."""

    kind: str  #: potentialOwner, humanPerformer or performer
    text: str | None  #: its assignment expression: literal, or FEEL with `=`
    role: str | None  #: key of the role that the resource it refers to stands for
    parameters: bool  #: whether parameters of the resource are bound

    @property
    def attribute(self) -> str:
        """The extension attribute it stands for."""
        return _MEANING[self.kind]

    @property
    def value(self) -> str:
        """What the attribute is given."""
        return self.text or self.role or ""


def roles(root: etree._Element) -> dict[str, str]:
    """The role that each bpmn:resource stands for, by the resource's id: `parley:role`, else its name, else the id."""
    return {
        xml.text(r, "id"): xml.own(r).get("role") or xml.text(r, "name").strip() or xml.text(r, "id")
        for r in xml.children(root, "resource")
    }


def read(element: etree._Element, known: Mapping[str, str]) -> tuple[Resource, ...]:
    """The resource roles of a flow node; `known` are the roles of the file's resources."""
    return tuple(_read(drawn, known) for drawn in xml.children(element, *_MEANING))


def _read(drawn: etree._Element, known: Mapping[str, str]) -> Resource:
    ref = xml.first(drawn, "resourceRef")
    assignment = xml.first(drawn, "resourceAssignmentExpression")
    return Resource(
        kind=xml.local(drawn) or "",
        text=None if assignment is None else xml.words(xml.first(assignment, "formalExpression", "expression")),
        role=None if ref is None else known.get(xml.plain(xml.words(ref)) or "", ""),
        parameters=xml.first(drawn, "resourceParameterBinding") is not None,
    )


def attributes(own: Mapping[str, str], drawn: tuple[Resource, ...]) -> dict[str, str]:
    """The extension attributes of a node with what its resource roles add; what is written as an attribute stays."""
    return {**{one.attribute: one.value for one in reversed(drawn) if one.value}, **own}


def check(node_id: str, manual: bool, own: Mapping[str, str], drawn: tuple[Resource, ...]) -> Iterator[Found]:
    """What is wrong with the resource roles of one node; `own` are its attributes with them."""
    for attribute in ("role", "assignee"):
        same = [one for one in drawn if one.attribute == attribute]
        if same and not manual:
            yield (
                node_id,
                "resource-not-allowed",
                kept("Nobody does this by hand, so saying who does it ({kind}) has no effect; remove it.", kind=same[0].kind),
            )
            return
        if len(same) > 1:
            yield (
                node_id,
                "several-resources",
                (
                    kept(
                        "More than one {attribute} is named here ({list}); keep one. What several kinds of people may do is "
                        "offered to a role of its own.",
                        attribute=attribute,
                        list=", ".join(one.kind for one in same),
                    )
                ),
            )
        for one in same:
            yield from _one(node_id, one)
            if one.value and own.get(attribute) != one.value:
                yield (
                    node_id,
                    "resource-conflict",
                    kept(
                        "The {kind} names another {attribute} than parley:{attribute}; keep one of the two.",
                        kind=one.kind,
                        attribute=attribute,
                    ),
                )


def _one(node_id: str, one: Resource) -> Iterator[Found]:
    if one.parameters:
        yield node_id, "resource-parameter", kept("Parameters of a resource have no effect here; remove resourceParameterBinding.")
    if (one.text is None) == (one.role is None) or not one.value.strip("= "):
        yield (
            node_id,
            "resource-missing",
            kept("A {kind} needs either a resourceRef or a resourceAssignmentExpression, and only one.", kind=one.kind),
        )
    elif one.attribute == "role" and one.value.startswith("="):
        yield (
            node_id,
            "role-not-fixed",
            (
                kept(
                    "The role of a potentialOwner has to be fixed, as what it may read and write is checked now; name a "
                    "person by a humanPerformer, or a participant by parley:participant."
                )
            ),
        )
    elif one.attribute == "assignee" and one.role is not None:
        yield (
            node_id,
            "performer-is-role",
            kept(
                "A resource stands for a role, but a {kind} is one person; use a potentialOwner, or name the person by an expression.",
                kind=one.kind,
            ),
        )
