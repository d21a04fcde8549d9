"""FEEL inside a process: what an expression sees, and how a failing one stops its token instead of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine import feel
from engine.bpmn import scopes
from engine.bpmn.tokens import Stop, Token
from engine.bpmn.variables import View
from engine.feel.errors import FeelError
from engine.language import kept
from engine.model.execution import Value


def is_expression(text: str | None) -> bool:
    """Whether a field that may be literal holds an expression."""
    return text is not None and text.startswith("=")


def evaluate(text: str, context: Mapping[str, Value], now: datetime, what: str) -> Value:
    """The value of an expression. Raises Stop when it is no FEEL or exceeds its limits."""
    try:
        return feel.evaluate(text, context, now=now)
    except FeelError as wrong:
        raise Stop("expression-failed", kept("The {what} cannot be evaluated: {problem}", what=what, problem=wrong.message)) from wrong


def around(token: Token, extra: Mapping[str, Value] | None = None) -> View:
    """What an expression at the token sees: the engine's names, then what is given, then its variables."""
    return View((token.instance.env.context, extra or {}, *scopes.layers(token)))


def value(token: Token, text: str, what: str, extra: Mapping[str, Value] | None = None) -> Value:
    """The value of an expression as seen from the token."""
    return evaluate(text, around(token, extra), token.instance.env.now, what)


def detail(token: Token, text: str, what: str) -> feel.Result:
    """As `value`, with the reasons why it or a part of it is null."""
    try:
        return feel.evaluate_detail(text, around(token), now=token.instance.env.now)
    except FeelError as wrong:
        raise Stop("expression-failed", kept("The {what} cannot be evaluated: {problem}", what=what, problem=wrong.message)) from wrong


#: Reasons that one sentence gives; what follows them mostly follows from them.
_MOST_REASONS = 3


def why(*reasons: str) -> str:
    """Reasons for nulls as the end of a message; they name kinds and names, never values."""
    return "".join(f" {reason}" for reason in tuple(dict.fromkeys(reasons))[:_MOST_REASONS])


def literal_or(token: Token, text: str | None, what: str) -> Value:
    """The text itself, or the value of the expression when it begins with `=`."""
    if text is None or not is_expression(text):
        return text
    return value(token, text, what)


def as_text(found: Value) -> str | None:
    """A value as text for keys and names; None stays None."""
    if found is None or isinstance(found, str):
        return found
    return feel.text(feel.coerce(found))
