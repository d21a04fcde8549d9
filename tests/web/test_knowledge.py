"""What a drawer's room is told: choices of the change, and the variables that can be set before each element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.operations import notebook
from tests.visiting import Visitor
from tests.web.test_changes import FILE, TOKEN, begin, save

Visit = Callable[[str], Visitor]
ADDRESS = "/knowledge/loan.bpmn"


def known(visitor: Visitor, change: str, files: dict[str, str] | None = None) -> Any:
    if files is None:
        answer = visitor.client.get(change + ADDRESS)
    else:
        answer = visitor.client.post(change + ADDRESS, json={"files": files}, headers={"X-CSRF-Token": TOKEN})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_choices_come_with_their_words(visit: Visit) -> None:
    tom = visit("tom")
    found = known(tom, begin(tom))
    assert {"key": "librarian", "label": "Librarian", "kind": "program", "staff": True} in found["roles"]
    assert [role["key"] for role in found["participants"]] == ["curator", "borrower"]
    assert {"name": "Desk", "role": "librarian"} in found["lanes"]
    setting = {"key": "answerDue", "label": "The terms are to be answered within", "type": "duration", "value": "P7D"}
    assert {**setting, "min": "P1D", "max": "P30D"} in found["settings"]
    assert found["variables"]["bookClass"] == {
        "type": "string",
        "label": "Class of book",
        "values": {"fragile": "Fragile", "sturdy": "Sturdy"},
    }
    assert found["messages"] == [{"name": "BookRecalled", "label": "Recall the book"}]
    assert found["calendars"] == []  # none to choose working time in
    assert {"name": "case.close", "inputs": ["outcome"]} in found["operations"]
    assert found["deadline_rules"][0]["rungs"] == [{"number": 1, "percentage": 50, "act": "remind", "to": "assignee", "notice": "due-soon"}]
    terms = next(form for form in found["forms"] if form["key"] == "loan-terms")
    assert {"terms", "class"} <= {field["name"] for field in terms["fields"]} | {key for field in terms["fields"] for key in field}


def test_choices_are_told_in_the_reader_s_language_and_deadline_rules_as_they_are_written(visit: Visit) -> None:
    tom = visit("tom")
    pack = notebook.files()["pack.toml"].decode().replace('language = "en"', 'language = "en"\nlanguages = ["es"]')
    written = pack + '\n[translations.es]\nLibrarian = "Bibliotecaria"\n"Class of book" = "Clase de libro"\n'
    change = begin(tom)
    first = known(tom, change, {"pack.toml": written})["deadline_rules"]
    with tom.client.session_transaction() as session:
        session["language"] = "es"
    found = known(tom, change, {"pack.toml": written})
    assert "Bibliotecaria" in {role["label"] for role in found["roles"]}
    assert found["variables"]["bookClass"]["label"] == "Clase de libro"
    assert found["deadline_rules"] == first


def test_a_variable_is_known_behind_what_sets_it_and_not_before(visit: Visit) -> None:
    tom = visit("tom")
    at = known(tom, begin(tom))["at"]
    assert "bookClass" in at["answer-terms"]  # the form that opens the case
    assert "terms" not in at["answer-terms"]
    assert "terms" in at["f3"]
    assert "terms" in at["recall"]
    assert "damaged" in at["f6"]  # what the recall brings
    assert "damaged" not in at["f5"]


def test_content_above_facts_is_never_a_variable(visit: Visit) -> None:
    tom = visit("tom")
    found = known(tom, begin(tom))
    above = {field["name"] for form in found["forms"] for field in form["fields"] if field["class"] not in ("C0", "C1")}
    assert above
    assert not above & {name for names in found["at"].values() for name in names}


def test_what_is_not_saved_counts_and_broken_files_are_left_out(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    script = '<bpmn:scriptTask id="count"><bpmn:incoming>f1</bpmn:incoming><bpmn:script>{tally: 1}</bpmn:script></bpmn:scriptTask>'
    drawn = FILE.decode().replace(
        "</bpmn:process>", f'{script}<bpmn:sequenceFlow id="fx" sourceRef="count" targetRef="recall"/></bpmn:process>'
    )
    found = known(tom, change, {"loan.bpmn": drawn, "pack.toml": "not [toml", "forms.json": "{"})
    assert "tally" in found["at"]["recall"]
    assert found["variables"]["tally"] == {"label": "tally"}
    assert found["roles"]  # of the live pack, as the change's cannot be read
    assert known(tom, change, {"loan.bpmn": "<not bpmn"})["at"] == {}


def test_only_who_sees_procedures_is_told(visit: Visit) -> None:
    change = begin(visit("tom"))
    assert visit("lia").client.get(change + ADDRESS).status_code in (403, 404)
    tom = visit("tom")
    assert tom.client.get(f"{change}/knowledge/none.bpmn").status_code == 404
    save(tom, change, FILE)


@pytest.mark.parametrize("body", [None, [], {"files": []}, {"files": {"loan.bpmn": 1}}])
def test_a_body_that_is_no_files_is_refused_in_words(visit: Visit, body: Any) -> None:
    tom = visit("tom")
    change = begin(tom)
    answer = tom.client.post(change + ADDRESS, json=body, headers={"X-CSRF-Token": TOKEN})
    assert answer.status_code == 400
