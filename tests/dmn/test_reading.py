"""What is refused of a DMN file, with the element named."""

from __future__ import annotations

import pytest

from engine import dmn
from engine.dmn.reading import MAX_BYTES
from engine.dmn.xml import NAMESPACES
from engine.model.errors import ModelRefused
from tests.dmn.models import column, decision, file, formula, output, table, text

GOOD = table("UNIQUE", [column("x")], [output("y")], [["1", "2"]])


def refused(xml: bytes) -> set[tuple[str | None, str]]:
    """Element and code of every problem."""
    with pytest.raises(ModelRefused) as caught:
        dmn.load(xml, "fees.dmn")
    assert {problem.file for problem in caught.value.problems} == {"fees.dmn"}
    assert all(problem.message.endswith((".", ")")) for problem in caught.value.problems)
    return {(problem.element_id, problem.code) for problem in caught.value.problems}


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    assert dmn.load(file(decision("d", GOOD), namespace=namespace)).evaluate("d", {"x": 1}) == 2


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "xml-malformed"),
        (b"\x00\xff", "xml-malformed"),
        (b"<definitions>", "xml-malformed"),
        (b"<definitions/>", "dmn-unknown"),
        (b'<html xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "dmn-unknown"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "xml-doctype"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "xml-doctype"),
        (b" " * (MAX_BYTES + 1), "file-too-large"),
        (b"<a>" * 5000, "xml-malformed"),
        (file(), "dmn-empty"),
    ],
)
def test_a_file_that_is_no_model_is_refused(xml: bytes, code: str) -> None:
    assert code in {found for _, found in refused(xml)}


def test_an_entity_bomb_is_refused_quickly() -> None:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    assert refused(f"<!DOCTYPE d [{entities}]><d>&a11;</d>".encode()) <= {(None, "xml-doctype"), (None, "xml-malformed")}


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        (file(decision("d", "")), ("d", "dmn-no-logic")),
        (file(decision("", GOOD)), (None, "dmn-id-missing")),
        (file(decision("d", GOOD), decision("d", GOOD)), ("d", "dmn-id-twice")),
        (file(decision("d", GOOD, ["missing"])), ("d", "dmn-reference")),
        (file(decision("d", formula(""))), ("d", "dmn-no-expression")),
        (file(decision("d", formula("1 +", 'id="f"'))), ("f", "expression-syntax")),
        (file(decision("d", formula("(" * 200))), ("d", "expression-limit")),
        (file(decision("d", formula("1", 'expressionLanguage="http://example.org/groovy"'))), ("d", "dmn-language")),
        (file(decision("d", "<conditional id='c'/>")), ("c", "dmn-no-logic")),
        (file(decision("d", f"<for id='f'><in>{formula('xs')}</in><return>{formula('1')}</return></for>")), ("f", "dmn-no-name")),
        (file(decision("d", "<functionDefinition id='f' kind='Java'/>")), ("f", "dmn-external")),
        (file(decision("d", table("UNIQUE", [column("x", "number")], [output("y")], [["y > 1", "2"]]))), ("r1-in1", "dmn-condition")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y", "number")], [["1", '"2"']]))), ("r1-out1", "dmn-cell-type")),
        (file("<decisionService id='s' name='s'/>", decision("d", GOOD)), ("s", "dmn-no-logic")),
        (file("<decisionService id='s'><outputDecision href='#no'/></decisionService>", decision("d", GOOD)), ("s", "dmn-reference")),
        (file(decision("d", GOOD.replace("UNIQUE", "BEST"))), ("table", "dmn-hit-policy")),
        (file(decision("d", GOOD.replace('"UNIQUE"', '"COLLECT" aggregation="AVERAGE"'))), ("table", "dmn-aggregation")),
        (file(decision("d", GOOD.replace('"UNIQUE"', '"UNIQUE" aggregation="SUM"'))), ("table", "dmn-aggregation")),
        (file(decision("d", GOOD.replace("UNIQUE", "PRIORITY"))), ("table", "dmn-no-priorities")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y")], [["[1..", "2"]]))), ("r1-in1", "expression-syntax")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y")], [["1", "2 +"]]))), ("r1-out1", "expression-syntax")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y")], [["1"]]))), ("r1", "dmn-row")),
        (file(decision("d", table("UNIQUE", [column("x")], [], [["1"]]))), ("table", "dmn-no-output")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y"), output("y")], []))), ("table", "dmn-output-names")),
        (file(decision("d", table("UNIQUE", [column("")], [output("y")], []))), ("in-", "dmn-no-expression")),
        (file(decision("d", table("UNIQUE", [column("x", "colour")], [output("y")], []))), ("in-x", "dmn-type")),
        (file(decision("d", table("UNIQUE", [column("x", "", '"a",')], [output("y")], []))), ("in-x", "expression-syntax")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y", "", "1,")], []))), ("out-y", "expression-syntax")),
        (file(decision("d", table("UNIQUE", [column("x")], [output("y", default="(")], []))), ("out-y", "expression-syntax")),
        (file("<import namespace='urn:other' importType='x'/>", decision("d", GOOD)), (None, "dmn-import")),
        (file(decision("d", "<relation id='r'><column name='a'/><row/></relation>")), ("r", "dmn-row")),
    ],
)
def test_what_cannot_mean_anything_is_refused_with_its_element(xml: bytes, problem: tuple[str | None, str]) -> None:
    assert problem in refused(xml)


