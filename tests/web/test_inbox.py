"""The inbox without script: tabs, order, kept views, one act on many tasks with one page that says what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.model.cases import Case
from engine.model.people import Person
from engine.operations.tasks import handing_over, task_lists, user_tasks
from tests.operations import acts
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def lou(library: World) -> Person:
    return library.person("lou", "librarian")


@pytest.fixture
def lent(library: World, lou: Person) -> Iterator[tuple[Case, Case]]:
    """Two books that are out; done with at the end, so that lists hold nothing of another test."""
    cases = (acts.lent(library), acts.lent(library))
    yield cases
    for case in cases:
        task = library.task(case, "recall")
        library.complete("lou" if task.assignee_id == lou.id else "lia", case, "recall")


def numbers(page: object) -> list[str]:
    found = page.xpath("//table[contains(@class, 'chosen')]//tr[@data-task]//a[contains(@href, '/cases/')]")  # type: ignore[attr-defined]
    return [link.text_content() for link in found]


def ids(library: World, lent: tuple[Case, Case]) -> list[str]:
    return [library.task(case, "recall").id for case in lent]


def test_the_list_is_sorted_and_narrowed_as_chosen(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    _first, second = ids(library, lent)
    with library.acting("lia") as (uow, actor):
        handing_over.prioritise(uow, actor, second, 90)
    lia = visit("lia")
    assert numbers(lia.see("/inbox?tab=roles&sort=age")) == [case.number for case in lent]
    assert numbers(lia.see("/inbox?tab=roles&sort=priority")) == [lent[1].number, lent[0].number]
    assert "High priority" in lia.text()
    assert numbers(lia.see("/inbox?tab=roles&urgent=1")) == [lent[1].number]
    lia.see("/inbox?tab=roles&due=late")
    assert "Nothing in this list fits what you chose above." in lia.text()


def test_a_page_whose_tasks_are_gone_leads_back_to_the_beginning(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    with library.reading("lia") as (uow, actor):
        further = task_lists.inbox(uow, actor, scope="roles", limit=1).next
    last = library.task(lent[1], "recall").id
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, last)
    lia = visit("lia")
    page = lia.see(f"/inbox?tab=roles&cursor={further}")
    assert "What stood here has been done or taken meanwhile." in lia.text()
    (link,) = page.xpath("//a[text()='Back to the beginning of the list']")
    assert link.get("href") == "/inbox?tab=roles"


def test_all_that_waits_is_shown_case_by_case(visit: Visit, lent: tuple[Case, Case]) -> None:
    page = visit("lia").see("/inbox?tab=all")
    heads = [head.text_content() for head in page.xpath("//th[@scope='rowgroup']")]
    assert heads == [f"Case {case.number}" for case in lent]


def test_several_tasks_are_taken_after_one_page_that_says_what_becomes_of_each(
    visit: Visit, library: World, lent: tuple[Case, Case]
) -> None:
    first, second = ids(library, lent)
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, first)
    lia = visit("lia")
    lia.see(f"/inbox/batch?act=claim&task={first}&task={second}&task=nothing")
    assert "2 tasks stay as they are" in lia.text()
    assert "Somebody else has claimed this task" in lia.text()
    assert "It becomes yours." in lia.text()
    assert library.task(lent[1], "recall").assignee_id is None, "the page only asks"
    lia.submit("Take them")
    assert library.task(lent[1], "recall").assignee_id == library.people["lia"].id
    assert "1 task done. Not “" in lia.text()


def test_a_task_is_handed_over_with_a_note_that_its_new_holder_reads_on_it(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    first, _second = ids(library, lent)
    lia, lou = visit("lia"), visit("lou")
    lia.see(f"/tasks/{first}")
    lia.see(f"/inbox/batch?act=hand-over&task={first}&from=task")
    lia.submit("See what happens", {"person": library.people["lou"].id})
    assert "It goes to Lou Example." in lia.text()
    lia.submit("Hand over", {"note": "The shelf is CANARY-note"})
    assert "1 task done." in lia.text()
    lou.see(f"/tasks/{first}")
    assert "Note from Lia Example" in lou.text()
    assert "The shelf is CANARY-note" in lou.text()
    for path in ("/inbox", "/inbox?tab=all", f"/cases/{lent[0].id}?tab=timeline"):
        lou.see(path)
        assert "CANARY" not in lou.text()


def test_tasks_of_others_go_back_to_their_role_after_one_page(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    first, second = ids(library, lent)
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, first)
    lia = visit("lia")
    lia.see(f"/inbox/batch?act=hand-over&task={second}")
    assert "back to everybody" not in lia.text(), "it is nobody's"
    lia.see(f"/inbox/batch?act=hand-over&task={first}&task={second}")
    lia.submit("See what happens", {"person": "nobody"})
    assert "It goes back to everybody in its role." in lia.text()
    assert "1 task stays as it is" in lia.text()
    assert library.task(lent[0], "recall").assignee_id is not None, "the page only asks"
    lia.submit("Give them back")
    assert "1 task done. Not “" in lia.text()
    assert library.task(lent[0], "recall").assignee_id is None


def test_a_note_that_is_too_long_is_kept_in_its_field(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    first, _second = ids(library, lent)
    lia = visit("lia")
    lia.see(f"/inbox/batch?act=hand-over&task={first}&person={library.people['lou'].id}")
    lia.submit("Hand over", {"note": "long " * 300}, status=422)
    assert "Write a note of at most 1000 characters." in lia.text()


def test_tasks_are_looked_at_again_on_a_day_that_is_asked_for(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    chosen = "&task=".join(ids(library, lent))
    lia = visit("lia")
    lia.see(f"/inbox/batch?act=follow-up&task={chosen}")
    lia.submit("Look again then", {"at": "soon"}, status=422)
    assert "Enter a date as year-month-day." in lia.text()
    lia.see(f"/inbox/batch?act=follow-up&task={chosen}")
    lia.submit("Look again then")
    assert "2 tasks done." in lia.text()
    lia.see("/inbox?tab=roles")
    assert "To be looked at again: Tomorrow, 08:00" in lia.text()
    library.advance("P2D")
    assert len(numbers(lia.see("/inbox?tab=roles&follow_up=1"))) == 2
    assert "To be looked at again since" in lia.text()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/inbox/batch", 302),
        ("/inbox/batch?act=burn&task=a", 400),
        ("/inbox/batch?act=claim", 422),
        ("/inbox/batch?act=claim&task=" + "&task=".join(map(str, range(101))), 422),
        ("/inbox/batch?act=hand-over&task=nothing", 200),
        ("/inbox/batch?act=follow-up&task=nothing&at=99999-01-01", 422),
        ("/inbox?sort=colour&due=never&q=%00", 200),
        ("/inbox?tab=roles&sort=age&cursor=WyJhIl0x", 400),
        ("/inbox/mark?tab=roles", 200),
    ],
)
def test_what_nobody_offers_is_answered_in_words(visit: Visit, path: str, status: int) -> None:
    visitor = visit("lia")
    assert visitor.client.get(path).status_code == status


def test_a_view_is_kept_shared_and_removed(visit: Visit, lou: Person) -> None:
    lia, other = visit("lia"), visit("lou")
    lia.see("/inbox/views?tab=roles&due=late&sort=priority")
    lia.submit("Keep it", {"name": ""}, status=422)
    assert "Give the view a name." in lia.text()
    lia.submit("Keep it", {"name": "Late for us", "role": "librarian"})
    page = other.see("/inbox")
    (link,) = [link for link in page.xpath("//nav[@aria-label='Kept views']//a") if "Late for us" in link.text_content()]
    assert link.get("href") == "/inbox?tab=roles&sort=priority&due=late"
    lia.see("/inbox/views")
    lia.submit("Remove")
    assert "Late for us" not in other.see("/inbox").text_content()


def test_a_list_that_did_not_change_is_not_sent_again(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    lia = visit("lia")
    page = lia.see("/inbox?tab=roles")
    mark = page.xpath("//*[@data-inbox]")[0].get("data-mark")
    headers = {"If-None-Match": f'"{mark}"'}
    assert lia.client.get("/inbox/mark?tab=roles", headers=headers).status_code == 304
    first, _second = ids(library, lent)
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, first)
    assert lia.client.get("/inbox/mark?tab=roles", headers=headers).status_code == 200


def test_who_assigns_tasks_sets_how_urgent_one_is(visit: Visit, library: World, lent: tuple[Case, Case]) -> None:
    first, _second = ids(library, lent)
    lia = visit("lia")
    lia.see(f"/tasks/{first}/priority")
    lia.submit("Save", {"priority": "90"})
    assert "High priority" in lia.text()
    lia.send(f"/tasks/{first}/priority", {"priority": "high"}, status=400)
    lia.send(f"/tasks/{first}/priority", {"priority": "9999"}, status=422)
    visit("ben").send(f"/tasks/{first}/priority", {"priority": "1"}, status=403)


def test_notices_are_marked_as_read_all_at_once_and_say_whose_task_is_over(visit: Visit, library: World, lou: Person) -> None:
    lent = (acts.lent(library), acts.lent(library))
    library.advance("P11D")
    library.complete("lia", lent[0], "recall")
    kim = visit("kim")
    page = kim.see("/notices")
    assert page.xpath("count(//button[text()='Mark as read'])") >= 2
    said = {case.number: [line.text_content() for line in page.xpath("//ol/li") if case.number in line.text_content()] for case in lent}
    assert [["Since then: done" in line for line in said[case.number]] for case in lent] == [[True], [False]]
    kim.submit("Mark all as read")
    assert "All are marked as read." in kim.text()
    assert kim.see("/notices").xpath("//main//button[contains(text(), 'ark ')]") == []
    library.complete("lia", lent[1], "recall")
