"""Two versions of a decision table, cell by cell."""

from __future__ import annotations

import pytest

from engine.dmn.compare import Unreadable, compare
from engine.model.compared import Facet, Mark
from tests.world import ROOT

TABLE = (ROOT / "processes/mediation/review-frequency.dmn").read_bytes()


def test_a_cell_is_a_facet_of_its_rule_under_the_title_of_its_column() -> None:
    (found,) = compare(TABLE, TABLE.replace(b"<text>3</text>", b"<text>4</text>"))
    assert (found.id, found.name, found.mark) == ("review_frequency_rule_1", "High intensity", Mark.CHANGED)
    assert found.facets == (Facet("Review intensity", "3", "4"),)


def test_the_hit_policy_and_what_a_column_looks_at_are_told() -> None:
    after = TABLE.replace(b'hitPolicy="FIRST"', b'hitPolicy="UNIQUE"').replace(b"then 0 else riskLevel", b"then 1 else riskLevel")
    found = {one.kind: one.facets for one in compare(TABLE, after)}
    assert found["table"] == (Facet("hitPolicy", "FIRST", "UNIQUE"),)
    assert [facet.key for facet in found["input"]] == ["inputExpression"]


def test_a_rule_that_is_taken_out_moves_those_below_it() -> None:
    start, end = TABLE.index(b'<rule id="review_frequency_rule_2">'), TABLE.index(b'<rule id="review_frequency_rule_3">')
    found = compare(TABLE, TABLE[:start] + TABLE[end:])
    assert [(one.id, one.mark) for one in found if one.mark is Mark.REMOVED] == [("review_frequency_rule_2", Mark.REMOVED)]
    assert all([facet.key for facet in one.facets] == ["place"] for one in found if one.mark is Mark.CHANGED)


@pytest.mark.parametrize("data", [b"<x", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        compare(TABLE, data)
