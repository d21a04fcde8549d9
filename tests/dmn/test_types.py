"""Wherever a type can be declared, it holds: a value that is not allowed becomes null there (DMN 1.5, 7.3.3, 10.3.2.9.4)."""

from __future__ import annotations

import pytest

from engine import dmn, feel
from tests.dmn.models import column, decision, file, formula, output, table, text

COLOUR = "<itemDefinition name='colour'><typeRef>string</typeRef>" + text("allowedValues", '"red", "green"') + "</itemDefinition>"
TYPES = (
    COLOUR,
    "<itemDefinition name='shade'><typeRef>colour</typeRef></itemDefinition>",
    "<itemDefinition name='side'><typeRef>colour</typeRef>" + text("allowedValues", '"left"') + "</itemDefinition>",
    "<itemDefinition name='colours' isCollection='true'><typeRef>colour</typeRef></itemDefinition>",
    "<itemDefinition name='car'><itemComponent name='paint'><typeRef>colour</typeRef></itemComponent></itemDefinition>",
    "<itemDefinition name='cars' isCollection='true'><typeRef>car</typeRef></itemDefinition>",
    "<itemDefinition name='giver'><functionItem outputTypeRef='colour'><parameters name='a'/></functionItem></itemDefinition>",
    "<itemDefinition name='taker'><functionItem><parameters name='x' typeRef='colour'/></functionItem></itemDefinition>",
)
X = formula("x")


def binding(logic: str, attributes: str = "") -> str:
    """An invocation of the identity with one argument."""
    return f"<invocation {attributes}>{formula('function(a) a')}<binding>{logic}</binding></invocation>"


def function(tag: str, attributes: str = "", parameter: str = "") -> str:
    """A function that gives back what it takes."""
    return f"<{tag} {attributes}><formalParameter name='a' {parameter}/>{formula('a')}</{tag}>"


def model(typed: str, variable: str = "", more: str = "", requires: tuple[str, ...] = ()) -> dmn.DecisionModel:
    """A model of one decision d over the input x."""
    return dmn.load(file(*TYPES, more, decision("d", typed, requires, variable=variable)))


def knowledge(attributes: str = "", variable: str = "", parameter: str = "") -> str:
    """A business knowledge model f."""
    inner = function("encapsulatedLogic", attributes, parameter)
    return f"<businessKnowledgeModel id='f' name='f'><variable name='f' {variable}/>{inner}</businessKnowledgeModel>"


CALL = formula("f(x)")
CASES = {
    "the decision": (X, "<variable name='d' typeRef='colour'/>", "", ()),
    "a type made of another": (X, "<variable name='d' typeRef='shade'/>", "", ()),
    "a literal expression": (formula("x", "typeRef='colour'"), "", "", ()),
    "a parameter of knowledge": (CALL, "", knowledge(parameter="typeRef='colour'"), ("@f",)),
    "a result of knowledge": (CALL, "", knowledge("typeRef='giver'"), ("@f",)),
    "the variable of knowledge": (CALL, "", knowledge(variable="typeRef='giver'"), ("@f",)),
    "a parameter of a boxed function": (CALL, "", decision("f", function("functionDefinition", parameter="typeRef='colour'")), ("f",)),
    "a result of a boxed function": (CALL, "", decision("f", function("functionDefinition", "typeRef='giver'")), ("f",)),
    "a parameter of a function in FEEL": (formula("(function(a: colour) a)(x)"), "", "", ()),
    "an argument of an invocation": (binding("<parameter name='a' typeRef='colour'/>" + X), "", "", ()),
    "a result of an invocation": (binding("<parameter name='a'/>" + X, "typeRef='colour'"), "", "", ()),
    "a table": (table("FIRST", [], [output("o")], [["x"]]).replace("<decisionTable", "<decisionTable typeRef='colour'"), "", "", ()),
    "an output": (table("FIRST", [], [output("o", "colour")], [["x"]]), "", "", ()),
    "a result of a rule": (table("FIRST", [], [output("o")], [["x"]]).replace("<outputEntry", "<outputEntry typeRef='colour'"), "", "", ()),
    "the values of an output": (table("FIRST", [], [output("o", "", '"red"')], [["x"]]), "", "", ()),
    "the type of an input": (table("FIRST", [column("x", "colour")], [output("o")], [["null", "null"], ["-", "x"]]), "", "", ()),
}


@pytest.mark.parametrize("case", CASES)
def test_a_declared_type_lets_through_what_it_allows_and_nothing_else(case: str) -> None:
    made = model(*CASES[case])
    assert made.evaluate("d", {"x": "red"}) == "red"
    for wrong in ("blue", 5):
        outcome = made.evaluate_detail("d", {"x": wrong})
        assert outcome.value is None
        assert len(outcome.reasons) == 1


