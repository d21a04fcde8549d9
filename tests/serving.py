"""Starts Parley as a person would, in a process of its own, for the tests that need a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.setup import checkout


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers. `token` signs REST calls in; None where the command gives none."""

    url: str
    token: str | None


@contextmanager
def running(command: str, data: Path, *arguments: str) -> Iterator[Served]:
    """`python -m api COMMAND` on a free port, ready when this yields; ended when the block is left.

    `data` is the folder for its database. What it writes to standard error goes to `data`/stderr.log.
    """
    data.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "api", command, "--host", "127.0.0.1", "--port", "0", "--data", str(data), *arguments]
    log = data / "stderr.log"
    with log.open("w") as errors, subprocess.Popen(line, cwd=checkout.ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first.startswith("{"), f"`{' '.join(line[1:])}` did not become ready:\n{first}{log.read_text()}"
            ready = json.loads(first)
            yield Served(ready["url"].rstrip("/"), ready.get("token"))
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
