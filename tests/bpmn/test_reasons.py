"""A step that cannot be taken says why in words of the drawing, never with what the variables hold."""

from __future__ import annotations

import pytest

from tests.bpmn.drawing import end, process, script, start, tag, xor
from tests.dmn.models import column, decision, file, formula, output, table

SECRET = "told in confidence"


def why(story) -> str:
    """The message of the only fault."""
    (fault,) = story.turn.faults
    assert SECRET not in fault.message
    return fault.message


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("amount = 1", "The condition of flow x_b is false. There is no variable amount."),
        ("note > 1", "The condition of flow x_b is null. string > number does not compare."),
        ("note", "The condition of flow x_b is a string, not true or false."),
        ("date(note)", "The condition of flow x_b is null. date() was given a text that it cannot read."),
        ("1 = 2", "draw a way that is taken when no other fits."),
    ],
)
def test_a_choice_without_an_answer_says_which_condition_was_neither_true_nor_false(tell, condition: str, reason: str) -> None:
    drawn = process(start(), xor("x"), end("b"), end("c"), go=f"start > x > b [{condition}]; x > c [false]")
    assert why(tell(drawn, given={"note": SECRET})).endswith(reason)


def test_a_script_that_gives_no_context_says_what_it_gave_and_why(tell) -> None:
    drawn = process(start(), script("k", "total + 1"), end(), go="start > k > end")
    assert why(tell(drawn)).endswith("it gave null. There is no variable total. One side of + is null.")
    drawn = process(start(), script("k", "note"), end(), go="start > k > end")
    assert why(tell(drawn, given={"note": SECRET})).endswith("it gave a string.")


RATE = table("UNIQUE", [column("n", "number", "[0..100]")], [output("pace", "string")], [["< 10", '"slow"'], [">= 5", '"fast"']])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"n": 7}, "The table of base allows one rule to apply, but rules 1 (r1), 2 (r2) do; make their conditions exclude each other."),
        ({"n": 700}, "The input n is not among its allowed values ([0..100])."),
        ({"n": SECRET}, "The input n is a string where number is declared."),
    ],
)
def test_a_decision_without_an_answer_names_its_table_and_the_rules_or_the_value(tell, given, reason: str) -> None:
    model = file(decision("base", RATE), decision("rate", formula("base"), ["base"]))
    drawn = process(start(), tag("businessRuleTask", "r", decision="rate", result="pace"), end(), go="start > r > end")
    message = why(tell(drawn, given=given, decisions={"rate": model}))
    assert message == f"The decision rate gives no answer: {reason}"


def test_a_decision_to_which_no_rule_applies_gives_null_and_the_process_goes_on(tell) -> None:
    rate = table("UNIQUE", [column("n")], [output("pace")], [["< 10", '"slow"']])
    drawn = process(start(), tag("businessRuleTask", "r", decision="rate", result="pace"), end(), go="start > r > end")
    story = tell(drawn, decisions={"rate": file(decision("rate", rate))})
    assert (story.state, story.value("pace")) == ("completed", None)
