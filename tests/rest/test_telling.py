"""How the caller is told, by REST."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import store
from tests.operations.conftest import cast
from tests.operations.telling import told_by_mail
from tests.rest.calling import Rest, over


@pytest.fixture(scope="module")
def rest() -> Iterator[Rest]:
    """The lending library with words for mail."""
    opened = store.open("sqlite://")
    opened.migrate()
    yield over(cast(opened, told_by_mail()))
    opened.close()


def test_choices_are_told_changed_in_part_and_refused_with_paths(rest: Rest) -> None:
    first = rest["lia"].get("/telling").json
    assert [(kind["key"], kind["way"], kind["ways"]) for kind in first["kinds"]] == [
        ("dates", "mail", ["mail", "digest", "inbox", "none"]),
        ("late", "mail", ["mail", "digest"]),
    ]
    assert (first["digest_at"], first["quiet_from"], first["email"]) == ("08:00", None, None)
    changed = rest["lia"].call("PATCH", "/telling", json={"ways": {"dates": "none"}, "quiet_from": "21:00", "quiet_until": "06:30"})
    assert (changed.status_code, changed.json["kinds"][0]["way"], changed.json["quiet_until"]) == (200, "none", "06:30")
    assert rest["lia"].call("PATCH", "/telling", json={"digest_at": "07:15"}).json["quiet_from"] == "21:00"
    off = rest["lia"].call("PATCH", "/telling", json={"quiet_from": None, "quiet_until": None})
    assert (off.json["quiet_from"], off.json["digest_at"]) == (None, "07:15")
    wrong = rest["lia"].call("PATCH", "/telling", json={"ways": {"late": "none", "odd": "mail"}, "digest_at": "7", "quiet_from": "21:00"})
    assert wrong.status_code == 422
    assert sorted(error["path"] for error in wrong.json["errors"]) == ["/digest_at", "/quiet_until", "/ways/late", "/ways/odd"]


def test_a_calendar_link_is_told_once_and_ends(rest: Rest) -> None:
    assert rest["kim"].get("/calendar-link").json == {"made_at": None}
    made = rest["kim"].post("/calendar-link", headers={"Idempotency-Key": "k1"})
    path = "/calendar/" + made.json["url"].partition("/calendar/")[2]
    reading = rest.app.test_client().get(path)
    assert (made.status_code, reading.status_code, reading.mimetype) == (201, 200, "text/calendar")
    again = rest["kim"].post("/calendar-link", headers={"Idempotency-Key": "k1"})
    assert (again.json, rest.app.test_client().get(path).status_code) == ({}, 200)
    assert rest["kim"].get("/calendar-link").json["made_at"] is not None
    assert rest["kim"].call("DELETE", "/calendar-link").status_code == 204
    assert rest.app.test_client().get(path).status_code == 404


def test_the_programs_mail_is_for_administrators(rest: Rest) -> None:
    assert rest["ada"].get("/mails?state=failed").json == {"items": [], "next": None}
    assert rest["ada"].get("/mails?state=odd").status_code == 422
    assert rest["lia"].get("/mails").status_code == 403
    assert rest["ada"].post(f"/mails/{'0' * 32}/retry").status_code == 404
    assert rest["lia"].post(f"/mails/{'0' * 32}/retry").status_code == 403
