"""Functions on texts (DMN 1.5, table 74). Positions count characters (Unicode code points) from 1."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.calling import builtin
from engine.feel.comparison import whole
from engine.feel.limits import Run
from engine.feel.rendering import text
from engine.feel.values import Value, kind
from engine.language import kept


@builtin("substring", "string: string", "start position: number", "length: number?")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> Value:
    """A part of a text; a negative start counts from the end."""
    first = whole(start)
    count = len(string) if length is None else int(length)
    if first is None or first == 0 or abs(first) > len(string) or count < 1:
        return run.null(kept("substring() starts at a whole number within the text and takes at least one character."))
    begin = first - 1 if first > 0 else len(string) + first
    return string[begin : begin + count]


@builtin("string length", "string: string")
def string_length(_run: Run, string: str) -> Value:
    """The number of characters."""
    return Decimal(len(string))


@builtin("upper case", "string: string")
def upper_case(run: Run, string: str) -> Value:
    """The text in capitals."""
    return run.text(string.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, string: str) -> Value:
    """The text in small letters."""
    return run.text(string.lower())


@builtin("substring before", "string: string", "match: string")
def substring_before(_run: Run, string: str, match: str) -> Value:
    """What stands before the first match; an empty text when there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string", "match: string")
def substring_after(_run: Run, string: str, match: str) -> Value:
    """What stands behind the first match; an empty text when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string", "match: string")
def contains(_run: Run, string: str, match: str) -> Value:
    """Whether the text holds the match."""
    return match in string


@builtin("starts with", "string: string", "match: string")
def starts_with(_run: Run, string: str, match: str) -> Value:
    """Whether the text begins with the match."""
    return string.startswith(match)


@builtin("ends with", "string: string", "match: string")
def ends_with(_run: Run, string: str, match: str) -> Value:
    """Whether the text ends with the match."""
    return string.endswith(match)


@builtin("string join", "list: list", "delimiter: string|Null?")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    """The texts of a list, joined; nulls are left out."""
    if any(not isinstance(item, str) and item is not None for item in items):
        return run.null(kept("string join() takes a list of texts; use string() on the others."))
    run.weigh(items)
    run.spend(len(items) * len(delimiter or "") >> 6)
    return run.text((delimiter or "").join(item for item in items if isinstance(item, str)))


@builtin("string", "from: any")
def string(run: Run, value: Value) -> Value:
    """A value as text; null stays null."""
    if value is None:
        return run.null(kept("string() was given {kind}.", kind=kind(value)))
    run.weigh(value)
    return run.text(text(value))
