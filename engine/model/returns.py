"""Taking a running procedure back to an earlier step: where it can go, and what becomes of where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoReturn(StrEnum):
    """Why a procedure cannot be taken back to a step.

    blocked: it would wait at a gateway for ever, for a branch that is over; closed: the step lies in a sub-process or
    called procedure that is over, which can only be entered as a whole; event: it is one of several events of which the
    first decided;
    moving: the procedure is in the middle of a step.
    """

    BLOCKED = "blocked"
    CLOSED = "closed"
    EVENT = "event"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Stood:
    """A step where a token stands that would be taken away."""

    token_id: str
    process_key: str
    element_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Return:
    """An earlier step of an open scope. `scope` is the id of the token that holds it, "" for the process itself."""

    scope: str
    process_key: str
    element_id: str
    name: str
    #: what is taken away
    leaves: tuple[Stood, ...] = ()
    #: steps between that act on others (notices, messages, outside work) and would do so again: (element id, name)
    again: tuple[tuple[str, str], ...] = ()
    #: None: it can be done
    why: NoReturn | None = None

    @property
    def key(self) -> str:
        """What names it among the earlier steps of an instance."""
        return f"{self.scope or '-'}/{self.process_key}/{self.element_id}"
