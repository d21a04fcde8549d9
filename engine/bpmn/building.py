"""From a graph to the library's specs, without recursion over flows, so that thousands of nodes in a row are fine."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn import activities, joins, outside, repeating, specs
from engine.bpmn.graph import Flow, Graph, Node, Scope
from engine.bpmn.specs import FlowNode, ScopeSpec
from engine.dmn import DecisionModel

_SIMPLE: Mapping[str, type[FlowNode]] = {
    "startEvent": specs.StartEvent,
    "endEvent": specs.EndEvent,
    "intermediateCatchEvent": specs.CatchEvent,
    "intermediateThrowEvent": specs.ThrowEvent,
    "boundaryEvent": specs.BoundaryEvent,
    "exclusiveGateway": specs.Gateway,
    "eventBasedGateway": specs.EventGateway,
    "task": activities.HumanTask,
    "userTask": activities.HumanTask,
    "manualTask": activities.HumanTask,
    "scriptTask": activities.ScriptTask,
    "serviceTask": activities.ServiceTask,
    "sendTask": activities.SendTask,
    "receiveTask": activities.ReceiveTask,
}


def build(graphs: Mapping[str, Graph], decisions: Mapping[str, DecisionModel]) -> dict[str, ScopeSpec]:
    """Specs of every scope of these processes, by scope key (the process key, or `process/sub-process`)."""
    built: dict[str, ScopeSpec] = {}
    for graph in graphs.values():
        for scope in graph.scope.everything():
            built[scope.key] = ScopeSpec(scope, graph.key)
    for spec in built.values():
        _fill(spec, built, decisions)
    return built


def _fill(spec: ScopeSpec, built: Mapping[str, ScopeSpec], decisions: Mapping[str, DecisionModel]) -> None:
    _join_links(spec.scope)
    for node in spec.scope.nodes.values():
        if node.loop is not None:
            repeating.Repetition(spec, node)
        _one(spec, node, built, decisions)
    for flow in spec.scope.flows.values():
        spec.node_spec(flow.source).connect(spec.node_spec(flow.target))
    for node in spec.scope.nodes.values():
        if node.type == "inclusiveGateway" and len(node.incoming) > 1:
            spec.reach[node.id] = joins.reach(spec, node)


def _one(spec: ScopeSpec, node: Node, built: Mapping[str, ScopeSpec], decisions: Mapping[str, DecisionModel]) -> None:
    inner = node.loop is not None
    match node.type:
        case "serviceTask" | "sendTask" if "job" in node.attributes:
            outside.OutsideTask(spec, node, inner)
        case "businessRuleTask":
            decision = decisions.get(node.attributes.get("decision", ""))
            activities.BusinessRuleTask(spec, node, inner, decision)
        case "callActivity":
            activities.CallActivity(spec, node, inner).inside = built[node.called or ""]
        case "subProcess":
            assert node.scope is not None
            activities.SubProcess(spec, node, inner).inside = built[node.scope.key]
        case "parallelGateway":
            (joins.ParallelJoin if len(node.incoming) > 1 else specs.Gateway)(spec, node)
        case "inclusiveGateway":
            (joins.InclusiveJoin if len(node.incoming) > 1 else specs.Gateway)(spec, node)
        case _:
            _SIMPLE[node.type](spec, node, inner)


def _join_links(scope: Scope) -> None:
    # A link pair is one flow drawn in two halves (BPMN 2.0, 10.5.5.6).
    catches = {n.event.name: n for n in scope.nodes.values() if n.type == "intermediateCatchEvent" and n.event.kind == "link"}
    for node in scope.nodes.values():
        if node.type == "intermediateThrowEvent" and node.event.kind == "link":
            target = catches[node.event.name]
            flow = Flow(f"link {node.id}", node.id, target.id, None)
            scope.flows[flow.id] = flow
            node.outgoing.append(flow)
            target.incoming.append(flow)
