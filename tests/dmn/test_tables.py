"""Decision tables and their hit policies (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import dmn, feel
from tests.dmn.models import column, decision, file, output, table, text

AGE = [column("age", "number")]
ROWS = [["< 18", '"child"', "1"], ["[16..65]", '"adult"', "2"], ["> 60", '"senior"', "3"], ["> 60", '"senior"', "3"]]


def one(hit_policy: str, rows: list[list[str]], outputs: list[str] | None = None, inputs: list[str] | None = None) -> dmn.DecisionModel:
    """A model of one table named d."""
    return dmn.load(file(decision("d", table(hit_policy, inputs or AGE, outputs or [output("group")], rows))))


def groups(hit_policy: str, age: object, outputs: list[str] | None = None) -> object:
    """What a table over ages gives, as plain values."""
    columns = outputs or [output("group", "string", '"senior","adult","child"')]
    rows = [row[: 1 + len(columns)] for row in ROWS]
    return feel.plain(one(hit_policy, rows, columns).evaluate("d", {"age": age}))


@pytest.mark.parametrize(
    ("hit_policy", "age", "expected"),
    [
        ("UNIQUE", 10, "child"),
        ("UNIQUE", None, None),
        ("FIRST", 17, "child"),
        ("FIRST", 62, "adult"),
        ("ANY", 70, "senior"),
        ("ANY", 30, "adult"),
        ("PRIORITY", 17, "adult"),
        ("PRIORITY", 62, "senior"),
        ("RULE ORDER", 62, ["adult", "senior", "senior"]),
        ("RULE ORDER", -1, ["child"]),
        ("OUTPUT ORDER", 17, ["adult", "child"]),
        ("OUTPUT ORDER", 62, ["senior", "senior", "adult"]),
        ("COLLECT", 17, ["child", "adult"]),
        ("COLLECT", None, []),
    ],
)
def test_the_hit_policy_decides_what_is_given(hit_policy: str, age: object, expected: object) -> None:
    assert groups(hit_policy, age) == expected


@pytest.mark.parametrize(
    ("aggregation", "age", "expected"),
    [("SUM", 62, 8), ("MIN", 62, 2), ("MAX", 62, 3), ("COUNT", 62, 3), ("SUM", None, None), ("MIN", None, None), ("COUNT", None, 0)],
)
def test_collected_outputs_can_be_folded(aggregation: str, age: object, expected: object) -> None:
    model = one(f"COLLECT+{aggregation}", [[row[0], row[2]] for row in ROWS], [output("weight", "number")])
    assert feel.plain(model.evaluate("d", {"age": age})) == expected


def test_a_unique_table_with_two_hits_names_the_rules() -> None:
    with pytest.raises(dmn.DecisionError, match=r"rules 1 \(r1\), 2 \(r2\)") as caught:
        groups("UNIQUE", 17)
    assert caught.value.decision == "d"
    assert caught.value.rules == ("r1", "r2")


def test_an_any_table_whose_hits_differ_names_the_rules() -> None:
    with pytest.raises(dmn.DecisionError, match="same result") as caught:
        groups("ANY", 17)
    assert caught.value.rules == ("r1", "r2")


def test_several_outputs_are_a_context() -> None:
    outputs = [output("group", "string", '"senior","adult","child"'), output("weight", "number")]
    assert groups("FIRST", 10, outputs) == {"group": "child", "weight": 1}
    assert groups("COLLECT", 17, outputs) == [{"group": "child", "weight": 1}, {"group": "adult", "weight": 2}]


def test_priorities_of_several_outputs_count_from_the_left() -> None:
    outputs = [output("a", "", '"x","y"'), output("b", "", "2, 1")]
    rows = [["-", '"y"', "2"], ["-", '"x"', "1"], ["-", '"x"', "2"]]
    model = one("OUTPUT ORDER", rows, outputs)
    assert feel.plain(model.evaluate("d", {"age": 1})) == [{"a": "x", "b": 2}, {"a": "x", "b": 1}, {"a": "y", "b": 2}]


@pytest.mark.parametrize(("hit_policy", "expected"), [("UNIQUE", "none"), ("COLLECT", ["none"])])
def test_defaults_count_when_no_rule_applies(hit_policy: str, expected: object) -> None:
    model = one(hit_policy, [["> 5", '"big"']], [output("size", "string", default='"none"')])
    assert model.evaluate("d", {"age": 1}) == expected
    assert model.evaluate("d", {"age": 6}) in ("big", ["big"])


def test_an_empty_condition_always_holds_and_an_empty_result_is_null() -> None:
    model = one("FIRST", [["", ""], ["-", "1"]])
    assert model.evaluate("d", {"age": 1}) is None
    assert model.evaluate_detail("d", {"age": 1}).hits == (dmn.Hits("d", ("r1",)),)


def test_cells_see_variables_and_the_tested_value() -> None:
    rows = [["> limit", '"over " + name'], ["? = limit", '"at"'], ["not(> limit)", '"under"']]
    model = one("FIRST", rows)
    assert model.evaluate("d", {"age": 9, "limit": 5, "name": "it"}) == "over it"
    assert model.evaluate("d", {"age": 5, "limit": 5, "name": "it"}) == "at"
    assert model.evaluate("d", {"age": 1, "limit": 5, "name": "it"}) == "under"


def test_an_input_outside_its_allowed_values_is_null() -> None:
    model = one("FIRST", [['"blue"', "3"], ["null", "2"], ["-", "1"]], inputs=[column("colour", "string", '"red","green"')])
    assert model.evaluate("d", {"colour": "red"}) == 1
    outcome = model.evaluate_detail("d", {"colour": "blue"})
    assert outcome.value == 2
    assert outcome.reasons == ('The input colour is not among its allowed values ("red","green").',)


def test_an_output_outside_its_values_is_null() -> None:
    model = one("FIRST", [["-", "colour"]], [output("size", "string", '"big"')])
    assert model.evaluate("d", {"age": 1, "colour": "big"}) == "big"
    outcome = model.evaluate_detail("d", {"age": 1, "colour": "blue"})
    assert outcome.value is None
    assert outcome.reasons == ('The output size of rule 1 is not among its allowed values ("big").',)


def test_a_value_of_another_type_is_null_with_the_reason() -> None:
    outcome = one("FIRST", [["null", "1"]]).evaluate_detail("d", {"age": "old"})
    assert outcome.value == 1
    assert outcome.reasons == ("The input age is a string where number is declared.",)
    outcome = one("FIRST", [["-", "age"]], [output("group", "string")]).evaluate_detail("d", {"age": 1})
    assert outcome.value is None
    assert outcome.reasons == ("The output group of rule 1 is a number where string is declared.",)


def test_a_text_is_read_as_the_date_that_is_declared() -> None:
    model = one("FIRST", [['>= date("2026-03-31")', '"late"'], ["-", '"early"']], inputs=[column("when", "date")])
    assert model.evaluate("d", {"when": "2026-04-01"}) == "late"
    assert model.evaluate("d", {"when": "2026-01-01"}) == "early"
    assert "cannot be read as date" in model.evaluate_detail("d", {"when": "tomorrow"}).reasons[0]


def test_inputs_are_expressions() -> None:
    model = one("UNIQUE", [["> 10", "true"], ["<= 10", "false"]], inputs=[column("sum(items.price) + base cost")])
    assert model.evaluate("d", {"items": [{"price": 4}, {"price": 5}], "base cost": 2}) is True


def test_a_table_that_takes_too_much_is_stopped() -> None:
    model = one("FIRST", [["for i in 1..1000, j in 1..1000, k in 1..1000 return i", "1"]])
    with pytest.raises(feel.FeelLimit):
        model.evaluate("d", {"age": 1})


def test_a_large_table_is_within_the_budget() -> None:
    rows = [[str(place), str(place * 2)] for place in range(1, 3001)]
    assert one("UNIQUE", rows).evaluate("d", {"age": 3000}) == Decimal(6000)


def test_the_values_that_a_type_allows_are_priorities_as_well() -> None:
    grade = "<itemDefinition name='grade'><typeRef>string</typeRef>" + text("allowedValues", '"gold", "tin"') + "</itemDefinition>"
    rows = [["-", '"tin"'], ["-", '"gold"']]
    made = dmn.load(file(grade, decision("d", table("PRIORITY", AGE, [output("g", "grade")], rows))))
    assert made.evaluate("d", {"age": 1}) == "gold"
