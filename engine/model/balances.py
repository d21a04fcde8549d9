"""Whether the participants of a case were given the same attention, in counts: process facts, nothing of what was said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One participant's part."""

    label: str
    #: entries about them that have process facts
    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The shares of all who take part now in a role, as a panel of the pack compares them."""

    panel: str
    title: str
    shares: tuple[Share, ...]
    #: how far the counts are apart, and from when on that is too far
    apart: int
    limit: int

    @property
    def is_off(self) -> bool:
        """Whether the counts are too far apart."""
        return self.apart >= self.limit
