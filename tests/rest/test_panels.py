"""Panels of a case over REST: reading, adding, changing and releasing, each as far as the caller may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import store
from tests.operations import notebook
from tests.operations.conftest import cast
from tests.rest.calling import Rest, over

PROMISE = {"promised": "A new cover", "promisedFor": "2026-03-05", "promiseState": "open"}


@pytest.fixture
def rest() -> Iterator[Rest]:
    """The library with panels on its loans."""
    opened = store.open("sqlite://")
    opened.migrate()
    yield over(cast(opened, notebook.files()))
    opened.close()


@pytest.fixture
def loan(rest: Rest) -> str:
    """A loan of ben and bea together, looked after by cor."""
    people = (("borrower", "ben"), ("borrower", "bea"), ("curator", "cor"))
    return rest.world.open_case("lia", "library", people, {"bookClass": "fragile", "wish": "a wish"}).id


def test_an_entry_is_added_changed_and_read_with_its_versions(rest: Rest, loan: str) -> None:
    where = f"/cases/{loan}/panels/promises"
    made = rest["cor"].post(f"{where}/entries", json={"form": "promise", "data": PROMISE})
    assert (made.status_code, made.json["version"], made.json["may_change"]) == (201, 1, True)
    path = f"{where}/entries/{made.json['id']}"
    kept = {"version": 1, "data": {**PROMISE, "promiseState": "kept"}}
    assert rest["cor"].call("PUT", path, json=kept).json["done"] is True
    assert rest["cor"].call("PUT", path, json=kept).status_code == 412
    (entry,) = rest["ben"].get(where).json["entries"]
    assert [version["number"] for version in entry["versions"]] == [2, 1]
    assert rest["ben"].call("PUT", path, json=kept).status_code == 403


def test_mistakes_are_told_by_path_and_who_may_not_is_refused(rest: Rest, loan: str) -> None:
    where = f"/cases/{loan}/panels"
    wrong = rest["cor"].post(f"{where}/promises/entries", json={"form": "promise", "data": {"promised": 3}})
    assert wrong.status_code == 422
    assert {one["path"] for one in wrong.json["errors"]} == {"/promised", "/promisedFor", "/promiseState"}
    assert rest["kim"].post(f"{where}/promises/entries", json={"form": "promise", "data": PROMISE}).status_code == 403
    assert rest["ben"].get(f"{where}/calls").status_code == 404
    assert [one["key"] for one in rest["ben"].get(where).json["items"]] == ["wishes"]


def test_a_release_opens_an_entry_to_the_other(rest: Rest, loan: str) -> None:
    where = f"/cases/{loan}/panels/wishes"
    about = rest["ben"].get(where).json["adds"][0]["participants"][0][0]
    made = rest["ben"].post(f"{where}/entries", json={"form": "wish", "participant_id": about, "data": {"wished": "CANARY"}}).json["id"]
    assert "CANARY" not in rest["bea"].get(where).text
    assert rest["cor"].post(f"{where}/entries/{made}/release", json={}).status_code == 422
    assert rest["ben"].post(f"{where}/entries/{made}/release", json={}).json["released"] is True
    assert "CANARY" in rest["bea"].get(where).text
