"""The bounds of one evaluation, and the run that counts against them and collects the reasons for nulls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from time import monotonic
from typing import TypeVar

from engine.feel.errors import FeelLimit
from engine.language import kept

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
#: Lists and contexts within each other in one value.
MAX_NESTING = 100
#: Seconds that all regular expressions of one evaluation may take together.
MAX_MATCH_SECONDS = 0.5
#: Seconds that one evaluation may take, whatever its steps cost.
MAX_SECONDS = 2.5
#: Characters or elements that are copied or searched for the price of one step, as a power of two.
_PRICE = 6
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
    matching: float = MAX_MATCH_SECONDS
    reasons: list[str] = field(default_factory=list)
    deadline: float = field(default_factory=lambda: monotonic() + MAX_SECONDS)

    def spend(self, steps: int) -> None:
        """Count work done outside the tree walk; raises FeelLimit when the budget is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimit(kept("The expression takes more steps than one may; make its lists and texts smaller."))
        if steps > _PRICE:
            self.look()

    def look(self) -> None:
        """Raises FeelLimit when the time is over."""
        if monotonic() > self.deadline:
            raise FeelLimit(kept("The expression takes more than {max_seconds} seconds; make it simpler.", max_seconds=f"{MAX_SECONDS:g}"))

    def null(self, reason: str) -> Absent | None:
        """The value null, with the reason kept. Reasons name kinds and names of the expression, never data."""
        if len(self.reasons) < MAX_REASONS and reason not in self.reasons:
            self.reasons.append(reason)
        return None

    def text(self, value: str) -> str:
        """The text itself if it is not too long; its making is counted. Raises FeelLimit otherwise."""
        if len(value) > MAX_TEXT:
            raise FeelLimit(kept("The expression makes a text of more than {max_text} characters.", max_text=f"{MAX_TEXT:,}"))
        self.spend(len(value) >> _PRICE)
        return value

    def room(self, size: int) -> None:
        """Raises FeelLimit when a list of this size may not be made; counts its elements as steps."""
        if size > MAX_LIST:
            raise FeelLimit(kept("The expression makes a list of more than {max_list} elements.", max_list=f"{MAX_LIST:,}"))
        self.spend(size)

    def touch(self, *values: object) -> None:
        """Counts what it costs to copy or search values, without what they hold."""
        for value in values:
            if isinstance(value, (str, list, dict)):
                self.spend(len(value) >> _PRICE)

    def weigh(self, value: object) -> int:
        """Counts, and gives, all that a value holds, for what walks through it. Elements that are shared count each time.

        Raises FeelLimit also for a value nested too deeply, or within itself.
        """
        weight = 1
        pending = [(value, 0)]
        while pending:
            part, depth = pending.pop()
            if depth > MAX_NESTING:
                raise FeelLimit(kept("The expression makes a value nested more than {max_nesting} levels deep.", max_nesting=MAX_NESTING))
            if isinstance(part, str):
                weight += len(part) >> _PRICE
            elif isinstance(part, Decimal):
                weight += abs(part.adjusted()) >> _PRICE
            elif isinstance(part, (list, dict)):
                weight += len(part)
            if weight > self.steps:
                raise FeelLimit(kept("The expression makes a value that is too large."))
            if isinstance(part, (list, dict)):
                pending.extend((inner, depth + 1) for inner in (part.values() if isinstance(part, dict) else part))
        self.spend(weight)
        return weight
