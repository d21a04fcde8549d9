"""What those who look after all cases open: the board, the list of cases asked harder questions, and the map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from api.bench import report
from api.bench.report import Budget
from api.bench.ways import Ask, taken
from engine import clock, store
from engine.model.access import Actor
from engine.operations.supervision import lists, maps, tiles
from engine.store import UnitOfWork

_ROWS = 50
_LATELY = timedelta(days=90)
#: statements of each once what a program keeps is known, however many cases there are
_STATEMENTS: Mapping[str, int] = {"board": 4, "list": 1, "map": 7}
#: what a person waits for without noticing (5,000 cases), in milliseconds; not gated
_SOON = 300


def rooms(url: str, token: str, process: str, times: int) -> list[Budget]:
    """Measure each, all but the first time, and print it."""
    asked: dict[str, Ask] = {
        "board": _board,
        "list": lambda uow, actor: lists.answer(uow, actor, lists.question({"state": "late", "sort": "due"}), limit=_ROWS),
        "map": lambda uow, actor: _map(uow, actor, process),
    }
    opened = store.open(url)
    try:
        for ask in asked.values():
            taken(opened, token, ask, 1)
        found = {what: taken(opened, token, ask, times) for what, ask in asked.items()}
    finally:
        opened.close()
    rows = [(what, report.milliseconds(seconds), str(statements)) for what, (seconds, statements) in found.items()]
    report.table("Looking after all cases, without the page around it", ("", "p50, ms", "statements"), rows)
    counts = [Budget(f"statements of the {what}", statements, _STATEMENTS[what]) for what, (_seconds, statements) in found.items()]
    slowest = max(found, key=lambda what: found[what][0])
    return [*counts, Budget(f"slowest of them ({slowest}), half of all", found[slowest][0] * 1000, _SOON, unit=" ms", gated=False)]


def _board(uow: UnitOfWork, actor: Actor) -> object:
    return tiles.board(uow, actor), lists.answer(uow, actor, lists.question({}), limit=_ROWS)


def _map(uow: UnitOfWork, actor: Actor, process: str) -> object:
    now = clock.now()
    return maps.of_procedure(uow, actor, process, since=now - _LATELY, until=now)
