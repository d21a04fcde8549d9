"""Ways into the inbox beside its first page, over the same tasks: each against the list as it is opened."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from api.bench import report
from api.bench.report import Budget
from engine import store
from engine.model.access import Actor
from engine.model.inbox_views import DueWithin, InboxQuestion, Scope
from engine.model.lists import InboxSort
from engine.operations.people import accounts
from engine.operations.tasks import task_lists

#: what the owner of a token asks
Ask = Callable[[store.UnitOfWork, Actor], object]

_ROWS = 100
#: how often as long as the list as it is opened a way may take, and its statements with what is looked up first
_SLOWEST, _STATEMENTS = 5, 3
_OPENED = InboxQuestion(Scope.ALL)
_WAYS = {
    "a title that nothing has": InboxQuestion(Scope.ALL, text="nothing is called like this"),
    "a title that everything has, by priority": InboxQuestion(Scope.ALL, InboxSort.PRIORITY, text="e"),
    "the number of a case": InboxQuestion(Scope.ALL, text="17"),
    "due within 7 days, case by case": InboxQuestion(Scope.ALL, InboxSort.CASE, due=DueWithin.WEEK),
    "late, case by case": InboxQuestion(Scope.ALL, InboxSort.CASE, due=DueWithin.LATE),
    "what waits longest, of high priority": InboxQuestion(Scope.ALL, InboxSort.AGE, urgent=True),
}


def ways(url: str, token: str, times: int) -> list[Budget]:
    """Measure each and print it."""
    opened = store.open(url)
    try:
        least = taken(opened, token, _answered(_OPENED), times)[0]
        found = {what: taken(opened, token, _answered(asked), times) for what, asked in _WAYS.items()}
    finally:
        opened.close()
    rows = [(what, report.milliseconds(seconds), str(statements)) for what, (seconds, statements) in found.items()]
    report.table("Ways into the inbox, 100 rows, without the page around them", ("", "p50, ms", "statements"), rows)
    slowest = max(found, key=lambda what: found[what][0])
    return [
        Budget(f"slowest way into the inbox ({slowest}) over the list as it is opened", found[slowest][0] / least, _SLOWEST),
        Budget("statements of a way into the inbox", max(statements for _seconds, statements in found.values()), _STATEMENTS),
    ]


def _answered(asked: InboxQuestion) -> Ask:
    return lambda uow, actor: task_lists.answer(uow, actor, asked, limit=_ROWS)


def taken(opened: store.Store, token: str, ask: Ask, times: int) -> tuple[float, int]:
    """Half of all runs take at most so many seconds; and the statements of one."""
    seconds = []
    for _ in range(times):
        with opened.reading() as uow:
            actor = accounts.actor_for_token(uow, token, via="rest")
            with store.count_statements(opened) as counted:
                began = time.perf_counter()
                ask(uow, actor)
                seconds.append(time.perf_counter() - began)
    return median(seconds), counted.count
