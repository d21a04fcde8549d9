"""Questions to the list of tasks: read from an address, kept under a name, shared with a role."""

from __future__ import annotations

import pytest

from engine.model.errors import Conflict, Invalid, NotFound
from engine.model.inbox_views import DueWithin, InboxQuestion, Scope
from engine.model.lists import InboxSort
from engine.operations.tasks import inbox_views, task_lists
from engine.store import count_statements
from tests.world import World

LATE = InboxQuestion(Scope.ROLES, InboxSort.PRIORITY, "recall", DueWithin.LATE, follow_up=True, urgent=True)


def save(world: World, by: str, name: str, role: str | None = None, question: InboxQuestion = LATE) -> str:
    with world.acting(by) as (uow, actor):
        return inbox_views.save(uow, actor, name, question, role).id


def names(world: World, by: str) -> list[str]:
    with world.reading(by) as (uow, actor):
        return [view.name for view in inbox_views.seen(uow, actor)]


@pytest.mark.parametrize("question", [InboxQuestion(), LATE, InboxQuestion(Scope.ALL, InboxSort.CASE), InboxQuestion(Scope.ALL)])
def test_a_question_is_read_again_from_its_address(question: InboxQuestion) -> None:
    assert inbox_views.question(inbox_views.asked(question)) == question


def test_what_an_address_asks_that_nobody_knows_asks_for_nothing() -> None:
    odd = {"tab": "others", "sort": "colour", "due": "never", "q": "a\x1f\x1eb\n c" + "x" * 300, "follow_up": "", "urgent": None}
    found = inbox_views.question(odd)
    assert (found.scope, found.sort, found.due, found.follow_up, found.urgent) == (Scope.MINE, InboxSort.DUE, DueWithin.ANY, False, False)
    assert (found.text[:6], len(found.text)) == ("a b cx", 200)


def test_a_view_is_its_owner_s_alone_unless_it_is_shared_with_a_role(library: World) -> None:
    library.person("lou", "librarian")
    save(library, "lia", "Late")
    shared = save(library, "lia", "All that is late", "librarian")
    assert (names(library, "lia"), names(library, "lou"), names(library, "kim")) == (["All that is late", "Late"], ["All that is late"], [])
    with pytest.raises(NotFound), library.acting("lou") as (uow, actor):
        inbox_views.remove(uow, actor, shared)
    with library.acting("lia") as (uow, actor):
        inbox_views.remove(uow, actor, shared)
    assert names(library, "lou") == []


def test_who_gives_out_tasks_shares_a_view_with_any_role_of_the_program(library: World) -> None:
    save(library, "lia", "Late with you", "keeper")
    assert names(library, "kim") == ["Late with you"]
    with library.reading("kim") as (uow, actor):
        assert inbox_views.shareable(uow, actor) == (("keeper", "Keeper"),)
    with pytest.raises(Invalid):
        save(library, "kim", "Late", "librarian")


def test_a_view_of_the_same_name_takes_the_place_of_the_earlier_one(library: World) -> None:
    save(library, "lia", "Late")
    save(library, "lia", " late ", question=InboxQuestion())
    with library.reading("lia") as (uow, actor):
        (view,) = inbox_views.seen(uow, actor)
    assert (view.name, view.question) == ("late", {})


@pytest.mark.parametrize(("name", "role"), [("", None), (" \x1f ", None), ("x" * 61, None), ("Late", "borrower"), ("Late", "nothing")])
def test_a_view_needs_a_short_name_and_a_role_that_one_holds(library: World, name: str, role: str | None) -> None:
    with pytest.raises(Invalid):
        save(library, "lia", name, role)


def test_nobody_keeps_views_without_end(library: World) -> None:
    for number in range(inbox_views.MOST):
        save(library, "lia", f"View {number}")
    with pytest.raises(Conflict):
        save(library, "lia", "One more")


def test_the_views_come_with_the_counts_and_cost_no_statement_of_their_own(library: World) -> None:
    save(library, "lia", "Late; “all” | of\x1fit", "librarian")
    actor = library.actor("lia")
    with count_statements(library.store) as seen, library.store.reading() as uow:
        task_lists.counts(uow, actor)
        (view,) = inbox_views.seen(uow, actor)
    assert (seen.count, view.name, view.role) == (1, "Late; “all” | of it", "librarian")
    assert inbox_views.question(view.question) == LATE
