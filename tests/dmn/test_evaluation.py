"""Decisions that require decisions, and boxed expressions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import dmn, feel
from engine.model.errors import NotFound
from tests.dmn.models import column, decision, file, formula, output, table, text

TABLE = table("UNIQUE", [column("Risk score", "number")], [output("level", "string")], [["> 10", '"high"'], ["<= 10", '"low"']])
GRAPH = file(
    '<inputData id="in" name="answers"/>',
    decision("score", formula("count(answers[item = true]) * weight"), ["$in"], name="Risk score"),
    decision("level", TABLE, ["score"], name="Risk level"),
    decision("days", formula('if Risk level = "high" then 3 else 14'), ["level", "score"]),
)


def test_what_a_decision_requires_is_decided_first() -> None:
    model = dmn.load(GRAPH)
    assert model.evaluate("days", {"answers": [True, True, False], "weight": 6}) == 3
    assert model.evaluate("days", {"answers": [True], "weight": 6}) == 14
    assert model.evaluate("Risk level", {"answers": [], "weight": 1}) == "low"


def test_a_decision_names_what_it_needs_and_gives() -> None:
    model = dmn.load(GRAPH)
    assert (model.id, model.name) == ("file", "File")
    assert list(model.decisions) == ["score", "level", "days"]
    assert model.decisions["days"].inputs == ("answers", "weight")
    assert model.decisions["level"].outputs == ("Risk level",)
    assert model.decisions["level"].name == "Risk level"


def test_an_evaluation_tells_which_rules_applied_and_why_a_value_is_null() -> None:
    outcome = dmn.load(GRAPH).evaluate_detail("days", {"answers": [True], "weight": 6})
    assert outcome.hits == (dmn.Hits("level", ("r2",)),)
    assert outcome.reasons == ()
    assert "One side of * is null." in dmn.load(GRAPH).evaluate_detail("score", {"answers": [], "weight": None}).reasons


def test_an_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFound, match="There is no decision other; there are days, level, score"):
        dmn.load(GRAPH).evaluate("other", {})


def test_two_decisions_of_one_name_are_told_apart_by_id() -> None:
    model = dmn.load(file(decision("a", formula("1"), name="same"), decision("b", formula("2"), name="same")))
    assert model.evaluate("b", {}) == 2
    with pytest.raises(NotFound):
        model.evaluate("same", {})


def test_a_decision_asked_for_twice_is_decided_once() -> None:
    chain = [decision("d0", formula("1"))]
    chain += [decision(f"d{n}", formula(f"d{n - 1} + d{n - 1}"), [f"d{n - 1}", f"d{n - 1}"]) for n in range(1, 30)]
    assert dmn.load(file(*chain)).evaluate("d29", {}) == 2**29


def test_now_is_the_moment_that_is_given() -> None:
    model = dmn.load(file(decision("d", formula("now()"))))
    moment = datetime(2026, 3, 31, tzinfo=UTC)
    assert model.evaluate("d", {}, now=moment) == moment


CONTEXT = (
    "<context><contextEntry><variable name='base fee'/>" + formula("10") + "</contextEntry>"
    "<contextEntry><variable name='total'/>" + formula("base fee * amount") + "</contextEntry>{}</context>"
)


def test_a_boxed_context_gives_its_entries_or_its_result() -> None:
    whole = dmn.load(file(decision("d", CONTEXT.format(""))))
    assert feel.plain(whole.evaluate("d", {"amount": 3})) == {"base fee": 10, "total": 30}
    assert whole.decisions["d"].inputs == ("amount",)
    last = f"<contextEntry>{formula('total + 1')}</contextEntry>"
    assert dmn.load(file(decision("d", CONTEXT.format(last)))).evaluate("d", {"amount": 3}) == 31


def test_a_boxed_list_and_relation_give_lists() -> None:
    boxed = f"<list>{formula('1')}{formula('x')}</list>"
    assert feel.plain(dmn.load(file(decision("d", boxed))).evaluate("d", {"x": 5})) == [1, 5]
    rows = f"<row>{formula('1')}{formula('x')}</row><row>{formula('2')}{formula('x + 1')}</row>"
    relation = f"<relation><column name='id'/><column name='n'/>{rows}</relation>"
    assert feel.plain(dmn.load(file(decision("d", relation))).evaluate("d", {"x": 5})) == [{"id": 1, "n": 5}, {"id": 2, "n": 6}]


FUNCTION = (
    "<businessKnowledgeModel id='fee' name='late fee'><encapsulatedLogic><formalParameter name='days'/><formalParameter name='rate'/>"
    + table("FIRST", [column("days", "number")], [output("fee")], [["> 10", "rate * 2"], ["-", "rate"]])
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def test_a_business_knowledge_model_is_a_function() -> None:
    model = dmn.load(file(FUNCTION, decision("d", formula("late fee(days: wait, rate: 5) + late fee(20, 5)"), ["@fee"])))
    assert model.evaluate("d", {"wait": 1}) == 15
    assert list(model.decisions) == ["d"]
    assert model.decisions["d"].inputs == ("wait",)


def test_a_boxed_invocation_calls_by_name() -> None:
    bindings = "".join(
        f"<binding><parameter name='{name}'/>{formula(expression)}</binding>" for name, expression in (("rate", "5"), ("days", "wait"))
    )
    model = dmn.load(file(FUNCTION, decision("d", f"<invocation>{formula('late fee')}{bindings}</invocation>", ["@fee"])))
    assert model.evaluate("d", {"wait": 11}) == 10


def test_calling_what_is_no_function_is_refused() -> None:
    model = dmn.load(file(decision("d", f"<invocation>{formula('x')}</invocation>")))
    with pytest.raises(dmn.DecisionError, match="x is not a function"):
        model.evaluate("d", {"x": 1})


def test_a_decision_is_held_to_the_type_of_its_variable() -> None:
    colour = "<itemDefinition name='colour'><typeRef>string</typeRef>" + text("allowedValues", '"red","green"') + "</itemDefinition>"
    many = "<itemDefinition name='colours' isCollection='true'><typeRef>colour</typeRef></itemDefinition>"
    model = dmn.load(
        file(
            colour,
            many,
            decision("one", formula("x"), variable="<variable name='one' typeRef='colour'/>"),
            decision("all", formula("x"), variable="<variable name='all' typeRef='colours'/>"),
            decision("day", formula("x"), variable="<variable name='day' typeRef='date'/>"),
        )
    )
    assert model.evaluate("one", {"x": "red"}) == "red"
    assert model.evaluate("all", {"x": ["red", "green"]}) == ["red", "green"]
    assert feel.text(model.evaluate("day", {"x": "2026-03-31"})) == "2026-03-31"
    assert model.evaluate("one", {"x": ["red"]}) == "red"
    assert model.evaluate("all", {"x": "red"}) == ["red"]
    for name, value in (("one", "blue"), ("all", ["red", "blue"]), ("day", 5)):
        outcome = model.evaluate_detail(name, {"x": value})
        assert outcome.value is None
        assert len(outcome.reasons) == 1


PERSON = (
    "<itemDefinition name='person'><itemComponent name='name'><typeRef>string</typeRef></itemComponent>"
    "<itemComponent name='born'><typeRef>date</typeRef></itemComponent></itemDefinition>"
)


def test_a_context_is_held_to_the_types_of_its_entries() -> None:
    model = dmn.load(file(PERSON, decision("d", formula("who"), variable="<variable name='d' typeRef='person'/>")))
    assert feel.text(model.evaluate("d", {"who": {"name": "Ana", "born": "1990-01-02"}})) == '{name: "Ana", born: 1990-01-02}'
    assert model.evaluate_detail("d", {"who": {"name": "Ana"}}).reasons == ("The decision d has no entry born.",)
    assert model.evaluate("d", {"who": {"name": 1, "born": None}}) is None


def test_an_input_is_held_to_the_type_that_it_declares() -> None:
    declared = "<inputData id='i' name='day'><variable name='day' typeRef='date'/></inputData>"
    model = dmn.load(file(declared, decision("d", formula('day + duration("P1D")'), ["$i"])))
    assert feel.text(model.evaluate("d", {"day": "2026-03-31"})) == "2026-04-01"
    assert model.evaluate_detail("d", {"day": 5}).reasons[0] == "The input day is a number where date is declared."


def test_a_boxed_conditional_chooses() -> None:
    boxed = f"<conditional><if>{formula('x > 1')}</if><then>{formula('1')}</then><else>{formula('2')}</else></conditional>"
    model = dmn.load(file(decision("d", boxed)))
    assert model.evaluate("d", {"x": 5}) == 1
    assert model.evaluate("d", {"x": None}) == 2
    assert model.decisions["d"].inputs == ("x",)


@pytest.mark.parametrize(
    ("kind", "inner", "body", "expected"),
    [
        ("for", "return", "x * 2 + count(partial)", [2, 5, 8]),
        ("some", "satisfies", "x > 2", True),
        ("every", "satisfies", "x > 2", False),
        ("every", "satisfies", "x > n", None),
    ],
)
def test_a_boxed_loop_goes_through_a_list(kind: str, inner: str, body: str, expected: object) -> None:
    boxed = f"<{kind} iteratorVariable='x'><in>{formula('xs')}</in><{inner}>{formula(body)}</{inner}></{kind}>"
    model = dmn.load(file(decision("d", boxed)))
    assert feel.plain(model.evaluate("d", {"xs": [1, 2, 3], "n": None})) == expected
    assert model.evaluate("d", {"xs": None, "n": 1}) is None


@pytest.mark.parametrize(("match", "expected"), [("n > 1", [{"n": 2}]), ("item.n = 1", [{"n": 1}]), ("2", {"n": 2})])
def test_a_boxed_filter_keeps_what_matches(match: str, expected: object) -> None:
    boxed = f"<filter><in>{formula('xs')}</in><match>{formula(match)}</match></filter>"
    assert feel.plain(dmn.load(file(decision("d", boxed))).evaluate("d", {"xs": [{"n": 1}, {"n": 2}]})) == expected


def test_a_decision_service_is_a_function_of_its_inputs() -> None:
    service = (
        "<decisionService id='s' name='fee for'><outputDecision href='#fee'/>"
        "<inputDecision href='#base'/><inputData href='#i'/></decisionService>"
    )
    model = dmn.load(
        file(
            "<inputData id='i' name='days'/>",
            service,
            decision("base", formula("100")),
            decision("fee", formula("base + days"), ["base", "$i"]),
            decision("d", formula("fee for(5, 10) + fee"), ["@s", "fee"]),
        )
    )
    assert model.evaluate("d", {"days": 1}) == 15 + 101
    assert model.decisions["d"].inputs == ("days",)


def test_a_function_has_types_for_what_it_takes_and_gives() -> None:
    function = (
        "<itemDefinition name='giver'><functionItem outputTypeRef='string'/></itemDefinition>"
        "<businessKnowledgeModel id='f' name='f'><variable name='f' typeRef='giver'/><encapsulatedLogic>"
        "<formalParameter name='a' typeRef='number'/>"
        + formula('if a = null then "none" else if a > 5 then 6 else "few"')
        + "</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )
    model = dmn.load(file(function, decision("d", formula("f(x)"), ["@f"])))
    assert [model.evaluate("d", {"x": x}) for x in (1, 9, "text")] == ["few", None, "none"]


def test_a_function_that_calls_itself_for_ever_is_stopped() -> None:
    loop = (
        "<businessKnowledgeModel id='f' name='f'><encapsulatedLogic><formalParameter name='g'/>"
        + formula("g(g)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )
    with pytest.raises(feel.FeelLimit):
        dmn.load(file(loop, decision("d", formula("f(f)"), ["@f"]))).evaluate("d", {})


def test_names_with_operators_are_known_from_the_file() -> None:
    model = dmn.load(file("<inputData id='i' name='risk-level'/>", decision("d", formula("risk-level + 1"), ["$i"])))
    assert model.evaluate("d", {"risk-level": 1}) == 2
