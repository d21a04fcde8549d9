"""Loops and multi-instance activities (BPMN 2.0, 10.3.8 and 13.3.7).

The wrapper token stands for the activity as a whole: boundary events wait on it, it leaves by the flows. Each turn or
instance is a token of its own whose `data` is the scope of its item. Completion conditions see the standard's counters
and the outputs collected so far, in the order of the items.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import catching, expressions, leaving, room, scopes
from engine.bpmn.graph import Loop
from engine.bpmn.specs import FlowNode
from engine.bpmn.tokens import Stop, Token, dependents, drop, place, queue
from engine.bpmn.variables import Variables
from engine.language import kept
from engine.model.execution import Value

#: Most instances of one multi-instance activity.
MAX_ITEMS = 2_000
#: Most turns of a standard loop without a maximum of its own.
MAX_TURNS = 100_000


class Repetition(FlowNode):
    """The wrapper around the turns of a loop or the instances of a multi-instance."""

    repeats = True

    @property
    def loop(self) -> Loop:
        """Its loop characteristics."""
        assert self.node.loop is not None
        return self.node.loop

    def enter(self, token: Token) -> bool:
        armed = catching.boundaries(token)
        items = [None] if self.loop.kind == "standard" else _items(token, self.loop)
        again = self.loop.kind != "standard" or not self.loop.test_before or _again(token, self.loop)
        room.claim(token, items, len(items) if self.loop.kind == "parallel" else 1)
        catching.arm(token, armed, "on")
        token.memo.update({"done": 0, "n": None if self.loop.kind == "standard" else len(items)})
        if self.loop.output or self.loop.until:
            token.memo["out"] = []
        if not items or not again:
            return True
        token._set_state(TaskState.STARTED)
        if self.loop.kind == "parallel":
            for index, value in enumerate(items, start=1):
                self.start_one(token, index, value)
        else:
            if self.loop.kind == "sequential":
                token.memo["items"] = [feel.to_json(feel.coerce(value)) for value in items[1:]]
            self.start_one(token, 1, items[0])
        return False

    def start_one(self, token: Token, index: int, value: Value) -> None:
        """Begin one turn or instance."""
        one = place(token.workflow, self.owner.inner_spec(self.node.id), memo={"of": token.id, "i": index})
        one.data = Variables({"loopCounter": Decimal(index)})
        if self.loop.kind != "standard":
            one.memo["mi"] = 1
            if self.loop.variable:
                one.data[self.loop.variable] = value

    def _run_hook(self, my_task: Token) -> bool | None:
        if self.loop.output and "l" not in my_task.memo:
            scopes.assign(my_task, {self.loop.output: _outputs(my_task)})
        my_task.memo["l"] = 1
        self.settle(my_task)
        return True


def _items(token: Token, loop: Loop) -> list[Value]:
    if loop.collection is not None:
        found = expressions.value(token, loop.collection, "collection")
        wrong = wrong_list(found)
    else:
        found = expressions.value(token, loop.cardinality or "", "number of instances")
        wrong = wrong_count(found)
    if wrong is not None:
        raise wrong
    if isinstance(found, list):
        return list(found)
    assert isinstance(found, Decimal)
    return [Decimal(index) for index in range(1, int(found) + 1)]


def wrong_list(found: Value) -> Stop | None:
    """Why a value cannot be the collection of a multi-instance activity."""
    if not isinstance(found, list):
        return Stop(
            "collection-no-list",
            kept("What this is repeated for has to be a list; it is something else, or nothing yet. Correct the "
                 "answer, then try again."),
        )
    return _too_many() if len(found) > MAX_ITEMS else None


def wrong_count(found: Value) -> Stop | None:
    """Why a value cannot be the number of instances."""
    if not isinstance(found, Decimal) or found < 0 or found != found.to_integral_value():
        return Stop(
            "cardinality-no-number",
            kept("How often this is done has to be a whole number that is not below zero. Correct the answer, then "
                 "try again."),
        )
    return _too_many() if found > MAX_ITEMS else None


def _too_many() -> Stop:
    return Stop("too-many-instances", kept("One step can be done for at most {max_items} at once; work in portions.", max_items=MAX_ITEMS))


def _again(token: Token, loop: Loop) -> bool:
    return loop.condition is None or expressions.value(token, loop.condition, "loop condition") is True


def collect(token: Token) -> None:
    """Work out what a turn that is over means for its wrapper. Raises Stop; changes nothing but the token in hand."""
    around = token.instance.tokens[token.memo["of"]]
    loop = around.task_spec.node.loop
    assert loop is not None
    done, total = around.memo["done"] + 1, around.memo["n"]
    result: Any = None
    if "out" in around.memo and loop.output_item:
        found = expressions.value(token, loop.output_item, "output of the instance")
        room.claim(token, [found])
        result = [token.memo["i"], feel.to_json(feel.coerce(found))]
    over = False
    if loop.kind == "standard":
        maximum = int(loop.maximum) if loop.maximum else MAX_TURNS
        over = done >= maximum or (loop.condition is not None and not _again(token, loop))
    elif loop.until:
        active = 0 if total is None else (total - done if loop.kind == "parallel" else 0)
        counters: dict[str, Value] = {
            "numberOfInstances": Decimal(total or 0),
            "numberOfCompletedInstances": Decimal(done),
            "numberOfActiveInstances": Decimal(active),
            "numberOfTerminatedInstances": Decimal(0),
        }
        if loop.output:
            counters[loop.output] = _outputs(around, result)
        over = expressions.value(token, loop.until, "completion condition", counters) is True
    token.memo["result"] = [over, result]


def _outputs(around: Token, last: Any = None) -> list[Value]:
    rows = [*around.memo.get("out", []), *([last] if last is not None else [])]
    return [feel.from_json(value) for _, value in sorted(rows, key=_index)]


def _index(row: list[Any]) -> int:
    return int(row[0])


def done(token: Token) -> None:
    """One turn is over: begin the next, wait for the others, or let the wrapper go on."""
    around = token.instance.tokens[token.memo["of"]]
    spec = around.task_spec
    assert isinstance(spec, Repetition)
    over, result = token.memo["result"]
    drop(token)
    around.memo["done"] += 1
    if result is not None:
        around.memo["out"].append(result)
    if over:
        for other in dependents(around, "of"):
            leaving.cancel(other)
        queue(around)
    elif around.memo["n"] is None:
        spec.start_one(around, around.memo["done"] + 1, None)
    elif around.memo["done"] == around.memo["n"]:
        queue(around)
    elif spec.loop.kind == "sequential":
        following = feel.from_json(around.memo["items"].pop(0))
        spec.start_one(around, around.memo["done"] + 1, following)
