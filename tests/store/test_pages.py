"""Cursors and page sizes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import BadRequest
from engine.store import pages

_AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_reads_back_as_its_key() -> None:
    assert pages.decode(pages.encode((_AT, 50, "id")), datetime, int, str) == (_AT, 50, "id")


def test_a_cursor_of_another_list_is_refused() -> None:
    cursor = pages.encode((_AT, "id"))
    for types in ((str, str), (datetime,), (datetime, str, str), (datetime, int)):
        with pytest.raises(BadRequest):
            pages.decode(cursor, *types)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_other_text_is_refused_without_another_error(cursor: str) -> None:
    with pytest.raises(BadRequest):
        pages.decode(cursor, datetime, int, str)


@pytest.mark.parametrize("inner", [b'[{"at":"2026-03-02T09:00:00"},1,"x"]', b'[{"at":5},1,"x"]', b'[{},1,"x"]', b"5", b"null"])
def test_a_forged_time_is_refused(inner: bytes) -> None:
    with pytest.raises(BadRequest):
        pages.decode(base64.urlsafe_b64encode(inner).decode(), datetime, int, str)


def test_a_page_holds_between_one_and_two_hundred() -> None:
    assert [pages.capped(limit) for limit in (-5, 0, 1, 200, 10_000)] == [1, 1, 1, 200, 200]


def test_a_page_tells_whether_there_is_more() -> None:
    full = pages.page([1, 2, 3], 2, lambda item: (item,))
    assert (full.items, full.next) == ((1, 2), pages.encode((2,)))
    assert pages.page([1, 2], 2, lambda item: (item,)).next is None
    assert pages.page([], 2, lambda item: (item,)).items == ()
