"""Clients: plain HTTP over connections that stay open, in processes of their own, so that they do not wait for the server's threads."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: processes that clients are spread over; threads of one take turns, but mostly they wait
_PROCESSES = 2
_PREFIX = "/api/v1"


class Refused(Exception):
    """The measured server gave another answer than the bench expects."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Start an instance of a process and complete its tasks one after the other, each found in the list of its open tasks."""

    key: str
    tasks: int
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Driven:
    """How long each call, or run, took, and all of them together, in seconds."""

    took: tuple[float, ...]
    elapsed: float

    @property
    def rate(self) -> float:
        """How many a second."""
        return len(self.took) / self.elapsed

    def percentile(self, share: float) -> float:
        """The time within which this share was done."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Work = Call | Run


class Crowd:
    """Clients that are ready to work."""

    def __init__(self, url: str, token: str, pool: ProcessPoolExecutor) -> None:
        self._url, self._token, self._pool = url, token, pool

    def drive(self, work: Sequence[Work], clients: int) -> Driven:
        """Let clients share work, each doing its part one after the other. Raises Refused for an unexpected answer."""
        shares = [work[client::clients] for client in range(clients)]
        groups = [group for one in range(_PROCESSES) if (group := shares[one::_PROCESSES])]
        done = [future.result() for future in [self._pool.submit(_drive, self._url, self._token, group) for group in groups]]
        began, ended = min(one[0] for one in done), max(one[1] for one in done)
        return Driven(tuple(took for one in done for took in one[2]), ended - began)


@contextmanager
def crowd(url: str, token: str) -> Iterator[Crowd]:
    """Processes of clients for a server."""
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield Crowd(url, token, pool)


def _drive(url: str, token: str, shares: Sequence[Sequence[Work]]) -> tuple[float, float, list[float]]:
    """Each share by a thread of its own; when the first began, when the last ended, how long each took."""
    with ThreadPoolExecutor(len(shares)) as threads:
        clients = [_Client(url, token) for _ in shares]
        began = time.monotonic()
        done = list(threads.map(lambda both: both[0].work(both[1]), zip(clients, shares, strict=True)))
        ended = time.monotonic()
    return began, ended, [took for one in done for took in one]


class _Client:
    """One connection that stays open."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.connect()

    def work(self, share: Sequence[Work]) -> list[float]:
        """How long each part took; the connection is closed after the last."""
        took = []
        for one in share:
            began = time.perf_counter()
            if isinstance(one, Run):
                self._run(one)
            else:
                self._call(one)
            took.append(time.perf_counter() - began)
        self._connection.close()
        return took

    def _call(self, call: Call) -> bytes:
        body = None if call.body is None else json.dumps(call.body)
        self._connection.request(call.method, f"{_PREFIX}{call.path}", body, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise Refused(f"{call.method} {call.path} was answered {answer.status}: {content[:500]!r}")
        return content

    def _run(self, run: Run) -> None:
        started = json.loads(self._call(Call("POST", f"/process-definitions/{run.key}/instances", {"variables": {}})))
        for _ in range(run.tasks):
            tasks = json.loads(self._call(Call("GET", f"/user-tasks?instance={started['id']}")))["items"]
            self._call(Call("POST", f"/user-tasks/{tasks[0]['id']}/completion", {"data": dict(run.answer)}))
