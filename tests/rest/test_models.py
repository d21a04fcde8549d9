"""Models over REST."""

from __future__ import annotations

from io import BytesIO

from tests.rest.calling import ASK, Rest, process

#: not executable, with a comment, another encoding's declaration and things no engine knows
DRAWING = b"""<?xml version='1.0' encoding='UTF-8' standalone="yes"?>\r
<!-- drawn by hand -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:other="urn:other" id="d" targetNamespace="urn:test">
  <bpmn:process id="sketch" isExecutable="false"><bpmn:adHocSubProcess id="a" other:colour="red"/><bpmn:task id="alone"/></bpmn:process>
</bpmn:definitions>   """


def _file(content: bytes) -> BytesIO:
    return BytesIO(content)


def test_any_well_formed_diagram_comes_out_byte_for_byte(rest: Rest) -> None:
    for content in (DRAWING, ASK, process("broken", '<bpmn:userTask id="alone"/>')):
        made = rest["tom"].call("POST", "/models", data={"files": [(_file(content), "sketch.bpmn")]})
        assert (made.status_code, made.json["name"]) == (201, "sketch.bpmn")
        xml = rest["tom"].get(f"/models/{made.json['id']}/xml")
        assert (xml.data, xml.mimetype) == (content, "application/xml")


def test_what_is_no_diagram_is_refused_with_a_sentence(rest: Rest) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for content in (b"", b"text", ASK[:200], bomb, b"<html/>"):
        answer = rest["tom"].call("POST", "/models", data={"files": [(_file(content), "sketch.bpmn")]})
        assert (answer.status_code, answer.json["code"]) == (422, "model-refused"), content
        assert answer.json["problems"][0]["message"]


def test_one_diagram_makes_one_model(rest: Rest) -> None:
    two = [(_file(ASK), "a.bpmn"), (_file(ASK), "b.bpmn")]
    assert rest["tom"].call("POST", "/models", data={"files": two}).status_code == 422


def test_models_are_for_who_deals_with_procedures(rest: Rest) -> None:
    assert rest["ben"].call("POST", "/models", data={"files": [(_file(ASK), "a.bpmn")]}).status_code == 403
    made = rest["tom"].call("POST", "/models", data={"files": [(_file(ASK), "a.bpmn")]}).json["id"]
    assert rest["ben"].get(f"/models/{made}/xml").status_code == 403
    assert rest["tom"].get(f"/models/{'0' * 32}/xml").status_code == 404


def kept(rest: Rest, name: str = "a.bpmn", content: bytes = ASK) -> str:
    return f"/models/{rest['tom'].call('POST', '/models', data={'files': [(_file(content), name)]}).json['id']}"


def test_models_are_renamed_moved_listed_and_dropped(rest: Rest) -> None:
    one, two = kept(rest), kept(rest, "b.dmn", b"<any/>")
    moved = rest["tom"].call("PATCH", one, json={"folder": "Drafts", "name": "z.bpmn"})
    assert (moved.json["name"], moved.json["folder"], moved.json["revision"]) == ("z.bpmn", "Drafts", 2)
    first = rest["tom"].get("/models?limit=1").json
    assert [line["name"] for line in first["items"]] == ["b.dmn"]
    rest_of = rest["tom"].get("/models", query_string={"cursor": first["next"]}).json
    assert [line["name"] for line in rest_of["items"]] == ["z.bpmn"]
    assert [line["name"] for line in rest["tom"].get("/models?folder=Drafts").json["items"]] == ["z.bpmn"]
    assert rest["tom"].call("DELETE", two).status_code == 204
    assert rest["tom"].get(two).status_code == 404


def test_a_model_that_was_changed_meanwhile_is_not_written_over(rest: Rest) -> None:
    one = kept(rest)
    tag = {"If-Match": rest["tom"].get(one).headers["ETag"]}
    assert rest["tom"].call("PATCH", one, json={"folder": "A"}, headers=tag).status_code == 200
    assert rest["tom"].call("PATCH", one, json={"folder": "B"}, headers=tag).status_code == 412
    assert rest["tom"].call("DELETE", one, headers=tag).status_code == 412


def test_a_model_keeps_its_kind_and_only_who_draws_changes_it(rest: Rest) -> None:
    one = kept(rest)
    for bad in ({"name": "a.dmn"}, {"name": "a"}, {"folder": "x" * 81}):
        assert rest["tom"].call("PATCH", one, json=bad).status_code == 422, bad
    assert rest["ben"].call("PATCH", one, json={"folder": "A"}).status_code == 403
    assert rest["ben"].call("DELETE", one).status_code == 403
    assert rest["tom"].call("POST", "/models", data={"files": [(_file(b"x"), "a.exe")]}).status_code == 400
