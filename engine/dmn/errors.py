"""What can go wrong when a decision is asked for."""

from __future__ import annotations

from engine.model.errors import ParleyError


class DecisionError(ParleyError):
    """This decision has no answer for these inputs; correct the table or the inputs.

    `decision` is the decision's id, `rules` the ids of the rules concerned, in the table's order.
    """

    code = "decision-failed"

    def __init__(self, message: str, decision: str, rules: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.decision = decision
        self.rules = rules
