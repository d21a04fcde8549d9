"""Calling a webhook: a POST of JSON to a host that the administrator allowed, guarded against being led elsewhere.

The name is resolved once, every address is looked at, and the connection goes to the address that was looked at, so
that a name cannot point somewhere else in between. Redirects are not followed. Time and size are limited as a whole.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

import orjson

from engine import feel
from engine.jobs.outcome import NotDone
from engine.language import noted

#: seconds for all of a call, and for connecting
TOTAL, CONNECT = 20.0, 5.0
#: most bytes of an answer
MOST = 256 * 1024
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
HTTPS = 443
_PORTS = {"https": HTTPS, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address in parts. `private`: loopback and private addresses are allowed, and no TLS is needed."""

    scheme: str
    host: str
    port: int
    path: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status and the JSON body, None without one. Numbers are exact."""

    status: int
    body: object


def target(url: object) -> Target:
    """The parts of an address. Raises NotDone for what is no https address."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        port = parts.port
    except ValueError as wrong:
        raise _no_address() from wrong
    host = (parts.hostname or "").rstrip(".")
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    if parts.scheme not in _PORTS or not host or parts.username is not None or not f"{host}{path}".isascii() or not _printable(path):
        raise _no_address()
    return Target(parts.scheme, host.lower(), port or _PORTS[parts.scheme], path)


def _printable(path: str) -> bool:
    return all("!" <= sign <= "~" for sign in path)


def _no_address() -> NotDone:
    message = noted("The webhook's url is no address such as https://example.org/hook, without user name.")
    return NotDone("webhook-address", message, again=False)


def _written(value: object) -> orjson.Fragment:
    """A number that no float holds, with all its digits."""
    if isinstance(value, Decimal):
        return orjson.Fragment(feel.json_number(value))
    raise TypeError


def call(where: Target, body: object, headers: Mapping[str, str], *, total: float = TOTAL, most: int = MOST) -> Answer:
    """POST a body as JSON. Raises NotDone for everything but an answer with a status of 200 to 299 that holds JSON or nothing."""
    if where.scheme != "https" and not where.private:
        raise NotDone("webhook-tls", noted("Webhooks go over https only; the administrator may allow a private host without."), again=False)
    connection = _Pinned(where, _address(where))
    watchdog = threading.Timer(total, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", where.path, body=orjson.dumps(body, default=_written), headers={**_JSON, **headers})
        with connection.getresponse() as response:
            content = response.read(most + 1)
    except ssl.SSLCertVerificationError as wrong:
        raise NotDone("webhook-certificate", f"The certificate of {where.host} could not be verified.") from wrong
    except (OSError, http.client.HTTPException, ValueError) as wrong:
        raise _broken(connection, where) from wrong
    finally:
        watchdog.cancel()
        connection.close()
    if connection.was_cut:
        raise _broken(connection, where)
    return _answer(where, response.status, content, most)


def _broken(connection: _Pinned, where: Target) -> NotDone:
    if connection.was_cut:
        return NotDone("webhook-slow", f"The host {where.host} did not answer in time.")
    return NotDone("webhook-unreachable", f"The host {where.host} could not be reached or broke off.")


def _answer(where: Target, status: int, content: bytes, most: int) -> Answer:
    if 300 <= status < 400:
        message = f"The host {where.host} redirects elsewhere ({status}), which is not followed; use the address it points to."
        raise NotDone("webhook-redirect", message, again=False)
    if not 200 <= status < 300:
        raise NotDone("webhook-status", f"The host {where.host} answered {status}.", again=status in (408, 425, 429) or status >= 500)
    if len(content) > most:
        raise NotDone("webhook-size", f"The answer of {where.host} is larger than {most} bytes.", again=False)
    if not content.strip():
        return Answer(status, None)
    try:
        return Answer(status, json.loads(content, parse_float=Decimal, parse_constant=_refused))
    except (ValueError, RecursionError) as wrong:
        raise NotDone("webhook-json", f"The answer of {where.host} is not JSON.") from wrong


def _refused(_text: str) -> object:
    raise ValueError


def _address(where: Target) -> tuple[socket.AddressFamily, str]:
    """The address to connect to; all that the name resolves to have to be allowed. Raises NotDone."""
    addresses = _literal(where.host) or _resolved(where)
    if not where.private and not _are_public([text for _, text in addresses]):
        message = f"The name {where.host} leads to a private or loopback address; the administrator may allow the host as private."
        raise NotDone("webhook-private", message, again=False)
    return addresses[0]


def _literal(host: str) -> list[tuple[socket.AddressFamily, str]]:
    try:
        written = ipaddress.ip_address(host)
    except ValueError:
        return []
    return [(socket.AF_INET if written.version == 4 else socket.AF_INET6, str(written))]


def _resolved(where: Target) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as wrong:
        raise NotDone("webhook-unknown-host", f"The name {where.host} could not be resolved.") from wrong
    return [(family, str(address[0])) for family, _, _, _, address in found]


def _are_public(addresses: Collection[str]) -> bool:
    return bool(addresses) and all(_is_public(ipaddress.ip_address(text.partition("%")[0])) for text in addresses)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    inner = (address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]) if address.version == 6 else None
    return address.is_global and not address.is_multicast and (inner is None or _is_public(inner))


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name says by now."""

    def __init__(self, where: Target, address: tuple[socket.AddressFamily, str]) -> None:
        super().__init__(where.host, where.port, timeout=CONNECT)
        self._where, self._address = where, address
        #: kept here too, as the library lets go of it once the headers of a closing answer are there
        self._held: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        """Connect, with TLS for https, in the name of the host."""
        raw = socket.socket(self._address[0], socket.SOCK_STREAM)
        self.sock = self._held = raw
        raw.settimeout(CONNECT)
        raw.connect((self._address[1], self._where.port))
        raw.settimeout(TOTAL)
        if self._where.scheme == "https":
            self.sock = self._held = ssl.create_default_context().wrap_socket(raw, server_hostname=self._where.host)

    def cut(self) -> None:
        """Time is up: whatever is waited for ends now."""
        self.was_cut = True
        held = self._held
        if held is not None:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                held.close()
