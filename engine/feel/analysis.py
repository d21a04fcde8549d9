"""Which variables an expression reads, for lint and explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from engine.feel import nodes
from engine.feel.calling import BUILT_IN
from engine.feel.nodes import Node

#: Names bound by the language itself inside loops, filters and tests.
_GIVEN = frozenset({nodes.TESTED})


def free_names(root: Node) -> tuple[frozenset[str], frozenset[str]]:
    """The names an expression reads from its context: those certainly meant, and those inside filters, which may be
    entries of the filtered elements. Built-in functions and names bound by the expression itself are left out."""
    certain: set[str] = set()
    maybe: set[str] = set()
    pending: list[tuple[object, frozenset[str], bool]] = [(root, _GIVEN, False)]
    while pending:
        part, bound, inside = pending.pop()
        if isinstance(part, nodes.Name):
            if part.name not in bound and part.name not in BUILT_IN:
                (maybe if inside else certain).add(part.name)
        else:
            pending.extend(_children(part, bound, inside))
    return frozenset(certain), frozenset(maybe - certain)


def _children(part: object, bound: frozenset[str], inside: bool) -> Iterable[tuple[object, frozenset[str], bool]]:
    match part:
        case nodes.Filter():
            return [(part.base, bound, inside), (part.condition, bound | {"item"}, True)]
        case nodes.ContextOf():
            return _entries(part, bound, inside)
        case nodes.For():
            return _loop(part.iterations, part.body, bound | {nodes.PARTIAL}, inside)
        case nodes.Quantified():
            return _loop(part.iterations, part.condition, bound, inside)
        case nodes.FunctionOf():
            return [(part.body, bound | {name for name, _ in part.parameters}, inside)]
        case tuple():
            return [(item, bound, inside) for item in part]
        case nodes.TypeName() | nodes.Literal():
            return []
        case _:
            fields = getattr(part, "__dataclass_fields__", ())
            return [(getattr(part, field), bound, inside) for field in fields]


def read_paths(root: Node) -> frozenset[tuple[str, ...]]:
    """What of its context decides the value of an expression, beside the moment: names, or an entry of one as (name, entry, …).

    Names that may be entries of filtered elements are among them.
    """
    found: set[tuple[str, ...]] = set()
    pending: list[tuple[object, frozenset[str], bool]] = [(root, _GIVEN, False)]
    while pending:
        part, bound, inside = pending.pop()
        match part:
            case nodes.Path() if (whole := entry_path(part)) is not None and whole[0] not in bound and whole[0] not in BUILT_IN:
                found.add(whole)
            case nodes.Name(name=name):
                if name not in bound and name not in BUILT_IN:
                    found.add((name,))
            case _:
                pending.extend(_children(part, bound, inside))
    return frozenset(found)


def entry_path(node: Node) -> tuple[str, ...] | None:
    """A name and the entries that a node reads of it, one within the other; None for a node that is more than that."""
    names: list[str] = []
    while isinstance(node, nodes.Path):
        names.append(node.name)
        node = node.base
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) else None


def written_keys(root: Node) -> frozenset[str]:
    """The keys of contexts that stand in an expression, and its texts, which functions on contexts may take for keys."""
    found: set[str] = set()
    pending: list[object] = [root]
    while pending:
        match pending.pop():
            case nodes.ContextOf() as part:
                found.update(key for key, _ in part.entries)
                pending.extend(value for _, value in part.entries)
            case nodes.Literal(value=str() as text):
                found.add(text)
            case tuple() as items:
                pending.extend(items)
            case part:
                pending.extend(getattr(part, field) for field in getattr(part, "__dataclass_fields__", ()))
    return frozenset(found)


def _entries(part: nodes.ContextOf, bound: frozenset[str], inside: bool) -> Iterable[tuple[object, frozenset[str], bool]]:
    for key, item in part.entries:
        # A function may call itself by the key it is kept under.
        yield item, bound | {key} if isinstance(item, nodes.FunctionOf) else bound, inside
        bound = bound | {key}


def _loop(
    iterations: tuple[nodes.Iteration, ...], body: Node, bound: frozenset[str], inside: bool
) -> Iterable[tuple[object, frozenset[str], bool]]:
    for iteration in iterations:
        yield iteration.domain, bound, inside
        yield iteration.last, bound, inside
        bound = bound | {iteration.name}
    yield body, bound, inside


def retyped(part: Any, lookup: Callable[[str], nodes.TypeName | None]) -> Any:
    """A node with the types that the host defines in place of their names."""
    if isinstance(part, tuple):
        changed = tuple(retyped(item, lookup) for item in part)
        return part if all(new is old for new, old in zip(changed, part, strict=True)) else changed
    if isinstance(part, nodes.TypeName):
        defined = lookup(part.name)
        if defined is not None:
            return defined
    fields = {field: getattr(part, field) for field in getattr(part, "__dataclass_fields__", ())}
    made = {field: retyped(value, lookup) for field, value in fields.items()}
    return part if all(made[field] is value for field, value in fields.items()) else replace(part, **made)


#: Nodes whose value is true or false.
_TRUTHS = (nodes.Comparison, nodes.Logic, nodes.Between, nodes.In, nodes.Quantified, nodes.InstanceOf)


def lost_condition(tests: Node) -> bool:
    """Whether one of a cell's tests is a condition that does not speak of the tested value, so that a value which is not
    itself true or false can never equal it."""
    return isinstance(tests, nodes.UnaryTests) and any(isinstance(test, _TRUTHS) for test in tests.tests)
