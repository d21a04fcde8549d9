"""A pack against its forms and processes: the checks that keep content in its class and give each task a doer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine import packs
from engine.model.execution import Element, ProcessModel
from engine.model.forms import Form
from engine.model.packs import Pack
from tests.forms.building import YES, field, form, text

TASK = Element("check", "userTask", "Check the book", "Desk", "", {"due": "P2D", "form": "small"})
LOAN = ProcessModel(
    "loan",
    "Loan",
    "loan.bpmn",
    b"",
    b"",
    True,
    (TASK,),
    ("Desk",),
    messages=frozenset({"BookRecalled"}),
    duties=frozenset({"return-sign-off"}),
)
NOTE = {"note": text(**{"x-class": "C2"})}


def derived(name: str, **entry: Any) -> Form:
    return form(NOTE, **{"x-derive": {name: {"type": "string", "expression": "=note", **entry}}})


@pytest.fixture
def bare(library: Pack) -> Pack:
    """The library's pack without the parts that need more forms and tasks than one."""
    return replace(library, case=replace(library.case, opening_form=None), deadline_rules=library.deadline_rules[1:], panels=())


def found(pack: Pack, process: ProcessModel = LOAN, made: Form | None = None) -> set[tuple[str, str | None, str]]:
    small = made or form({"note": text(**{"x-class": "C2"})})
    return {(problem.file, problem.element_id, problem.code) for problem in packs.check(pack, {"small": small}, [process])}


def with_task(**changes: Any) -> ProcessModel:
    return replace(LOAN, elements=(replace(TASK, **changes),))


def test_a_sound_task_has_no_problem(bare: Pack) -> None:
    assert found(bare) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lane": "Attic"}, "unknown-lane"),
        ({"lane": None}, "task-without-role"),
        ({"attributes": {**TASK.attributes, "role": "ghost"}}, "unknown-role"),
        ({"attributes": {"form": "small"}}, "no-due-date"),
        ({"attributes": {"due": "P1D", "form": "other"}}, "unknown-form"),
        ({"name": "=case.number"}, "expression-in-title"),
        ({"lane": "Borrower", "attributes": {"due": "P1D"}}, "participant-unbound"),
        ({"lane": "Keeper"}, "role-cannot-write"),
    ],
)
def test_a_task_that_nobody_can_rightly_do_is_a_problem(bare: Pack, changes: dict[str, Any], code: str) -> None:
    assert ("loan.bpmn", "check", code) in found(bare, with_task(**changes))


def test_a_task_outside_lanes_may_name_its_person(bare: Pack) -> None:
    assert found(bare, with_task(lane=None, attributes={**TASK.attributes, "assignee": "=checker"})) == set()


def test_a_role_that_may_write_a_class_may_write_its_sub_classes(bare: Pack) -> None:
    assert found(bare, made=form({"note": text(**{"x-class": "C2.phone"})})) == set()


@pytest.mark.parametrize(
    ("made", "element", "code"),
    [
        (form({"weight": {"type": "number", "title": "Weight"}}), "weight", "undeclared-variable"),
        (form({"damaged": {"type": "number", "title": "Damaged"}}), "damaged", "variable-type"),
        (form({"dueBack": {"type": "string", "title": "Back", "oneOf": YES}}), "dueBack", "variable-type"),
        (form({"bookClass": field("string", oneOf=YES, **{"x-class": "C2"})}), "bookClass", "content-in-variable"),
        (derived("d"), "d", "undeclared-variable"),
        (derived("terms", type="number"), "terms", "variable-type"),
        (derived("terms", **{"class": "C2"}), "terms", "content-in-variable"),
    ],
)
def test_only_declared_facts_become_variables(bare: Pack, made: Form, element: str, code: str) -> None:
    assert ("small.json", element, code) in found(bare, made=made)


def test_names_that_lead_nowhere_are_problems_of_the_pack(library: Pack) -> None:
    process = replace(LOAN, key="other", messages=frozenset(), duties=frozenset())
    assert {(element, code) for file, element, code in found(library, process) if file == "pack.toml"} == {
        ("case.process", "unknown-process"),
        ("case.opening_form", "unknown-form"),
        ("exclusions.1", "unknown-duty"),
        ("deadline_rules.terms", "unknown-element"),
        ("messages.BookRecalled", "unknown-message"),
        ("panels.terms", "unknown-form"),
    }


def test_notices_and_milestones_of_a_diagram_are_in_the_pack(bare: Pack) -> None:
    process = replace(LOAN, notices=frozenset({"party"}), milestones=frozenset({"lent", "lost"}))
    assert found(bare, process) == {("loan.bpmn", "loan", "unknown-notice"), ("loan.bpmn", "loan", "unknown-milestone")}


def test_a_form_that_reads_a_form_which_is_not_there_is_refused(bare: Pack) -> None:
    assert ("small.json", None, "unknown-form") in found(bare, made=replace(form(NOTE), reads=("ghost",)))
