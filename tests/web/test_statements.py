"""How many statements pages and lists take over HTTP, who asks included: few, and as many for a long list as for a short one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from engine.operations.people import accounts
from engine.store import count_statements
from tests.operations import acts
from tests.visiting import Visitor
from tests.world import World

_PAGES = [
    ("lia", "/inbox?tab=roles", 4),
    ("ben", "/inbox", 4),
    ("kim", "/notices", 5),
    ("lia", "/cases", 7),  # the list, and beside it the statuses that there are and the views kept
    ("ben", "/cases", 7),
    ("tom", "/procedures", 8),
    ("tom", "/procedures/loan", 7),
    ("ada", "/people", 5),
]
_REST = [("lia", "/user-tasks?limit=100", 3), ("lia", "/cases?limit=100", 4), ("kim", "/cases?limit=100&state=open", 4)]


def _filled(library: World) -> Callable[[], None]:
    def fill() -> None:
        for _ in range(3):
            acts.lent(library)
            acts.loan(library)
        library.advance("P11D")

    return fill


@pytest.mark.parametrize(("by", "path", "most"), _PAGES)
def test_a_page_takes_few_statements_however_long_its_list_is(app: Flask, library: World, by: str, path: str, most: int) -> None:
    fill = _filled(library)
    fill()
    visitor = Visitor(app.test_client()).sign_in_as(library, by)
    visitor.see(path)  # what is read once in a process
    counts = []
    for _ in range(2):
        with count_statements(library.store) as seen:
            visitor.see(path)
        counts.append(seen.count)
        fill()
    assert counts == [most, most], "\n".join(seen.texts)


@pytest.mark.parametrize(("by", "path", "most"), _REST)
def test_the_lists_of_the_budgets_take_what_the_budgets_say(app: Flask, library: World, by: str, path: str, most: int) -> None:
    fill = _filled(library)
    fill()
    actor = library.actor(by)
    with library.store.unit_of_work() as uow:
        _token, secret = accounts.add_token(uow, actor, actor.account_id or "", "laptop")
        uow.commit()
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
    for _ in range(2):
        with count_statements(library.store) as seen:
            answer = client.get(f"/api/v1{path}", headers=headers)
        assert (answer.status_code, seen.count) == (200, most), "\n".join(seen.texts)
        fill()
