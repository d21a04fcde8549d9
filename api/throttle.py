"""Sign-in attempts: how many may fail within a time. Counted in the memory of one process, so a restart forgets them.

Counting per login stops guessing one person's password, counting per address stops trying many logins.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from engine import clock
from engine.model.errors import TooManyAttempts

WINDOW = timedelta(minutes=15)
PER_LOGIN = 10
PER_ADDRESS = 50
#: how many logins and addresses are remembered; the one that failed longest ago is forgotten first
REMEMBERED = 10_000


class Throttle:
    """Failed attempts by key, within WINDOW."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, login: str, address: str) -> None:
        """Raise TooManyAttempts when this login or this address failed too often lately."""
        with self._lock:
            for key, limit in _keys(login, address):
                if len(self._recent(key)) >= limit:
                    raise TooManyAttempts

    def failed(self, login: str, address: str) -> None:
        """Remember one failed attempt."""
        at = clock.now()
        with self._lock:
            for key, _limit in _keys(login, address):
                self._failures.setdefault(key, deque(maxlen=PER_ADDRESS)).append(at)
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, login: str) -> None:
        """Forget the failures of a login whose right password was given."""
        with self._lock:
            self._failures.pop(_login_key(login), None)

    def _recent(self, key: str) -> deque[datetime]:
        found = self._failures.get(key, deque())
        since = clock.now() - WINDOW
        while found and found[0] <= since:
            found.popleft()
        return found


def _login_key(login: str) -> str:
    return f"login:{login.strip().casefold()}"


def _keys(login: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (_login_key(login), PER_LOGIN), (f"address:{address}", PER_ADDRESS)
