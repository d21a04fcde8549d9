"""DMN files to decision models. Accepts the namespaces of DMN 1.1 to 1.5; drawings and notes are ignored.

Everything found wrong is collected, each with the id of its element, and refused together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.dmn.boxes import Box
from engine.dmn.evaluation import DecisionModel
from engine.dmn.graph import inputs_of, requirements
from engine.dmn.model import Decision, Definitions
from engine.dmn.xml import NAMESPACES, attribute, child, children, local
from engine.model.errors import ModelRefused, Problem

#: Bytes in one file.
MAX_BYTES = 1_000_000
#: Decisions in one file.
MAX_DECISIONS = 500


def load(xml: bytes, file: str = "decision.dmn") -> DecisionModel:
    """A decision model from a DMN file. Raises ModelRefused with every problem found; `file` names it in them."""
    return _Reader(file).read(xml)


@dataclass(slots=True)
class _Reader:
    """Reads one file; `problems` grow on the way."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def read(self, xml: bytes) -> DecisionModel:
        root = self._root(xml)
        nodes = list(self._nodes(root))
        if not any(local(node) == "decision" for node in nodes):
            self._problem(attribute(root, "id"), "dmn-empty", "The file holds no decision; draw one.")
        ids = self._ids(nodes)
        box = Box(self.file, self.problems, _names(root), _types(root))
        decisions = {key: self._decision(node, box, ids) for key, node in ids.items() if local(node) != "inputData"}
        self._refuse_if_any()
        problems = requirements(decisions, self.file)
        if problems:
            raise ModelRefused(tuple(problems))
        complete = {key: replace(found, inputs=inputs_of(key, decisions)) for key, found in decisions.items()}
        return DecisionModel(Definitions(attribute(root, "id"), attribute(root, "name"), complete))

    def _root(self, xml: bytes) -> etree._Element:
        if len(xml) > MAX_BYTES:
            self._problem(None, "file-too-large", f"The file has more than {MAX_BYTES:,} bytes; split it.")
            self._refuse_if_any()
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
        try:
            root = etree.fromstring(xml, parser)
        except etree.XMLSyntaxError as error:
            self._problem(None, "xml-malformed", f"This is not well-formed XML: {error.msg}.")
            self._refuse_if_any()
            raise
        if root.getroottree().docinfo.internalDTD is not None:
            self._problem(None, "xml-doctype", "A document type is not accepted; remove the DOCTYPE.")
        elif etree.QName(root).namespace not in NAMESPACES or local(root) != "definitions":
            self._problem(None, "dmn-unknown", "This is not a DMN file; its root is not definitions in a namespace of DMN 1.1 to 1.5.")
        self._refuse_if_any()
        return root

    def _nodes(self, root: etree._Element) -> Iterator[etree._Element]:
        for node in children(root):
            match local(node):
                case "decision" | "businessKnowledgeModel" | "inputData":
                    yield node
                case "import":
                    self._problem(None, "dmn-import", "Decisions cannot be imported from another file; put them into one.")

    def _ids(self, nodes: list[etree._Element]) -> dict[str, etree._Element]:
        found: dict[str, etree._Element] = {}
        for node in nodes:
            key = attribute(node, "id")
            if not key:
                self._problem(None, "dmn-id-missing", f"The {local(node)} {attribute(node, 'name')} has no id; give it one.")
            elif key in found:
                self._problem(key, "dmn-id-twice", f"Two elements have the id {key}; ids are unique.")
            found[key] = node
        if len(found) > MAX_DECISIONS:
            self._problem(None, "dmn-too-large", f"The file holds more than {MAX_DECISIONS} decisions; split it.")
        return found

    def _decision(self, node: etree._Element, box: Box, ids: dict[str, etree._Element]) -> Decision:
        key = attribute(node, "id")
        variable = child(node, "variable")
        name = (attribute(variable, "name") if variable is not None else "") or attribute(node, "name") or key
        reusable = local(node) == "businessKnowledgeModel"
        logic = box.logic(child(node, "encapsulatedLogic") if reusable else box.body(node), key)
        if logic is None:
            self._problem(key, "dmn-no-logic", f"The decision {name} has no logic; draw a table or write an expression.")
            logic = box.nothing()
        declared = "" if variable is None or reusable else attribute(variable, "typeRef")
        return Decision(
            id=key,
            name=name,
            logic=logic,
            requires=tuple(self._required(node, key, ids)),
            type=box.type(declared, key),
            outputs=box.outputs(logic, name),
            reusable=reusable,
        )

    def _required(self, node: etree._Element, key: str, ids: dict[str, etree._Element]) -> Iterator[str]:
        for requirement in children(node):
            if local(requirement) not in ("informationRequirement", "knowledgeRequirement"):
                continue
            for target in children(requirement):
                reference = attribute(target, "href")
                wanted = reference.removeprefix("#")
                if wanted not in ids or not reference.startswith("#"):
                    self._problem(
                        key,
                        "dmn-reference",
                        f"It requires {reference or 'nothing'}, which is not in this file; draw it or remove the line.",
                    )
                elif local(ids[wanted]) != "inputData":
                    yield wanted

    def _problem(self, element: str | None, code: str, message: str) -> None:
        self.problems.append(Problem(self.file, element or None, code, message))

    def _refuse_if_any(self) -> None:
        if self.problems:
            raise ModelRefused(tuple(self.problems))


def _names(root: etree._Element) -> frozenset[str]:
    """All names in the file, so that those with operators in them can be read in expressions."""
    found = (attribute(node, key) for node in root.iter(etree.Element) for key in ("name", "label"))
    return frozenset(name for name in found if name)


def _types(root: etree._Element) -> dict[str, etree._Element]:
    return {attribute(node, "name"): node for node in children(root) if local(node) == "itemDefinition"}
