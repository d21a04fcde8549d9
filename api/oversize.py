"""Requests that are larger than anything we take: read to their end and thrown away, so that the answer is read too.

A server that answers at once and closes leaves a browser, which is still sending, with a broken connection instead of a
page. Here nothing of such a body is kept, in memory or on disk; the app sees how long it was and refuses it in its own words.
"""

from __future__ import annotations

import io
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.utilities import RequestEntityTooLarge

#: what is larger still is answered at once, whether or not the answer is read; in bytes
MOST_DISCARDED = 8_000_000_000


class _Discarded:
    """Where a body goes that nobody reads. It stands in for the server's receivers, and is empty to the app."""

    error = None

    def __init__(self, length: int) -> None:
        self._left = length
        self.completed = False

    def received(self, data: bytes) -> int:
        """Take what belongs to the body; gives how many bytes that were."""
        taken = min(len(data), self._left)
        self._left -= taken
        self.completed = self._left == 0
        return taken

    def getfile(self) -> io.BytesIO:
        """The empty body."""
        return io.BytesIO()

    def getbuf(self) -> io.BytesIO:
        """The empty body, to be closed with the request."""
        return io.BytesIO()

    def __len__(self) -> int:
        return 0


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """The server's own, which does not refuse a body that is too large but leaves that to the app."""

    body_rcv: Any
    expect_continue: bool

    def received(self, data: bytes) -> int:
        """Take some of a request; gives how many bytes that were."""
        if isinstance(self.body_rcv, _Discarded):
            taken = self.body_rcv.received(data)
            self.completed = self.body_rcv.completed
            return taken
        taken = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge):
            self._leave_to_the_app()
        return taken

    def _leave_to_the_app(self) -> None:
        self.error = None
        length = self.content_length
        if self.body_rcv is not None:
            self.body_rcv.getbuf().close()
        self.body_rcv = _Discarded(length)
        if length and not self.expect_continue and length <= MOST_DISCARDED:
            self.completed = False
            return
        # Nothing more of it is read: a length that was not told, or a sender that waits to be asked, or endless.
        self.expect_continue = False
        self.headers["CONTENT_LENGTH"] = str(length or self.body_bytes_received)
        self.headers["CONNECTION"] = "close"


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that reads so."""

    parser_class = _Parser


def discard(server: TcpWSGIServer) -> None:
    """Let a server read what is too large to its end and leave the refusal to the app."""
    server.channel_class = _Channel
