"""What can be walked in a process: its elements, flows and timers as drawn."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import parsing, xml
from engine.model.execution import ProcessModel


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow: its id, and the elements that it goes from and to."""

    id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Everything of one process that a run can pass, in the order drawn. Timers are elements too."""

    elements: tuple[str, ...]
    flows: tuple[Way, ...]
    timers: tuple[str, ...]


def of(model: ProcessModel) -> Ways:
    """What can be walked in a process that was read without problems."""
    root = xml.parse(model.normalised)
    process = next(one for one in xml.children(root, "process") if one.get("id") == model.key)
    graph = parsing.read(process, parsing.definitions(root))
    scopes = tuple(graph.scope.everything())
    nodes = [node for scope in scopes for node in scope.nodes.values()]
    return Ways(
        elements=tuple(node.id for node in nodes),
        flows=tuple(Way(flow.id, flow.source, flow.target) for scope in scopes for flow in scope.flows.values()),
        timers=tuple(node.id for node in nodes if node.event.timer is not None),
    )
