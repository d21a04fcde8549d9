"""Names in expressions that nothing in a pack ever makes: almost always a slip of the pen, and null for ever.

A condition that is null counts as false (DMN 1.5, 10.3.2.6), so without this a misspelt name would quietly send every
case the same way.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from engine import calendars, feel
from engine.feel.errors import FeelError
from engine.language import kept, reason
from engine.model.calendars import PLAIN
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.packs import Pack

#: Names that every expression sees, and the variables of a process that a rung of a deadline rule starts.
_GIVEN = frozenset(
    {"case", "settings", "instance", "calendar", "working duration", "subjectTask", "subjectElement", "subjectName", "overdueRung"}
)


def problems(pack: Pack, processes: Sequence[ProcessModel]) -> Iterator[Problem]:
    """Each name that an expression certainly reads and that no variable, mapping, script, decision or loop is called."""
    known = _GIVEN | pack.variables.keys() | frozenset[str]().union(*(process.makes for process in processes))
    for process in processes:
        for element_id, text in process.expressions:
            for name in sorted(_read(text, known) - known):
                near = difflib.get_close_matches(name, known, 1)
                meant = kept(" Did you mean “{near}”?", near=near[0]) if near else ""
                yield Problem(
                    process.file,
                    element_id,
                    "unknown-name",
                    kept(
                        "Nothing is ever called “{name}”, so it would always be empty; correct the name, or add the fact on "
                        "the page “Facts”.{meant}",
                        name=name,
                        meant=meant,
                    ),
                )


_OF_CASE = re.compile(r"\bcase\s*\.\s*(?:participants|people)\s*\.\s*(\w+)")


def roles(pack: Pack, processes: Sequence[ProcessModel]) -> Iterator[Problem]:
    """Each role that an expression asks the case for and the pack does not have."""
    for process in processes:
        for element_id, text in process.expressions:
            for name in sorted(set(_OF_CASE.findall(text))):
                # A key may go on with a dash, so it is enough that one begins so.
                if not any(key.startswith(name) for key in pack.roles):
                    message = kept(
                        "There is no role “{name}”, so nobody of the case ever has it; use one of these: {list}.",
                        name=name,
                        list=", ".join(pack.roles),
                    )
                    yield Problem(process.file, element_id, "unknown-role", message)


_WORKING = re.compile(r'\bworking\s+duration\s*\((?P<length>(?:"[^"]*"|[^",])*)(?:,\s*"(?P<calendar>[^"]*)")?')


def working_time(pack: Pack, processes: Sequence[ProcessModel]) -> Iterator[Problem]:
    """Each working duration of a calendar that the pack does not have, or of a length that cannot be counted."""
    for process in processes:
        for element_id, text in process.expressions:
            for found in _WORKING.finditer(text):
                name, length = found["calendar"], found["length"].strip()
                if not calendars.is_plain(name) and name not in pack.calendars:
                    there = ", ".join([PLAIN, *pack.calendars])
                    message = kept("There is no calendar “{name}”; add it to the pack, or use one of: {there}.", name=name, there=there)
                    yield Problem(process.file, element_id, "unknown-calendar", message)
                if length.startswith('"') and not calendars.is_plain(name or pack.calendar):
                    try:
                        calendars.read_length(length.strip('"'))
                    except ValueError as wrong:
                        yield Problem(process.file, element_id, "timer-invalid", reason(wrong))


def _read(text: str, known: frozenset[str]) -> frozenset[str]:
    try:
        return feel.compile(text, known).names
    except FeelError:
        return frozenset()  # said where the diagram is read
