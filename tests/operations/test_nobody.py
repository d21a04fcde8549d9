"""Tasks that nobody can do: said in words, on top of the list of cases, and over as soon as somebody can."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.operations.cases import cases
from engine.operations.people import people
from engine.operations.rounds import sweeps
from tests.operations import acts
from tests.world import World

NOBODY = "Nobody can do this, because no active account has the role Librarian."


@pytest.fixture
def stuck(library: World) -> Case:
    """The book is out, and the only librarian is gone."""
    case = acts.lent(library)
    acts.loan(library)
    deactivate(library, "lia")
    return case


def deactivate(world: World, name: str) -> None:
    with world.acting("ada") as (uow, actor):
        people.deactivate(uow, actor, world.people[name].id)


def test_a_task_of_a_role_that_nobody_holds_says_so_at_once(library: World, stuck: Case) -> None:
    assert library.task(stuck, "recall").nobody == NOBODY
    assert library.page("kim", stuck).explanation.sentence.startswith(NOBODY)
    assert acts.line(library, "kim", stuck).nobody == NOBODY


def test_what_nobody_can_do_stands_on_top_of_the_list(library: World, stuck: Case) -> None:
    with library.reading("kim") as (uow, actor):
        listed = cases.list_(uow, actor).items
    assert listed[0].id == stuck.id
    assert [line.nobody is None for line in listed] == [False, True]


def test_it_is_over_when_somebody_gets_the_role(library: World, stuck: Case) -> None:
    library.person("lou", "librarian")
    assert library.task(stuck, "recall").nobody is None


def test_it_is_over_when_the_person_is_back(library: World, stuck: Case) -> None:
    with library.acting("ada") as (uow, actor):
        people.reactivate(uow, actor, library.people["lia"].id)
    assert library.task(stuck, "recall").nobody is None


def test_a_task_that_begins_without_anybody_says_so_too(library: World) -> None:
    case = acts.loan(library)
    deactivate(library, "lia")
    library.complete("ben", case, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    assert library.task(case, "recall").nobody == NOBODY


def test_a_person_without_an_account_can_do_nothing_by_themselves(library: World) -> None:
    library.person("bob", staff=False, account=False)
    deactivate(library, "lia")
    case = acts_for(library, "bob")
    sweeps.check_nobody(library.store)
    assert (
        library.task(case, "answer-terms").nobody == "Nobody can do this, because no active account holds the role Borrower on this case."
    )


def acts_for(world: World, borrower: str) -> Case:
    """A loan of somebody, opened by another librarian who then leaves."""
    world.person("lou", "librarian")
    case = world.open_case("lou", "library", [("borrower", borrower), ("curator", "cor")], {"bookClass": "sturdy"})
    deactivate(world, "lou")
    return case


def test_somebody_who_may_answer_for_a_participant_counts(library: World) -> None:
    library.person("bob", staff=False, account=False)
    case = acts.loan(library, ("borrower", "bob"), ("curator", "cor"))
    assert library.task(case, "answer-terms").nobody is None


def test_duties_that_exclude_everybody_are_the_reason_given(library: World) -> None:
    case = acts.lent(library)
    library.complete("lia", case, "recall")
    library.give_role("cor", "keeper")
    for name in ("kim", "kit"):
        deactivate(library, name)
    library.complete("cor", case, "check-return", {"damaged": False})
    said = library.task(case, "sign-off-return").nobody
    assert said is not None
    assert "holds another duty on this case that excludes this one" in said


def test_the_sweep_finds_what_changed_behind_its_back(library: World) -> None:
    case = acts.lent(library)
    acts.wall(library, case, "lia")
    assert library.task(case, "recall").nobody is None
    assert sweeps.check_nobody(library.store) == 1
    assert library.task(case, "recall").nobody is not None
    assert sweeps.check_nobody(library.store) == 0
