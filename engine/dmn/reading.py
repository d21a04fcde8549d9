"""DMN files to decision models. Accepts the namespaces of DMN 1.1 to 1.5; drawings and notes are ignored.

Everything found wrong is collected, each with the id of its element, and refused together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.dmn.boxes import logic_in, nothing, outputs_of, read_function
from engine.dmn.evaluation import DecisionModel
from engine.dmn.graph import inputs_of, requirements
from engine.dmn.model import Decision, Definitions, Logic, Procedure, Subgraph, Typed, ValueType
from engine.dmn.source import Source, names_in, types_in
from engine.dmn.xml import NAMESPACES, attribute, child, children, local
from engine.language import kept
from engine.model.errors import ModelRefused, Problem

#: Bytes in one file.
MAX_BYTES = 1_000_000
#: Decisions in one file.
MAX_DECISIONS = 500
_PARTS = frozenset({"decision", "businessKnowledgeModel", "inputData", "decisionService"})
_REQUIREMENTS = frozenset({"informationRequirement", "knowledgeRequirement"})


def load(xml: bytes, file: str = "decision.dmn") -> DecisionModel:
    """A decision model from a DMN file. Raises ModelRefused with every problem found; `file` names it in them."""
    try:
        return _model(_root(xml, file), file)
    except RecursionError:
        raise _refused(
            file, "dmn-too-deep", kept("Boxes or types in this file lie too deep within each other; use decisions of their own.")
        ) from None


def _model(root: etree._Element, file: str) -> DecisionModel:
    source = Source(file, [], names_in(root), types_in(root))
    source.language(root, attribute(root, "id"))
    parts = _parts(root, source)
    decisions = {key: _decision(source, node, parts) for key, node in parts.items() if local(node) != "inputData"}
    problems = (*source.problems, *requirements(decisions, file))
    if problems:
        raise ModelRefused(problems)
    complete = {key: replace(found, inputs=inputs_of(key, decisions)) for key, found in decisions.items()}
    inputs = {_name(node): _declared(source, node) for node in parts.values() if local(node) == "inputData"}
    return DecisionModel(Definitions(attribute(root, "id"), attribute(root, "name"), complete, inputs))


def _root(xml: bytes, file: str) -> etree._Element:
    """The definitions element; neither entities nor anything outside the file is ever read."""
    if len(xml) > MAX_BYTES:
        raise _refused(file, "file-too-large", kept("The file has more than {max_bytes} bytes; split it.", max_bytes=f"{MAX_BYTES:,}"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(file, "xml-malformed", kept("This is not well-formed XML; save it in a DMN editor: {msg}.", msg=error.msg)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(file, "xml-doctype", kept("A document type is not accepted; remove the DOCTYPE."))
    if etree.QName(root).namespace not in NAMESPACES or local(root) != "definitions":
        raise _refused(file, "dmn-unknown", kept("This is not a DMN file; its root is not definitions in a namespace of DMN 1.1 to 1.5."))
    return root


def _refused(file: str, code: str, message: str) -> ModelRefused:
    return ModelRefused((Problem(file, None, code, message),))


def _parts(root: etree._Element, source: Source) -> dict[str, etree._Element]:
    """Decisions, inputs, functions and services by id."""
    found: dict[str, etree._Element] = {}
    for node in children(root):
        key = attribute(node, "id") or attribute(node, "name")
        node.set("id", key)  # an id may be missing (DMN 1.5, 6.3.1); the name is as good where it is unique
        if local(node) == "import":
            source.problem("", "dmn-import", kept("Decisions cannot be imported from another file; put them into one."))
        elif local(node) not in _PARTS:
            continue
        elif not key:
            source.problem(
                "", "dmn-id-missing", kept("The {node} {node2} has no id; give it one.", node=local(node), node2=attribute(node, "name"))
            )
        elif key in found:
            source.problem(key, "dmn-id-twice", kept("Two elements have the id {key}; ids are unique.", key=key))
        else:
            found[key] = node
    if not any(local(node) == "decision" for node in found.values()):
        source.problem(attribute(root, "id"), "dmn-empty", kept("The file holds no decision; draw one."))
    if len(found) > MAX_DECISIONS:
        source.problem(
            "", "dmn-too-large", kept("The file holds more than {max_decisions} decisions; split it.", max_decisions=MAX_DECISIONS)
        )
    return found


def _name(node: etree._Element) -> str:
    """The name under which others read it: that of its variable, or its own."""
    variable = child(node, "variable")
    return (attribute(variable, "name") if variable is not None else "") or attribute(node, "name") or attribute(node, "id")


def _declared(source: Source, node: etree._Element) -> ValueType:
    variable = child(node, "variable")
    return source.type("" if variable is None else attribute(variable, "typeRef"), attribute(node, "id"))


def _decision(source: Source, node: etree._Element, parts: Mapping[str, etree._Element]) -> Decision:
    key = attribute(node, "id")
    readers = {"decision": _drawn, "businessKnowledgeModel": _function, "decisionService": _service}
    logic = readers[local(node)](source, node, parts)
    if logic is None:
        source.problem(
            key, "dmn-no-logic", kept("The decision {node} has no logic; draw a table or write an expression.", node=_name(node))
        )
        logic = nothing()
    reusable = local(node) != "decision"
    required = [*_required(source, node, parts)]
    if isinstance(logic, Subgraph):
        required += [*logic.outputs, *logic.given]
    return Decision(
        id=key,
        name=_name(node),
        logic=logic,
        requires=tuple(required),
        type=ValueType() if reusable else _declared(source, node),
        outputs=outputs_of(logic, _name(node)),
        reusable=reusable,
    )


def _drawn(source: Source, node: etree._Element, _parts: Mapping[str, etree._Element]) -> Logic | None:
    return logic_in(source, node, attribute(node, "id"))


def _function(source: Source, node: etree._Element, _parts: Mapping[str, etree._Element]) -> Logic | None:
    """A business knowledge model: its variable may say the type of what it gives."""
    key = attribute(node, "id")
    body = child(node, "encapsulatedLogic")
    if body is None:
        return None
    found = read_function(source, body, key)
    declared = _result_type(source, node)
    if isinstance(found, Procedure) and declared != ValueType():
        return Procedure(found.parameters, Typed(found.body, declared))
    return found


def _result_type(source: Source, node: etree._Element) -> ValueType:
    """What a function's variable says of the values it gives."""
    variable = child(node, "variable")
    return source.result_type("" if variable is None else attribute(variable, "typeRef"), attribute(node, "id"))


