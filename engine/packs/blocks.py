"""The blocks of a pack.toml as lines: a header with the comment right above it, what stands below, and the blank lines after.

Taking a block away or moving it as lines keeps every other byte; whether the text then says what was meant is to be
checked by who asks (`editing` does), because lines cannot tell a header from a line of a long text.
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[?[\w.\"' -]+\]\]?\s*(#.*)?$")


def _places(lines: list[str], header: str) -> list[tuple[int, int]]:
    """Where the blocks under a header begin and end: with the comment right above, and the blank lines below."""
    found = []
    for number, line in enumerate(lines):
        if line.split("#", 1)[0].strip() == header:
            start = number
            while start and lines[start - 1].startswith("#") and "---" not in lines[start - 1]:
                start -= 1
            found.append((start, _block_end(lines, number)))
    return found


def _block_end(lines: list[str], header: int) -> int:
    following = (number for number in range(header + 1, len(lines)) if _HEADER.match(lines[number]))
    end = next(following, len(lines))
    while lines[end - 1].startswith("#") or not lines[end - 1].strip():
        end -= 1
    while end < len(lines) and not lines[end].strip():
        end += 1
    return end


def without(text: str, path: tuple[str | int, ...]) -> str | None:
    """The text without a `[table.key]` or the nth `[[table]]`; None when it is not written so."""
    lines = text.splitlines(keepends=True)
    table, last = path[0], path[-1]
    header, place = (f"[[{table}]]", last) if isinstance(last, int) else (f"[{table}.{last}]", 0)
    blocks = _places(lines, header)
    if len(path) != 2 or place >= len(blocks):
        return None
    start, end = blocks[place]
    return "".join(lines[:start] + lines[end:])


def moved(text: str, table: str, index: int, to: int) -> str | None:
    """The text with one `[[table]]` at the place of another; None when they are not written so."""
    lines = text.splitlines(keepends=True)
    blocks = _places(lines, f"[[{table}]]")
    if max(index, to) >= len(blocks):
        return None
    start, end = blocks[index]
    place = blocks[to][0] if to < index else blocks[to][1] - (end - start)
    block, rest = lines[start:end], lines[:start] + lines[end:]
    return "".join(rest[:place] + block + rest[place:])
