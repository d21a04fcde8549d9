"""Starts Parley as a person would, in a process of its own, for the tests that need a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from api.setup import checkout


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers. `token` signs REST calls in; None where the command gives none."""

    url: str
    token: str | None
    #: what it writes to standard error, and to standard output after the first line
    written: tuple[Path, Path]


@contextmanager
def running(command: str, data: Path, *arguments: str) -> Iterator[Served]:
    """`python -m api COMMAND` on a free port, ready when this yields; ended when the block is left.

    `data` is the folder for its database. What it writes to standard error goes to `data`/stderr.log,
    what it writes to standard output after the line that says it is ready to `data`/stdout.log.
    """
    data.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "api", command, "--host", "127.0.0.1", "--port", "0", "--data", str(data), *arguments]
    log, out = data / "stderr.log", data / "stdout.log"
    out.touch()
    with log.open("w") as errors, subprocess.Popen(line, cwd=checkout.ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        reader: Thread | None = None
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first.startswith("{"), f"`{' '.join(line[1:])}` did not become ready:\n{first}{log.read_text()}"
            ready = json.loads(first)
            reader = Thread(target=_keep, args=(process.stdout, out))
            reader.start()
            yield Served(ready["url"].rstrip("/"), ready.get("token"), (log, out))
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
            if reader is not None:
                reader.join()


def _keep(stream: IO[str], path: Path) -> None:
    """Write all that comes to a file, line by line, until it ends."""
    with path.open("w", buffering=1) as kept:
        for line in stream:
            kept.write(line)
