"""Where the steps of a scenario file stand in its text, and one value of a step put anew."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

_HEADER = re.compile(r"(?m)^[ \t]*\[")
_STEP = re.compile(r"[ \t]*\[\[[ \t]*steps[ \t]*\]\]")
_PART = re.compile(r"[ \t]*\[[ \t]*steps[ \t]*\.")


def spans(text: str) -> list[tuple[int, int]]:
    """From where to where each [[steps]] goes, with the comments above it and the tables that are part of it."""
    heads = [start for start, _end in _sections(text) if not _PART.match(text, start)]
    begins = [_with_comments(text, start) for start in heads]
    ends = [*begins, len(text)][1:]
    return [(begin, end) for start, begin, end in zip(heads, begins, ends, strict=True) if _STEP.match(text, start)]


def _with_comments(text: str, start: int) -> int:
    """Where the comment lines right above begin."""
    while start and (line := text.rfind("\n", 0, start - 1) + 1) < start and text[line:start].lstrip().startswith("#"):
        start = line
    return start


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """Each table with its header. A line that begins with “[” inside a longer value is no header: what is before it is not whole."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    begun = 0
    heads: list[int] = []
    for start in starts:
        if can_be_read(text[begun:start]):
            heads.append(start)
            begun = start
    yield from zip(heads, [*heads, len(text)][1:], strict=True)


def can_be_read(text: str) -> bool:
    """Whether a text is whole as TOML."""
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def with_value(block: str, name: str, written: str | None) -> str:
    """A step's text in which one key has another value, written as it stands there; None takes the key out."""
    kept = "".join(_without(block, name))
    if written is None:
        return kept
    parts = [start for start, _end in _sections(kept) if not _STEP.match(kept, start)]
    at = parts[0] if parts else len(kept.rstrip("\n")) + 1
    kept = kept if kept.endswith("\n") else kept + "\n"
    return kept[:at] + f"{name} = {written}\n" + kept[at:]


def _without(block: str, name: str) -> Iterator[str]:
    mine, key = re.compile(rf"[ \t]*\[[ \t]*steps[ \t]*\.[ \t]*{name}[ \t]*[.\]]"), re.compile(rf"[ \t]*{name}[ \t]*=")
    begun = 0
    for start, end in _sections(block):
        yield block[begun:start]
        begun = end
        if _STEP.match(block, start):
            yield _lines_without(block[start:end], key)
        elif not mine.match(block, start):
            yield block[start:end]
    yield block[begun:]


def _lines_without(section: str, key: re.Pattern[str]) -> str:
    """A table without one of its keys; a value over several lines goes with it."""
    kept, dropped = "", ""
    for line in section.splitlines(keepends=True):
        if dropped or (key.match(line) and can_be_read(kept)):
            dropped += line
            if can_be_read(dropped):
                dropped = ""
        else:
            kept += line
    return kept
