"""Decision files made to harm: each is refused or stopped, none takes long, none ends in anything but a sentence."""

from __future__ import annotations

import pytest

from engine import dmn, feel
from engine.model.errors import ModelRefused
from tests.dmn.models import column, decision, file, formula, output, table


def codes(xml: bytes) -> set[str]:
    """The codes of the problems for which a file is refused."""
    with pytest.raises(ModelRefused) as caught:
        dmn.load(xml)
    return {problem.code for problem in caught.value.problems}


def typed(*types: str) -> bytes:
    """A file of these types, whose decision has the type t0."""
    return file(*types, decision("d", formula("1"), variable="<variable name='d' typeRef='t0'/>"))


def test_a_table_that_is_too_large_is_refused() -> None:
    rows = [["> 1"] * 20 + ["1"]] * 10_000
    assert codes(file(decision("d", table("FIRST", [column(f"x{n}") for n in range(20)], [output("o")], rows)))) == {"file-too-large"}
    small = "<rule><inputEntry><text/></inputEntry><outputEntry><text/></outputEntry></rule>" * 11_000
    logic = f"<decisionTable><input><inputExpression><text>x</text></inputExpression></input><output/>{small}</decisionTable>"
    assert codes(file(decision("d", logic))) == {"dmn-too-large"}


def test_types_made_of_each_other_without_end_are_refused_at_once() -> None:
    chain = [f"<itemDefinition name='t{n}'><typeRef>t{n + 1}</typeRef></itemDefinition>" for n in range(3_000)]
    assert codes(typed(*chain)) == {"dmn-type"}
    twice = "<itemDefinition name='t{0}'><itemComponent name='a'><typeRef>t{1}</typeRef></itemComponent><itemComponent name='b'><typeRef>t{1}</typeRef></itemComponent></itemDefinition>"  # noqa: E501
    assert codes(typed(*(twice.format(n, n + 1) for n in range(60)))) == {"dmn-type"}
    wide = [twice.format(n, n + 1) for n in range(30)] + ["<itemDefinition name='t30'><typeRef>string</typeRef></itemDefinition>"]
    made = dmn.load(file(*wide, decision("d", formula("x instance of t0"))))
    assert made.evaluate("d", {"x": {"a": 1}}) is False


def test_boxes_within_boxes_are_read_or_refused() -> None:
    def nested(depth: int) -> bytes:
        return file(decision("d", "<list>" * depth + formula("1") + "</list>" * depth))

    assert dmn.load(nested(90)).decisions.keys() == {"d"}
    assert codes(nested(5_000)) == {"xml-malformed"}


@pytest.mark.parametrize(
    "logic",
    [
        "<for iteratorVariable='i'><in>" + formula("for a in 1..900 return a") + "</in><return>" + formula("partial") + "</return></for>",
        formula("for i in 1..1000, j in 1..1000, k in 1..1000 return 1"),
        formula("for i in 1..1000000000000 return i"),
        formula("{f: function(n) f(n + 1), r: f(1)}.r"),
        formula('for i in 1..60 return if i = 1 then "aaaaaaaaaaaaaaaa" else partial[-1] + partial[-1]'),
        formula('matches("' + "a" * 3_000 + '!", "(a|aa)+$")'),
        table("FIRST", [column("x")], [output("o")], [["distinct values(for i in 1..90000 return i)", "1"]]),
    ],
)
def test_a_decision_that_takes_too_much_is_stopped(logic: str) -> None:
    with pytest.raises(feel.FeelLimit):
        dmn.load(file(decision("d", logic))).evaluate("d", {"x": 1})


def test_values_that_double_in_each_decision_are_stopped() -> None:
    chain = [decision("d0", formula("[1]"))] + [decision(f"d{n}", formula(f"[d{n - 1}, d{n - 1}]"), [f"d{n - 1}"]) for n in range(1, 35)]
    with pytest.raises(feel.FeelLimit):
        dmn.load(file(*chain)).evaluate("d34", {})


@pytest.mark.parametrize("name", ["if x", "a-b", "Größe der Änderung", "名前", "time and place", "x/y * 2", "it's", "🐎 count"])
def test_names_of_any_kind_are_read(name: str) -> None:
    escaped = name.replace("'", "&apos;")
    made = dmn.load(file(f"<inputData id='i' name='{escaped}'/>", decision("d", formula(f"{name} + 1"), ["$i"])))
    assert made.evaluate("d", {name: 1}) == 2


@pytest.mark.parametrize(
    "xml", [b"", b"\0" * 10, bytes(range(256)), b'<?xml version="1.0" encoding="nope"?><a/>', b"<a", "ä".encode("latin-1")]
)
def test_what_is_no_xml_is_refused(xml: bytes) -> None:
    assert codes(xml) == {"xml-malformed"}
