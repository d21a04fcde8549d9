"""What is larger than anything we take: read to its end, kept nowhere, refused on a page that says the limit and the way back."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread

import pytest
from flask import Flask
from lxml import html
from waitress import wasyncore
from waitress.server import create_server

from api import oversize
from api.web.uploads import MAX_UPLOAD
from engine.model.cases import Case
from engine.operations.people import accounts
from tests.visiting import Visitor
from tests.web.test_portal import code, enter
from tests.world import World

Visit = Callable[[str], Visitor]
MEGA = 1_000_000
MOST = 6 * MEGA
BEGINNING = b"POST /portal HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
LARGE = {"CONTENT_LENGTH": str(MAX_UPLOAD + 1)}


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The app behind the server that a person starts, with a limit that is quickly passed."""
    connections: dict[int, object] = {}
    server = create_server(app, map=connections, host="127.0.0.1", port=0, threads=1, max_request_body_size=MOST)
    oversize.discard(server)
    thread = Thread(target=server.run)
    thread.start()
    yield int(server.effective_port)
    server.trigger.pull_trigger(lambda: wasyncore.close_all(connections))
    thread.join()


def test_a_program_that_sends_too_much_gets_a_problem_and_the_connection_goes_on(port: int, library: World) -> None:
    with library.acting("lia") as (uow, actor):
        _, token = accounts.add_token(uow, actor, actor.account_id or "", "robot")
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": f"Bearer {token}"}
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", "/api/v1/deployments", b"x" * (50 * MEGA), kind)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
        assert b"What you sent has 50 MB; at most 5 MB" in answer.read()
        connection.request("GET", "/health/live")
        assert connection.getresponse().status == 200


def test_a_page_says_it_in_the_readers_language(port: int) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Accept-Language": "es"}
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", "/portal/tasks/none", b"x" * (50 * MEGA), kind)
        answer = connection.getresponse()
        page = html.fromstring(answer.read())
    assert (answer.status, page.get("lang")) == (413, "es")
    assert "5 MB" in page.text_content()


@pytest.mark.parametrize(
    "header", [b"Transfer-Encoding: chunked", b"Content-Length: 9000000000", b"Content-Length: 7000000\r\nExpect: 100-continue"]
)
def test_what_cannot_be_read_to_its_end_is_answered_at_once(port: int, header: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sender:
        sender.sendall(BEGINNING + header + b"\r\n\r\n")
        if b"chunked" in header:
            sender.sendall(b"700000\r\n" + b"x" * 0x700000 + b"\r\n")
        told = b""
        while b"</html>" not in told:
            told += sender.recv(65_536)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in told


def test_a_participant_finds_the_way_back_to_the_form_and_the_draft(library: World, app: Flask, loan: Case) -> None:
    phone, task = enter(Visitor(app.test_client()), code(library, loan)), library.task(loan, "answer-terms")
    phone.see(f"/portal/tasks/{task.id}")
    phone.submit("Keep it for later", {"answer": "no"})
    phone.answer = phone.client.post(f"/portal/tasks/{task.id}", content_type="multipart/form-data; boundary=x", environ_overrides=LARGE)
    assert phone.answer.status_code == 413
    assert "has 41 MB; at most 40 MB" in phone.text()
    page = phone.see(phone.document().xpath("//main//a[contains(@class, 'primary')]/@href")[0])
    assert page.xpath("//input[@name='answer'][@checked]/@value") == ["no"]


def test_a_form_with_too_much_text_says_so_and_what_was_kept(visit: Visit, library: World, loan: Case) -> None:
    visitor = visit("lia")
    typed = b'--x\r\nContent-Disposition: form-data; name="why"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--x--\r\n"
    address = f"/tasks/{library.task(loan, 'answer-terms').id}"
    visitor.answer = visitor.client.post(address, data=typed, content_type="multipart/form-data; boundary=x")
    assert visitor.answer.status_code == 413
    assert "at most 2 MB of text" in visitor.text()
    assert "A draft that was kept before is still there" in visitor.text()
