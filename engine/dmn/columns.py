"""Decision tables of a DMN file (DMN 1.5, 8.2): columns, rules and hit policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from engine import feel
from engine.dmn.model import Aggregation, HitPolicy, Input, Output, Rule, Table, ValueType
from engine.dmn.source import Source
from engine.dmn.xml import attribute, child, children, content
from engine.feel import Expression, Kind
from engine.language import kept

#: Cells (rules times columns) in one table.
MAX_CELLS = 20_000


def read_table(source: Source, node: etree._Element, owner: str) -> Table:
    """The table in a decisionTable element; what is wrong becomes problems of the source."""
    inputs = tuple(_input(source, column, place, owner) for place, column in enumerate(children(node, "input"), start=1))
    columns = list(children(node, "output"))
    outputs = tuple(_output(source, column, place, owner, len(columns) == 1) for place, column in enumerate(columns, start=1))
    rows = list(children(node, "rule"))
    if len(rows) * (len(inputs) + len(outputs)) > MAX_CELLS:
        source.problem(owner, "dmn-too-large", kept("The table has more than {max_cells} cells; split it.", max_cells=f"{MAX_CELLS:,}"))
        rows = []
    rules = tuple(_rule(source, row, place, inputs, outputs) for place, row in enumerate(rows, start=1))
    table = Table(_hit_policy(source, node, owner), _aggregation(source, node, owner), inputs, outputs, rules)
    _check(source, table, owner)
    return table


def _check(source: Source, table: Table, owner: str) -> None:
    if not table.outputs:
        source.problem(owner, "dmn-no-output", kept("The table has no output column; add one."))
    names = [output.name for output in table.outputs]
    if len(names) > 1 and (len(set(names)) < len(names) or not all(names)):
        source.problem(owner, "dmn-output-names", kept("With several outputs, each needs a name of its own."))
    ranked = table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
    if ranked and not any(output.priorities for output in table.outputs):
        source.problem(
            owner,
            "dmn-no-priorities",
            kept("{hit_policy} needs the output's values, the most important first; list them.", hit_policy=table.hit_policy),
        )
    if table.aggregation and (table.hit_policy is not HitPolicy.COLLECT or len(table.outputs) > 1):
        source.problem(
            owner, "dmn-aggregation", kept("{aggregation} needs hit policy COLLECT and one output.", aggregation=table.aggregation)
        )


def _input(source: Source, node: etree._Element, place: int, owner: str) -> Input:
    key = attribute(node, "id") or owner
    expression = child(node, "inputExpression")
    text = content(expression)
    title = attribute(node, "label") or text or str(place)
    declared = source.type("" if expression is None else attribute(expression, "typeRef"), key)
    allowed = source.tests(content(child(node, "inputValues")), key, kept("The allowed values"))
    return Input(key, title, source.expression(text, key, kept("The input {title}", title=title), expression), _narrowed(declared, allowed))


def _output(source: Source, node: etree._Element, place: int, owner: str, single: bool) -> Output:
    key = attribute(node, "id") or owner
    name = attribute(node, "name") or ("" if not single else attribute(node, "label") or str(place))
    declared = source.type(attribute(node, "typeRef"), key)
    text = content(child(node, "outputValues"))
    allowed = source.tests(text, key, kept("The output's values"))
    default = content(child(node, "defaultOutputEntry"))
    return Output(
        id=key,
        name=name,
        type=_narrowed(declared, allowed),
        priorities=_priorities(source, declared, text if allowed is not None else ""),
        default=source.expression(default, key, kept("The default")) if default else None,
    )


def _priorities(source: Source, declared: ValueType, listed: str) -> tuple[Expression, ...]:
    """The values of an output, the most important first: those it lists, or else those that its type allows."""
    text = listed or (declared.allowed.text if declared.allowed is not None else "")
    return feel.split_unary(text, source.names) if text else ()


def _narrowed(declared: ValueType, allowed: Expression | None) -> ValueType:
    return declared if allowed is None else replace(declared, allowed=allowed)


def _rule(source: Source, node: etree._Element, place: int, inputs: Sequence[Input], outputs: Sequence[Output]) -> Rule:
    key = attribute(node, "id") or f"rule-{place}"
    conditions, results = list(children(node, "inputEntry")), list(children(node, "outputEntry"))
    if len(conditions) != len(inputs) or len(results) != len(outputs):
        columns = kept("{number} inputs and {number2} outputs", number=len(inputs), number2=len(outputs))
        source.problem(
            key,
            "dmn-row",
            kept(
                "Rule {place} has {number} and {number2} cells for {columns}; give it as many.",
                place=place,
                number=len(conditions),
                number2=len(results),
                columns=columns,
            ),
        )
    return Rule(
        id=key,
        conditions=tuple(_condition(source, cell, key, place, column) for cell, column in zip(conditions, inputs, strict=False)),
        results=tuple(_result(source, cell, key, place, column) for cell, column in zip(results, outputs, strict=False)),
        types=tuple(source.type(attribute(cell, "typeRef"), key) for cell in results) if any(map(_typed, results)) else (),
    )


def _typed(cell: etree._Element) -> bool:
    return bool(attribute(cell, "typeRef"))


def _condition(source: Source, cell: etree._Element, rule: str, place: int, column: Input) -> Expression | None:
    key = attribute(cell, "id") or rule
    source.language(cell, key)
    tests = source.tests(content(cell), key, kept("A condition of rule {place}", place=place))
    if tests is not None and column.type.kind not in (None, Kind.BOOLEAN) and feel.has_lost_condition(tests):
        source.problem(
            key,
            "dmn-condition",
            kept(
                "A condition of rule {place} is true or false by itself, whatever {title} is; write ? where {title} is meant.",
                place=place,
                title=column.title,
            ),
        )
    return tests


def _result(source: Source, cell: etree._Element, rule: str, place: int, column: Output) -> Expression | None:
    key = attribute(cell, "id") or rule
    text = content(cell)
    if not text:
        return None
    found = source.expression(text, key, kept("A result of rule {place}", place=place), cell)
    if _contradicts(feel.literal_kind(found), column.type):
        message = kept(
            "A result of rule {place} is not a {kind}, which is declared; change one of the two.", place=place, kind=column.type.kind
        )
        source.problem(key, "dmn-cell-type", message)
    return found


def _contradicts(given: Kind | None, declared: ValueType) -> bool:
    """Whether a literal cannot become a value of the declared type; a text may be read as a date, time or duration."""
    if given is None or declared.kind is None or given == declared.kind:
        return False
    return given is not Kind.STRING or declared.kind in (Kind.NUMBER, Kind.BOOLEAN, Kind.CONTEXT, Kind.LIST)


def _hit_policy(source: Source, node: etree._Element, owner: str) -> HitPolicy:
    written = attribute(node, "hitPolicy") or HitPolicy.UNIQUE
    if written not in list(HitPolicy):
        source.problem(
            owner,
            "dmn-hit-policy",
            kept("There is no hit policy {written}; use one of {list}.", written=written, list=", ".join(HitPolicy)),
        )
        return HitPolicy.UNIQUE
    return HitPolicy(written)


def _aggregation(source: Source, node: etree._Element, owner: str) -> Aggregation | None:
    written = attribute(node, "aggregation")
    if written and written not in list(Aggregation):
        source.problem(
            owner,
            "dmn-aggregation",
            kept("There is no aggregation {written}; use one of {list}.", written=written, list=", ".join(Aggregation)),
        )
        return None
    return Aggregation(written) if written else None
