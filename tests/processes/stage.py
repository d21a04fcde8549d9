"""What telling a story asks of the world it is told in, so that the same steps serve in process and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from engine.model.cases import Case


class Known(Protocol):
    """Somebody of the cast."""

    @property
    def id(self) -> str:
        """The person's id."""
        ...


class Stage(Protocol):
    """Where people open cases and complete tasks, in time that the story moves."""

    @property
    def people(self) -> Mapping[str, Known]:
        """The cast by first name."""
        ...

    def open_case(self, by: str, pack: str, joining: Iterable[tuple[str, str]], data: Mapping[str, object]) -> Case:
        """Open a case; `joining` are (role, name)."""
        ...

    def complete(
        self,
        by: str,
        case: Case,
        element: str,
        data: Mapping[str, object] | None = None,
        *,
        of: str | None = None,
        mode: str = "self",
        code: str = "",
    ) -> object:
        """Complete the open task at an element; `of` names whose it is when several people have one.

        `code`: that on the paper which was signed.
        """
        ...

    def code(self, by: str, case: Case) -> str:
        """The code on the paper that somebody prints to be signed."""
        ...

    def send(self, by: str, case: Case, message: str) -> None:
        """Send a case one of the messages that its page offers."""
        ...

    def advance(self, text: str) -> None:
        """Let time pass, an ISO 8601 duration."""
        ...
