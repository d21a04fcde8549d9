"""Who may see and do what, asked at the operations themselves."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Excluded, Forbidden, Invalid, NotFound, NotSignedIn
from engine.operations import trail
from engine.operations.cases import case_pages, cases, explanations
from engine.operations.people import people
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import instances
from engine.operations.tasks import task_lists, user_tasks
from engine.operations.telling import notices
from tests.operations import acts, shelf
from tests.world import World


@pytest.fixture
def two(library: World) -> Case:
    """A loan of ben and bea together; ben answers the terms, bea takes part too."""
    return acts.loan(library, ("borrower", "ben"), ("borrower", "bea"), ("curator", "cor"))


def classes(world: World, by: str, case: Case) -> list[str]:
    """The classes of the records that somebody sees on a case's page."""
    return sorted(record.cls for panel in world.page(by, case).panels for record in panel.records)


def returned(world: World) -> Case:
    """A loan whose book was checked: records of the classes C2, C3, C4 and C6 exist."""
    case = acts.lent(world)
    world.complete("lia", case, "recall")
    found = {"damaged": True, "handling": ["dry"], "thoughts": "CANARY-thoughts"}
    world.complete("cor", case, "check-return", found)
    return case


def numbers(world: World, by: str) -> list[str]:
    with world.reading(by) as (uow, actor):
        return sorted(line.number for line in cases.list_(uow, actor).items)


def test_who_manages_procedures_sees_no_case(library: World) -> None:
    case = acts.loan(library)
    found = acts.instance(library, case)
    for ask in (cases.list_, instances.list_, trail.entries):
        with pytest.raises(Forbidden), library.reading("tom") as (uow, actor):
            ask(uow, actor)
    with pytest.raises(NotFound):
        library.page("tom", case)
    for see in (instances.get, instances.variables):
        with pytest.raises(NotFound), library.reading("tom") as (uow, actor):
            see(uow, actor, found.id)
    with library.reading("tom") as (uow, actor):
        assert task_lists.list_(uow, actor).items == ()


def test_an_administrator_opens_no_case_of_a_pack(library: World) -> None:
    case = acts.loan(library)
    with pytest.raises(NotFound):
        library.page("ada", case)
    with pytest.raises(Forbidden), library.reading("ada") as (uow, actor):
        cases.list_(uow, actor)


def test_each_role_reads_the_classes_that_the_pack_gives_it(library: World) -> None:
    case = returned(library)
    assert {name: classes(library, name, case) for name in ("lia", "cor", "kim", "ben")} == {
        "lia": ["C2"],
        "cor": ["C3", "C4", "C6"],
        "kim": [],
        "ben": ["C3", "C4"],
    }


def test_what_one_borrower_wrote_is_never_shown_to_the_other(library: World, two: Case) -> None:
    library.complete("ben", two, "answer-terms", shelf.REFUSE)
    assert (classes(library, "ben", two), classes(library, "bea", two)) == (["C4"], [])
    assert "CANARY" not in str(library.page("bea", two))


def test_notes_are_their_author_s_and_not_their_successor_s(library: World) -> None:
    case = returned(library)
    library.person("cas", "curator")
    leaving = next(iter(library.participant_ids(case, "cor")))
    with library.acting("lia") as (uow, actor):
        cases.end_participant(uow, actor, case.id, leaving)
        cases.add_participant(uow, actor, case.id, NewParticipant("curator", person_id=library.people["cas"].id))
    assert "C6" not in classes(library, "cas", case)
    with pytest.raises(NotFound):
        library.page("cor", case)


def test_names_of_borrowers_are_hidden_from_who_may_not_read_them(library: World, two: Case) -> None:
    page = library.page("kim", two)
    assert "Ben" not in str(page)
    assert "Bea" not in str(page)
    # The sentence is that of the list, which does not know which of them it is; what waits is told with whom.
    assert "by borrower since" in page.explanation.sentence
    assert "borrower 1 of 2" in str(page.explanation.waiting)
    assert "Ben Example" in library.page("lia", two).explanation.sentence


def test_a_borrower_sees_no_other_borrower_s_case_in_any_list(library: World) -> None:
    case, other = acts.loan(library), acts.loan(library, ("borrower", "bea"), ("curator", "cor"))
    assert (numbers(library, "ben"), numbers(library, "bea")) == ([case.number], [other.number])
    with library.reading("bea") as (uow, actor):
        assert [one.case_id for one in instances.list_(uow, actor).items] == [other.id]
        assert {line.task.case_id for line in task_lists.list_(uow, actor).items} == {other.id}


def test_the_curator_may_not_be_given_or_take_the_sign_off(library: World) -> None:
    case = returned(library)
    library.give_role("cor", "keeper")
    task, cor = library.task(case, "sign-off-return"), library.people["cor"].id
    with pytest.raises(Excluded), library.acting("lia") as (uow, actor):
        user_tasks.assign(uow, actor, task.id, cor)
    with library.reading("lia") as (uow, actor):
        assert cor not in dict(user_tasks.assignable(uow, actor, task.id))
    for attempt in (lambda u, a: user_tasks.claim(u, a, task.id), lambda u, a: user_tasks.complete(u, a, task.id, {})):
        with pytest.raises(Excluded), library.acting("cor") as (uow, actor):
            attempt(uow, actor)