def _service(source: Source, node: etree._Element, parts: Mapping[str, etree._Element]) -> Logic | None:
    key = attribute(node, "id")
    outputs = tuple(_targets(source, node, "outputDecision", parts, key))
    given = tuple(_targets(source, node, "inputDecision", parts, key))
    inputs = tuple(_name(parts[target]) for target in _targets(source, node, "inputData", parts, key))
    variable = child(node, "variable")
    takes = source.parameter_types("" if variable is None else attribute(variable, "typeRef"), key)
    return Subgraph(inputs, given, outputs, _result_type(source, node), takes) if outputs else None


def _targets(source: Source, node: etree._Element, tag: str, parts: Mapping[str, etree._Element], owner: str) -> Iterator[str]:
    """The ids that children of one tag point at; one that points nowhere is a problem."""
    for target in children(node, tag):
        reference = attribute(target, "href")
        wanted = reference.removeprefix("#")
        if reference.startswith("#") and wanted in parts:
            yield wanted
        else:
            message = kept(
                "It requires {reference}, which is not in this file; draw it or remove the line.", reference=reference or "nothing"
            )
            source.problem(owner, "dmn-reference", message)


def _required(source: Source, node: etree._Element, parts: Mapping[str, etree._Element]) -> Iterator[str]:
    owner = attribute(node, "id")
    for requirement in children(node):
        if local(requirement) in _REQUIREMENTS:
            for tag in ("requiredDecision", "requiredKnowledge", "requiredInput"):
                targets = _targets(source, requirement, tag, parts, owner)
                yield from (key for key in targets if local(parts[key]) != "inputData")
