"""Nothing that is sent gives a 500: every unsafe address of the REST door is tried with broken bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.rest.calling import Rest

_ID = "0" * 32
_DEEP = "[" * 100_000 + "]" * 100_000
_BODIES: dict[str, str | bytes] = {
    "nothing": b"",
    "a list": "[]",
    "a text": '"text"',
    "null": "null",
    "a number": "1",
    "not JSON": "{",
    "not UTF-8": b'{"name": "\xff"}',
    "too deep": '{"data": ' + _DEEP + "}",
    "rather deep": '{"data": {"a": ' + "[" * 40 + "]" * 40 + "}}",
    "a huge integer": '{"data": {"a": ' + "9" * 5000 + "}}",
    "a huge float": '{"data": {"a": 1e400}}',
    "NaN": '{"data": {"a": NaN}}',
    "doubled names": '{"name": "a", "name": "b"}',
    "unknown names": '{"surprise": 1}',
}
_TEXTS = ("", "x", "x" * 20_000, "\0", "a\0b", "\u202e", "٣")
_VALUES: tuple[Any, ...] = (*_TEXTS, None, True, 1, -1.5, 10**30, [], [[]], [None], {}, {"a": None})


def _unsafe(rest: Rest) -> list[tuple[str, str]]:
    rules: list[Rule] = [rule for rule in rest.app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    return [
        (method, rule.rule.removeprefix("/api/v1"))
        for rule in rules
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"})
    ]


def _address(rule: str, ids: dict[str, str]) -> str:
    for name in ("task", "case", "instance", "person", "account", "token", "notice", "deployment", "participant", "job", "host", "file"):
        rule = rule.replace(f"<id:{name}_id>", ids.get(name, _ID))
    return rule.replace("<key:key>", "loan").replace("<key:role>", "librarian")


@pytest.fixture
def ids(rest: Rest) -> dict[str, str]:
    """Real things to aim at."""
    loan = rest.loan()
    task = rest.world.task(loan, "answer-terms")
    ada = rest.world.actor("ada")
    return {
        "task": task.id,
        "case": loan.id,
        "instance": task.instance_id,
        "person": rest.world.people["bea"].id,
        "account": ada.account_id or "",
    }


def test_there_are_unsafe_addresses_to_try(rest: Rest) -> None:
    assert len(_unsafe(rest)) > 25


@pytest.mark.parametrize("what", list(_BODIES))
def test_a_broken_body_is_the_senders_mistake_everywhere(rest: Rest, ids: dict[str, str], what: str) -> None:
    for method, rule in _unsafe(rest):
        for caller in ("ada", "ben"):
            answer = rest[caller].call(method, _address(rule, ids), data=_BODIES[what], content_type="application/json")
            assert answer.status_code < 500, f"{method} {rule} with {what}: {answer.text}"
            if what not in ("nothing", "unknown names", "doubled names") and answer.status_code not in (401, 403, 404, 409):
                # what takes no body does not read one
                assert answer.status_code in (400, 415, 422) or "requestBody" not in _documented(rest, method, rule), (method, rule)


def _documented(rest: Rest, method: str, rule: str) -> dict[str, Any]:
    paths = rest.app.test_client().get("/api/v1/openapi.json").json["paths"]
    shown = "/api/v1" + _address_in_document(rule)
    found: dict[str, Any] = paths[shown][method.lower()]
    return found


def _address_in_document(rule: str) -> str:
    return rule.replace("<id:", "{").replace("<key:", "{").replace("<path:", "{").replace(">", "}")


def test_every_field_of_every_body_survives_every_kind_of_value(rest: Rest, ids: dict[str, str]) -> None:
    document = rest.app.test_client().get("/api/v1/openapi.json").json
    tried = 0
    for method, rule in _unsafe(rest):
        schema = document["paths"]["/api/v1" + _address_in_document(rule)][method.lower()].get("requestBody", {})
        reference = schema.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref")
        if reference is None:
            continue
        fields = document["components"]["schemas"][reference.rpartition("/")[2]].get("properties", {})
        for name in fields:
            for value in _VALUES:
                body = {**{other: "x" for other in fields if other != name}, name: value}
                for sent in (body, {name: value}):
                    answer = rest["ada"].call(method, _address(rule, ids), json=sent)
                    assert answer.status_code < 500, f"{method} {rule} {name}={value!r:.50}: {answer.text}"
                    tried += 1
    assert tried > 500


def test_task_data_of_any_kind_is_refused_or_taken_never_broken(rest: Rest, ids: dict[str, str]) -> None:
    for value in _VALUES:
        for name in ("answer", "dueBack", "why", "__proto__", "", "a/b", "é"):
            answer = rest["ben"].post(f"/user-tasks/{ids['task']}/completion", {"data": {name: value}})
            assert answer.status_code in (400, 422), (name, value, answer.text)
            kept = rest["ben"].call("PUT", f"/user-tasks/{ids['task']}/draft", json={"data": {name: value}})
            assert kept.status_code in (200, 400, 422), (name, value, kept.text)


@pytest.mark.parametrize("text", ['"\\ud800"', '"a\\udfffb"', '"\\u0000"'])
def test_text_that_cannot_be_stored_is_refused_also_deep_inside(rest: Rest, ids: dict[str, str], text: str) -> None:
    body = '{"data": {"answer": [{"deep": ' + text + "}]}}"
    answer = rest["ben"].post(f"/user-tasks/{ids['task']}/completion", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad-request")


def test_a_body_of_another_content_type_is_refused(rest: Rest) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"):
        answer = rest["ada"].call("POST", "/persons", data=b'{"name": "A Example"}', content_type=kind)
        assert (answer.status_code, answer.json["code"]) == (415, "unsupported-media-type"), kind


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=" + "9" * 20, "cursor=%00", "cursor=nonsense", "cursor=%FF%FE", "cursor=" + "x" * 3000],
)
def test_a_broken_place_in_a_list_is_refused(rest: Rest, query: str) -> None:
    for path in ("/user-tasks", "/cases", "/process-instances", "/persons", "/audit-entries", "/deployments", "/notices"):
        for caller in ("lia", "ada", "kim", "tom"):
            status = rest[caller].get(f"{path}?{query}").status_code
            assert status in (400, 403, 422), f"{caller} {path}?{query}: {status}"


@pytest.mark.parametrize(
    "path",
    [
        "/user-tasks?state=nonsense",
        "/user-tasks?due_before=tomorrow",
        "/user-tasks?due_before=2026-01-01T00:00:00",
        "/process-instances?state=nonsense",
        "/cases?state=nonsense",
        "/process-definitions/loan/xml?version=0",
        "/process-definitions/loan/xml?version=x",
    ],
)
def test_a_broken_filter_is_refused_with_its_name(rest: Rest, path: str) -> None:
    answer = rest["lia"].get(path)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["path"]


@pytest.mark.parametrize(
    "path", ["/cases/..%2f..", "/cases/%00", "/user-tasks/1", "/process-definitions/%00/xml", "/process-definitions/%F0%9F/xml"]
)
def test_a_strange_address_is_simply_not_there(rest: Rest, path: str) -> None:
    assert rest["ada"].get(path).status_code == 404


def test_an_upload_without_a_usable_name_is_refused(rest: Rest) -> None:
    from io import BytesIO

    for name in ("..", "a\tb.bpmn", "x" * 300 + ".bpmn"):
        answer = rest["ada"].call("POST", "/deployments", data={"files": [(BytesIO(b"x"), name)]})
        assert answer.status_code == 422, name
    twice = rest["ada"].call("POST", "/deployments", data={"files": [(BytesIO(b"x"), "a.bpmn"), (BytesIO(b"y"), "b/a.bpmn")]})
    assert (twice.status_code, twice.json["errors"][0]["code"]) == (422, "doubled")
    assert rest["ada"].call("POST", "/deployments", data={}).status_code == 422
    assert rest["ada"].call("POST", "/deployments", data=json.dumps({}), content_type="application/json").status_code == 422
