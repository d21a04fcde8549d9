"""What happened since the last turn was handed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.execution import Entry, Request, Thrown


@dataclass(slots=True)
class Journal:
    """Collects the history, the thrown events, the requests and the milestones of a turn."""

    entries: list[Entry] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget what was handed over."""
        self.entries.clear()
        self.thrown.clear()
        self.requests.clear()
        self.milestones.clear()
