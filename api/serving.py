"""Serving until told to stop: waitress, the scheduler, one JSON line when ready, a clean end on SIGTERM and SIGINT."""

from __future__ import annotations

import errno
import gc
import json
import logging
import signal
import socket
import sys
from dataclasses import dataclass
from types import FrameType

from waitress import wasyncore
from waitress.server import create_server

from api import oversize
from api.app import MAX_REQUEST, create_app_of
from api.running import Parley
from api.scheduler import Scheduler
from api.web.uploads import MAX_UPLOAD

#: requests that are answered at the same time; a request waits for the database rather than for a thread
THREADS = 16
#: how many ports after the wanted one are tried when it is taken
_NEXT_PORTS = 20


class PortTaken(Exception):
    """This port is in use; give another one with --port."""


class NotLoopback(Exception):
    """The demo and the sandbox are for this machine only; leave --host out, or give 127.0.0.1."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int
    #: take the next free port when this one is taken
    search: bool = False


def listen(address: Address) -> socket.socket:
    """A socket that listens there. Raises PortTaken, or OSError when the machine has no such address."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    ports = range(address.port, min(address.port + _NEXT_PORTS, 65_536)) if address.search and address.port else [address.port]
    for port in ports:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address.host, port))
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return listener
    raise PortTaken(f"Port {address.port} is in use or not allowed; give another one with --port.")


def serve(parley: Parley, listener: socket.socket, *, token: str | None = None, ready: bool = True) -> None:
    """Answer requests and do what is due, until SIGTERM or SIGINT. `token` is told in the line that says it is `ready`."""
    quiet_down()
    app = create_app_of(parley)
    connections: dict[int, object] = {}
    server = create_server(
        app,
        map=connections,
        sockets=[listener],
        threads=THREADS,
        ident="Parley",
        max_request_body_size=max(MAX_REQUEST, MAX_UPLOAD) + 1,
        # The app reads what a proxy says, and only when it was told that there is one.
        clear_untrusted_proxy_headers=parley.config.public_url is None,
    )
    oversize.discard(server)
    scheduler = Scheduler(parley)
    scheduler.start()
    gc.freeze()  # what is there now stays: looking through all of it for garbage would hold answers up by a tenth of a second
    if ready:
        say_ready(listener, parley, token)
    try:
        server.run()
    finally:
        wasyncore.close_all(connections)
        scheduler.stop()
        parley.store.close()


def say_ready(listener: socket.socket, parley: Parley, token: str | None) -> None:
    """One JSON line on standard output: where this is, and the sandbox's token."""
    url = parley.config.public_url or address_of(listener)
    line = {"url": url} if token is None else {"url": url, "token": token}
    print(json.dumps(line), flush=True)
    if sys.stderr.isatty():
        print(f"Open {url} in a browser. Ctrl-C stops.", file=sys.stderr, flush=True)


def address_of(listener: socket.socket) -> str:
    """Where a browser on this machine finds what listens there."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def stop_on_signals() -> None:
    """SIGTERM ends a command the way Ctrl-C does, so that everything is closed in order; both do where they were ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def quiet_down() -> None:
    """Logs on standard error, from warnings up; waitress' queue messages only say that it is busy."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
