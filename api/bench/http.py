"""`parley bench http`: this very server under clients, and the same rows written with nothing around them, in one run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from api import places
from api.bench import report
from api.bench.driving import Call, Crowd, Driven, Run, Work, crowd
from api.bench.report import Budget
from api.bench.rooms import rooms
from api.bench.served import Counted, Served, served
from api.bench.ways import ways
from engine import store
from engine.operations.deploying import deployments
from engine.operations.people import accounts, people, programs
from engine.operations.running import instances
from engine.store import Store
from engine.store.multiplying import id_of, multiply

_PACK = Path(__file__).parent / "pack"
_KEY, _STEPS, _ANSWER = "errand", 3, {"answer": "yes"}
_INBOX, _SUPERVISOR = Call("GET", "/user-tasks?limit=100"), Call("GET", "/cases?state=open&limit=100")
_CROWD, _COMPLETE = 8, "complete a task"
#: how often completions over HTTP and the same rows written alone take turns, so that other load falls on both
_ROUNDS = 5
#: how often each way into the inbox is taken, and each view of all cases
_TIMES = 7


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    tasks: int  #: open tasks that the lists are read from
    runs: int
    completions: int
    lists: int


_QUICK = Effort(tasks=10_000, runs=40, completions=600, lists=60)
_WHOLE = Effort(tasks=100_000, runs=200, completions=4_000, lists=300)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A database full of open tasks, and a copy of it."""

    url: str
    copy: str
    token: str
    #: open tasks, of one instance each
    task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work by so many clients."""

    what: str
    clients: int
    driven: Driven
    counted: Counted

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.what,
            str(self.clients),
            f"{len(self.driven.took):,}",
            f"{self.driven.rate:,.0f}",
            report.milliseconds(self.driven.percentile(0.5)),
            report.milliseconds(self.driven.percentile(0.95)),
            f"{self.statements:.1f}",
            f"{self.counted.commits / len(self.driven.took):.1f}",
        )

    @property
    def statements(self) -> float:
        """Statements a call."""
        return self.counted.statements / len(self.driven.took)

    @property
    def commits(self) -> float:
        """Commits a call."""
        return self.counted.commits / len(self.driven.took)


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows of completions written again with nothing around them, right after each round of completions."""

    took: tuple[float, ...]  #: seconds of each transaction
    ratios: tuple[float, ...]  #: completions a second over raw commits a second, by round

    @property
    def ratio(self) -> float:
        """The middle of the rounds."""
        return median(self.ratios)


def http(*, quick: bool, tasks: int | None = None, effort: Effort | None = None) -> int:
    """Measure and print; 1 when a ratio or a count misses its budget."""
    effort = effort or (_QUICK if quick else _WHOLE)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        print(f"parley bench http: {report.machine()}", flush=True)
        seeded = seed(Path(folder), tasks or effort.tasks, 2 * effort.completions)
        print(f"{len(seeded.task_ids):,} open tasks, each of a case of its own, on SQLite", flush=True)
        into = [*ways(seeded.url, seeded.token, _TIMES), *rooms(seeded.url, seeded.token, _KEY, _TIMES)]
        with served(seeded.url) as server, crowd(server.url, seeded.token) as clients:
            lines, raw = _lines(server, clients, seeded, effort)
    _print(lines, raw)
    return report.verdict([*_budgets({(line.what, line.clients): line for line in lines}, raw), *into])


def _lines(server: Served, clients: Crowd, seeded: Seeded, effort: Effort) -> tuple[Sequence[Line], Raw]:
    found = []

    def measure(what: str, work: Sequence[Work], number: int) -> None:
        server.counted()
        driven = clients.drive(work, number)
        found.append(Line(what, number, driven, server.counted()))

    run = Run(_KEY, _STEPS, _ANSWER)
    first: list[Work] = [run, _INBOX, _SUPERVISOR]
    clients.drive(first * 3 * _CROWD, _CROWD)  # what is compiled and cached once is not measured
    alone, many = _shares(seeded.task_ids, effort.completions)
    raw = Raw((), ())
    for number in (1, _CROWD):
        measure("start an instance and complete its 3 tasks", [run] * effort.runs, number)
        if number == 1:
            measure(_COMPLETE, _completions(alone), number)
        else:
            line, raw = _by_turns(server, clients, many, seeded.copy)
            found.append(line)
        measure("inbox, 100 rows", [_INBOX] * effort.lists, number)
        measure("list of cases, 100 rows", [_SUPERVISOR] * effort.lists, number)
    return found, raw


