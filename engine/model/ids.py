"""Identifiers: 32 hexadecimal digits that sort by time of making (the layout of UUID version 7, RFC 9562 5.7)."""

from __future__ import annotations

import os
import threading
from datetime import datetime

#: characters of an id
ID_LENGTH = 32

_lock = threading.Lock()
_last = 0


def new_id(at: datetime) -> str:
    """A new id for an instant; ids made in one process rise strictly."""
    global _last
    millis = int(at.timestamp() * 1000)
    with _lock:
        value = (millis << 80) | (7 << 76) | (2 << 62) | (int.from_bytes(os.urandom(8)) >> 2)
        while value <= _last:
            value = _last + 1 + int.from_bytes(os.urandom(2))
        _last = value
    return f"{value:032x}"


def lowest_id(at: datetime) -> str:
    """What no id made at an instant or later sorts before."""
    return f"{int(at.timestamp() * 1000) << 80:032x}"
