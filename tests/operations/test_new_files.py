"""New diagrams and tables of a change can be read at once, and never take a name that is taken."""

from __future__ import annotations

import pytest

from engine.model.errors import Conflict, Invalid
from engine.operations.drafting import change_files, changes, new_files
from tests.world import World


@pytest.fixture
def change(library: World) -> str:
    with library.acting("tom") as (uow, actor):
        return changes.start(uow, actor, "Something new", pack="library").id


@pytest.mark.parametrize(("kind", "codes"), [("bpmn", ["no-way-out"]), ("dmn", [])])
def test_a_new_table_has_no_problems_and_a_new_diagram_one(library: World, change: str, kind: str, codes: list[str]) -> None:
    with library.acting("tom") as (uow, actor):
        made = new_files.create(uow, actor, change, kind, "Visit & “tour” <home>")
        found = [one.code for one in change_files.check(uow, actor, change) if one.file == made.name]
    assert made.name == f"visit-tour-home.{kind}"
    assert b"Visit &amp; \xe2\x80\x9ctour\xe2\x80\x9d &lt;home&gt;" in made.content
    assert found == codes


def test_a_name_that_is_taken_gets_a_number(library: World, change: str) -> None:
    with library.acting("tom") as (uow, actor):
        names = [new_files.create(uow, actor, change, "bpmn", "Visit").name for _ in range(3)]
        assert new_files.create(uow, actor, change, "bpmn", "Loan").name != "loan.bpmn"
    assert names == ["visit.bpmn", "visit-2.bpmn", "visit-3.bpmn"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "…", "123", "a\x00b"])
def test_a_name_that_names_nothing_is_refused(library: World, change: str, name: str) -> None:
    with library.acting("tom") as (uow, actor), pytest.raises(Invalid):
        new_files.create(uow, actor, change, "bpmn", name)


def test_a_change_that_is_over_takes_no_new_file(library: World, change: str) -> None:
    with library.acting("tom") as (uow, actor):
        changes.withdraw(uow, actor, change)
        with pytest.raises(Conflict):
            new_files.create(uow, actor, change, "bpmn", "Visit")
