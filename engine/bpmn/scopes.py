"""Variables belong to scopes (BPMN 2.0, 10.4.2 and 10.4.7): the process, the sub-process, the item of a loop.

Read from the innermost scope outwards; a called process is a wall. A write goes to the nearest scope that holds or
declares the name, else to the innermost loop item, else to the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.tokens import Child, Instance, Stop, Token
from engine.feel.values import coerce
from engine.model.errors import FieldError, Invalid
from engine.model.execution import Value


def visible(token: Token) -> dict[str, Value]:
    """Every variable the token can read."""
    found: dict[str, Value] = {}
    for mapping, _, _ in reversed(list(_chain(token))):
        found.update(mapping)
    return found


def inside(scope: Instance | Child) -> dict[str, Value]:
    """Every variable that can be read in a scope, without any loop item inside it."""
    found: dict[str, Value] = {}
    for mapping, _, _ in reversed(list(_outwards(scope))):
        found.update(mapping)
    return found


def write(token: Token, values: Mapping[str, Value]) -> None:
    """Set variables as seen from the token. Check names with `refuse_reserved` first."""
    if not values:
        return
    chain = list(_chain(token))
    for key, value in values.items():
        _home(chain, key)[key] = coerce(value)


def refuse_reserved(instance: Instance, values: Mapping[str, object]) -> None:
    """Raises Invalid when a value would hide a name that the engine gives, such as the case."""
    wrong = [key for key in values if key in instance.env.context]
    if wrong:
        raise Invalid(
            f"The name {wrong[0]} is given by the engine and cannot be set; use another name.",
            tuple(FieldError(f"/{key}", "reserved-name", "This name is given by the engine; use another.") for key in wrong),
        )


def assign(token: Token, values: Mapping[str, Value]) -> None:
    """Set what the process itself worked out. Raises Stop for a name that the engine gives."""
    try:
        refuse_reserved(token.instance, values)
    except Invalid as wrong:
        raise Stop("reserved-name", wrong.message) from wrong
    write(token, values)


def _home(chain: list[tuple[dict[str, Value], frozenset[str], str]], key: str) -> dict[str, Value]:
    for mapping, declared, _ in chain:
        if key in mapping or key in declared:
            return mapping
    return next((mapping for mapping, _, kind in chain if kind == "item"), chain[-1][0])


def _chain(token: Token) -> Iterator[tuple[dict[str, Value], frozenset[str], str]]:
    yield from _turn(token)
    yield from _outwards(token.workflow)


def _outwards(scope: Instance | Child) -> Iterator[tuple[dict[str, Value], frozenset[str], str]]:
    current: Instance | Child | None = scope
    while current is not None:
        yield current.data, current.spec.declared, "scope"
        container = current.container
        if current.spec.wall or container is None:
            return
        yield from _turn(container)
        current = container.workflow


def _turn(token: Token) -> Iterator[tuple[dict[str, Value], frozenset[str], str]]:
    # The turn of a standard loop shows its counter but takes no writes: its results are the process's.
    if "of" in token.memo:
        yield token.data, frozenset(), "item" if "mi" in token.memo else "turn"
