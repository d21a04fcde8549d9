"""Boxed expressions of a DMN file to logic (DMN 1.5, 8.2 and 10.2)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine import feel
from engine.dmn.columns import read_table
from engine.dmn.model import Choice, Entries, Formula, Invocation, Items, Logic, Loop, LoopKind, Procedure, Sieve, Table, Typed, ValueType
from engine.dmn.source import Source
from engine.dmn.xml import attribute, child, children, content, local
from engine.language import kept


def nothing() -> Logic:
    """Stands in for logic that could not be read, until the file is refused."""
    return Formula(feel.compile("null"))


def logic_in(source: Source, node: etree._Element, owner: str) -> Logic | None:
    """The logic among the children of an element; None when there is none. `owner` is named in problems."""
    found = next((inner for inner in children(node) if local(inner) in _READERS), None)
    return None if found is None else logic_of(source, found, owner)


def logic_of(source: Source, node: etree._Element, owner: str) -> Logic:
    """The logic that an element is. `owner` is named in problems where the element has no id of its own."""
    key = attribute(node, "id") or owner
    found = _READERS[local(node)](source, node, key)
    declared = source.type(attribute(node, "typeRef"), key)
    return found if declared == ValueType() else Typed(found, declared)


def outputs_of(logic: Logic, name: str) -> tuple[str, ...]:
    """The names of what logic gives: the outputs of a table with several, else the decision's own."""
    if isinstance(logic, Typed):
        return outputs_of(logic.logic, name)
    if isinstance(logic, Table) and len(logic.outputs) > 1:
        return tuple(output.name for output in logic.outputs)
    return (name,)


def read_function(source: Source, node: etree._Element, owner: str) -> Logic:
    """A function definition, or the encapsulated logic of a business knowledge model."""
    if attribute(node, "kind") not in ("", "FEEL"):
        source.problem(owner, "dmn-external", kept("Functions in other languages are not run here; write this one in FEEL."))
    formal = children(node, "formalParameter")
    parameters = tuple((attribute(found, "name"), source.type(attribute(found, "typeRef"), owner)) for found in formal)
    body = _inside(source, node, owner)
    declared = source.result_type(attribute(node, "typeRef"), owner)
    return Procedure(parameters, body if declared == ValueType() else Typed(body, declared))


def _inside(source: Source, node: etree._Element | None, owner: str) -> Logic:
    found = None if node is None else logic_in(source, node, owner)
    if found is None:
        source.problem(owner, "dmn-no-logic", kept("A part of this has no expression; write one."))
        return nothing()
    return found


def _formula(source: Source, node: etree._Element, owner: str) -> Logic:
    return Formula(source.expression(content(node), owner, kept("The expression"), node))


def _context(source: Source, node: etree._Element, owner: str) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in children(node, "contextEntry"):
        variable = child(entry, "variable")
        logic = _inside(source, entry, owner)
        if variable is None:
            result = logic
        else:
            declared = source.type(attribute(variable, "typeRef"), owner)
            entries.append((attribute(variable, "name"), logic if declared == ValueType() else Typed(logic, declared)))
    return Entries(tuple(entries), result)


def _items(source: Source, node: etree._Element, owner: str) -> Logic:
    return Items(tuple(logic_of(source, item, owner) for item in children(node) if local(item) in _READERS))


def _relation(source: Source, node: etree._Element, owner: str) -> Logic:
    columns = [attribute(column, "name") for column in children(node, "column")]
    types = [source.type(attribute(column, "typeRef"), owner) for column in children(node, "column")]
    rows: list[Logic] = []
    for row in children(node, "row"):
        cells = [logic_of(source, cell, owner) for cell in children(row) if local(cell) in _READERS]
        if len(cells) != len(columns):
            source.problem(
                attribute(row, "id") or owner,
                "dmn-row",
                kept("A row has {number} cells for {number2} columns; give it as many.", number=len(cells), number2=len(columns)),
            )
        typed = [cell if declared == ValueType() else Typed(cell, declared) for cell, declared in zip(cells, types, strict=False)]
        rows.append(Entries(tuple(zip(columns, typed, strict=False))))
    return Items(tuple(rows))


def _invocation(source: Source, node: etree._Element, owner: str) -> Logic:
    arguments: list[tuple[str, Logic]] = []
    for binding in children(node, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else attribute(parameter, "name")
        declared = source.type("" if parameter is None else attribute(parameter, "typeRef"), owner)
        argument = _inside(source, binding, owner)
        arguments.append((name, argument if declared == ValueType() else Typed(argument, declared)))
    called = child(node, "literalExpression")
    return Invocation(source.expression(content(called), owner, kept("What is called"), called), tuple(arguments))


def _choice(source: Source, node: etree._Element, owner: str) -> Logic:
    return Choice(*(_inside(source, child(node, part), owner) for part in ("if", "then", "else")))


def _loop(source: Source, node: etree._Element, owner: str) -> Logic:
    kind = LoopKind(local(node))
    body = child(node, "return" if kind is LoopKind.FOR else "satisfies")
    name = attribute(node, "iteratorVariable")
    if not name:
        source.problem(owner, "dmn-no-name", kept("A loop needs the name of its variable; write one."))
    return Loop(kind, name, _inside(source, child(node, "in"), owner), _inside(source, body, owner))


def _sieve(source: Source, node: etree._Element, owner: str) -> Logic:
    return Sieve(_inside(source, child(node, "in"), owner), _inside(source, child(node, "match"), owner))


_READERS: dict[str, Callable[[Source, etree._Element, str], Logic]] = {
    "decisionTable": read_table,
    "literalExpression": _formula,
    "context": _context,
    "list": _items,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "conditional": _choice,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "filter": _sieve,
}
