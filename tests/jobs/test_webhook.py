"""Calling a webhook: nowhere but where it was allowed, never for long, never more than can be kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from time import monotonic

import pytest

from engine.jobs import NotDone, Target, call, target
from engine.jobs.webhook import _are_public
from tests.outlets import Hook, hook


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


def where(there: Hook, *, private: bool = True) -> Target:
    return replace(target(there.url), private=private)


def code(there: Target, **more: float) -> tuple[str, bool]:
    with pytest.raises(NotDone) as failed:
        call(there, {}, {}, **more)  # type: ignore[arg-type]
    assert failed.value.message.endswith(".")
    return failed.value.code, failed.value.again


def test_a_body_goes_out_as_json_and_the_answer_comes_back_exactly(there: Hook) -> None:
    there.answer = b'{"price": 12.10, "parts": [1, null]}'
    answer = call(where(there), {"number": 1}, {"Idempotency-Key": "k"})
    assert (answer.status, answer.body) == (200, {"price": Decimal("12.10"), "parts": [1, None]})
    (heard,) = there.heard
    assert (heard.path, heard.body, heard.headers["Idempotency-Key"]) == ("/hook?a=1", {"number": 1}, "k")
    assert heard.headers["Host"] == f"localhost:{there.port}"
    assert heard.headers["Content-Type"] == "application/json"


def test_an_answer_without_a_body_is_an_answer(there: Hook) -> None:
    there.answer, there.status = b"", 204
    assert call(where(there), {}, {}).body is None


@pytest.mark.parametrize(("status", "again"), [(400, False), (401, False), (404, False), (408, True), (429, True), (500, True)])
def test_a_status_that_is_no_success_is_tried_again_where_that_may_help(there: Hook, status: int, again: bool) -> None:
    there.status = status
    assert code(where(there)) == ("webhook-status", again)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(there: Hook, status: int) -> None:
    there.status, there.headers = status, {"Location": there.url}
    assert code(where(there)) == ("webhook-redirect", False)
    assert len(there.heard) == 1


def test_a_huge_answer_is_cut_off(there: Hook) -> None:
    there.answer = b'"' + b"x" * 5000 + b'"'
    assert code(where(there), most=1000) == ("webhook-size", False)
    assert call(where(there), {}, {}, most=5002).body == "x" * 5000


@pytest.mark.parametrize("answer", [b"no", b'{"a": NaN}', b'"\xff"', b"[" * 100_000, b"{} {}"])
def test_an_answer_that_is_no_json_is_refused(there: Hook, answer: bytes) -> None:
    there.answer = answer
    assert code(where(there)) == ("webhook-json", True)


def test_a_slow_answer_is_given_up_also_when_it_trickles(there: Hook) -> None:
    began = monotonic()
    for there.trickles in ("line", "body"):
        assert code(where(there), total=0.3) == ("webhook-slow", True)
    assert monotonic() - began < 5
    there.trickles, there.meanwhile = "", lambda: there.over.wait(20) and None
    assert code(where(there), total=0.3) == ("webhook-slow", True)


def test_nobody_listening_is_unreachable(there: Hook) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert code(replace(where(there), port=port)) == ("webhook-unreachable", True)


def test_a_name_that_leads_to_this_machine_is_refused_unless_the_host_is_private(there: Hook) -> None:
    assert code(replace(where(there, private=False), scheme="https")) == ("webhook-private", False)
    for host in ("127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "fd00::1", "::ffff:127.0.0.1", "100.64.0.1"):
        assert code(Target("https", host, 443, "/")) == ("webhook-private", False), host
    assert there.heard == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    assert _are_public(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    assert not _are_public(["93.184.216.34", "127.0.0.1"])
    assert not _are_public(["64:ff9b::7f00:1", "2002:7f00:1::"])
    assert not _are_public([])


def test_without_tls_only_private_hosts_are_called(there: Hook) -> None:
    assert code(where(there, private=False)) == ("webhook-tls", False)
    assert code(replace(where(there), scheme="https"))[0] == "webhook-unreachable"
    assert there.heard == []


def test_a_name_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert code(Target("https", "no-such-host.invalid", 443, "/")) == ("webhook-unknown-host", True)


@pytest.mark.parametrize(
    "url",
    [
        None, 1, "", "example.org", "ftp://example.org/", "https://", "https:///x", "https://user@example.org/", "https://user:pw@example.org/",
        "https://example.org:99999/", "https://example.org:x/", "https://example.org/a b", "https://example.org/\r\nHost: other",
        "https://exämple.org/", "https://[::1", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: object) -> None:
    with pytest.raises(NotDone) as refused:
        target(url)
    assert (refused.value.code, refused.value.again) == ("webhook-address", False)


def test_an_address_is_read_in_parts() -> None:
    assert target("https://Hooks.Example.org./a?b=c") == Target("https", "hooks.example.org", 443, "/a?b=c")
    assert target("https://example.org:8443") == Target("https", "example.org", 8443, "/")