def _completions(ids: Sequence[str]) -> list[Work]:
    return [Call("POST", f"/user-tasks/{id}/completion", {"data": _ANSWER}) for id in ids]


def _by_turns(server: Served, clients: Crowd, ids: Sequence[str], copy: str) -> tuple[Line, Raw]:
    """Completions by many clients in rounds, and after each round the rows of it once more, alone."""
    rounds = min(_ROUNDS, max(len(ids) // _CROWD, 1))
    driven, took, ratios = [], [], []
    server.counted()
    for share in (ids[one::rounds] for one in range(rounds)):
        server.keep(True)
        driven.append(clients.drive(_completions(share), _CROWD))
        again = server.written_again(copy)
        took += again
        ratios.append(driven[-1].rate * report.timing(again).median)
    server.keep(False)
    whole = Driven(tuple(one for part in driven for one in part.took), sum(part.elapsed for part in driven))
    return Line(_COMPLETE, _CROWD, whole, server.counted()), Raw(tuple(took), tuple(ratios))


def _shares(ids: Sequence[str], each: int) -> tuple[Sequence[str], Sequence[str]]:
    """Tasks for one client and for many, from the end of the lists, so that their first page stays as it is."""
    few = each // 4
    return ids[-few:], ids[-few - each : -few]


def _print(lines: Sequence[Line], raw: Raw) -> None:
    header = ("", "clients", "calls", "a second", "p50, ms", "p95, ms", "statements", "commits")
    report.table("Over HTTP, each call with authentication", header, [line.row() for line in lines])
    taken = report.timing(raw.took)
    print(
        f"\nThe same rows of {len(raw.took):,} completions, written alone after each of {len(raw.ratios)} rounds: "
        f"{1 / taken.median:,.0f} commits a second; {taken} ms each"
    )


def _budgets(lines: dict[tuple[str, int], Line], raw: Raw) -> list[Budget]:
    one, many = lines[_COMPLETE, 1], lines[_COMPLETE, _CROWD]
    inbox, cases = lines["inbox, 100 rows", 1], lines["list of cases, 100 rows", 1]
    return [
        Budget("commits to complete a task", one.commits, 1),
        Budget("statements to complete a task", one.statements, 8),
        Budget("completions a second over raw commits a second", raw.ratio, 1 / 8, at_least=True),
        Budget("statements of the inbox", inbox.statements, 3),
        Budget("statements of the list of cases", cases.statements, 4),
        Budget(f"completions a second, {_CROWD} clients", many.driven.rate, 250, at_least=True, gated=False),
        Budget(f"a completion, 95 of 100, {_CROWD} clients", many.driven.percentile(0.95) * 1000, 60, unit=" ms", gated=False),
        Budget("inbox, half of all", inbox.driven.percentile(0.5) * 1000, 15, unit=" ms", gated=False),
        Budget("list of cases, half of all", cases.driven.percentile(0.5) * 1000, 25, unit=" ms", gated=False),
    ]


def seed(folder: Path, tasks: int, least: int) -> Seeded:
    """A program with one clerk and so many open tasks, at least `least`, and a copy of the file as it is then."""
    path, copy = folder / "bench.sqlite", folder / "raw.sqlite"
    opened = store.open(f"sqlite:///{path}")
    try:
        opened.migrate()
        token, task_ids = _furnish(opened, max(tasks, least))
    finally:
        opened.close()
    shutil.copyfile(path, copy)
    return Seeded(f"sqlite:///{path}", f"sqlite:///{copy}", token, task_ids)


def _furnish(opened: Store, tasks: int) -> tuple[str, tuple[str, ...]]:
    with opened.unit_of_work() as uow:
        program = programs.ensure(uow, key="program", title="Program")
        system = programs.system(program)
        deployments.deploy(uow, system, places.pack_files(_PACK))
        clerk = people.add(uow, system, name="Clerk", staff=True, roles=("clerk",))
        account = accounts.add_account(uow, system, clerk.id, "clerk", None)
        _token, secret = accounts.add_token(uow, system, account.id, "bench")
        uow.commit()
    with opened.unit_of_work() as uow:
        actor = accounts.actor_for_token(uow, secret, via="rest")
        first = instances.start(uow, actor, _KEY, variables={})
        (task,) = store.user_tasks.open_of_instance(uow, first.id)
        multiply(uow, store.cases.get(uow, first.case_id), tasks - 1)
        uow.commit()
    return secret, (task.id, *(id_of(task.id, copy) for copy in range(1, tasks)))