def test_a_file_in_another_language_is_refused() -> None:
    xml = file(decision("d", GOOD)).replace(b'id="file"', b'id="file" expressionLanguage="urn:other"')
    assert ("file", "dmn-language") in refused(xml)


def test_decisions_in_a_circle_are_refused() -> None:
    circle = file(decision("a", formula("b"), ["b"]), decision("b", formula("c"), ["c"]), decision("c", formula("a"), ["a"]))
    assert ("a", "dmn-circle") in refused(circle)
    assert ("a", "dmn-circle") in refused(file(decision("a", formula("a"), ["a"])))


def test_a_chain_of_decisions_has_an_end() -> None:
    chain = [decision(f"d{n}", formula("1"), [f"d{n + 1}"]) for n in range(100)]
    assert "dmn-too-deep" in {code for _, code in refused(file(*chain, decision("d100", formula("1"))))}


def test_a_type_that_defines_itself_is_refused() -> None:
    types = "<itemDefinition name='a'><typeRef>b</typeRef></itemDefinition><itemDefinition name='b'><typeRef>a</typeRef></itemDefinition>"
    assert ("d", "dmn-type") in refused(file(types, decision("d", formula("1"), variable="<variable name='d' typeRef='a'/>")))


def test_all_problems_are_told_at_once() -> None:
    broken = table("UNIQUE", [column("x +")], [output("y")], [["1,", "2"], ["1", "2 +"]])
    assert refused(file(decision("d", broken), decision("e", ""))) >= {
        ("in-x +", "expression-syntax"),
        ("r1-in1", "expression-syntax"),
        ("r2-out1", "expression-syntax"),
        ("e", "dmn-no-logic"),
    }


def test_drawings_notes_and_foreign_elements_are_left_alone() -> None:
    others = (
        '<textAnnotation id="n"><text>note</text></textAnnotation><association id="as"/><knowledgeSource id="k" name="law"/>'
        '<extensionElements><other xmlns="urn:vendor"/></extensionElements>'
        '<DMNDI xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"><DMNDiagram/></DMNDI>'
    )
    assert dmn.load(file(decision("d", GOOD), others)).evaluate("d", {"x": 1}) == 2


def test_a_table_as_an_editor_writes_it_is_read() -> None:
    written = file(
        decision(
            "Decision_1",
            '<decisionTable id="DecisionTable_1"><input id="Input_1" label="Days open"><inputExpression id="E1" typeRef="integer">'
            f'<text>days</text></inputExpression></input>{output("next", "string")}<rule id="Rule_1"><description>soon</description>'
            + text("inputEntry", "&lt; 7".replace("&lt;", "<"), 'id="U1"')
            + text("outputEntry", '"remind"', 'id="L1"')
            + "<annotationEntry><text>why</text></annotationEntry></rule></decisionTable>",
        )
    )
    assert dmn.load(written).evaluate("Decision_1", {"days": 3}) == "remind"
