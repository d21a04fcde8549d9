"""A procedure that leaves work to workers: the library has a courier's price looked up, and tells the borrower by mail."""

from __future__ import annotations

from collections.abc import Mapping

from tests.bpmn.drawing import boundary, end, error, mapping, process, start, tag, timer, user
from tests.operations import shelf

ROLE = '''[roles.courier]
label = "Courier's desk"
kind = "program"
may = ["job.work"]

[lanes]
'''
PRICE = mapping({"number": "=1 + 1"}, {"shelves": "=price"})


def library(*diagrams: bytes) -> dict[str, bytes]:
    """The library with a role for workers, and these diagrams."""
    return shelf.library(*diagrams, changed={"[lanes]\n": ROLE})


def delivery(inner: str = PRICE, *, key: str = "delivery", **about: object) -> bytes:
    """A price from outside, then a look at it; a known error and an hour's patience lead elsewhere."""
    asked: Mapping[str, object] = {"job": "courier-price", "retries": "3", "backoff": "PT10S PT1M", **about}
    return process(
        start(),
        tag("serviceTask", "price", inner, name_="Ask for a price", **asked),
        boundary("refused", "price", error("NO_ROUTE")),
        boundary("late", "price", timer("P1D")),
        user("look", role="librarian", due="P1D"),
        user("carry", role="librarian", due="P1D"),
        user("phone", role="librarian", due="P1D"),
        end(),
        go="start > price > look > end; refused > carry > end; late > phone > end",
        key=key,
    )


def mail(**about: object) -> bytes:
    """A notice by mail to the borrower, then a task."""
    said = {"job": "mail", "notice": "overdue", "to": "case-role:borrower", **about}
    return process(
        start(),
        tag("sendTask", "write", **said),
        user("look", role="librarian", due="P1D"),
        end(),
        go="start > write > look > end",
        key="letter",
    )


def hook(url: str, outputs: Mapping[str, str] | None = None, **about: object) -> bytes:
    """A webhook, then a task."""
    inner = mapping({"url": f'="{url}"', "body": "={case: case.number}"}, outputs or {"shelves": "=body.price"})
    return process(
        start(),
        tag("serviceTask", "call", inner, job="webhook", **about),
        user("look", role="librarian", due="P1D"),
        end(),
        go="start > call > look > end",
        key="hook",
    )
