"""Servers on loopback that outside work is sent to: a webhook that answers as told, and a mail server that keeps what it gets."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Hook:
    """A webhook: what it heard, and how it answers."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    #: called in the middle of a request, before it is answered
    meanwhile: Callable[[], None] | None = None
    #: bytes are sent one by one, for ever, until the test is over: of the first line, or of the body
    trickles: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hook?a=1"


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook on loopback."""
    told = Hook()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.heard.append(Heard(self.path, dict(self.headers), json.loads(body)))
            if told.meanwhile is not None:
                told.meanwhile()
            if told.trickles:
                self._trickle()
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in {"Content-Length": str(len(told.answer)), **told.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(told.answer)
            except OSError:
                self.close_connection = True  # whoever asked had enough

        def _trickle(self) -> None:
            try:
                if told.trickles == "body":
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n")
                while not told.over.wait(0.02):
                    self.wfile.write(b"H")
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """A mail server: what it was given."""

    port: int = 0
    #: recipient and message
    mails: list[tuple[str, str]] = field(default_factory=list)
    #: code for addresses that begin with "no"
    refuses: int = 550

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def post() -> Iterator[Post]:
    """A mail server on loopback, speaking as much SMTP as is needed (RFC 5321)."""
    told = Post()

    class Speaking(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            to = ""
            while line := self.rfile.readline():
                verb = line.decode().strip()
                match verb.upper().split(":")[0].split()[0]:
                    case "EHLO":
                        self._say("250 here")
                    case "RCPT":
                        to = verb.partition("<")[2].partition(">")[0]
                        self._say(f"{told.refuses} not here" if to.startswith("no") else "250 ok")
                    case "DATA":
                        self._say("354 go on")
                        told.mails.append((to, self._text()))
                        self._say("250 kept")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

        def _text(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                lines.append(line)
            return "".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaking)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
