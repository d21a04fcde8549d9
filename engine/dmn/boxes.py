"""Boxed expressions of a DMN file to logic (DMN 1.5, 8.2 and 10.2): tables, expressions, contexts, lists, calls, functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from engine import feel
from engine.dmn.model import (
    Aggregation,
    Entries,
    Formula,
    HitPolicy,
    Input,
    Invocation,
    Items,
    Logic,
    Output,
    Procedure,
    Rule,
    Table,
    ValueType,
)
from engine.dmn.types import KINDS
from engine.dmn.xml import attribute, characters, child, children, content, local
from engine.feel import Expression
from engine.model.errors import Problem

#: Cells (rules times columns) in one table.
MAX_CELLS = 20_000
_LOGIC = frozenset(
    {"decisionTable", "literalExpression", "context", "list", "relation", "invocation", "functionDefinition", "encapsulatedLogic"}
)
_FOREIGN = frozenset({"conditional", "for", "every", "some", "filter"})
_LISTING = frozenset({HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT})


@dataclass(frozen=True, slots=True)
class Box:
    """Reads the logic of one file. `names` are all names in it; what is wrong is added to `problems`."""

    file: str
    problems: list[Problem]
    names: frozenset[str]
    types: Mapping[str, etree._Element]

    def body(self, node: etree._Element) -> etree._Element | None:
        """The child that is the logic of an element."""
        for found in children(node):
            if local(found) in _LOGIC:
                return found
            if local(found) in _FOREIGN:
                self.problem(
                    attribute(found, "id") or attribute(node, "id"),
                    "dmn-unsupported",
                    f"A boxed {local(found)} is not supported; write it as an expression.",
                )
                return None
        return None

    def nothing(self) -> Logic:
        """Stands in for logic that could not be read, until the file is refused."""
        return Formula(feel.compile("null"))

    def logic(self, node: etree._Element | None, owner: str) -> Logic | None:
        """The logic in an element; None when there is none. `owner` is the element named in problems that have no id of their own."""
        if node is None:
            return None
        owner = attribute(node, "id") or owner
        match local(node):
            case "decisionTable":
                return self.table(node, owner)
            case "literalExpression":
                return Formula(self.required(content(node), owner, "The expression", node))
            case "context":
                return self.context(node, owner)
            case "list":
                return Items(tuple(self.inner(item, owner) for item in children(node) if local(item) in _LOGIC))
            case "relation":
                return self.relation(node, owner)
            case "invocation":
                return self.invocation(node, owner)
            case _:
                return self.function(node, owner)

    def inner(self, node: etree._Element | None, owner: str) -> Logic:
        found = self.logic(node, owner)
        if found is None:
            self.problem(owner, "dmn-no-logic", "A part of this has no expression; write one.")
            return self.nothing()
        return found

    def context(self, node: etree._Element, owner: str) -> Logic:
        entries: list[tuple[str, Logic]] = []
        result: Logic | None = None
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            logic = self.inner(self.body(entry), owner)
            if variable is None:
                result = logic
            else:
                entries.append((attribute(variable, "name"), logic))
        return Entries(tuple(entries), result)

    def relation(self, node: etree._Element, owner: str) -> Logic:
        columns = [attribute(column, "name") for column in children(node, "column")]
        rows: list[Logic] = []
        for row in children(node, "row"):
            cells = [self.inner(cell, owner) for cell in children(row) if local(cell) in _LOGIC]
            if len(cells) != len(columns):
                self.problem(attribute(row, "id") or owner, "dmn-row", f"A row has {len(cells)} cells for {len(columns)} columns.")
            rows.append(Entries(tuple(zip(columns, cells, strict=False))))
        return Items(tuple(rows))

    def invocation(self, node: etree._Element, owner: str) -> Logic:
        arguments: list[tuple[str, Logic]] = []
        for binding in children(node, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else attribute(parameter, "name")
            arguments.append((name, self.inner(self.body(binding), owner)))
        called = child(node, "literalExpression")
        return Invocation(self.required(content(called), owner, "What is called", called), tuple(arguments))

    def function(self, node: etree._Element, owner: str) -> Logic:
        if attribute(node, "kind") not in ("", "FEEL"):
            self.problem(owner, "dmn-external", "Functions in other languages are not run here; write this one in FEEL.")
        parameters = tuple(attribute(parameter, "name") for parameter in children(node, "formalParameter"))
        return Procedure(parameters, self.inner(self.body(node), owner))

    def table(self, node: etree._Element, owner: str) -> Logic:
        inputs = tuple(self.input(column, place, owner) for place, column in enumerate(children(node, "input"), start=1))
        columns = list(children(node, "output"))
        outputs = tuple(self.output(column, place, len(columns) == 1) for place, column in enumerate(columns, start=1))
        rows = list(children(node, "rule"))
        if len(rows) * (len(inputs) + len(outputs)) > MAX_CELLS:
            self.problem(owner, "dmn-too-large", f"The table has more than {MAX_CELLS:,} cells; split it.")
            rows = []
        rules = tuple(self.rule(row, place, inputs, outputs) for place, row in enumerate(rows, start=1))
        table = Table(self.hit_policy(node, owner), self.aggregation(node, owner), inputs, outputs, rules)
        self.check(table, owner)
        return table

    def check(self, table: Table, owner: str) -> None:
        if not table.outputs:
            self.problem(owner, "dmn-no-output", "The table has no output column; add one.")
        names = [output.name for output in table.outputs]
        if len(names) > 1 and (len(set(names)) < len(names) or not all(names)):
            self.problem(owner, "dmn-output-names", "With several outputs, each needs a name of its own.")
        ranked = table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
        if ranked and not any(output.priorities for output in table.outputs):
            self.problem(owner, "dmn-no-priorities", f"{table.hit_policy} needs the output's values, the most important first; list them.")
        if table.aggregation and (table.hit_policy is not HitPolicy.COLLECT or len(table.outputs) > 1):
            self.problem(owner, "dmn-aggregation", f"{table.aggregation} needs hit policy COLLECT and one output.")

    def input(self, node: etree._Element, place: int, owner: str) -> Input:
        key = attribute(node, "id") or owner
        expression = child(node, "inputExpression")
        text = content(expression)
        title = attribute(node, "label") or text or str(place)
        declared = self.type("" if expression is None else attribute(expression, "typeRef"), key)
        allowed = self.tests(content(child(node, "inputValues")), key, "The allowed values")
        return Input(key, title, self.required(text, key, f"The input {title}", expression), _narrowed(declared, allowed))

    def output(self, node: etree._Element, place: int, single: bool) -> Output:
        key = attribute(node, "id")
        name = attribute(node, "name") or ("" if not single else attribute(node, "label") or str(place))
        text = content(child(node, "outputValues"))
        allowed = self.tests(text, key, "The output's values")
        default = content(child(node, "defaultOutputEntry"))
        return Output(
            id=key,
            name=name,
            type=_narrowed(self.type(attribute(node, "typeRef"), key), allowed),
            priorities=feel.split_unary(text, self.names) if allowed is not None else (),
            default=self.required(default, key, "The default", None) if default else None,
        )

    def rule(self, node: etree._Element, place: int, inputs: Sequence[Input], outputs: Sequence[Output]) -> Rule:
        key = attribute(node, "id") or f"rule-{place}"
        conditions, results = list(children(node, "inputEntry")), list(children(node, "outputEntry"))
        if len(conditions) != len(inputs) or len(results) != len(outputs):
            self.problem(
                key, "dmn-row", f"Rule {place} has {len(conditions)} + {len(results)} cells for {len(inputs)} + {len(outputs)} columns."
            )
        return Rule(
            id=key,
            conditions=tuple(self.condition(cell, attribute(cell, "id") or key, place) for cell in conditions),
            results=tuple(self.result(cell, attribute(cell, "id") or key, place) for cell in results),
        )

    def condition(self, cell: etree._Element, key: str, place: int) -> Expression | None:
        self.language(cell, key)
        text = content(cell)
        return None if text == "-" else self.tests(text, key, f"A condition of rule {place}")

    def result(self, cell: etree._Element, key: str, place: int) -> Expression | None:
        text = content(cell)
        return self.required(text, key, f"A result of rule {place}", cell) if text else None

    def hit_policy(self, node: etree._Element, owner: str) -> HitPolicy:
        written = attribute(node, "hitPolicy") or HitPolicy.UNIQUE
        if written not in list(HitPolicy):
            self.problem(owner, "dmn-hit-policy", f"There is no hit policy {written}; use one of {', '.join(HitPolicy)}.")
            return HitPolicy.UNIQUE
        return HitPolicy(written)

    def aggregation(self, node: etree._Element, owner: str) -> Aggregation | None:
        written = attribute(node, "aggregation")
        if written and written not in list(Aggregation):
            self.problem(owner, "dmn-aggregation", f"There is no aggregation {written}; use one of {', '.join(Aggregation)}.")
            return None
        return Aggregation(written) if written else None

    def type(self, name: str, owner: str) -> ValueType:
        """The type of this name: one of FEEL's, or one that the file defines."""
        return self.defined_type(name.rpartition(":")[2] if name.startswith("feel:") else name, owner, frozenset())

    def defined_type(self, name: str, owner: str, seen: frozenset[str]) -> ValueType:
        if name in KINDS:
            return ValueType(KINDS[name])
        if name in ("", "Any"):
            return ValueType()
        node = self.types.get(name)
        if node is None or name in seen:
            self.problem(owner, "dmn-type", f"There is no type {name}; use a FEEL type such as string, number, boolean or date.")
            return ValueType()
        reference = child(node, "typeRef")
        base = "" if reference is None else characters(reference)
        found = self.defined_type(base.removeprefix("feel:"), owner, seen | {name}) if base else ValueType(feel.Kind.CONTEXT)
        allowed = self.tests(content(child(node, "allowedValues")), owner, f"The allowed values of {name}")
        return ValueType(found.kind, found.many or attribute(node, "isCollection") == "true", allowed or found.allowed)

    def outputs(self, logic: Logic, name: str) -> tuple[str, ...]:
        """The names of what logic gives: the outputs of a table with several, else the decision's own."""
        if isinstance(logic, Table) and len(logic.outputs) > 1:
            return tuple(output.name for output in logic.outputs)
        return (name,)

    def required(self, text: str, owner: str, what: str, node: etree._Element | None) -> Expression:
        """An expression; one that is missing or cannot be read is a problem."""
        if node is not None:
            self.language(node, owner)
        if not text:
            self.problem(owner, "dmn-no-expression", f"{what} is empty; write an expression.")
            text = "null"
        try:
            return feel.compile(text, self.names)
        except feel.FeelError as error:
            self.problem(owner, error.code, f"{what} cannot be read: {error.message}")
            return feel.compile("null")

    def tests(self, text: str, owner: str, what: str) -> Expression | None:
        """Unary tests; None for an empty text, which always holds."""
        if not text:
            return None
        try:
            return feel.compile_unary(text, self.names)
        except feel.FeelError as error:
            self.problem(owner, error.code, f"{what} cannot be read: {error.message}")
            return None

    def language(self, node: etree._Element, owner: str) -> None:
        written = attribute(node, "expressionLanguage")
        if written and "feel" not in written.lower():
            self.problem(owner, "dmn-language", f"This is written in {written}; write it in FEEL.")

    def problem(self, element: str, code: str, message: str) -> None:
        """One more thing that is wrong."""
        self.problems.append(Problem(self.file, element or None, code, message))


def _narrowed(declared: ValueType, allowed: Expression | None) -> ValueType:
    return declared if allowed is None else ValueType(declared.kind, declared.many, allowed)