def test_who_signed_off_may_not_become_the_curator(library: World) -> None:
    case = returned(library)
    library.give_role("kim", "curator")
    library.complete("kim", case, "sign-off-return")
    with pytest.raises(Excluded), library.acting("lia") as (uow, actor):
        cases.add_participant(uow, actor, case.id, NewParticipant("curator", person_id=library.people["kim"].id))


def test_only_eligible_people_are_given_a_case_role(library: World) -> None:
    case = acts.loan(library)
    with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
        cases.add_participant(uow, actor, case.id, NewParticipant("curator", person_id=library.people["kit"].id))
    with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
        cases.add_participant(uow, actor, case.id, NewParticipant("ghost", person_id=library.people["kit"].id))


def test_a_wall_hides_the_case_everywhere(library: World) -> None:
    case = acts.lent(library)
    library.advance("P11D")
    seen = acts.loan(library, ("borrower", "bea"), ("curator", "cor"))
    library.complete("bea", seen, "answer-terms", shelf.ACCEPT)
    task, found = library.task(case, "recall"), acts.instance(library, case)
    assert len(library.notices("kim")) == 1
    for name in ("lia", "kim"):
        acts.wall(library, case, name)
        assert numbers(library, name) == [seen.number]
        with library.reading(name) as (uow, actor):
            assert [one.case_id for one in instances.list_(uow, actor).items] == [seen.id]
            assert {line.task.case_id for line in task_lists.list_(uow, actor).items} == {seen.id}
            assert notices.list_(uow, actor).items == ()
            assert task_lists.counts(uow, actor)["notices"] == 0
            for see in (
                lambda u, a: case_pages.page(u, a, case.id),
                lambda u, a: explanations.explain(u, a, found.id),
                lambda u, a: task_lists.page(u, a, task.id),
                lambda u, a: trail.entries(u, a, case=case.id),
            ):
                with pytest.raises(NotFound):
                    see(uow, actor)
    with library.reading("lia") as (uow, actor):
        assert {line.task.case_id for line in task_lists.inbox(uow, actor).items} == {seen.id}
        assert task_lists.counts(uow, actor)["roles"] == 1
        joining = [NewParticipant("borrower", person_id=library.people[name].id) for name in ("ben", "cor")]
        assert case.number not in [one.number for one in cases.similar(uow, actor, "library", joining)]


def test_nobody_behind_a_wall_is_asked_or_let_in(library: World) -> None:
    case = acts.lent(library)
    acts.wall(library, case, "lia")
    library.person("lou", "librarian")
    task = library.task(case, "recall")
    with pytest.raises(Excluded, match="walled off"), library.acting("lou") as (uow, actor):
        user_tasks.assign(uow, actor, task.id, library.people["lia"].id)
    acts.wall(library, case, "ben")
    with pytest.raises(NotFound):
        library.page("ben", case)


def test_a_deactivated_person_is_out_at_once_and_their_tasks_go_back(library: World) -> None:
    case = acts.lent(library)
    task = library.task(case, "recall")
    with library.acting("lia") as (uow, actor):
        user_tasks.claim(uow, actor, task.id)
    library.person("lou", "librarian")
    before = library.actor("lia")
    with library.acting("ada") as (uow, actor):
        people.deactivate(uow, actor, before.person_id)
    with pytest.raises(NotSignedIn):
        library.actor("lia")
    assert acts.stored(library, task).assignee_id is None
    with library.acting("ada") as (uow, actor):
        people.reactivate(uow, actor, before.person_id)
    assert library.actor("lia").roles == {"librarian"}


def test_an_answer_taken_by_phone_names_who_wrote_it_for_whom_and_how(library: World) -> None:
    case = acts.loan(library)
    answer = {**shelf.REFUSE, "method": "phone"}
    done = library.complete("lia", case, "answer-terms", answer, mode="on-behalf")
    assert (done.completed_by, done.on_behalf_of) == (library.people["lia"].id, library.people["ben"].id)
    (entry,) = [entry for entry in library.trail(case) if entry.event == "user_task_completed"]
    assert (entry.actor_id, entry.on_behalf_of, entry.via) == (library.people["lia"].id, library.people["ben"].id, "page")
    assert classes(library, "ben", case) == ["C4"]
    assert classes(library, "lia", case) == ["C2", "C2"]


def test_how_it_was_answered_has_to_be_said_and_only_then(library: World) -> None:
    case = acts.loan(library)
    with pytest.raises(Invalid) as wrong:
        library.complete("lia", case, "answer-terms", shelf.REFUSE, mode="on-behalf")
    assert [error.path for error in wrong.value.errors] == ["/method"]
    with pytest.raises(Invalid):
        library.complete("ben", case, "answer-terms", {**shelf.REFUSE, "method": "phone"})


def test_nobody_answers_for_themselves_on_their_own_behalf_or_without_the_right(library: World) -> None:
    case = acts.loan(library)
    answer = {**shelf.REFUSE, "method": "phone"}
    for name in ("ben", "cor", "kim"):
        with pytest.raises(Forbidden):
            library.complete(name, case, "answer-terms", answer, mode="on-behalf")
    with pytest.raises(NotFound):
        library.complete("tom", case, "answer-terms", answer, mode="on-behalf")


def test_a_role_of_another_program_means_nothing_here(library: World) -> None:
    case = acts.loan(library)
    stranger = acts.in_another_program(library, "sam", "librarian")
    with library.store.reading() as uow:
        with pytest.raises(NotFound):
            case_pages.page(uow, stranger, case.id)
        with pytest.raises(NotFound):
            task_lists.page(uow, stranger, acts.any_task(uow, case).id)
