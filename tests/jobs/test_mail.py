"""Giving mail to a server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from engine.jobs import Mail, MailServer, NotDone, deliver, is_address
from tests.mailbox import Mailbox, serving
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


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "smtps"])
def test_mail_goes_over_tls_to_a_server_whose_certificate_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    authority, box = trustme.CA(), Mailbox()
    known, own = tmp_path / "known.pem", ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.cert_pem.write_to_path(known)
    authority.issue_cert("127.0.0.1").configure_cert(own)
    with serving(box, tls=own, at_once=at_once):
        there = MailServer("127.0.0.1", box.port, "office@example.org", tls=at_once)
        with pytest.raises(NotDone) as failed:
            deliver(there, Mail("j1", ("ana@example.org",), "A", "b"), timeout=5)
        assert (failed.value.code, box.mails) == ("mail-tls", [])
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        deliver(there, Mail("j2", ("ana@example.org",), "A", "b"), timeout=5)
    assert box.subjects == [("ana@example.org", "A")]


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, box = trustme.CA(), Mailbox()
    known, own = tmp_path / "known.pem", ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.cert_pem.write_to_path(known)
    authority.issue_cert("mail.example.org").configure_cert(own)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    with serving(box, tls=own), pytest.raises(NotDone) as failed:
        deliver(MailServer("127.0.0.1", box.port, "office@example.org"), Mail("j1", ("ana@example.org",), "A", "b"), timeout=5)
    assert (failed.value.code, box.mails) == ("mail-tls", [])


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
