"""What holds for every test: nothing reaches further than this machine, and the clock is put back."""

from __future__ import annotations

import gc
import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from engine import clock

pytest_plugins = ["tests.postgres"]

# A run keeps what was parsed and compiled once for all of its tests; collecting less often takes a fifth off its time.
gc.set_threshold(100_000, 50, 100)


def _is_near(host: object) -> bool:
    if not host or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_the_world(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: sees every connection and name look-up this process makes from Python, whichever library asks."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
    else:
        return
    if not _is_near(host):
        raise PermissionError(f"A test wanted to reach {host}; tests may only use this machine.")


sys.addaudithook(_refuse_the_world)


@pytest.fixture(autouse=True)
def _clock_put_back() -> Iterator[None]:
    """A test may move the clock; the next one finds the system's again."""
    yield
    clock.use(None)
