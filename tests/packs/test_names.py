"""Names in expressions that nothing ever makes are refused where a pack says which variables exist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.execution import ProcessModel
from engine.model.packs import Pack
from engine.packs import names

LOAN = ProcessModel("loan", "Loan", "loan.bpmn", b"", b"", True, (), (), makes=frozenset({"fine", "days late"}))


def unknown(pack: Pack, *texts: str) -> list[str | None]:
    process = replace(LOAN, expressions=tuple((f"f{n}", text) for n, text in enumerate(texts)))
    return [problem.element_id for problem in names.problems(pack, [process])]


def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(library: Pack) -> None:
    declared = sorted(library.variables)[0]
    (problem,) = names.problems(library, [replace(LOAN, expressions=(("flow", f"={declared}x > 1"),))])
    assert (problem.file, problem.element_id, problem.code) == ("loan.bpmn", "flow", "unknown-name")
    assert f"“{declared}x”" in problem.message
    assert f"“{declared}”?" in problem.message


def test_what_the_pack_declares_the_process_makes_or_the_engine_gives_is_known(library: Pack) -> None:
    declared = [f"{name} = 1" for name in library.variables]
    assert unknown(library, *declared, "fine > 1", "days late > 2", "case.id", "settings.x", "instance.id") == []


def test_what_another_process_of_the_pack_makes_is_known(library: Pack) -> None:
    other = replace(LOAN, key="other", makes=frozenset({"theirs"}))
    assert list(names.problems(library, [replace(LOAN, expressions=(("f", "theirs"),)), other])) == []


@pytest.mark.parametrize(
    "text", ["count([1])", "for i in [1] return i", "some x in [1] satisfies x = 1", "[{a: 1}][a = 1]", "{a: 1, b: a}.b", "1 +"]
)
def test_names_that_the_expression_itself_binds_are_no_variables(library: Pack, text: str) -> None:
    assert unknown(library, text) == []


def test_a_role_of_the_case_that_the_pack_does_not_have_is_refused(library: Pack) -> None:
    known = next(iter(library.roles)).split("-")[0]
    texts = (f"=case.participants.{known}[1]", "=case.people . scribe", "count(case.participants.scribe) > 0")
    process = replace(LOAN, expressions=tuple((f"f{n}", text) for n, text in enumerate(texts)))
    assert [(p.element_id, p.code) for p in names.roles(library, [process])] == [("f1", "unknown-role"), ("f2", "unknown-role")]
