"""Deployments and process definitions over REST."""

from __future__ import annotations

from tests.rest.calling import ASK, Caller, Rest, process
from tests.rest.conftest import LIBRARY
from tests.world import pack_files


def test_a_diagram_is_deployed_and_given_back_byte_for_byte(rest: Rest) -> None:
    made = rest["ada"].deploy({"small.bpmn": ASK})
    assert made.status_code == 201
    assert made.json["definitions"] == [{"key": "small", "version": 1, "created": True}]
    xml = rest["ada"].get("/process-definitions/small/xml")
    assert (xml.data, xml.mimetype) == (ASK, "application/xml")


def test_the_same_content_makes_no_new_version(rest: Rest) -> None:
    rest["ada"].deploy({"small.bpmn": ASK})
    again = rest["ada"].deploy({"small.bpmn": ASK})
    assert again.json["definitions"] == [{"key": "small", "version": 1, "created": False}]


def test_a_changed_diagram_is_a_new_version_and_the_old_one_stays(rest: Rest) -> None:
    changed = ASK.replace(b'name="Ask"', b'name="Ask again"')
    rest["ada"].deploy({"small.bpmn": ASK})
    rest["ada"].deploy({"small.bpmn": changed})
    assert rest["ada"].get("/process-definitions/small").json["version"] == 2
    assert rest["ada"].get("/process-definitions/small/xml?version=1").data == ASK
    assert rest["ada"].get("/process-definitions/small/xml").data == changed
    assert [one["version"] for one in rest["ada"].get("/process-definitions/small/versions").json["items"]] == [2, 1]


def test_what_cannot_be_run_is_refused_with_the_element_and_nothing_is_stored(rest: Rest) -> None:
    broken = process("small", '<bpmn:sequenceFlow id="f0" sourceRef="begin" targetRef="nowhere"/>')
    answer = rest["ada"].deploy({"small.bpmn": broken, "other.bpmn": ASK.replace(b'"small"', b'"other"')})
    assert (answer.status_code, answer.json["code"]) == (422, "model-refused")
    problem = answer.json["problems"][0]
    assert problem["element_id"]
    assert problem["code"]
    assert problem["message"]
    assert problem["file"] == "small.bpmn"
    assert rest["ada"].get("/process-definitions/other").status_code == 404


def test_broken_files_of_every_kind_are_problems(rest: Rest) -> None:
    doctype = b'<!DOCTYPE a [<!ENTITY b "c">]>' + ASK.split(b"?>", 1)[1]
    for files in (
        {"a.bpmn": b"not xml"},
        {"a.bpmn": b""},
        {"a.bpmn": doctype},
        {"a.bpmn": ASK[:300]},
        {"a.bpmn": b"\xff\xfe" + ASK},
        {"pack.toml": b"= nothing"},
        {"pack.toml": b"\xff"},
        {"a.dmn": b"<x/>"},
        {"a.json": b"[1"},
        {"a.json": b"[" * 100_000},
        {"a.exe": b"MZ"},
    ):
        answer = rest["ada"].deploy(files)
        assert answer.status_code == 422, (files, answer.text)
        assert answer.json["problems"], files


def test_only_who_may_deploy_does(rest: Rest) -> None:
    files = pack_files(LIBRARY, LIBRARY / "forms")
    assert rest["lia"].deploy(files).status_code == 403
    assert rest["tom"].deploy(files).status_code == 201


def test_where_the_pack_asks_for_it_a_second_person_approves(rest: Rest) -> None:
    files = pack_files(LIBRARY, LIBRARY / "forms")
    strict = {**files, "pack.toml": files["pack.toml"].replace(b"approval = false", b"approval = true")}
    rest["tom"].deploy(strict)
    changed = {**strict, "loan.bpmn": strict["loan.bpmn"].replace(b'name="Answer', b'name="Now answer', 1)}
    waiting = rest["tom"].deploy(changed)
    assert (waiting.status_code, waiting.json["state"]) == (201, "pending")
    path = f"/deployments/{waiting.json['id']}"
    assert rest["tom"].post(f"{path}/approval", {"approve": True}).status_code == 403
    assert rest["tom"].get(path).json["state"] == "pending"
    tag = rest["uma"].get(path).headers["ETag"]
    approved = rest["uma"].post(f"{path}/approval", {"approve": True}, headers={"If-Match": tag})
    assert (approved.status_code, approved.json["state"]) == (200, "active")
    assert rest["uma"].post(f"{path}/approval", {"approve": False}).status_code == 409


def test_definitions_are_listed_with_what_runs(rest: Rest) -> None:
    rest.loan()
    (loan,) = (one for one in rest["tom"].get("/process-definitions").json["items"] if one["key"] == "loan")
    assert (loan["running"], loan["running_by_version"]) == (1, {"1": 1})
    assert rest["tom"].get("/deployments").json["items"][0]["pack"] == "library"


def test_what_is_not_deployed_cannot_be_started(rest: Rest) -> None:
    assert rest["ada"].post("/process-definitions/nothing/instances", {}).status_code == 404


def test_a_process_that_is_not_to_be_run_is_taken_with_a_warning(sandbox: Caller) -> None:
    drawn = ASK.replace(b'isExecutable="true"', b'isExecutable="false"')
    done = sandbox.deploy({"small.bpmn": drawn})
    assert (done.status_code, done.json["definitions"]) == (201, [])
    (warned,) = done.json["warnings"]
    assert (warned["element_id"], warned["code"], warned["file"]) == ("small", "not-executable", "small.bpmn")
    assert warned["message"] == "“Small” is kept and not run; set in its diagram that it can be run (isExecutable)."
    assert sandbox.deploy({"small.bpmn": ASK}).json["warnings"] == []
