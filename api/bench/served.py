"""The server that is measured: this very one, in a process of its own, with what the store is asked counted inside it."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from api.running import Config, Mode, Parley
from api.serving import Address, listen, serve, stop_on_signals
from engine import store
from engine.store.recording import Recording, recorded, written_again

#: requests run in waitress' threads; what the scheduler asks is not theirs
_REQUESTS = "waitress"
#: transactions that are written again, at most
_KEPT = 2_000
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Counted:
    """What requests asked of the store since the last question."""

    statements: int
    commits: int


class Served:
    """The measured server as the bench talks to it, by a pipe that no request can reach."""

    def __init__(self, url: str, pipe: Connection) -> None:
        self.url = url
        self._pipe = pipe

    def counted(self) -> Counted:
        """What was asked since the last question, or since the server began."""
        found = self._ask("counted", None)
        assert isinstance(found, Counted)
        return found

    def keep(self, on: bool) -> None:
        """Begin or stop keeping what is written; what was kept before is forgotten when it begins."""
        self._ask("keep", on)

    def written_again(self, url: str) -> list[float]:
        """Seconds for each kept transaction, done again on another database with nothing around it."""
        found = self._ask("again", url)
        assert isinstance(found, list)
        return found

    def _ask(self, what: str, about: object) -> object:
        self._pipe.send((what, about))
        return self._pipe.recv()


@contextmanager
def served(database: str) -> Iterator[Served]:
    """Serve a database on a free port of loopback until the block is left."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(database, there), daemon=True)
    process.start()
    there.close()
    try:
        url = here.recv()
        yield Served(url, here)
    finally:
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGTERM)
        process.join(_PATIENCE)


def _serve(database: str, pipe: Connection) -> None:
    stop_on_signals()
    listener = listen(Address("127.0.0.1", 0))
    opened = store.open(database)
    with recorded(opened, lambda thread: thread.name.startswith(_REQUESTS)) as seen:
        threading.Thread(target=_answer, args=(pipe, seen), daemon=True).start()
        pipe.send(f"http://127.0.0.1:{listener.getsockname()[1]}")
        parley = Parley(opened, Config(Mode.SERVE, secrets.token_bytes(32)))
        try:
            serve(parley, listener, ready=False)
        except KeyboardInterrupt:
            return


def _answer(pipe: Connection, seen: Recording) -> None:
    """Answer the bench's questions until it hangs up."""
    told = Counted(0, 0)
    while True:
        try:
            what, about = pipe.recv()
        except EOFError:
            return
        match what:
            case "counted":
                now = Counted(seen.statements, seen.commits)
                pipe.send(Counted(now.statements - told.statements, now.commits - told.commits))
                told = now
            case "keep":
                seen.keep(_KEPT if about else 0)
                pipe.send(None)
            case _:
                pipe.send(written_again(str(about), seen.transactions))
