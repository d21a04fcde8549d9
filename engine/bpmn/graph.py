"""A process as a graph: flow nodes, flows and scopes, as values. parsing.py reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn import xml
from engine.bpmn.resources import Resource
from engine.model.execution import Interface


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is a FEEL expression as written, None when there is none."""

    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer as written. `kind` is date, duration or cycle; the text is literal unless it begins with `=`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an event node waits for or throws. `kind` is the event definition's name, `none` without one."""

    kind: str
    ref: str | None = None  #: id referred to
    name: str | None = None  #: of message, signal, link
    correlation: str | None = None  #: FEEL
    code: str | None = None  #: of error and escalation; None on a catching event catches every code
    timer: Timer | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity runs: `parallel` and `sequential` multi-instance, or `standard` loop."""

    kind: str
    collection: str | None = None
    cardinality: str | None = None
    variable: str | None = None
    output: str | None = None
    output_item: str | None = None
    until: str | None = None  #: completion condition
    condition: str | None = None  #: of a standard loop: goes on while true
    test_before: bool = False
    maximum: str | None = None
    twice: bool = False  #: the extension attributes and the standard's elements name different data


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an input or output mapping: a FEEL source and the name it is given."""

    source: str
    target: str


@dataclass(slots=True)
class Node:
    """One flow node. `attributes` are the extension attributes."""

    id: str
    type: str
    name: str
    documentation: str
    attributes: Mapping[str, str]
    lane: str | None = None
    role: str | None = None  #: of the lane
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    boundaries: list[Node] = field(default_factory=list)
    events: tuple[Event, ...] = ()
    loop: Loop | None = None
    inputs: tuple[Line, ...] = ()
    outputs: tuple[Line, ...] = ()
    script: str = ""
    called: str | None = None
    scope: Scope | None = None  #: of a sub-process
    event_subprocess: bool = False
    instantiate: bool = False
    refused: tuple[str, ...] = ()  #: attributes that change the meaning and are not supported
    resources: tuple[Resource, ...] = ()
    wrong_data: tuple[tuple[str, str], ...] = ()  #: code and sentence of data drawn where it means nothing

    @property
    def event(self) -> Event:
        """The one event definition; `none` without any."""
        return self.events[0] if self.events else _NONE

    @property
    def manual(self) -> bool:
        """Whether a person completes it."""
        return self.type in xml.HUMAN

    @property
    def activity(self) -> bool:
        """Whether it is a task, sub-process or call."""
        return self.type in xml.ACTIVITIES


_NONE = Event("none")


@dataclass(slots=True)
class Scope:
    """A process or sub-process with what is drawn in it. `key` is unique within the process."""

    key: str
    node_id: str | None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()

    def starts(self) -> list[Node]:
        """Its start events, in the order drawn."""
        return [node for node in self.nodes.values() if node.type == "startEvent"]

    def event_subprocesses(self) -> list[Node]:
        """The event sub-processes drawn directly in it."""
        return [node for node in self.nodes.values() if node.event_subprocess]

    def everything(self) -> Iterator[Scope]:
        """This scope and all inside it, outermost first."""
        yield self
        for node in self.nodes.values():
            if node.scope is not None:
                yield from node.scope.everything()


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the processes of a file refer to: by id, name, correlation, code."""

    messages: Mapping[str, tuple[str, str]]  #: id -> name, correlation FEEL
    signals: Mapping[str, str]
    errors: Mapping[str, str]  #: id -> code
    escalations: Mapping[str, str]
    events: Mapping[str, etree._Element]  #: event definitions that can be referred to
    roles: Mapping[str, str]  #: of resources
    items: Mapping[str, str]  #: variable of each data object, property, data input and output


@dataclass(frozen=True, slots=True)
class Graph:
    """One process as read."""

    key: str
    name: str
    executable: bool
    scope: Scope
    lanes: tuple[str, ...]
    interface: Interface | None = None

    def nodes(self) -> Iterator[tuple[Scope, Node]]:
        """Every flow node with the scope it is drawn in."""
        for scope in self.scope.everything():
            for node in scope.nodes.values():
                yield scope, node
