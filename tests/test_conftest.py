"""The safety net of the tests itself."""

from __future__ import annotations

import socket

import psycopg
import pytest


def test_no_test_can_look_up_a_name_in_the_world() -> None:
    with pytest.raises(PermissionError, match="only use this machine"):
        socket.getaddrinfo("example.org", 443)


def test_no_test_can_connect_to_an_address_in_the_world() -> None:
    with socket.socket() as outward, pytest.raises(PermissionError, match="only use this machine"):
        outward.connect(("192.0.2.1", 443))


def test_a_postgresql_database_is_empty_and_real(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("postgresql+psycopg", "postgresql")) as connection:
        assert connection.info.server_version // 10000 == 16
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone() == (0,)
