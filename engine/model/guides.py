"""Guides: what a program's people can read up beside a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Guide:
    """A text or a link of a pack, and for which tasks it is."""

    key: str
    title: str
    #: Markdown: paragraphs, lists, emphasis and links
    text: str
    #: where more stands, an address on the web
    link: str | None
    #: selectors of tasks: "form:KEY", "duty:NAME" or "PROCESS/ELEMENT"; empty: every task
    at: tuple[str, ...]
    #: FEEL over the facts of the case; None: always
    when: str | None
    #: the last day it is shown, unless somebody looked at it again
    until: date | None
    #: kept from people outside of the program
    staff: bool
