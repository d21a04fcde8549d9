"""Settings of a change, changed by the script of a diagram's room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import TOKEN, begin

Visit = Callable[[str], Visitor]


def put(visitor: Visitor, change: str, key: str, body: object) -> int:
    visitor.answer = visitor.client.put(f"{change}/settings/{key}", json=body, headers={"X-CSRF-Token": TOKEN})
    return visitor.answer.status_code


def test_a_setting_is_changed_in_the_pack_of_the_change_and_nowhere_else(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    before = tom.client.get(f"{change}/files/pack.toml").data
    assert put(tom, change, "answerDue", {"value": "P9D"}) == 200
    assert tom.answer is not None
    assert tom.answer.get_json() == {"file": "pack.toml", "revision": 1, "value": "P9D"}
    assert tom.client.get(f"{change}/files/pack.toml").data == before.replace(b'default = "P7D"', b'default = "P9D"')
    other = begin(tom)
    assert tom.client.get(f"{other}/files/pack.toml").data == before


@pytest.mark.parametrize("value", ["P31D", "PT1H", "soon", "", 7, True, None, [], {}, 1e999, 10**400, "x" * 5000])
def test_a_value_that_does_not_fit_is_refused_in_words(visit: Visit, value: object) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert put(tom, change, "answerDue", {"value": value}) == 422
    assert tom.answer is not None
    assert tom.answer.get_json()["message"].endswith(".")
    assert tom.client.get(f"{change}/files/pack.toml").get_etag() == ("0", False)


def test_what_is_no_setting_or_no_json_is_told_so(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert put(tom, change, "nothing", {"value": "P9D"}) == 404
    assert put(tom, change, "answerDue", []) == 400
    assert put(visit("lia"), change, "answerDue", {"value": "P9D"}) in (403, 404)