@pytest.mark.parametrize(
    ("typed", "variable", "given", "expected"),
    [
        ("<list>" + formula("x", "typeRef='colour'") + "</list>", "", "blue", [None]),
        ("<list typeRef='colours'>" + X + "</list>", "", "blue", None),
        ("<context><contextEntry><variable name='p' typeRef='colour'/>" + X + "</contextEntry></context>", "", "blue", {"p": None}),
        ("<context typeRef='car'><contextEntry><variable name='paint'/>" + X + "</contextEntry></context>", "", "blue", None),
        ("<context typeRef='car'><contextEntry><variable name='paint'/>" + X + "</contextEntry></context>", "", "red", {"paint": "red"}),
        ("<relation><column name='c' typeRef='colour'/><row>" + X + "</row></relation>", "", "blue", [{"c": None}]),
        ("<relation typeRef='cars'><column name='paint'/><row>" + X + "</row></relation>", "", "blue", None),
        ("<relation typeRef='cars'><column name='paint'/><row>" + X + "</row></relation>", "", "red", [{"paint": "red"}]),
        (X, "<variable name='d' typeRef='colours'/>", ["red", "green"], ["red", "green"]),
        (X, "<variable name='d' typeRef='colours'/>", ["red", "blue"], None),
        (X, "<variable name='d' typeRef='colours'/>", "red", ["red"]),
        (X, "<variable name='d' typeRef='colours'/>", None, None),
        (X, "<variable name='d' typeRef='colour'/>", ["red"], "red"),
        (X, "<variable name='d' typeRef='side'/>", "left", "left"),
        (X, "<variable name='d' typeRef='side'/>", "red", None),
        (X, "<variable name='d' typeRef='car'/>", {"paint": "red", "doors": 5}, {"paint": "red", "doors": 5}),
        (X, "<variable name='d' typeRef='car'/>", {"doors": 5}, None),
        (formula("x instance of colour"), "", "blue", True),
        (formula("x instance of colour"), "", 5, False),
        (formula("x instance of car"), "", {"paint": "blue"}, True),
        (formula("x instance of list<car>"), "", [{"paint": 5}], False),
        (formula("x instance of colours"), "", ["red"], True),
    ],
)
def test_types_of_lists_contexts_and_relations(typed: str, variable: str, given: object, expected: object) -> None:
    assert feel.plain(model(typed, variable).evaluate("d", {"x": given})) == expected


def service(attributes: str = "", inputs: str = "<inputData href='#i'/>") -> str:
    """A decision service s over echo, and what it needs."""
    return (
        "<inputData id='i' name='x'/>"
        + decision("given", formula('"never"'))
        + decision("echo", formula("x"), ["$i"])
        + decision("both", formula('x + " " + given'), ["$i", "given"])
        + f"<decisionService id='s' name='s'><variable name='s' {attributes}/><outputDecision href='#echo'/>{inputs}</decisionService>"
        + "<decisionService id='t' name='t'><outputDecision href='#both'/><inputDecision href='#given'/>"
        + "<inputData href='#i'/></decisionService>"
        + "<decisionService id='u' name='u'><outputDecision href='#echo'/><outputDecision href='#both'/><inputDecision href='#given'/>"
        + "<inputData href='#i'/></decisionService>"
    )


@pytest.mark.parametrize("attributes", ["typeRef='giver'", "typeRef='taker'"])
def test_a_decision_service_holds_what_it_takes_and_gives_to_its_type(attributes: str) -> None:
    made = dmn.load(file(*TYPES, service(attributes)))
    assert made.evaluate("s", {"x": "red"}) == "red"
    assert made.evaluate("s", {"x": "blue"}) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('t("A", "B")', "A B"),
        ('t(given: "B", x: "A")', "A B"),
        ('t(other: "B", x: "A")', None),
        ('t("A")', None),
        ("s()", None),
        ('s("A")', "A"),
        ('u("A", "B")', {"echo": "A", "both": "A B"}),
        ('{inside: t("A", "B"), outside: x, decided: given}', {"inside": "A B", "outside": "me", "decided": "never"}),
        ('{outside: x, decided: given, inside: t("A", "B")}', {"outside": "me", "decided": "never", "inside": "A B"}),
    ],
)
def test_a_decision_service_decides_from_what_it_is_given_alone(expression: str, expected: object) -> None:
    made = dmn.load(file(*TYPES, service(), decision("d", formula(expression), ["@s", "@t", "@u", "given", "$i"])))
    assert feel.plain(made.evaluate("d", {"x": "me"})) == expected


def test_a_decision_service_can_be_asked_by_name_with_the_decisions_it_takes() -> None:
    made = dmn.load(file(*TYPES, service()))
    assert made.evaluate("t", {"x": "A", "given": "B"}) == "A B"
    assert made.evaluate("t", {"x": "A"}) is None


def test_functions_are_values_that_keep_what_they_saw() -> None:
    made = dmn.load(
        file(
            "<businessKnowledgeModel id='f' name='f'><encapsulatedLogic><formalParameter name='a'/>"
            + formula("function(b) function(c) a * b * c")
            + "</encapsulatedLogic></businessKnowledgeModel>",
            decision("twice", formula("function(g, v) g(g(v))")),
            decision("d", formula("f(2)(3)(4) + twice(function(v) v * a, 5)"), ["@f", "twice"]),
        )
    )
    assert made.evaluate("d", {"a": 10}) == 24 + 500


def test_an_element_without_an_id_goes_by_its_name() -> None:
    made = dmn.load(file(f"<decision name='rate'>{formula('x')}</decision>"))
    assert made.evaluate("rate", {"x": 3}) == 3
