"""Values as JSON: nothing is lost inside, and nothing a person sends passes for one of our tags."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import DaysTime, Range, Value, YearsMonths

_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**12), max_value=10**12) | st.integers().map(
    feel.coerce
)
_MOMENTS = (
    st.dates()
    | st.datetimes(timezones=_ZONES)
    | st.times(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=2))]))
    | st.timedeltas(min_value=timedelta(days=-99999), max_value=timedelta(days=99999)).map(DaysTime)
    | st.integers(min_value=-9999, max_value=9999).map(YearsMonths)
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.text()
    | _NUMBERS
    | _MOMENTS
    | st.builds(Range, st.booleans(), _NUMBERS, st.none() | _NUMBERS, st.booleans())
)
_KEYS = st.text() | st.sampled_from(["$date", "$number", "$context", "$range", "$", "$duration"])
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=12)


def _same(left: object, right: object) -> bool:
    """Equal, of one type, and with the same zone and digits."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))  # type: ignore[arg-type]  # both are lists
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())  # type: ignore[attr-defined,index]
    if isinstance(left, datetime | time):
        return (repr(left.replace(tzinfo=None)), str(left.tzinfo)) == (repr(right.replace(tzinfo=None)), str(right.tzinfo))  # type: ignore[attr-defined,call-arg]
    return repr(left) == repr(right)


@given(_VALUES)
def test_every_value_survives_json(value: Value) -> None:
    assert _same(feel.from_json(json.loads(json.dumps(feel.to_json(value)))), value)


@given(_VALUES)
def test_every_value_can_be_shown_outside_and_as_text(value: Value) -> None:
    json.dumps(feel.plain(value))
    assert feel.text(value) is not None


@pytest.mark.parametrize(
    "data",
    [{"$date": "2026-03-31"}, {"$number": "1"}, {"$context": {}}, {"$date": "no date"}, {"$x": {"$date": "2026-03-31"}}, {"$range": []}],
)
def test_what_looks_like_a_tag_is_data(data: dict[str, object]) -> None:
    value = feel.from_plain(data)
    assert value == data
    assert feel.from_json(json.loads(json.dumps(feel.to_json(value)))) == data


@pytest.mark.parametrize(
    "data", [{"$date": 5}, {"$what": 1}, {"$date": "2026-02-30"}, {"$number": []}, {"$number": "NaN"}, {"$number": "x"}, object()]
)
def test_what_was_never_written_is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        feel.from_json(data)


@pytest.mark.parametrize("data", [float("nan"), float("inf"), {1: 2}, object(), [b"x"]])
def test_what_json_cannot_hold_is_refused_from_outside(data: object) -> None:
    with pytest.raises(ValueError):
        feel.from_plain(data)


def test_outside_numbers_become_decimals_and_texts_stay_texts() -> None:
    value = feel.from_plain({"a": 1, "b": 0.1, "c": "2026-03-31", "d": [True, None]})
    assert value == {"a": Decimal(1), "b": Decimal("0.1"), "c": "2026-03-31", "d": [True, None]}
    assert feel.plain(value) == {"a": 1, "b": 0.1, "c": "2026-03-31", "d": [True, None]}


def test_outside_readers_get_iso_texts() -> None:
    berlin = datetime(2026, 3, 31, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    value: Value = [date(2026, 3, 31), berlin, DaysTime(timedelta(hours=36)), YearsMonths(14), Range(True, Decimal(1), Decimal(2), False)]
    assert feel.plain(value) == ["2026-03-31", "2026-03-31T09:30:00@Europe/Berlin", "P1DT12H", "P1Y2M", "[1..2)"]


def test_a_function_is_no_data() -> None:
    with pytest.raises(ValueError, match="function cannot be kept"):
        feel.to_json(feel.evaluate("function(a) a", {}))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (5, "5"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (True, "true"),
        (None, "null"),
        ("a", "a"),
        ([1, "a", {"b": (2.5, None)}], '[1, "a", {b: [2.5, null]}]'),
        (timedelta(hours=25), "P1DT1H"),
        (float("nan"), "null"),
        (Decimal("NaN"), "null"),
        (Decimal("-Infinity"), "null"),
        (10**50, "1" + "0" * 50),
    ],
)
def test_plain_python_is_taken_and_written_as_feel(given: object, expected: str) -> None:
    assert feel.text(given) == expected
    assert feel.text(feel.evaluate("x", {"x": given})) == expected


@pytest.mark.parametrize("given", [object(), b"x", {1, 2}, [b"x"]])
def test_what_has_no_meaning_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match="has no meaning in FEEL"):
        feel.evaluate("x", {"x": given})
    with pytest.raises(TypeError, match="has no meaning in FEEL"):
        feel.text(given)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("12", "12"),
        ("0.1", "0.1"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
        ("0.1234567890123456789012345678", "0.1234567890123456789012345678"),
        ("1E+300", "1e+300"),
        ("1.234567890123456789E+300", "1.234567890123456789E+300"),
        ("1E+6000", "1E+6000"),
        ("-1E-6000", "-1E-6000"),
    ],
)
def test_every_number_is_written_as_a_number_with_all_its_digits(number: str, written: str) -> None:
    found = feel.exact([{"n": Decimal(number)}])
    assert isinstance(found, list)
    value = found[0]["n"]
    said = feel.json_number(value) if isinstance(value, Decimal) else json.dumps(value)
    assert said == written
    assert json.loads(said, parse_float=Decimal, parse_int=Decimal) == Decimal(number)


@given(_VALUES)
def test_but_for_such_numbers_exact_is_plain(value: Value) -> None:
    if not _has_numbers(value):
        assert feel.exact(value) == feel.plain(value)


def _has_numbers(value: object) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, Decimal) or any(map(_has_numbers, inner))
