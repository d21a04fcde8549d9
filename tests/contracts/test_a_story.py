"""A whole loan on both databases: the verbs find the same store under them, whichever it is."""

from __future__ import annotations

import threading

from engine.model.errors import Conflict, ParleyError
from engine.operations.rounds import sweeps
from engine.operations.tasks import user_tasks
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast

_PEOPLE = [("borrower", "ben"), ("curator", "cor")]
_WISH = {"bookClass": "fragile", "wish": "CANARY-wish"}


def test_a_loan_runs_from_request_to_return(store: Store) -> None:
    library = cast(store, shelf.library())
    loan = library.open_case("lia", "library", _PEOPLE, _WISH)
    library.complete("ben", loan, "answer-terms", shelf.ACCEPT)
    library.complete("lia", loan, "recall")
    library.complete("cor", loan, "check-return", {"damaged": False})
    library.complete("kim", loan, "sign-off-return")
    page = library.page("lia", loan)
    assert [instance.end_event for instance in page.instances] == ["closed"]
    assert [code for code, _, at in page.milestones if at] == ["lent", "returned"]
    trail = library.trail(loan)
    assert [entry.seq for entry in trail] == list(range(1, len(trail) + 1))


def test_time_passes_and_reminders_are_given_once(store: Store) -> None:
    library = cast(store, shelf.library())
    library.open_case("lia", "library", _PEOPLE, _WISH)
    library.advance("P30D")
    given = library.notices("ben")
    assert given
    assert sweeps.until_quiet(store) == 0
    assert library.notices("ben") == given


def test_a_task_completed_by_two_at_once_is_completed_by_one(store: Store) -> None:
    library = cast(store, shelf.library())
    loan = library.open_case("lia", "library", _PEOPLE, _WISH)
    task, actor = library.task(loan, "answer-terms"), library.actor("ben")
    together = threading.Barrier(4)
    outcomes: list[str] = []

    def complete() -> None:
        together.wait(timeout=30)
        try:
            with store.unit_of_work() as uow:
                user_tasks.complete(uow, actor, task.id, shelf.ACCEPT)
                uow.commit()
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        except ParleyError as error:
            outcomes.append(error.code)

    running = [threading.Thread(target=complete) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["conflict"] * 3 + ["done"]
    assert library.names(loan) == ["recall"]
