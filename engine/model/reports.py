"""Reports that leave the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What may leave the program about a case. `references`: the receiver's own numbers; `facts`: (title, answer), the closed list."""

    case_id: str
    case_number: str
    program: str
    title: str
    note: str
    references: tuple[tuple[str, object], ...]
    facts: tuple[tuple[str, object], ...]
    at: datetime
