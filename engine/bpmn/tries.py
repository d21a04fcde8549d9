"""How often outside work is tried, how long it pauses between, and how long a worker may hold it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from engine import feel
from engine.feel import DaysTime
from engine.language import kept
from engine.model.execution import Value

RETRIES = 3
PAUSES = (10.0, 60.0, 600.0)
#: seconds a worker may hold a job when nobody says otherwise
HOLD = 300.0
MOST_RETRIES = 50
MOST_PAUSES = 20
#: longest pause and longest hold
LONGEST = timedelta(days=31)


def retries(found: Value) -> int:
    """How often to try, from 1 to 50; 3 unless it is said. Raises ValueError."""
    if found is None:
        return RETRIES
    text = found.strip() if isinstance(found, str) else str(found) if isinstance(found, int | Decimal) else ""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= MOST_RETRIES:
        raise ValueError(kept("The number of retries has to be a whole number from 1 to {most_retries}.", most_retries=MOST_RETRIES))
    return int(text)


def pauses(found: Value) -> tuple[float, ...]:
    """Seconds to wait after each failure, the last again and again. Raises ValueError."""
    if found is None:
        return PAUSES
    parts: Sequence[Value] = re.split(r"[\s,]+", found.strip()) if isinstance(found, str) else found if isinstance(found, list) else [found]
    if not 1 <= len(parts) <= MOST_PAUSES:
        raise ValueError(kept("The back-off is 1 to {most_pauses} durations, such as PT10S PT5M PT1H.", most_pauses=MOST_PAUSES))
    wrong = kept("The back-off has to be durations of at most {days} days and not negative, such as PT10S.", days=LONGEST.days)
    return tuple(_seconds(part, wrong) for part in parts)


def hold(found: Value) -> float:
    """Seconds a worker may hold the job at a time. Raises ValueError."""
    if found is None:
        return HOLD
    wrong = kept("The timeout has to be a duration of at most {days} days and not negative, such as PT5M.", days=LONGEST.days)
    seconds = _seconds(found, wrong)
    if seconds < 1:
        raise ValueError(kept("The timeout has to be a duration of a second or more, such as PT5M."))
    return seconds


def _seconds(found: Value, otherwise: str) -> float:
    try:
        length = feel.iso_duration(found.strip()) if isinstance(found, str) else found
    except ValueError:
        length = None
    if not isinstance(length, DaysTime) or not timedelta(0) <= length.delta <= LONGEST:
        raise ValueError(otherwise)
    return length.delta.total_seconds()
