"""The same door on PostgreSQL, where it might differ: what no column can hold, lists, drafts, races of two writers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine import store
from tests.postgres import Postgres
from tests.rest.calling import ASK, Caller, Rest, over
from tests.rest.conftest import furnished
from tests.rest.test_bad_input import (  # noqa: F401 - told again on this database
    ids,
    test_every_field_of_every_body_survives_every_kind_of_value,
    test_task_data_of_any_kind_is_refused_or_taken_never_broken,
)
from tests.rest.test_edge import test_the_same_idempotency_key_does_a_thing_once  # noqa: F401


@pytest.fixture
def rest(postgres: Postgres) -> Iterator[Rest]:
    """The lending library on PostgreSQL."""
    with postgres.database() as url:
        opened = store.open(url)
        opened.migrate()
        yield over(furnished(opened))
        opened.close()


def _at_once(rest: Rest, many: int, path: str, body: object, **headers: str) -> list[int]:
    answers: list[int] = []

    def send() -> None:
        caller = Caller(rest.app.test_client(), rest["ada"].token)
        answers.append(caller.post(path, body, headers={name.replace("_", "-"): value for name, value in headers.items()}).status_code)

    threads = [threading.Thread(target=send) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_many_who_complete_at_once_exactly_one_succeeds(rest: Rest) -> None:
    rest["ada"].deploy({"small.bpmn": ASK})
    instance = rest["ada"].post("/process-definitions/small/instances", {}).json["id"]
    task = rest["ada"].get(f"/user-tasks?instance={instance}").json["items"][0]["id"]
    assert _at_once(rest, 6, f"/user-tasks/{task}/completion", {"data": {}}) == [200] + [409] * 5
    assert rest["ada"].get(f"/process-instances/{instance}").json["state"] == "completed"


def test_the_same_idempotency_key_at_the_same_time_does_a_thing_once(rest: Rest) -> None:
    rest["ada"].deploy({"small.bpmn": ASK})
    assert set(_at_once(rest, 6, "/process-definitions/small/instances", {}, Idempotency_Key="once")) == {201}
    assert len(rest["ada"].get("/process-instances?definition=small").json["items"]) == 1
