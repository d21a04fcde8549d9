"""What becomes of outside work that could not be done."""

from __future__ import annotations


class NotDone(Exception):
    """It could not be done. The message holds no content; `again`: trying later may help."""

    def __init__(self, code: str, message: str, *, again: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.again = again
