"""Reading the diagrams of a deployment: every process as a model, every mistake as a problem with an element's id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.bpmn import checks, data_flow, names, normalising, parsing, starting, structure, xml
from engine.bpmn.graph import Graph, Node
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import Element, ProcessModel, Reading
from engine.remembering import by_content


def read(files: Mapping[str, bytes]) -> Reading:
    """All processes in these BPMN files. With any problem, nothing of them is to be run."""
    processes: list[ProcessModel] = []
    problems: list[Problem] = []
    for file, data in files.items():
        found, wrong = _file(file, data)
        processes += found
        problems += wrong
    problems += _twice(processes)
    return Reading(tuple(processes), tuple(problems))


def unreadable(file: str, data: bytes) -> Problem | None:
    """Why a file cannot be read as BPMN at all; None for well-formed BPMN, whether it can be run or not."""
    try:
        xml.parse(data)
    except xml.Unreadable as wrong:
        return Problem(file, None, wrong.code, wrong.message)
    return None


@by_content(96)
def _file(file: str, data: bytes) -> tuple[tuple[ProcessModel, ...], tuple[Problem, ...]]:
    try:
        root = xml.parse(data)
    except xml.Unreadable as wrong:
        return (), (Problem(file, None, wrong.code, wrong.message),)
    problems = list(structure.problems(root, file))
    processes = [process for process in xml.children(root, "process") if process.get("id")]
    if not processes and not problems:
        problems.append(Problem(file, None, "no-process", kept("The diagram holds no procedure; draw one.")))
    known = parsing.definitions(root)
    models = []
    for process in processes:
        read = parsing.read(process, known)
        if read.executable and not problems:
            problems += checks.problems(read, file)
            problems += _extensions(process, file)
        models.append(_model(read, file, data, root, process))
    return tuple(models), tuple(problems)


def _twice(processes: list[ProcessModel]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for model in processes:
        if model.key in seen and seen[model.key] != model.file:
            yield Problem(
                model.file,
                model.key,
                "duplicate-process",
                kept(
                    "The same procedure ({key}) is also in the file {seen}; take one of the two out, or give one another id.",
                    key=model.key,
                    seen=seen[model.key],
                ),
            )
        seen.setdefault(model.key, model.file)


def _extensions(process: etree._Element, file: str) -> Iterator[Problem]:
    for element in process.iter(f"{{{xml.PARLEY}}}*"):
        name = str(element.tag).rsplit("}", 1)[-1]
        near = next((a.get("id") for a in element.iterancestors() if xml.local(a) not in (None, "extensionElements") and a.get("id")), None)
        if name not in ("ioMapping", "input", "output"):
            yield Problem(file, near, "unknown-extension", f"parley:{name} is not known; remove it or correct its name.")
    allowed = {"multiInstanceLoopCharacteristics": {"collection", "elementVariable", "outputCollection", "outputElement"}, "lane": {"role"}}
    for element in process.iter(f"{{{xml.BPMN}}}*"):
        name = xml.local(element) or ""
        if name in xml.FLOW_NODES:
            continue
        for key in xml.own(element).keys() - allowed.get(name, set()):
            near = element.get("id") or next((a.get("id") for a in element.iterancestors() if a.get("id")), None)
            yield Problem(file, near, "unknown-attribute", f"parley:{key} has no effect on a {name}; remove it or correct its name.")


def _model(read: Graph, file: str, source: bytes, root: etree._Element, process: etree._Element) -> ProcessModel:
    nodes = [node for _, node in read.nodes()]
    starts = read.scope.starts()
    return ProcessModel(
        key=read.key,
        name=read.name,
        file=file,
        source=source,
        normalised=normalising.normalise(root, process),
        executable=read.executable,
        elements=tuple(_element(node) for _scope, node in read.nodes()),
        lanes=read.lanes,
        forms=_attribute(nodes, "form"),
        decisions=_attribute(nodes, "decision"),
        calls=frozenset(node.called for node in nodes if node.called),
        messages=_named(nodes, "message"),
        start_messages=frozenset(n.event.name for n in starts if n.event.kind == "message" and n.event.name),
        signals=_named(nodes, "signal"),
        duties=_attribute(nodes, "duty"),
        operations=_attribute(nodes, "operation"),
        notices=_attribute(nodes, "notice"),
        milestones=_attribute(nodes, "milestone"),
        roles=_attribute(nodes, "role") | frozenset(node.role for node in nodes if node.role),
        jobs=_attribute(nodes, "job"),
        answers=frozenset((node.id, line.target) for node in nodes if "job" in node.attributes for line in node.outputs),
        interface=read.interface,
        plain_start=any(node.event.kind == "none" for node in starts),
        starts=starting.of_nodes(starts),
        expressions=tuple(names.expressions(read)),
        makes=names.made(read),
    )


def _element(node: Node) -> Element:
    return Element(
        id=node.id,
        type=node.type,
        name=node.name,
        lane=node.lane,
        documentation=node.documentation,
        attributes=dict(node.attributes),
        called=node.called,
        gives=frozenset(line.target for line in node.inputs if node.called),
        takes=frozenset(name for line in node.outputs if node.called and (name := data_flow.name(line.source))),
    )


def _attribute(nodes: list[Node], key: str) -> frozenset[str]:
    return frozenset(value for node in nodes if (value := node.attributes.get(key)))


def _named(nodes: list[Node], kind: str) -> frozenset[str]:
    return frozenset(event.name for node in nodes for event in node.events if event.kind == kind and event.name)
