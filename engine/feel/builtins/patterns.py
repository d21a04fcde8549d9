"""Regular expressions (DMN 1.5, table 74; XPath and XQuery Functions and Operators 3.1, 5.6).

What XPath does not know (lookaround, inline flags, fuzzy matching) is refused, and every match has a time limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from time import monotonic
from typing import TypeVar

import regex

from engine.feel.calling import builtin
from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_MATCH_SECONDS, Run
from engine.feel.values import Value
from engine.language import kept

Found = TypeVar("Found")

_MAX_PATTERN = 1_000
#: One piece of a pattern: an escape, or a character.
_PIECE = regex.compile(r"\\[pP]\{[A-Za-z0-9-]+\}|\\.?|.", regex.DOTALL)
_ESCAPE = regex.compile(r"\\[nrt\\|.?*+(){}\[\]\-^$sSiIcCdDwW1-9]|\\[pP]\{.*\}", regex.DOTALL)
#: A group or a brace that XPath does not have.
_FOREIGN = regex.compile(r"\(\?(?!:)|\{(?!\d+(?:,\d*)?\})")
_SPACES = frozenset(" \t\n\r")
_BOUND = regex.compile(r"\{(\d+)")
_NAME_START = r"[:A-Z_a-z\u00C0-\u02FF\u0370-\u1FFF\u2070-\u218F\u3001-\uD7FF]"
_NAME_PART = r"[-.0-9:A-Z_a-z\u00B7\u00C0-\u1FFF\u2070-\u218F\u3001-\uD7FF]"
_CLASSES = {r"\i": _NAME_START, r"\I": "[^" + _NAME_START[1:], r"\c": _NAME_PART, r"\C": "[^" + _NAME_PART[1:]}
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0}
_REPLACEMENT = regex.compile(r"\\([\\$])|\$(\d)|([\\$])")


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    """A pattern made ready. Raises ValueError with the reason for a pattern or flags that cannot be used."""
    if len(pattern) > _MAX_PATTERN:
        raise ValueError(kept("A pattern has at most {max_pattern} characters.", max_pattern=_MAX_PATTERN))
    if any(len(bound[1]) > 4 for bound in _BOUND.finditer(pattern)):
        raise ValueError(kept("A pattern repeats at most 9,999 times."))
    if set(flags) - _FLAGS.keys():
        raise ValueError(kept("The flags of a pattern are s, m, i and x."))
    chosen = regex.VERSION1
    for flag in flags:
        chosen |= _FLAGS[flag]
    try:
        return regex.compile(_translated(_collapsed(pattern) if "x" in flags else pattern, flags), chosen)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(kept("The pattern cannot be read: {error}.", error=error)) from None


def pieces(pattern: str) -> Iterator[tuple[int, str]]:
    """The escapes and characters of a pattern, each with its place."""
    return ((found.start(), found[0]) for found in _PIECE.finditer(pattern))


def _collapsed(pattern: str) -> str:
    """A pattern without spaces outside of sets of characters, as the flag x wants it, also within escapes."""
    kept: list[str] = []
    depth = 0
    for character in pattern:
        if not depth and character in _SPACES:
            continue
        if not (kept and kept[-1] == "\\"):
            depth += (character == "[") - (character == "]")
            kept.append(character)
        else:
            kept[-1] += character
    return "".join(kept)


def _translated(pattern: str, flags: str) -> str:
    """A pattern of XPath as one of the regex library. Raises ValueError for what XPath does not know."""
    parts: list[str] = []
    depth = 0
    for found in _PIECE.finditer(pattern):
        piece = found[0]
        foreign = _FOREIGN.match(pattern, found.start()) if not depth else None
        if foreign or (piece[0] == "\\" and not _ESCAPE.fullmatch(piece)) or (not depth and piece == "]"):
            raise ValueError(kept("{foreign} has no meaning in a pattern here.", foreign=f"{(foreign or found)[0]!r}"))
        if depth and piece[0] == "\\" and piece[1].isdigit():
            raise ValueError(kept("A set of characters cannot hold what a group matched."))
        if depth and piece == "[":
            if parts[-1] != "-":
                raise ValueError(kept("Within a set of characters write \\[ for a bracket."))
            parts[-1] = "--"  # one set without another
        depth += (piece == "[") - (piece == "]")
        parts.append(_in_set(piece) if depth else _outside(piece, flags))
    return "".join(parts)


def _in_set(piece: str) -> str:
    # The library reads some doubled characters as operations between sets.
    return "\\" + piece if piece in ("&", "|", "~") else _escaped(piece)


def _outside(piece: str, flags: str) -> str:
    if piece == "." and "s" not in flags:
        return r"[^\n\r]"
    if piece == "$" and "m" not in flags:
        return r"\Z"
    return _escaped(piece)


def _escaped(piece: str) -> str:
    """An escape in the library's words; a property that begins with Is is a block of characters in XPath."""
    return piece[:3] + "In" + piece[5:] if piece[2:5] == "{Is" else _CLASSES.get(piece, piece)


