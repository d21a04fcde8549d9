"""What a procedure works out, and formulas that are richer than comparisons, as far as words can say them.

Values that are simply set are told; of the rest people read what it is about, by the labels of the pack, and the formula below it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.feel import nodes
from engine.feel.parser import parse_expression
from engine.language import say
from engine.operations.wording import listed, quoted
from engine.operations.words.sentences import Words, plain

#: names told at most before the rest is counted
_MOST = 12


def worked_out(script: str, words: Words) -> Iterator[tuple[str, str]]:
    """The (what, words) of a script: what is set to what, and what a formula gives."""
    found = _parsed(script)
    if not isinstance(found, nodes.ContextOf):
        return
    simple = [(name, node) for name, node in found.entries if isinstance(node, nodes.Literal)]
    rest = [name for name, node in found.entries if not isinstance(node, nodes.Literal)]
    if simple:
        said = [say("“{name}” to {value}", name=words.name(name), value=_value(name, node, words)) for name, node in simple]
        yield say("Sets"), "; ".join(said)
    if rest:
        yield say("Works out"), listed([quoted(words.name(name)) for name in rest], most=_MOST)


def has_formula(script: str) -> bool:
    """Whether a script gives more than values that are simply set."""
    found = _parsed(script)
    return not isinstance(found, nodes.ContextOf) or any(not isinstance(node, nodes.Literal) for _, node in found.entries)


def _parsed(script: str) -> nodes.Node | None:
    try:
        return parse_expression(script.strip().removeprefix("="))
    except feel.FeelError:
        return None


def _value(name: str, node: nodes.Node, words: Words) -> str:
    assert isinstance(node, nodes.Literal)
    value = node.value
    rule = words.pack.variables.get(name) if words.pack else None
    if isinstance(value, str):
        return quoted(rule.values.get(value, value) if rule else value)
    if value is None:
        return say("nothing")
    return plain("", value) if isinstance(value, bool) else feel.text(value)
