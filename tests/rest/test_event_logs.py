"""Logs for process mining over REST."""

from __future__ import annotations

from engine import store
from tests.rest.calling import Rest


def test_a_log_is_taken_out_by_who_may_take_cases_out(rest: Rest) -> None:
    loan = rest.loan()
    answer = rest["kim"].post("/event-logs")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    assert answer.text.endswith("</log>\n")
    assert 'value="Answer the terms"' in answer.text
    assert loan.number not in answer.text
    assert loan.number in rest["kim"].post("/event-logs?numbers=true").text
    assert rest["kim"].post("/event-logs?from=2999-01-01").text.count("<trace>") == 0
    assert rest["kim"].post("/event-logs?from=2026-02-01&to=2026-01-01").status_code == 400
    assert rest["kim"].post("/event-logs?to=9999-12-31").status_code == 400
    assert rest["kim"].post("/event-logs?from=soon").status_code == 422
    assert rest["ben"].post("/event-logs").status_code == 403
    with rest.world.store.reading() as uow:
        taken = store.audit.list_(uow, rest.world.program.id, event="event_log_exported").items
    assert [entry.via for entry in taken] == ["rest"] * 3
