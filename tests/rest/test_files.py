"""Files over REST: put beside a draft, sent with the form, opened by whoever reads their class, and by nobody else."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from engine import store
from engine.model.errors import NotFound
from engine.operations.people import walls
from tests.rest.calling import Caller, Rest, over
from tests.rest.conftest import LIBRARY, furnished
from tests.world import pack_files

PICTURE = b"\x89PNG\r\n\x1a\n" + b"picture " * 60_000
DONE = {"damaged": False, "handling": ["dry"]}


@pytest.fixture(scope="module")
def rest() -> Iterator[Rest]:
    """The library whose last form asks for a picture."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = furnished(opened)
    form = json.loads((LIBRARY / "forms/loan-return.json").read_text(encoding="utf-8"))
    form["properties"]["photo"] = {
        "title": "Photo", "type": "string", "x-widget": "file", "x-class": "C3", "x-files": {"kinds": ["picture"], "most_mb": 1},
    }  # fmt: skip
    form["x-sections"][0]["fields"].append("photo")
    world.deploy(pack_files(LIBRARY, LIBRARY / "forms") | {"loan-return.json": json.dumps(form).encode()})
    yield over(world)
    opened.close()


@pytest.fixture
def task(rest: Rest) -> str:
    """Cor's task with that form; its case stands in the task."""
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    rest.world.complete("lia", loan, "recall")
    return rest.world.task(loan, "check-return").id


def put(caller: Caller, task: str, content: bytes = PICTURE, *, field: str = "photo", name: str = "shelf.png", **more: str) -> TestResponse:
    return caller.call("POST", f"/user-tasks/{task}/files?field={field}", data={"files": (io.BytesIO(content), name)}, **more)  # type: ignore[arg-type]


def test_a_file_is_put_sent_and_opened(rest: Rest, task: str) -> None:
    cor = rest["cor"]
    made = put(cor, task).json
    assert (made["name"], made["media_type"], made["size"], made["sent_at"]) == ("shelf.png", "image/png", len(PICTURE), None)
    assert [one["id"] for one in cor.get(f"/user-tasks/{task}/files").json["items"]] == [made["id"]]
    assert cor.post(f"/user-tasks/{task}/completion", {"data": {**DONE, "photo": made["id"]}}).status_code == 200
    assert [one["id"] for one in cor.get(f"/cases/{made['case_id']}/files").json["items"]] == [made["id"]]
    content = cor.get(f"/files/{made['id']}/content")
    assert content.data == PICTURE
    assert "attachment" in content.headers["Content-Disposition"]


def test_who_does_not_read_its_class_finds_nothing(rest: Rest, task: str) -> None:
    made = put(rest["cor"], task).json
    assert rest["cor"].post(f"/user-tasks/{task}/completion", {"data": {**DONE, "photo": made["id"]}}).status_code == 200
    for name in ("kim", "bea", "tom"):
        assert rest[name].get(f"/files/{made['id']}").status_code == 404
        assert rest[name].get(f"/files/{made['id']}/content").status_code == 404
    assert rest["kim"].get(f"/cases/{made['case_id']}/files").json["items"] == []


def test_a_wall_ends_it_at_once(rest: Rest, task: str) -> None:
    made = put(rest["cor"], task).json
    with rest.world.acting("ada") as (uow, actor):
        walls.build(uow, actor, store.cases.get(uow, made["case_id"]), rest.world.people["cor"].id, "a tie")
    assert rest["cor"].get(f"/files/{made['id']}").status_code == 404
    assert rest["cor"].get(f"/cases/{made['case_id']}/files").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "field", "status"),
    [
        (b"<html>no picture</html>", "shelf.png", "photo", 422),
        (b"", "shelf.png", "photo", 422),
        (PICTURE, "shelf.png", "damaged", 400),
        (PICTURE, "shelf.png", "nowhere", 400),
    ],
)
def test_what_cannot_be_taken_is_said(rest: Rest, task: str, content: bytes, name: str, field: str, status: int) -> None:
    answer = put(rest["cor"], task, content, name=name, field=field)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert rest["cor"].get(f"/user-tasks/{task}/files").json["items"] == []


def test_a_file_is_taken_away_by_who_put_it(rest: Rest, task: str) -> None:
    made = put(rest["cor"], task).json
    assert rest["lia"].call("DELETE", f"/user-tasks/{task}/files/{made['id']}").status_code in (204, 403, 404)
    assert rest["cor"].get(f"/files/{made['id']}").status_code == 200
    assert rest["cor"].call("DELETE", f"/user-tasks/{task}/files/{made['id']}").status_code == 204
    assert rest["cor"].get(f"/files/{made['id']}").status_code == 404


def test_what_was_not_sent_goes_with_its_task(rest: Rest, task: str) -> None:
    made = put(rest["cor"], task).json
    with rest.world.store.reading() as uow:
        instance = store.user_tasks.get(uow, task).instance_id
    answer = rest["kim"].step_in(instance, "terminate")
    assert answer.status_code == 200, answer.text
    with rest.world.store.reading() as uow, pytest.raises(NotFound):
        store.files.get(uow, made["id"])


def test_a_file_sent_twice_with_one_key_is_one(rest: Rest, task: str) -> None:
    key = {"Idempotency-Key": "the same"}
    first, second = (put(rest["cor"], task, headers=key) for _ in range(2))  # type: ignore[arg-type]
    assert first.json == second.json
    assert len(rest["cor"].get(f"/user-tasks/{task}/files").json["items"]) == 1
