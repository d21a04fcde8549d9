"""The OpenAPI document, its page, health and metrics."""

from __future__ import annotations

import re
from typing import Any

from api.app import create_app_of
from api.running import Config, Mode, Parley
from engine import store
from tests.rest.calling import SECRET, Rest


def _document(rest: Rest) -> dict[str, Any]:
    found: dict[str, Any] = rest.app.test_client().get("/api/v1/openapi.json").json
    return found


def test_every_address_is_documented_with_a_sentence(rest: Rest) -> None:
    document = _document(rest)
    operations = [one for methods in document["paths"].values() for method, one in methods.items() if method != "parameters"]
    assert all(one.get("summary") for one in operations)
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in rest.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith(("/openapi.json", "/docs"))
    }
    assert served == set(document["paths"])


def test_every_reference_of_the_document_leads_somewhere(rest: Rest) -> None:
    document = _document(rest)
    for reference in set(re.findall(r'"#/components/(\w+)/([\w.]+)"', rest.app.test_client().get("/api/v1/openapi.json").text)):
        assert reference[1] in document["components"][reference[0]], reference


def test_errors_are_documented_as_problem_details(rest: Rest) -> None:
    answer = _document(rest)["components"]["responses"]["DEFAULT_ERROR"]
    assert answer["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_the_readable_page_shows_every_operation_and_fetches_nothing_from_elsewhere(rest: Rest) -> None:
    page = rest.app.test_client().get("/api/v1/docs")
    assert page.status_code == 200
    for path in _document(rest)["paths"]:
        assert path in page.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "<script" not in page.text


def test_health_tells_life_and_readiness(rest: Rest) -> None:
    client = rest.app.test_client()
    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").status_code == 200


def test_a_database_without_its_migrations_is_not_ready() -> None:
    opened = store.open("sqlite://")
    answer = create_app_of(Parley(opened, Config(Mode.SERVE, SECRET))).test_client().get("/health/ready")
    opened.close()
    assert (answer.status_code, "migrate" in answer.json["status"]) == (503, True)


def test_metrics_count_what_runs(rest: Rest) -> None:
    rest.loan()
    text = rest.app.test_client().get("/metrics").text
    assert 'parley_instances{state="running"} 1' in text
    assert "parley_user_tasks_open 1" in text
    assert "# TYPE parley_timers_due gauge" in text


def test_metrics_are_for_this_machine_and_administrators(rest: Rest) -> None:
    away = {"REMOTE_ADDR": "203.0.113.7"}
    assert rest.app.test_client().get("/metrics", environ_base=away).status_code in (401, 403)
