"""The bounds of one evaluation, and the run that counts against them and collects the reasons for nulls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from engine.feel.errors import FeelLimit

#: Characters in one expression.
MAX_EXPRESSION = 20_000
#: Brackets open at once in one expression.
MAX_BRACKETS = 60
#: Evaluation steps (nodes visited, elements walked) in one evaluation.
MAX_STEPS = 100_000
#: Expressions waiting for each other at once, calls included. Two or three Python frames each.
MAX_DEPTH = 120
#: Characters in one text that an expression makes.
MAX_TEXT = 1_000_000
#: Elements in one list that an expression makes.
MAX_LIST = 100_000
#: Seconds that one regular expression may take.
MAX_MATCH_SECONDS = 0.5
#: Reasons kept in one evaluation; later ones are dropped.
MAX_REASONS = 20


#: What the place of a null would otherwise hold.
Absent = TypeVar("Absent")


@dataclass(slots=True)
class Run:
    """One evaluation under way: its clock, what it may still spend, and why values became null."""

    now: datetime
    steps: int = MAX_STEPS
    depth: int = 0
    reasons: list[str] = field(default_factory=list)

    def spend(self, steps: int) -> None:
        """Count work done outside the tree walk; raises FeelLimit when the budget is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimit(f"The expression takes more than {MAX_STEPS:,} steps; make its lists smaller.")

    def null(self, reason: str) -> Absent | None:
        """The value null, with the reason kept. Reasons name kinds and names of the expression, never data."""
        if len(self.reasons) < MAX_REASONS and reason not in self.reasons:
            self.reasons.append(reason)
        return None

    def text(self, value: str) -> str:
        """The text itself if it is not too long; raises FeelLimit otherwise."""
        if len(value) > MAX_TEXT:
            raise FeelLimit(f"The expression makes a text of more than {MAX_TEXT:,} characters.")
        return value

    def room(self, size: int) -> None:
        """Raises FeelLimit when a list of this size may not be made; counts its elements as steps."""
        if size > MAX_LIST:
            raise FeelLimit(f"The expression makes a list of more than {MAX_LIST:,} elements.")
        self.spend(size)
