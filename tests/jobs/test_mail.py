"""Giving mail to a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.jobs import Mail, MailServer, NotDone, deliver, is_address
from tests.outlets import Post, post


@pytest.fixture
def office() -> Iterator[Post]:
    with post() as made:
        yield made


def server(office: Post) -> MailServer:
    return MailServer.read(office.url, "office@example.org")


def test_each_address_gets_a_mail_of_its_own_that_names_no_other(office: Post) -> None:
    deliver(server(office), Mail("j1", ("ana@example.org", "ben@example.org"), "Grüße\r\nBcc: x@example.org", "Text, wörtlich.\n.\nEnd"))
    assert [to for to, _ in office.mails] == ["ana@example.org", "ben@example.org"]
    for to, text in office.mails:
        other = {"ana@example.org": "ben@example.org", "ben@example.org": "ana@example.org"}[to]
        assert f"To: {to}" in text
        assert other not in text
        assert "Message-ID: <j1@example.org>" in text
        assert "\nBcc:" not in text


def test_refused_addresses_are_counted_not_named(office: Post) -> None:
    with pytest.raises(NotDone) as failed:
        deliver(server(office), Mail("j1", ("nobody@example.org", "ana@example.org"), "A", "b"))
    assert (failed.value.code, failed.value.again) == ("mail-refused", False)
    assert "1 of 2" in failed.value.message
    assert "nobody" not in failed.value.message
    office.refuses = 450
    with pytest.raises(NotDone) as later:
        deliver(server(office), Mail("j1", ("nobody@example.org",), "A", "b"))
    assert later.value.again


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with post() as office:
        gone = server(office)
    with pytest.raises(NotDone) as failed:
        deliver(gone, Mail("j1", ("ana@example.org",), "A", "b"), timeout=2)
    assert (failed.value.code, failed.value.again) == ("mail-server", True)


def test_a_server_elsewhere_gets_nothing_without_tls(office: Post) -> None:
    far = MailServer("127.0.0.1", office.port, "office@example.org")
    with pytest.raises(NotDone) as failed:
        deliver(far, Mail("j1", ("ana@example.org",), "A", "b"))
    assert (failed.value.code, office.mails) == ("mail-tls", [])


def test_a_server_is_written_as_an_address() -> None:
    found = MailServer.read("smtps://me%40x:p%3Aw@mail.example.org", "office@example.org")
    assert (found.host, found.port, found.user, found.password) == ("mail.example.org", 465, "me@x", "p:w")
    assert (found.tls, found.plain) == (True, False)
    for url, sender in (("http://x", "a@b.c"), ("smtp://", "a@b.c"), ("smtp://x", "nobody"), ("", "a@b.c"), ("smtp://x:abc", "a@b.c")):
        with pytest.raises(ValueError, match=r"\S"):
            MailServer.read(url, sender)


@pytest.mark.parametrize("text", ["a@b", "a.b+c@example.org"])
def test_addresses_are_known(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "a", "a@", "@b", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "a@b,c@d", "ä@b"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert not is_address(text)
