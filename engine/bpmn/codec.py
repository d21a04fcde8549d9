"""The state of an instance as bytes: rows of plain JSON, in our own format with a version of its own.

Specs are never part of it. Variables are encoded by `feel.to_json`, so that no value of a user can be taken for
anything but a value.
"""

from __future__ import annotations

from typing import Any

import orjson

from engine.bpmn.compiling import Compiled
from engine.bpmn.tokens import Child, Instance, Token
from engine.bpmn.variables import Variables
from engine.model.errors import ParleyError
from engine.model.execution import Env

FORMAT = 1


class StateUnreadable(ParleyError):
    """The stored state of this instance was written by a newer version, or is damaged."""

    code = "state-unreadable"


def dump(instance: Instance) -> bytes:
    """The state as bytes."""
    order = {id(scope): row for row, scope in enumerate(instance.scopes)}
    scopes = [[scope.container.id if scope.container else None, scope.spec.scope.key, scope.data.to_json()] for scope in instance.scopes]
    tokens = [
        [
            token.id,
            order[id(token.workflow)],
            token.task_spec.name,
            int(token.state),
            token.memo,
            token.data.to_json() if token.data else None,
        ]
        for token in instance.tokens.values()
    ]
    return orjson.dumps(
        {
            "v": FORMAT,
            "c": instance.counter,
            "q": list(instance.queue),
            "e": instance.end_event,
            "x": instance.spin,
            "s": scopes,
            "t": tokens,
        }
    )


def load(compiled: Compiled, env: Env, state: bytes) -> Instance:
    """The instance that was stored. Raises StateUnreadable."""
    try:
        stored = orjson.loads(state)
        if stored["v"] != FORMAT:
            raise StateUnreadable()
        instance = Instance(compiled.scopes[stored["s"][0][1]], compiled.scopes, env)
        _restore(instance, compiled, stored)
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError) as wrong:
        raise StateUnreadable() from wrong
    instance.counter, instance.end_event, instance.spin = stored["c"], stored["e"], stored["x"]
    instance.queue.extend(stored["q"])
    instance.size = instance.sure = len(state)
    return instance


def _restore(instance: Instance, compiled: Compiled, stored: dict[str, Any]) -> None:
    scopes: list[Instance | Child] = [instance]
    instance.data = Variables.stored(stored["s"][0][2])
    held = {row[0]: index for index, row in enumerate(stored["s"]) if row[0] is not None}
    waiting: dict[int, list[Any]] = {}
    opened: dict[int, Instance | Child] = {0: instance}
    for row in stored["t"]:
        waiting.setdefault(row[1], []).append(row)
    todo = [0]
    made: dict[str, Token] = {}
    while todo:
        index = todo.pop(0)
        for row in waiting.get(index, []):
            token = _token(opened[index], row)
            made[token.id] = token
            if token.id in held:
                child = _child(token, compiled, stored["s"][held[token.id]])
                opened[held[token.id]] = child
                todo.append(held[token.id])
                scopes.append(child)
    # The order of tokens and scopes is part of the state: joins and cancellations go by it.
    instance.tokens = {row[0]: made[row[0]] for row in stored["t"]}
    instance.subprocesses = {row[0]: opened[held[row[0]]] for row in stored["s"] if row[0] is not None}


def _child(token: Token, compiled: Compiled, row: list[Any]) -> Child:
    child = Child(compiled.scopes[row[1]], token)
    child.data = Variables.stored(row[2])
    return child


def _token(scope: Instance | Child, row: list[Any]) -> Token:
    spec = scope.spec.task_specs[row[2]]
    token = Token(scope, spec, row[3], row[0], row[4])
    if row[5] is not None:
        token.data = Variables.stored(row[5])
    return token
