"""How often signing in may fail: by login, by address, within a time; nothing of what was typed is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock, store
from engine.model.errors import TooManyAttempts
from engine.operations.people import attempts
from engine.store import UnitOfWork, tables


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    opened = store.open("sqlite://")
    opened.migrate()
    with opened.unit_of_work() as found:
        yield found
    opened.close()


def test_an_address_that_tries_many_logins_has_to_wait(uow: UnitOfWork) -> None:
    for number in range(attempts.PER_ADDRESS):
        attempts.check(uow, f"login{number}", "192.0.2.1")
        attempts.failed(uow, f"login{number}", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.check(uow, "another", "192.0.2.1")
    attempts.check(uow, "another", "192.0.2.2")


def test_a_right_password_forgets_the_wrong_ones_of_its_login_but_not_of_its_address(uow: UnitOfWork) -> None:
    for _ in range(attempts.PER_LOGIN):
        attempts.failed(uow, "ada", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.check(uow, "Ada", "192.0.2.9")
    attempts.succeeded(uow, "ADA ")
    attempts.check(uow, "ada", "192.0.2.9")
    for _ in range(attempts.PER_ADDRESS - attempts.PER_LOGIN):
        attempts.failed(uow, "ben", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.check(uow, "ada", "192.0.2.1")


def test_what_is_over_is_dropped_and_what_was_typed_was_never_kept(uow: UnitOfWork) -> None:
    movable = clock.MovableClock(clock.now())
    clock.use(movable)
    attempts.failed(uow, "CANARY-a password in the wrong place", "192.0.2.1")
    movable.advance(attempts.WINDOW + timedelta(seconds=1))
    attempts.failed(uow, "ada", "192.0.2.1")
    kept = [str(row) for row in uow.execute(select(tables.failed_attempts))]
    assert len(kept) == 2
    assert not any(word in row for row in kept for word in ("CANARY", "ada", "192.0"))
