"""What a pack answers at run time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine import packs
from engine.feel import iso_duration
from engine.model.errors import Invalid
from engine.model.packs import Pack, ValueType, VariableRule


def test_a_lane_has_the_role_that_the_pack_gives_it(library: Pack) -> None:
    role = packs.role_of_lane(library, "Desk")
    assert role is not None
    assert role.key == "librarian"
    assert packs.role_of_lane(library, "Attic") is None
    assert packs.role_of_lane(library, None) is None


def test_the_first_deadline_rule_that_fits_is_taken(library: Pack) -> None:
    special = packs.deadline_rule(library, "loan", "answer-terms")
    standard = packs.deadline_rule(library, "loan", "check-return")
    assert special is not None
    assert standard is not None
    assert (special.key, standard.key) == ("terms", "standard")


def test_settings_are_values_and_a_program_may_change_them_within_bounds(library: Pack) -> None:
    values = packs.settings_values(library)
    assert (values["answerDue"], values["checkDue"]) == (iso_duration("P7D"), iso_duration("P2D"))
    assert values.keys() == library.settings.keys()
    assert packs.settings_values(library, {"answerDue": "P30D"})["answerDue"] == iso_duration("P30D")


@pytest.mark.parametrize("value", ["P31D", "PT1H", "P1M", "soon", 7, None, ["P7D"], "-P7D"])
def test_a_setting_out_of_bounds_or_of_another_type_is_refused(library: Pack, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        packs.settings_values(library, {"answerDue": value})
    assert [error.path for error in caught.value.errors] == ["/answerDue"]


def test_a_setting_that_does_not_exist_is_refused(library: Pack) -> None:
    with pytest.raises(Invalid) as caught:
        packs.settings_values(library, {"a/b": 1})
    assert [error.path for error in caught.value.errors] == ["/a~1b"]


def test_variables_from_outside_get_their_declared_types(library: Pack) -> None:
    assert packs.typed_variables(library, {"dueBack": "2026-11-30", "damaged": None, "terms": "accepted"}) == {
        "dueBack": date(2026, 11, 30),
        "damaged": None,
        "terms": "accepted",
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("secret", "x", "undeclared-variable"),
        ("damaged", "yes", "variable-type"),
        ("dueBack", "tomorrow", "variable-type"),
        ("terms", "x" * 201, "variable-too-long"),
        ("terms", "a\x00b", "variable-too-long"),
        ("terms", "\ud800", "variable-too-long"),
        ("damaged", float("nan"), "bad-value"),
        ("damaged", [float("inf")], "bad-value"),
    ],
)
def test_a_variable_that_may_not_exist_is_refused(library: Pack, name: str, value: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        packs.typed_variables(library, {name: value})
    assert [(error.path, error.code) for error in caught.value.errors] == [(f"/{name}", code)]


def test_long_text_does_not_hide_inside_lists_and_contexts(library: Pack) -> None:
    pack = replace(library, variables={"parts": VariableRule("parts", ValueType.LIST, "Parts", False, {})})
    deep: object = "x"
    for _ in range(20):
        deep = [deep]
    assert packs.variable_problems(pack, {"parts": [{"a": ["short"]}, Decimal(1)]}) == ()
    for value in ([{"a": ["x" * 201]}], [{"k" * 201: 1}], [0] * 1001, [deep]):
        assert [error.code for error in packs.variable_problems(pack, {"parts": value})] == ["variable-too-long"]


def test_a_variable_takes_declared_codes_and_no_free_text(library: Pack) -> None:
    def codes(**given: object) -> list[str]:
        return [problem.code for problem in packs.variable_problems(library, given)]

    assert codes(terms="accepted", bookClass="sturdy") == []
    assert codes(terms="CANARY") == ["variable-code"]
    free = replace(library, variables={"note": replace(library.variables["terms"], key="note", values={})})
    assert [p.code for p in packs.variable_problems(free, {"note": "he said"})] == ["variable-free-text"]
    assert packs.variable_problems(free, {"note": "2026-0001/a"}) == ()
