"""A real SMTP server on loopback (aiosmtpd): keeps what it is given, can refuse, and can be away for a while."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

#: seconds until something is wrong with the server itself
_PATIENCE = 10.0


@dataclass
class Mailbox:
    """What reached the server. `answers` are given to the next messages, one each, before they are kept: "451 later"."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs, in the order in which they came."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """Recipient and subject of each, in the order in which they came."""
        return [(str(mail["To"]), str(mail["Subject"])) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        """The words of one mail."""
        return str(self.mails[number].get_content())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd for each message."""
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail: Any = message_from_bytes(envelope.content, policy=POLICY)
        self.mails.append(mail)
        return "250 kept"


@contextmanager
def serving(box: Mailbox, *, tls: ssl.SSLContext | None = None, at_once: bool = False) -> Iterator[Mailbox]:
    """Answer for a mailbox, on the port it had before if it had one; what it has stays when this ends.

    With `tls` it takes nothing before STARTTLS, or speaks TLS `at_once`.
    """
    # Everything of the loop happens in a thread of its own: a browser's loop may be running in this one.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listening(box, loop, tls, at_once), loop).result(_PATIENCE)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server, loop), loop).result(_PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listening(box: Mailbox, loop: asyncio.AbstractEventLoop, tls: ssl.SSLContext | None, at_once: bool) -> asyncio.Server:
    offered = None if at_once else tls

    def answering() -> SMTP:
        return SMTP(box, hostname="localhost", enable_SMTPUTF8=True, loop=loop, tls_context=offered, require_starttls=offered is not None)

    return await loop.create_server(answering, "127.0.0.1", box.port, ssl=tls if at_once else None)


async def _ended(server: asyncio.Server, loop: asyncio.AbstractEventLoop) -> None:
    """Take no more, and let the connections that are still open end."""
    server.close()
    own = asyncio.current_task()
    for task in (left := [one for one in asyncio.all_tasks(loop) if one is not own]):
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
