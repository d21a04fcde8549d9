"""Column types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.errors import BadRequest
from engine.model.states import CaseState
from engine.store.types import FAR_FUTURE, Instant, Json, State, encode

_SQLITE: Dialect = sqlite.dialect()
_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_MOMENTS = st.timedeltas(timedelta(-50_000), timedelta(2_900_000)).map(lambda distance: datetime(2026, 1, 1, tzinfo=UTC) + distance)


@given(_MOMENTS, _MOMENTS)
def test_instants_sort_as_text_as_they_do_in_time(one: datetime, other: datetime) -> None:
    instant = Instant()
    texts = [instant.process_bind_param(moment, _SQLITE) for moment in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)
    assert instant.process_result_value(texts[0], _SQLITE) == one


def test_an_instant_of_another_zone_is_the_same_instant_in_utc() -> None:
    there = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=3)))
    assert Instant().process_bind_param(there, _SQLITE) == "2026-03-02T09:00:00.000000+00:00"
    read = Instant().process_result_value(there, _POSTGRESQL)
    assert read is not None
    assert (read, read.tzinfo) == (there, UTC)


def test_a_naive_instant_is_refused_and_none_stays_none() -> None:
    with pytest.raises(ValueError, match="aware"):
        Instant().process_bind_param(FAR_FUTURE.replace(tzinfo=None), _SQLITE)
    assert Instant().process_bind_param(None, _SQLITE) is None
    assert Instant().process_result_value(None, _SQLITE) is None


def test_the_far_future_sorts_last() -> None:
    texts = [Instant().process_bind_param(moment, _SQLITE) for moment in (FAR_FUTURE, datetime(9998, 1, 1, tzinfo=UTC))]
    assert texts[0] > texts[1]


def test_json_keeps_the_order_of_keys_and_null() -> None:
    text = Json().process_bind_param({"b": 1, "a": None}, _SQLITE)
    assert text == '{"b":1,"a":null}'
    assert Json().process_bind_param(None, _SQLITE) == "null"
    assert Json().process_result_value("null", _SQLITE) is None


@pytest.mark.parametrize("value", ["\ud800", 2**70, {"a": object()}])
def test_what_json_cannot_hold_is_a_bad_request(value: object) -> None:
    with pytest.raises(BadRequest):
        encode(value)


def test_a_state_is_a_member_both_ways() -> None:
    state = State(CaseState)
    assert state.process_bind_param(CaseState.OPEN, _SQLITE) == "open"
    assert state.process_result_value("closed", _SQLITE) is CaseState.CLOSED
    with pytest.raises(ValueError, match="lost"):
        state.process_bind_param("lost", _SQLITE)  # type: ignore[arg-type]
