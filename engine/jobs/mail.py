"""Sending mail over SMTP (RFC 5321), with TLS where the server offers it."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from engine.jobs.outcome import NotDone
from engine.language import noted

#: most characters of a subject and of a text
SUBJECT, TEXT = 200, 20_000
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\]{1,64}@[A-Za-z0-9.-]{1,190}")
_SCHEMES = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is given to, and whom it is from."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    #: TLS from the first byte; otherwise STARTTLS when the server offers it
    tls: bool = False
    #: send without TLS to a server that offers none: only for this machine
    plain: bool = False

    @staticmethod
    def read(url: str, sender: str) -> MailServer:
        """A server written as smtp://USER:PASSWORD@HOST:PORT or smtps://…, and the address that mail comes from. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError("Write the mail server as smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT.")
        if not is_address(sender):
            raise ValueError("Say whom mail is from: an address such as office@example.org.")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        near = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return MailServer(
            parts.hostname, parts.port or _SCHEMES[parts.scheme], sender, user, password, tls=parts.scheme == "smtps", plain=near
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to each of some addresses. `id` stays the same when it is tried again, so that receivers can tell."""

    id: str
    to: tuple[str, ...]
    subject: str
    text: str


def is_address(text: str) -> bool:
    """Whether mail can be sent there."""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None


def deliver(server: MailServer, mail: Mail, *, timeout: float = 30) -> None:
    """Give a mail to the server, to each address on its own, so that nobody sees the others. Raises NotDone."""
    try:
        with _connected(server, timeout) as smtp:
            codes = [_sent(smtp, _message(server, mail, to), server.sender, to) for to in mail.to]
    except smtplib.SMTPAuthenticationError as wrong:
        message = noted("The mail server refused the sign-in; check the user and password it was configured with.")
        raise NotDone("mail-sign-in", message) from wrong
    except ssl.SSLError as wrong:
        raise NotDone("mail-tls", noted("The mail server's certificate could not be verified.")) from wrong
    except (OSError, smtplib.SMTPException) as wrong:
        raise NotDone("mail-server", f"The mail server could not be reached or broke off ({type(wrong).__name__}).") from wrong
    refused = [code for code in codes if code]
    if refused:
        # Once more for all would reach some of them twice, so only a passing refusal of everybody is tried again.
        again = len(refused) == len(codes) and all(code < 500 for code in refused)
        raise NotDone("mail-refused", f"The mail server refused {len(refused)} of {len(codes)} addresses.", again=again)


def _connected(server: MailServer, timeout: float) -> smtplib.SMTP:
    # Reading the machine's certificates takes longer than a connection, so it is done only where TLS is spoken.
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        elif not server.plain:
            smtp.close()
            raise NotDone("mail-tls", noted("The mail server offers no TLS, so nothing was sent; use smtps:// or STARTTLS."), again=False)
    if server.user is not None:
        smtp.login(server.user, server.password or "")
    return smtp


def _sent(smtp: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> int:
    """0, or the code with which the address or the mail itself was refused."""
    try:
        smtp.send_message(message, sender, [to])
    except smtplib.SMTPRecipientsRefused as wrong:
        return int(wrong.recipients[to][0])
    except smtplib.SMTPDataError as wrong:
        return wrong.smtp_code
    return 0


def _message(server: MailServer, mail: Mail, to: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = to
    message["Subject"] = " ".join(mail.subject.split())[:SUBJECT]
    message["Message-ID"] = f"<{mail.id}@{server.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text[:TEXT])
    return message
