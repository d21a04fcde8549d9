"""The library as it is shipped, to be measured beside the engine.

For `parley bench engine` only: it runs Python that stands in a diagram, so nothing but the diagrams of the bench may
ever come here. Every call is the library's documented way to do it; nothing of `engine.bpmn` is used or corrected.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from importlib.metadata import version
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

#: The library and its version.
NAME = f"SpiffWorkflow {version('SpiffWorkflow')}"


class Plain:
    """A process instance run by the library alone: its state as the library's JSON, or kept in memory."""

    def __init__(self, files: Mapping[str, bytes], key: str) -> None:
        parser = BpmnParser()
        for data in files.values():
            parser.add_bpmn_str(data)
        self._specs = parser.get_spec(key), parser.get_subprocess_specs(key)
        self._serializer = BpmnWorkflowSerializer()
        self._state = ""
        self._hot: Any = None

    def begin(self, variables: Mapping[str, object]) -> None:
        """A new instance, run until it waits, and saved."""
        spec, inner = self._specs
        flow = BpmnWorkflow(spec, inner)
        flow.get_next_task(state=TaskState.READY).data.update(deepcopy(dict(variables)))
        flow.do_engine_steps()
        self._keep(flow)

    def open(self) -> list[tuple[str, object]]:
        """Element and handle of the tasks that wait for a person."""
        flow = self._live()
        return [(task.task_spec.bpmn_id, task.id) for task in flow.get_tasks(state=TaskState.READY, manual=True)]

    def step(self, handle: object, variables: Mapping[str, object]) -> None:
        """Load, complete one task, run until everything waits, save."""
        flow = self._serializer.deserialize_json(self._state)
        _complete(flow, handle, variables)
        self._state = self._serializer.serialize_json(flow)
        self._hot = None

    def rehearse(self, handle: object, variables: Mapping[str, object]) -> None:
        """A step that is forgotten at once, so that it can be measured again and again."""
        flow = self._serializer.deserialize_json(self._state)
        _complete(flow, handle, variables)
        self._serializer.serialize_json(flow)

    def advance(self, handle: object, variables: Mapping[str, object]) -> None:
        """The same in memory alone; `save` afterwards."""
        self._hot = self._live()
        _complete(self._hot, handle, variables)

    def save(self) -> None:
        """Keep what `advance` did."""
        self._keep(self._hot)

    def says_completed(self) -> bool:
        """Whether the library takes the instance to be over."""
        return bool(self._live().is_completed())

    def completed(self) -> set[str]:
        """Ids of the elements that were completed so far."""
        return {task.task_spec.bpmn_id for task in self._live().get_tasks(state=TaskState.COMPLETED) if task.task_spec.bpmn_id}

    def size(self) -> int:
        """Bytes of the saved state."""
        return len(self._state.encode())

    def _live(self) -> Any:
        if self._hot is None:
            self._hot = self._serializer.deserialize_json(self._state)
        return self._hot

    def _keep(self, flow: Any) -> None:
        self._state = self._serializer.serialize_json(flow)
        self._hot = None


def _complete(flow: Any, handle: object, variables: Mapping[str, object]) -> None:
    task = flow.get_task_from_id(handle)
    task.data.update(variables)
    task.run()
    flow.do_engine_steps()
