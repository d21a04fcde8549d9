"""Tokens and scopes: SpiffWorkflow's tasks and workflows, kept flat.

The library grows a tree of tasks whose finished part stays for ever and from which it reads joins. BPMN's tokens have
no such history (BPMN 2.0, 7.2), so here a workflow holds only live tokens, each without parent or children: joins read
waiting tokens and the drawing alone, a step costs the same after ten turns of a loop as after ten thousand, and
nothing has to be compacted afterwards.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.journal import Journal
from engine.bpmn.variables import Variables
from engine.model.execution import Env, Value

if TYPE_CHECKING:
    from engine.bpmn.specs import FlowNode, ScopeSpec

#: Deepest nesting of sub-processes and calls in a running instance.
MAX_SCOPES = 100


class Stop(Exception):
    """A step cannot be taken. The token stays before its element and the reason becomes a fault.

    The message must hold no variable values: faults are shown to people who may not read the case.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NoScripts:
    """Stands where the library keeps its Python engine, so that nothing of a model can ever reach Python."""

    environment = None

    def evaluate(self, *_: object, **__: object) -> None:
        """Refuses."""
        raise AssertionError("Expressions are FEEL and are evaluated in engine.bpmn.expressions only.")

    execute = call_service = evaluate


#: What tokens have that are no item of a loop; never written to.
_NO_VARIABLES = Variables()


class Token(Task):  # type: ignore[misc]  # the library is untyped
    """A token at an element.

    `memo` is plain JSON that is remembered of it in the state, `data` the variables of a loop item, `instance` the process
    instance it belongs to.
    """

    #: Flows that the step in hand has chosen to leave by; never stored.
    way_out: tuple[str, ...] = ()
    #: Which conditions were null there, and why; never stored.
    doubts: tuple[str, ...] = ()
    #: The library's tree, which no token is in.
    _parent = None
    _children: tuple[()] = ()
    triggered = False
    thread_id = 0
    last_state_change = 0.0

    def __init__(self, workflow: Instance | Child, spec: FlowNode, state: int, token_id: str, memo: dict[str, Any]) -> None:
        # Not the library's own, which draws an id, reads the clock and looks for a parent: it is made for every token
        # of an instance with every step.
        self.id = token_id
        self.workflow = workflow
        self.instance: Instance = workflow.top_workflow
        self.task_spec = spec
        self._state = state
        self.memo = self.internal_data = memo
        self.data: Variables = _NO_VARIABLES
        workflow.tasks[token_id] = self

    def _set_state(self, value: int) -> None:
        # The library's version logs, and puts variables into the log record.
        self._state = value


class Instance(BpmnWorkflow):  # type: ignore[misc]  # the library is untyped
    """The top scope of a process instance, and everything that belongs to the instance as a whole."""

    spec: ScopeSpec
    data: Variables
    tasks: dict[str, Token]
    subprocesses: dict[str, Child]
    container: Token | None = None
    depth = 0

    def __init__(self, spec: ScopeSpec, scopes: Mapping[str, ScopeSpec], env: Env) -> None:
        super().__init__(spec, scopes, script_engine=NoScripts(), deserializing=True)
        self.env = env
        #: The time of the turn as tokens remember it.
        self.now = env.now.isoformat()
        self.journal = Journal()
        self.queue: deque[str] = deque()
        self.tokens: dict[str, Token] = {}
        self.counter = 0
        self.end_event: str | None = None
        #: Steps taken since something came from outside; tells a loop that never waits from work.
        self.spin = 0
        #: About how many bytes the state takes, and what of that was counted and not only added up; see `room`.
        self.size = self.sure = 0
        #: Whether the step in hand wrote a variable or began to wait for a condition; never stored.
        self.changed = False
        #: Whether any process of the instance holds a conditional event.
        self.watches = any(spec.watches for spec in scopes.values())

    @property
    def scopes(self) -> Iterator[Instance | Child]:
        """The top scope and all open inside it, outer before inner."""
        yield self
        yield from self.subprocesses.values()

    def next_id(self) -> str:
        """A token id that this instance never used before."""
        self.counter += 1
        return f"t{self.counter}"


class Child(BpmnSubWorkflow):  # type: ignore[misc]  # the library is untyped
    """The scope of an open sub-process or called process; `container` is the token that holds it."""

    spec: ScopeSpec
    data: Variables
    tasks: dict[str, Token]
    top_workflow: Instance

    def __init__(self, spec: ScopeSpec, container: Token) -> None:
        self.container: Token | None = container
        self._outer: Instance | Child = container.workflow
        super().__init__(spec, container.id, container.instance, deserializing=True)

    @property
    def parent_workflow(self) -> Instance | Child:
        """The scope around this one."""
        return self._outer

    def _calculate_depth(self) -> int:
        return int(self._outer.depth) + 1


def place(
    scope: Instance | Child, spec: FlowNode, state: int = TaskState.FUTURE, memo: dict[str, Any] | None = None, token_id: str | None = None
) -> Token:
    """Put a token at an element. One that is FUTURE or READY is queued for the next step."""
    instance: Instance = scope.top_workflow
    memo = memo if memo is not None else {}
    if "since" not in memo:
        memo["since"] = instance.now
    token = Token(scope, spec, state, token_id or instance.next_id(), memo)
    instance.tokens[token.id] = token
    if token_id is None and state in (TaskState.FUTURE, TaskState.READY):
        instance.queue.append(token.id)
    return token


def queue(token: Token, state: int = TaskState.READY) -> None:
    """Have a step taken for this token."""
    token._set_state(state)
    token.instance.queue.append(token.id)


def drop(token: Token) -> None:
    """Take a token away without a word."""
    token.workflow.tasks.pop(token.id, None)
    token.instance.tokens.pop(token.id, None)


def dependents(token: Token, *keys: str) -> list[Token]:
    """Tokens of the same scope that name this one in their memo under one of the keys: `on`, `gw` or `of`."""
    return [other for other in token.workflow.tasks.values() for key in keys if other.memo.get(key) == token.id]


def open_scope(container: Token, spec: ScopeSpec, variables: dict[str, Value]) -> Child:
    """Open the scope of a sub-process or called process inside a token. Raises Stop when nested too deeply."""
    if container.workflow.depth + 1 > MAX_SCOPES:
        raise Stop(
            "nested-too-deeply",
            f"More than {MAX_SCOPES} sub-processes and called processes are nested here; look for a process that calls itself.",
        )
    child = Child(spec, container)
    child.data = Variables(variables)
    container.instance.subprocesses[container.id] = child
    return child


def close_scope(container: Token) -> None:
    """Take the scope inside a token away; it must hold no live tokens but armed event sub-processes."""
    child = container.instance.subprocesses.pop(container.id, None)
    if child is not None:
        for token in list(child.tasks.values()):
            drop(token)


def wrapper(token: Token) -> Token:
    """The token that stands for the whole activity: of a loop's or multi-instance's turn the one around it."""
    of = token.memo.get("of")
    return token.instance.tokens[of] if of else token


def item(token: Token) -> int | None:
    """Which turn or instance of the innermost loop around the token this is, from 1; a called process starts anew."""
    current: Token | None = token
    while current is not None:
        if "i" in current.memo:
            return int(current.memo["i"])
        current = None if current.workflow.spec.wall else current.workflow.container
    return None
