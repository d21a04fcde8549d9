"""Whatever is sent to any page is answered with less than a 500, in words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from api.auth import API_PREFIX
from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]
TOKEN = "a token of this session"
#: in addresses, in questions and in forms
NASTY = [
    "\x00", "../../etc/passwd", "%s%n", "<script>", "9" * 5000, "١٢", "-1", "null", "' OR 1=1 --", "\u202e", "x" * 20_000, "\r\nX: y", "😀",
]  # fmt: skip
FIELDS = [
    "cursor", "q", "tab", "state", "mode", "version", "diagram", "next", "login", "password", "person", "role", "reason", "participant",
    "name", "email", "phone", "language", "staff", "roles", "decision", "answer", "why", "dueBack", "from", "method", "damaged",
    "findings-0-page", "place.climate", "handling", "seat-0-name", "seat-0-person", "seat-0-find", "_step", "_add", "_remove", "sure",
]  # fmt: skip


def _rules(app: Flask) -> list[Rule]:
    skipped = (API_PREFIX, "/health", "/metrics", "/sign-out")
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(skipped)]


def _addresses(app: Flask, library: World, loan: Case, text: str) -> Iterator[tuple[str, str, bool]]:
    """Method and address of every page, with nonsense and with things that exist in their places; true for nonsense."""
    real = {
        "case_id": loan.id,
        "task_id": library.task(loan, "answer-terms").id,
        "instance_id": library.page("lia", loan).instances[0].id,
        "person_id": library.people["bea"].id,
        "key": "loan",
    }
    adapter = app.url_map.bind("localhost")
    for rule in _rules(app):
        nonsense: dict[str, object] = {name: 999_999_999 if name in ("version", "number") else text for name in rule.arguments}
        known = nonsense | {name: value for name, value in real.items() if name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, adapter.build(rule.endpoint, known, method=method), False
            if known != nonsense:
                yield method, adapter.build(rule.endpoint, nonsense, method=method), True


@pytest.mark.parametrize("name", ["lia", "ada", "ben"])
def test_nothing_sent_to_a_page_breaks_it(app: Flask, library: World, loan: Case, visit: Visit, name: str) -> None:
    """Each request carries every text, in other fields each time; what exists gets every field, what does not gets one request."""
    assert len(FIELDS) // 2 >= len(NASTY)
    visitor = visit(name)
    turns = itertools.cycle(NASTY)
    for method, address, nowhere in _addresses(app, library, loan, "no such thing"):
        for number in range(1 if nowhere else 2):
            typed = MultiDict({field: next(turns) for field in FIELDS[number::2]} | {"csrf_token": TOKEN})
            if method == "GET":
                answer = visitor.client.get(address, query_string=typed)
            else:
                answer = visitor.client.open(address, method=method, data=typed)
            assert answer.status_code < 500, (method, address, dict(typed))


@pytest.mark.parametrize("text", NASTY)
def test_nonsense_in_an_address_is_not_found(app: Flask, library: World, loan: Case, visit: Visit, text: str) -> None:
    visitor = visit("ada")
    for method, address, _nowhere in _addresses(app, library, loan, text[:500]):
        if method == "GET":
            assert visitor.client.get(address).status_code < 500, address


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"a=%ff%fe&csrf_token=x", b"=" * 5000, b"&" * 5000, b"{}", b"\x00" * 100])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json"]
)
def test_a_body_that_is_no_form_is_refused(visit: Visit, library: World, loan: Case, body: bytes, kind: str) -> None:
    visitor = visit("lia")
    for path in ("/cases/new", f"/tasks/{library.task(loan, 'answer-terms').id}", "/procedures/upload", "/people/new"):
        answer = visitor.client.post(path, data=body, content_type=kind)
        assert 400 <= answer.status_code < 500
        answer = visitor.client.post(path, data=body, content_type=kind, headers={"X-CSRF-Token": TOKEN})
        assert answer.status_code < 500


def test_a_file_that_is_too_large_is_refused_in_words(visit: Visit) -> None:
    visitor = visit("tom")
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="big.bpmn"\r\n\r\n'
    body = head + b"x" * (6 * 1024 * 1024) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    visitor.answer = visitor.client.post("/procedures/upload", data=body, content_type=kind, headers={"X-CSRF-Token": TOKEN})
    assert visitor.answer.status_code == 413
    assert "That is too large" in visitor.text()
