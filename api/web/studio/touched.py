"""What a change touches, as its page lists it: each file by what people call it, what happens to it, and the first sentences of how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.model.compared import Mark
from engine.operations import bundles
from engine.operations.drafting.change_files import ChangeFile
from engine.operations.releasing.comparing import Comparison
from engine.operations.words import problem_places

#: sentences that are told of one file
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One file that a change touches. `mark` is None for one that was worked on and is as it was; `more` sentences are left out."""

    name: str
    kind: str
    title: str
    mark: Mark | None
    told: tuple[str, ...]
    more: int


def lines(found: Sequence[ChangeFile], removed: Sequence[str], compared: Comparison, files: Mapping[str, bytes]) -> tuple[Line, ...]:
    """The files that a change touches, diagrams first. `files` has those that it takes out as well, to name them."""
    told = {one.name: tuple(line.text for line in one.lines) for one in compared.files}
    kept = [_line(file.name, _mark(file), told.get(file.name, ()), files) for file in found if file.revision or file.changed]
    order = list(dict.fromkeys(one.name for one in compared.files))
    gone = [_line(name, Mark.REMOVED, (), files) for name in removed]
    return tuple(sorted([*kept, *gone], key=lambda one: (order.index(one.name) if one.name in order else len(order), one.title)))


def titles(found: Sequence[ChangeFile]) -> tuple[str, ...]:
    """What the files that a change makes different are called."""
    files = {file.name: file.content for file in found}
    return tuple(sorted(problem_places.file_title(file.name, files) for file in found if file.changed))


def _mark(file: ChangeFile) -> Mark | None:
    if file.before is None:
        return Mark.ADDED
    return Mark.CHANGED if file.changed else None


def _line(name: str, mark: Mark | None, told: tuple[str, ...], files: Mapping[str, bytes]) -> Line:
    said = told if mark is Mark.CHANGED else ()
    shown = tuple(text if len(text) <= 240 else f"{text[:240]}…" for text in said[:_TOLD])
    return Line(name, bundles.kind(name), problem_places.file_title(name, files), mark, shown, len(said) - len(shown))
