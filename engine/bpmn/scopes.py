"""Variables belong to scopes (BPMN 2.0, 10.4.2 and 10.4.7): the process, the sub-process, the item of a loop.

Read from the innermost scope outwards; a called process is a wall. A write goes to the nearest scope that holds or
declares the name, else to the innermost loop item, else to the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine.bpmn import room
from engine.bpmn.tokens import Child, Instance, Stop, Token
from engine.bpmn.variables import Variables, View
from engine.feel.values import coerce
from engine.language import kept
from engine.model.errors import FieldError, Invalid
from engine.model.execution import Value

#: How deep and how wide one variable may be.
MAX_NESTING = 30
MAX_PARTS = 20_000

#: The variables of one scope, the names it declares, and whether it is a `scope`, a multi-instance `item` or a loop's `turn`.
Scoped: TypeAlias = tuple[Variables, frozenset[str], str]


def visible(token: Token) -> View:
    """Every variable the token can read."""
    return View(layers(token))


def layers(token: Token) -> Iterator[Variables]:
    """The variables of each scope that the token can read, the innermost first."""
    return (variables for variables, _, _ in _chain(token))


def inside(scope: Instance | Child) -> View:
    """Every variable that can be read in a scope, without any loop item inside it."""
    return View(variables for variables, _, _ in _outwards(scope))


def write(token: Token, values: Mapping[str, Value]) -> None:
    """Set variables as seen from the token. Check names with `refuse_reserved` first."""
    if not values:
        return
    token.instance.changed = True
    chain = list(_chain(token))
    for key, value in values.items():
        _home(chain, key)[key] = coerce(value)


def refuse_reserved(instance: Instance, values: Mapping[str, object]) -> None:
    """Raises Invalid when a value would hide a name that the engine gives, such as the case."""
    wrong = [key for key in values if key in instance.env.context]
    if wrong:
        raise Invalid(
            kept("The name {wrong} is given by the engine and cannot be set; use another name.", wrong=wrong[0]),
            tuple(FieldError(f"/{key}", "reserved-name", kept("This name is given by the engine; use another.")) for key in wrong),
        )


def accept(instance: Instance, values: Mapping[str, object]) -> dict[str, Value]:
    """Variables from outside as FEEL values. Raises Invalid for a reserved name, and for a value no expression could hold."""
    refuse_reserved(instance, values)
    for key, value in values.items():
        if not _fits(value):
            wrong = FieldError(
                f"/{key}",
                "too-large",
                kept(
                    "Nest at most {max_nesting} levels and send at most {max_parts} values in one.",
                    max_nesting=MAX_NESTING,
                    max_parts=MAX_PARTS,
                ),
            )
            raise Invalid(kept("The value of {key} is nested too deeply or too large.", key=key), (wrong,))
    _refuse_large(instance, values)
    try:
        return {key: coerce(value) for key, value in values.items()}
    except TypeError as wrong_kind:
        raise Invalid(kept("One of the values cannot be a variable. {wrong_kind}", wrong_kind=wrong_kind)) from wrong_kind


def _refuse_large(instance: Instance, values: Mapping[str, object]) -> None:
    for key, value in values.items():
        if room.too_large([value]):
            most = kept("A value may take at most {max_variable} kB.", max_variable=room.MAX_VARIABLE // 1000)
            raise Invalid(kept("The value of {key} is too large.", key=key), (FieldError(f"/{key}", "too-large", most),))
    if not room.fits(instance, sum(room.weight(value, room.MAX_VARIABLE) for value in values.values())):
        raise Invalid(
            kept("With these values the case would hold more than {max_state} MB; send less.", max_state=room.MAX_STATE // 1000000)
        )


def _fits(value: object) -> bool:
    level, parts = [value], 0
    for _ in range(MAX_NESTING):
        parts += len(level)
        if parts > MAX_PARTS:
            return False
        level = [
            inner
            for outer in level
            if isinstance(outer, list | tuple | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


def assign(token: Token, values: Mapping[str, Value]) -> None:
    """Set what the process itself worked out. Raises Stop for a name that the engine gives, and for what is too large."""
    try:
        refuse_reserved(token.instance, values)
    except Invalid as wrong:
        raise Stop("reserved-name", wrong.message) from wrong
    room.claim(token, values.values())
    write(token, values)


def _home(chain: list[Scoped], key: str) -> Variables:
    for variables, declared, _ in chain:
        if key in variables or key in declared:
            return variables
    return next((variables for variables, _, kind in chain if kind == "item"), chain[-1][0])


def _chain(token: Token) -> Iterator[Scoped]:
    yield from _turn(token)
    yield from _outwards(token.workflow)


def _outwards(scope: Instance | Child) -> Iterator[Scoped]:
    current: Instance | Child | None = scope
    while current is not None:
        yield current.data, current.spec.declared, "scope"
        container = current.container
        if current.spec.wall or container is None:
            return
        yield from _turn(container)
        current = container.workflow


def _turn(token: Token) -> Iterator[Scoped]:
    # The turn of a standard loop shows its counter but takes no writes: its results are the process's.
    if "of" in token.memo:
        yield token.data, frozenset(), "item" if "mi" in token.memo else "turn"