class _Search:
    """One compiled pattern, with what is left of the time that all patterns of a run may take together."""

    def __init__(self, run: Run, made: regex.Pattern[str]) -> None:
        self.made = made
        self.seconds = max(run.matching, 0.001)

    def finds(self, string: str) -> bool:
        """Whether the pattern is found in a text."""
        return self.made.search(string, timeout=self.seconds) is not None

    def all(self, string: str) -> list[regex.Match[str]]:
        """All matches in a text."""
        return list(self.made.finditer(string, timeout=self.seconds))


def _matched(run: Run, pattern: str, flags: str | None, act: Callable[[_Search], Found]) -> Found | None:
    try:
        search = _Search(run, compiled(pattern, flags or ""))
    except ValueError as error:
        return run.null(str(error))
    started = monotonic()
    try:
        return act(search)
    except TimeoutError:
        raise FeelLimit(
            kept("Patterns take more than {max_match_seconds} seconds; write simpler ones.", max_match_seconds=MAX_MATCH_SECONDS)
        ) from None
    finally:
        run.matching -= monotonic() - started


@builtin("matches", "input: string", "pattern: string", "flags: string|Null?")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> Value:
    """Whether a pattern is found anywhere in a text."""
    return _matched(run, pattern, flags, lambda search: search.finds(string))


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags: string|Null?")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """A text with every match replaced; $1 to $9 in the replacement are groups, $0 the match."""
    if any(found[3] for found in _REPLACEMENT.finditer(replacement)):
        return run.null(kept("In a replacement write \\$ for a dollar sign and \\\\ for a backslash."))

    def act(search: _Search) -> str | None:
        if search.finds(""):
            return run.null(kept("replace() needs a pattern that does not match an empty text."))
        parts: list[str] = []
        end = 0
        for found in search.all(string):
            parts += (string[end : found.start()], run.text(_filled(replacement, found)))
            end = found.end()
        return "".join((*parts, string[end:]))

    result = _matched(run, pattern, flags, act)
    return None if result is None else run.text(result)


def _filled(replacement: str, found: regex.Match[str]) -> str:
    def part(sign: regex.Match[str]) -> str:
        if sign[1]:
            return str(sign[1])
        group = int(sign[2])
        return found[group] or "" if group <= found.re.groups else ""

    return _REPLACEMENT.sub(part, replacement)


@builtin("split", "string: string", "delimiter: string")
def split(run: Run, string: str, delimiter: str) -> Value:
    """The parts of a text between the matches of a pattern."""

    def act(search: _Search) -> list[Value] | None:
        if search.finds(""):
            return run.null(kept("split() needs a delimiter that does not match an empty text."))
        ends = [found.span() for found in search.all(string)]
        run.room(len(ends))
        starts = [0, *(end for _, end in ends)]
        return [string[start:end] for start, end in zip(starts, [*(start for start, _ in ends), len(string)], strict=True)]

    return _matched(run, delimiter, None, act)
