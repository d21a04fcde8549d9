"""HTML form posts as JSON data: blank is absent, and what cannot be read is kept as typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine import forms
from engine.model.errors import FormInvalid
from engine.model.forms import Form, Mode
from tests.forms.building import YES, field, form, text


class Post(dict[str, list[str]]):
    """A multi-dict as web frameworks give it."""

    def getlist(self, key: str, /) -> list[str]:
        return self.get(key, [])

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()


def parsed(made: Form, **posted: str | list[str]) -> dict[str, object]:
    return forms.parse_html(made, Post({key: [v] if isinstance(v, str) else v for key, v in posted.items()}), Mode.SELF, lambda _: True)


@pytest.fixture
def made() -> Form:
    return form(
        {
            "line": text(),
            "count": field("integer"),
            "hours": field("number"),
            "sure": field("boolean"),
            "agree": field("boolean", **{"x-widget": "checkbox"}),
            "ticks": field("array", items={"type": "string", "oneOf": YES}),
            "rows": field("array", items={"type": "object", "properties": {"what": text(), "n": field("integer")}}),
            "place": field("object", properties={"street": text()}),
        }
    )


def test_every_kind_of_field_is_read(made: Form) -> None:
    data = parsed(
        made,
        **{
            "line": " a line ",
            "count": "3",
            "hours": "1,5",
            "sure": "no",
            "agree": "on",
            "ticks": ["yes", "no"],
            "rows-0-what": "first",
            "rows-0-n": "1",
            "rows-7-what": "second",
            "place.street": "High Street",
            "csrf_token": "secret",
        },
    )
    assert data == {
        "line": "a line",
        "count": 3,
        "hours": 1.5,
        "sure": False,
        "agree": True,
        "ticks": ["yes", "no"],
        "rows": [{"what": "first", "n": 1}, {"what": "second"}],
        "place": {"street": "High Street"},
    }
    assert forms.check(made, data, writable=lambda _: True).field_names


def test_blank_is_absent_and_a_box_that_is_not_ticked_is_false(made: Form) -> None:
    assert parsed(made, **{"line": " ", "count": "", "ticks": "", "rows-0-what": "", "place.street": ""}) == {"agree": False}


def test_what_cannot_be_read_stays_as_typed_and_is_told(made: Form) -> None:
    data = parsed(made, count="three", hours="1.5.2", sure="perhaps", agree="on")
    assert data == {"count": "three", "hours": "1.5.2", "sure": "perhaps", "agree": True}
    with pytest.raises(FormInvalid) as caught:
        forms.check(made, data, writable=lambda _: True)
    assert [error.path for error in caught.value.errors] == ["/count", "/hours", "/sure"]


def test_fields_that_are_not_for_this_person_are_not_read() -> None:
    made = form({"a": text(), "b": text(**{"x-class": "C6"}), "c": text(**{"x-only": "on-behalf"})})
    posted = Post({"a": ["1"], "b": ["2"], "c": ["3"]})
    assert forms.parse_html(made, posted, Mode.SELF, lambda cls: cls == "C3") == {"a": "1"}
    assert forms.parse_html(made, posted, Mode.ON_BEHALF, lambda cls: cls == "C3") == {"a": "1", "c": "3"}


def test_an_empty_form_begins_with_its_defaults() -> None:
    made = form(
        {
            "day": field("string", format="date", **{"x-autofill": "today"}),
            "at": field("string", format="date-time", **{"x-autofill": "now"}),
            "by": text(**{"x-autofill": "actor"}),
            "how": field("string", oneOf=YES, default="yes"),
            "rest": text(),
        }
    )
    now = datetime(2026, 11, 30, 14, 5, 6, tzinfo=UTC)
    start = forms.initial(made, now=now, actor="Ana", mode=Mode.SELF, writable=lambda _: True)
    assert start == {"day": "2026-11-30", "at": "2026-11-30T14:05", "by": "Ana", "how": "yes"}
    forms.check(made, start, writable=lambda _: True)
