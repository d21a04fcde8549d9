"""What can go wrong with an expression as a whole; a mistake inside a value is a null with a reason instead."""

from __future__ import annotations

from engine.language import kept
from engine.model.errors import ParleyError


class FeelError(ParleyError):
    """This expression cannot be used."""

    code = "expression-refused"


class FeelSyntaxError(FeelError):
    """This expression is not valid FEEL.

    `line` and `column` count from 1 and point at the first character that does not fit.
    """

    code = "expression-syntax"

    def __init__(self, text: str, line: int, column: int, message: str) -> None:
        super().__init__(kept("{message} (line {line}, column {column})", message=message, line=line, column=column))
        self.text = text
        self.line = line
        self.column = column


class FeelLimit(FeelError):
    """This expression takes more steps, depth, size or time than one expression may."""

    code = "expression-limit"
