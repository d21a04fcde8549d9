"""DMN files for tests, written short: a table is its hit policy, inputs, outputs and rows."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(*elements: str, namespace: str = NAMESPACE) -> bytes:
    """A file of these elements."""
    return (
        f'<definitions xmlns={quoteattr(namespace)} id="file" name="File" namespace="urn:test">{"".join(elements)}</definitions>'.encode()
    )


def text(tag: str, content: str, attributes: str = "") -> str:
    """An element with a text child."""
    return f"<{tag} {attributes}><text>{escape(content)}</text></{tag}>"


def column(expression: str, type_ref: str = "", allowed: str = "") -> str:
    """An input column."""
    values = text("inputValues", allowed) if allowed else ""
    return f'<input id="in-{escape(expression)}">{text("inputExpression", expression, f"typeRef={quoteattr(type_ref)}")}{values}</input>'


def output(name: str, type_ref: str = "", values: str = "", default: str = "") -> str:
    """An output column."""
    listed = text("outputValues", values) if values else ""
    fallback = text("defaultOutputEntry", default) if default else ""
    return f"<output id={quoteattr('out-' + name)} name={quoteattr(name)} typeRef={quoteattr(type_ref)}>{listed}{fallback}</output>"


def table(hit_policy: str, inputs: Sequence[str], outputs: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A decision table; a row has as many conditions as there are inputs, then its results. Rules are r1, r2, ..."""
    rules = []
    for place, row in enumerate(rows, start=1):
        cells = [text("inputEntry", cell, f'id="r{place}-in{n}"') for n, cell in enumerate(row[: len(inputs)], start=1)]
        cells += [text("outputEntry", cell, f'id="r{place}-out{n}"') for n, cell in enumerate(row[len(inputs) :], start=1)]
        rules.append(f'<rule id="r{place}">{"".join(cells)}</rule>')
    policy, _, aggregation = hit_policy.partition("+")
    folded = f' aggregation="{aggregation}"' if aggregation else ""
    columns = "".join((*inputs, *outputs))
    return f'<decisionTable id="table" hitPolicy="{policy}"{folded}>{columns}{"".join(rules)}</decisionTable>'


def decision(key: str, logic: str, requires: Sequence[str] = (), name: str = "", variable: str = "") -> str:
    """A decision with its logic; `requires` are ids, those of functions with a leading @, of inputs with a leading $."""
    lines = {"@": ("knowledgeRequirement", "requiredKnowledge"), "$": ("informationRequirement", "requiredInput")}
    drawn = ""
    for wanted in requires:
        outer, inner = lines.get(wanted[0], ("informationRequirement", "requiredDecision"))
        drawn += f'<{outer}><{inner} href="#{wanted.lstrip("@$")}"/></{outer}>'
    return f"<decision id={quoteattr(key)} name={quoteattr(name or key)}>{variable}{drawn}{logic}</decision>"


def formula(expression: str, attributes: str = "") -> str:
    """A literal expression."""
    return text("literalExpression", expression, attributes)
