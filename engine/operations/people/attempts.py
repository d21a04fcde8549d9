"""Attempts to sign in: how many may fail within a time, counted for all web processes together; a restart forgets none.

Counting per login stops guessing one person's password, counting per address stops trying many logins. Kept is a digest of
either, since people type their password where the login belongs; what is older than WINDOW goes with the next failure.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from engine import clock, store
from engine.model.errors import TooManyAttempts
from engine.store import UnitOfWork

WINDOW = timedelta(minutes=15)
PER_LOGIN = 10
PER_ADDRESS = 50


def check(uow: UnitOfWork, login: str, address: str) -> None:
    """Raise TooManyAttempts when this login or this address failed too often lately."""
    limits = {_login(login): PER_LOGIN, _address(address): PER_ADDRESS}
    found = store.attempts.counted(uow, limits, clock.now() - WINDOW)
    if any(count >= limits[key] for key, count in found.items()):
        raise TooManyAttempts


def failed(uow: UnitOfWork, login: str, address: str) -> None:
    """Remember one failed attempt."""
    now = clock.now()
    store.attempts.drop_until(uow, now - WINDOW)
    store.attempts.insert(uow, (_login(login), _address(address)), now)


def succeeded(uow: UnitOfWork, login: str) -> None:
    """Forget the failures of a login whose right password was given."""
    store.attempts.forget(uow, _login(login))


def _login(login: str) -> str:
    return _digest(f"login:{login.strip().casefold()}")


def _address(address: str) -> str:
    return _digest(f"address:{address}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
