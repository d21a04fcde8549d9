"""How much an instance may hold. What would make it grow beyond is not done, and the element that asked stops with a reason.

A state is read and written whole with every step, so without a bound one case could make every one of its steps slow,
and a loop that only collects would fill the database.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.tokens import Instance, Stop, Token
from engine.language import kept

#: Largest state of an instance, in bytes: its variables, tokens, and what they remember.
MAX_STATE = 2_000_000
#: Largest value of one variable, in bytes.
MAX_VARIABLE = 256_000
#: What one token takes, about, in bytes.
TOKEN = 250
#: What a number, a date, and the frame of a text, list or context take, about, in bytes.
_PART = 8


def weight(value: object, most: int) -> int:
    """About how many bytes a value takes in a state. Stops counting above `most`, so that shared parts cost nothing."""
    found, pending = 0, [value]
    while pending and found <= most:
        part = pending.pop()
        found += _PART
        if isinstance(part, str):
            found += len(part)
        elif isinstance(part, dict):
            found += sum(len(str(key)) for key in part)
            pending.extend(part.values())
        elif isinstance(part, list | tuple):
            pending.extend(part)
    return found


def too_large(values: Iterable[object]) -> bool:
    """Whether one of these values is larger than a variable may be."""
    return any(weight(value, MAX_VARIABLE) > MAX_VARIABLE for value in values)


def fits(instance: Instance, size: int) -> bool:
    """Whether so many bytes more may be kept; if so, they count. What went away is only counted anew when it gets tight."""
    if instance.size + size > MAX_STATE and abs(instance.size - instance.sure) > MAX_STATE // 8:
        instance.size = instance.sure = measure(instance)
    if instance.size + size > MAX_STATE:
        return False
    instance.size += size
    return True


def claim(token: Token, values: Iterable[object], tokens: int = 0) -> None:
    """Ask for room for values and tokens that a step is about to make. Raises Stop when there is none; changes nothing."""
    size = TOKEN * tokens
    for value in values:
        found = weight(value, MAX_VARIABLE)
        if found > MAX_VARIABLE:
            raise Stop(
                "variable-too-large",
                kept(
                    "A value made here is larger than {max_variable} kB; keep less, or in several variables.",
                    max_variable=MAX_VARIABLE // 1000,
                ),
            )
        size += found
    if not fits(token.instance, size):
        raise Stop(
            "state-too-large",
            kept(
                "With this step the case would hold more than {max_state} MB of variables and open elements. Nothing "
                "of it was done; make lists and texts shorter, then try again, or work in portions.",
                max_state=MAX_STATE // 1000000,
            ),
        )


def measure(instance: Instance) -> int:
    """About how many bytes the state takes now; exact enough for a bound."""
    found = TOKEN * len(instance.tokens)
    for scope in instance.scopes:
        found += weight(dict(scope.data), 2 * MAX_STATE)
    for token in instance.tokens.values():
        found += weight(token.memo, 2 * MAX_STATE)
        if token.data:
            found += weight(dict(token.data), 2 * MAX_STATE)
    return found
