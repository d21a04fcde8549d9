"""Changes over REST: drawn with revisions by one, approved by another, never by whoever worked on them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.operations.test_scenarios import LENT
from tests.rest.calling import Caller, Rest
from tests.rest.conftest import LIBRARY
from tests.world import pack_files

FILE = (LIBRARY / "loan.bpmn").read_bytes()
LOAN = "loan.bpmn"
SCENARIO = "scenarios/lent.toml"


@pytest.fixture
def approving(rest: Rest) -> Rest:
    """The library, where a second person approves changes from now on."""
    files = pack_files(LIBRARY, LIBRARY / "forms")
    rest.world.deploy(files | {"pack.toml": files["pack.toml"].replace(b"approval = false", b"approval = true")})
    return rest


def begin(caller: Caller, **more: Any) -> str:
    answer = caller.post("/changes", {"title": "Other words", "pack": "library", "why": "People asked for it", **more})
    assert answer.status_code == 201, answer.text
    return f"/changes/{answer.json['id']}"


def save(caller: Caller, change: str, content: bytes, revision: int = 0, name: str = LOAN) -> Any:
    return caller.call("PUT", f"{change}/files/{name}", data=content, headers={"If-Match": f'"{revision}"'})


def reworded(words: str = "Say yes or no") -> bytes:
    return FILE.replace(b'name="Answer the terms"', f'name="{words}"'.encode())


def sent(rest: Rest) -> str:
    change = begin(rest["tom"])
    assert save(rest["tom"], change, reworded()).status_code == 200
    asked = rest["tom"].post(f"{change}/request", {})
    assert (asked.status_code, asked.json["state"]) == (200, "asked"), asked.text
    return change


def test_a_change_is_drawn_by_one_and_approved_by_another(approving: Rest) -> None:
    change = sent(approving)
    done = approving["uma"].post(f"{change}/decision", {"approve": True, "reason": "Clearer"})
    assert (done.status_code, done.json["state"]) == (200, "approved")
    assert b"Say yes or no" in approving["tom"].get(f"{change}/files/{LOAN}").data


def test_whoever_sent_or_drew_it_does_not_approve_it(approving: Rest) -> None:
    change = sent(approving)
    own = approving["tom"].post(f"{change}/decision", {"approve": True})
    assert (own.status_code, own.json["code"]) == (403, "excluded-duty")
    deployment = approving["tom"].get(change).json["deployment_id"]
    assert approving["tom"].post(f"/deployments/{deployment}/approval", {"approve": True}).status_code == 403
    assert approving["tom"].get(change).json["state"] == "asked"



def test_a_change_is_sent_with_a_reason_only(approving: Rest) -> None:
    change = begin(approving["tom"], why="  ")
    save(approving["tom"], change, reworded("Well?"))
    refused = approving["tom"].post(f"{change}/request", {})
    assert refused.status_code == 422
    assert [one["path"] for one in refused.json["errors"]] == ["/why"]
    assert approving["tom"].call("PATCH", change, json={"why": "Nobody understood it"}).status_code == 200
    assert approving["tom"].post(f"{change}/request", {}).status_code == 200


def test_scenarios_that_are_taken_out_are_confirmed_by_who_approves(approving: Rest) -> None:
    files = pack_files(LIBRARY, LIBRARY / "forms") | {SCENARIO: LENT.encode()}
    approving.world.deploy(files | {"pack.toml": files["pack.toml"].replace(b"approval = false", b"approval = true")})
    change = begin(approving["tom"])
    assert approving["tom"].call("DELETE", f"{change}/files/{SCENARIO}").status_code == 204
    deployment = approving["tom"].post(f"{change}/request", {}).json["deployment_id"]
    for path in (f"{change}/decision", f"/deployments/{deployment}/approval"):
        refused = approving["uma"].post(path, {"approve": True})
        assert refused.status_code == 422
        assert [one["path"] for one in refused.json["errors"]] == ["/scenarios_seen"]
    assert approving["uma"].post(f"{change}/decision", {"approve": True, "scenarios_seen": True}).status_code == 200


def test_whoever_only_saved_a_file_of_it_does_not_approve_it_either(approving: Rest) -> None:
    change = begin(approving["tom"])
    save(approving["uma"], change, reworded())
    assert approving["tom"].post(f"{change}/request", {}).status_code == 200
    assert approving["uma"].post(f"{change}/decision", {"approve": True}).status_code == 403


def test_what_was_not_approved_can_be_drawn_on(approving: Rest) -> None:
    change = sent(approving)
    assert approving["uma"].post(f"{change}/decision", {"approve": False, "reason": "Not yet"}).json["state"] == "drawing"
    again = sent(approving)
    assert approving["tom"].post(f"{again}/taking-back", {}).json["state"] == "drawing"
    assert approving["tom"].post(f"{again}/withdrawal", {}).json["state"] == "withdrawn"
    listed = [f"/changes/{one['id']}" for one in approving["tom"].get("/changes").json["items"]]
    assert listed == [change]
    assert len(approving["tom"].get("/changes?state=withdrawn").json["items"]) == 1


def test_a_stale_save_is_refused_and_loses_nothing(rest: Rest) -> None:
    change = begin(rest["tom"])
    first = save(rest["tom"], change, reworded("One"))
    assert first.json["revision"] == 1
    stale = save(rest["uma"], change, reworded("Two"))
    assert (stale.status_code, stale.json["code"]) == (409, "stale-draft")
    read = rest["uma"].get(f"{change}/files/{LOAN}")
    assert b"One" in read.data
    assert read.headers["ETag"] == '"1"'
    assert save(rest["uma"], change, reworded("Two"), 1).json["changed_by"] == rest.world.actor("uma").person_id
    assert rest["tom"].call("PUT", f"{change}/files/{LOAN}", data=b"").status_code == 400


def test_problems_are_told_with_levels_and_keep_it_from_being_sent(approving: Rest) -> None:
    change = begin(approving["tom"])
    drawn = {"files": {LOAN: FILE.decode().replace(' parley:due="=settings.checkDue"', "", 1)}}
    (problem,) = approving["tom"].post(f"{change}/check", drawn).json["problems"]
    assert (problem["element_id"], problem["code"], problem["level"]) == ("check-return", "no-due-date", "refuse")
    assert approving["tom"].post(f"{change}/check", {}).json["problems"] == []
    save(approving["tom"], change, b"<broken")
    refused = approving["tom"].post(f"{change}/request", {})
    assert (refused.status_code, refused.json["code"]) == (422, "model-refused")
    assert refused.json["problems"][0]["level"] == "refuse"


def test_files_are_taken_in_taken_out_and_listed(rest: Rest) -> None:
    change = begin(rest["tom"])
    sent_files = {"files": [(BytesIO(reworded()), LOAN), (BytesIO(b"<x"), "new.bpmn")]}
    taken = rest["tom"].call("POST", f"{change}/files", data=sent_files)
    assert [one["name"] for one in taken.json["items"]] == [LOAN, "new.bpmn"], taken.text
    assert rest["tom"].call("DELETE", f"{change}/files/new.bpmn").status_code == 204
    listed = {one["name"]: one["changed"] for one in rest["tom"].get(f"{change}/files").json["items"]}
    assert listed[LOAN]
    assert not listed["pack.toml"]
    assert "new.bpmn" not in listed


def test_changes_are_for_who_deals_with_procedures(rest: Rest) -> None:
    change = begin(rest["tom"])
    for caller in (rest["ben"], rest["lia"]):
        assert caller.get(change).status_code in (403, 404)
        assert caller.post("/changes", {"title": "Mine", "pack": "library"}).status_code == 403
        assert save(caller, change, FILE).status_code in (403, 404)


@pytest.mark.parametrize(("path", "body"), [("/changes", {}), ("/changes", {"title": " "}), ("/changes", {"title": "x", "pack": "none"})])
def test_a_change_begins_with_words_and_a_pack_that_is_there(rest: Rest, path: str, body: dict[str, str]) -> None:
    assert rest["tom"].post(path, body).status_code in (404, 422)


def test_title_and_reason_are_changed_by_whoever_read_them(rest: Rest) -> None:
    change = begin(rest["tom"], why="Because")
    read = rest["tom"].get(change)
    told = rest["tom"].call("PATCH", change, json={"title": "New words"}, headers={"If-Match": read.headers["ETag"]})
    assert (told.json["title"], told.json["why"]) == ("New words", "Because")


def test_changes_are_listed_page_by_page_the_last_touched_first(rest: Rest) -> None:
    begun = [begin(rest["tom"], title=f"Change {number}") for number in range(3)]
    first = rest["tom"].get("/changes", query_string={"limit": 2}).json
    rest_of = rest["tom"].get("/changes", query_string={"limit": 200, "cursor": first["next"]}).json
    listed = [f"/changes/{one['id']}" for one in (*first["items"], *rest_of["items"])]
    assert len(first["items"]) == 2
    assert len(listed) == len(set(listed))
    assert set(begun) <= {one[one.index("/changes") :] for one in listed}
    assert rest_of["next"] is None
    assert rest["tom"].get("/changes", query_string={"cursor": "x"}).status_code == 400


def test_a_procedure_of_its_own_begins_from_outside_too(rest: Rest) -> None:
    body = {"title": "Visits", "new_pack": "Home visit", "roles": ["librarian"], "new_roles": ["Volunteer"]}
    made = rest["tom"].post("/changes", body)
    assert (made.status_code, made.json["pack"]) == (201, "home-visit")
    names = [one["name"] for one in rest["tom"].get(f"/changes/{made.json['id']}/files").json["items"]]
    assert names == ["home-visit.bpmn", "pack.toml"]
    assert rest["tom"].post("/changes", {**body, "pack": "library"}).status_code == 409
