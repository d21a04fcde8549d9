"""A person's tasks: claiming, giving back, assigning, drafts, lists that go on, counts, notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import BadRequest, Conflict, Forbidden, FormInvalid, Invalid, NotFound, PreconditionFailed, TaskNotOpen, TooLarge
from engine.operations.tasks import task_lists, user_tasks
from engine.operations.telling import notices
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def lent(library: World) -> Case:
    library.person("lou", "librarian")
    return acts.lent(library)


def listed(world: World, by: str, **more: object) -> list[str]:
    with world.reading(by) as (uow, actor):
        return [line.task.element_id for line in task_lists.inbox(uow, actor, **more).items]  # type: ignore[arg-type]


def counts(world: World, by: str) -> dict[str, int]:
    with world.reading(by) as (uow, actor):
        return task_lists.counts(uow, actor)


def test_a_task_of_a_role_can_be_claimed_once_and_given_back(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with library.acting("lia") as (uow, actor):
        user_tasks.claim(uow, actor, task.id)
    with library.acting("lia") as (uow, actor):
        assert user_tasks.claim(uow, actor, task.id).assignee_id == actor.person_id
    for attempt in (user_tasks.claim, user_tasks.release):
        with pytest.raises((Conflict, Forbidden)), library.acting("lou") as (uow, actor):
            attempt(uow, actor, task.id)
    with pytest.raises((Conflict, Forbidden)):
        library.complete("lou", lent, "recall")
    assert (listed(library, "lia", scope="mine"), listed(library, "lou", scope="roles")) == (["recall"], [])
    with library.acting("lia") as (uow, actor):
        user_tasks.release(uow, actor, task.id)
    assert (listed(library, "lia", scope="mine"), listed(library, "lou", scope="roles")) == ([], ["recall"])
    library.complete("lou", lent, "recall")


def test_each_claim_is_written_down_once(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    for _ in range(2):
        with library.acting("lia") as (uow, actor):
            user_tasks.claim(uow, actor, task.id)
    assert library.events(lent, "user_task_claimed") == ["recall"]


def test_whoever_may_assign_gives_a_task_to_somebody_who_fits(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with library.reading("lia") as (uow, actor):
        assert [name for _, name in user_tasks.assignable(uow, actor, task.id)] == ["Lia Example", "Lou Example"]
    with library.acting("lia") as (uow, actor):
        user_tasks.assign(uow, actor, task.id, library.people["lou"].id)
    assert counts(library, "lou")["mine"] == 1
    for wrong in (library.people["kim"].id, "nobody"):
        with pytest.raises(Invalid), library.acting("lia") as (uow, actor):
            user_tasks.assign(uow, actor, task.id, wrong)
    with pytest.raises(Forbidden), library.acting("kim") as (uow, actor):
        user_tasks.assign(uow, actor, task.id, None)
    with library.acting("lia") as (uow, actor):
        assert user_tasks.assign(uow, actor, task.id, None).assignee_id is None


def test_nothing_can_be_done_to_a_task_that_is_over(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    library.complete("lia", lent, "recall")
    for attempt in (
        lambda u, a: user_tasks.claim(u, a, task.id),
        lambda u, a: user_tasks.release(u, a, task.id),
        lambda u, a: user_tasks.assign(u, a, task.id, None),
        lambda u, a: user_tasks.complete(u, a, task.id, {}),
        lambda u, a: user_tasks.save_draft(u, a, task.id, {}),
    ):
        with pytest.raises(TaskNotOpen), library.acting("lia") as (uow, actor):
            attempt(uow, actor)


def test_the_inbox_holds_what_is_mine_and_what_i_may_claim(library: World, lent: Case) -> None:
    acts.loan(library)
    assert {name: counts(library, name) for name in ("ben", "lia", "cor", "kim")} == {
        "ben": {"mine": 1, "roles": 0, "notices": 0, "surveys": 0},
        "lia": {"mine": 0, "roles": 1, "notices": 0, "surveys": 0},
        "cor": {"mine": 0, "roles": 0, "notices": 0, "surveys": 0},
        "kim": {"mine": 0, "roles": 0, "notices": 0, "surveys": 0},
    }
    library.complete("lia", lent, "recall")
    assert (listed(library, "cor"), listed(library, "ben")) == (["check-return"], ["answer-terms"])


def test_the_inbox_shows_the_most_urgent_first_and_goes_on_where_it_stopped(library: World) -> None:
    many = []
    for _ in range(7):
        many.append(acts.lent(library))
        library.advance("PT1H")
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        with library.reading("lia") as (uow, actor):
            page = task_lists.inbox(uow, actor, cursor=cursor, limit=3)
        seen += [line.case_number for line in page.items]
        cursor = page.next
    assert seen == [case.number for case in many]
    assert cursor is None
    with pytest.raises(BadRequest), library.reading("lia") as (uow, actor):
        task_lists.inbox(uow, actor, cursor="nonsense")
    with pytest.raises(BadRequest), library.reading("lia") as (uow, actor):
        task_lists.inbox(uow, actor, scope="everything")


def test_no_task_is_missed_or_told_twice_when_others_end_between_two_pages(library: World) -> None:
    many = []
    for _ in range(5):
        many.append(acts.lent(library))
        library.advance("PT1H")
    with library.reading("lia") as (uow, actor):
        first = task_lists.inbox(uow, actor, limit=2)
    for done in (many[0], many[1], many[3]):
        library.complete("lia", done, "recall")
    with library.reading("lia") as (uow, actor):
        second = task_lists.inbox(uow, actor, cursor=first.next, limit=2)
    assert [line.case_number for line in (*first.items, *second.items)] == [many[at].number for at in (0, 1, 2, 4)]
    for one in (many[2], many[4]):
        library.complete("lia", one, "recall")
    with library.reading("lia") as (uow, actor):
        assert task_lists.inbox(uow, actor, cursor=first.next, limit=2).items == ()


def test_the_inbox_is_searched_by_title_and_case_number(library: World, lent: Case) -> None:
    other = acts.lent(library)
    assert listed(library, "lia", text="wait for") == ["recall", "recall"]
    assert listed(library, "lia", text=other.number) == ["recall"]
    assert listed(library, "lia", text="Ben") == []


def test_titles_are_searched_in_the_reader_s_language_too_without_accents(empty: Store) -> None:
    pack = shelf.library()["pack.toml"].decode().replace('language = "en"', 'language = "en"\nlanguages = ["es"]')
    world = cast(empty, shelf.library() | {"pack.toml": f'{pack}\n[translations.es]\n"Wait for the book" = "Está prestado"\n'.encode()})
    lent = acts.lent(world)
    lia = world.actor("lia")
    reader = replace(lia, languages=("es-MX",))
    with world.store.reading() as uow:
        found = {text: len(task_lists.inbox(uow, reader, text=text).items) for text in ("ESTA presta", "wait for", "esta lejos")}
        assert task_lists.inbox(uow, lia, text="prestado").items == (), "who reads English searches English"
        assert found == {"ESTA presta": 1, "wait for": 1, "esta lejos": 0}
    world.complete("lia", lent, "recall")


def test_a_line_says_whose_it_is_and_what_can_be_done(library: World, lent: Case) -> None:
    with library.reading("lia") as (uow, actor):
        (line,) = task_lists.inbox(uow, actor).items
    assert (line.case_number, line.role_label, line.assignee, line.can_claim, line.can_complete) == (
        lent.number,
        "Librarian",
        None,
        True,
        True,
    )
    library.advance("P8D")
    with library.acting("lou") as (uow, actor):
        user_tasks.claim(uow, actor, line.task.id)
    with library.reading("lia") as (uow, actor):
        (line,) = task_lists.list_(uow, actor).items
    assert line.assignee is not None
    assert (line.overdue, line.assignee.label, line.can_claim, line.can_complete) == (True, "Lou Example", False, False)


def test_a_draft_is_its_writer_s_alone_and_tells_what_was_typed(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with library.acting("lia") as (uow, actor):
        assert user_tasks.save_draft(uow, actor, task.id, {"note": "CANARY"}).version == 1
    with library.reading("lia") as (uow, actor):
        assert task_lists.page(uow, actor, task.id).draft == {"note": "CANARY"}
    with library.reading("lou") as (uow, actor):
        assert user_tasks.get_draft(uow, actor, task.id) is None


def test_an_older_tab_does_not_overwrite_a_newer_draft(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with library.acting("lia") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"a": 1}, expected_version=0)
    with library.acting("lia") as (uow, actor):
        assert user_tasks.save_draft(uow, actor, task.id, {"a": 2}, expected_version=1).version == 2
    with pytest.raises(PreconditionFailed), library.acting("lia") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"a": 3}, expected_version=1)


def test_a_draft_is_bounded_and_only_for_who_works_the_task(library: World, lent: Case) -> None:
    task = library.task(lent, "recall")
    with pytest.raises(TooLarge), library.acting("lia") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"a": "x" * 200_001})
    with pytest.raises(Forbidden), library.acting("kim") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"a": 1})
    with pytest.raises(NotFound), library.acting("bea") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"a": 1})


def test_a_wrong_form_keeps_the_draft_and_a_right_one_ends_it(library: World) -> None:
    case = acts.loan(library)
    task = library.task(case, "answer-terms")
    with library.acting("ben") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"answer": "no"})
    with pytest.raises(FormInvalid):
        library.complete("ben", case, "answer-terms", {"answer": "no"})
    with library.reading("ben") as (uow, actor):
        assert user_tasks.get_draft(uow, actor, task.id) is not None
    library.complete("ben", case, "answer-terms", shelf.REFUSE)
    with library.store.reading() as uow:
        assert store.drafts.get(uow, task.id, library.people["ben"].id) is None


def test_notices_are_read_by_their_recipient_only(library: World, lent: Case) -> None:
    library.advance("P11D")
    with library.reading("kim") as (uow, actor):
        (notice,) = notices.list_(uow, actor).items
    assert (notice.read, counts(library, "kim")["notices"]) == (False, 1)
    with pytest.raises(NotFound), library.acting("lia") as (uow, actor):
        notices.mark_read(uow, actor, notice.id)
    with library.acting("kim") as (uow, actor):
        notices.mark_read(uow, actor, notice.id)
    assert counts(library, "kim")["notices"] == 0
    assert lent.number in notice.text


def test_two_people_of_one_name_are_told_apart_where_one_is_chosen(library: World, lent: Case) -> None:
    twins = [library.person(name, "librarian") for name in ("tea", "teo")]
    with library.store.unit_of_work() as uow:
        for one in twins:
            store.persons.update(uow, replace(store.persons.get(uow, one.id), name="Tea Twin", email=f"{one.id[-4:]}@example.org"))
        uow.commit()
    recall = library.task(lent, "recall").id
    with library.reading("lia") as (uow, actor):
        offered = dict(user_tasks.assignable(uow, actor, recall))
    assert {offered[one.id] for one in twins} == {f"Tea Twin ({one.id[-4:]}@example.org)" for one in twins}
