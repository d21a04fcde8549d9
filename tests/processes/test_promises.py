"""P11: who is asked how the agreement holds is asked about each thing that was to be done by a day, and what they say is noted there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import clock, store
from engine.feel import from_json
from engine.model.cases import Case
from engine.model.errors import FormInvalid
from engine.model.views import TaskPage
from engine.operations.content import entries
from engine.operations.tasks import task_lists
from tests.processes import answers, telling
from tests.processes.conftest import Told
from tests.processes.test_obligations import agree, said, seen, terms_of
from tests.processes.test_portal import Enter, enter, opened
from tests.world import World

__all__ = ["enter"]
FACTS = ("obligationsOwed", "obligationsKept")


@pytest.fixture(scope="module")
def told_to_follow_up(told_to_mediation: Told, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A closed case with one promise by a day (10 April) and one without, whose parties are asked how it holds."""
    path, case = tmp_path_factory.mktemp("told") / "follow-up.sqlite", told_to_mediation.case
    assert case is not None
    world = told_to_mediation.again(path)
    telling.meet(world, case)
    agree(world, case, terms_of(world, case))
    world.complete("mira", case, "sign_off_outcome", answers.OUTCOME)
    for name in telling.PARTIES:
        world.complete(name, case, "confirm_closure", answers.CONFIRMED, of=name)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    world.advance("P30D")
    world.store.close()
    return Told(world, path, clock.now(), case)


@pytest.fixture
def asked(told_to_follow_up: Told, tmp_path: Path) -> Iterator[tuple[World, Case]]:
    """The same for one test."""
    assert told_to_follow_up.case is not None
    fresh = told_to_follow_up.again(tmp_path / "world.sqlite")
    yield fresh, told_to_follow_up.case
    fresh.store.close()


def page(world: World, case: Case, by: str, of: str) -> TaskPage:
    task = world.task(case, "follow_up", of=of)
    with world.reading(by) as (uow, actor):
        return task_lists.page(uow, actor, task.id)


def answer(world: World, case: Case, name: str, **row: str) -> None:
    (id, _words), *_ = page(world, case, name, name).choices["promise"]
    world.complete(name, case, "follow_up", answers.HOLDS | {"promises": [{"promise": id, **row}]}, of=name)


def facts(world: World, case: Case) -> list[str]:
    with world.store.reading() as uow:
        found = {fact.key: from_json(fact.value) for fact in store.facts.of_cases(uow, [case.id], FACTS)}
    return [str(found.get(key)) for key in FACTS]


def carpet(world: World, case: Case, by: str = "mira") -> dict[str, object]:
    return said(next(one for one in seen(world, case, by) if one.dated))


def test_each_open_promise_with_a_day_is_asked_about_in_a_row_of_its_own(asked: tuple[World, Case]) -> None:
    world, case = asked
    found = page(world, case, "ana", "ana")
    ((id, words),) = found.choices["promise"]
    assert words == "A carpet, by 10 Apr 2026"
    assert found.begins == {"promises": [{"promise": id}]}
    with world.store.reading() as uow:
        assert store.entries.versions(uow, id)[-1].version == 1


def test_what_is_said_of_it_is_noted_with_the_promise_by_who_said_it_and_counted(asked: tuple[World, Case]) -> None:
    world, case = asked
    assert facts(world, case) == ["1", "0"]
    answer(world, case, "ana", promiseState="done", promiseDoneOn="2026-04-01")
    assert carpet(world, case) | {"How far it is": "Done", "Done on": "2026-04-01"} == carpet(world, case)
    assert facts(world, case) == ["1", "1"]
    view = next(one for one in seen(world, case, "mira") if one.dated)
    assert view.versions[0].author is not None
    assert view.versions[0].author.label == "Ana Example"
    assert view.participant is not None
    assert view.source.startswith("From “Terms” of ")
    settled = page(world, case, "ben", "ben")
    assert (settled.choices["promise"], settled.begins) == ((), {}), "ben is not asked any more"
    assert "A carpet, by 10 Apr 2026" in str([one.fields for one in page(world, case, "mira", "ben").records if one.form == "follow-up"])


_ROWS = [({"promiseState": "open"}, "To be done"), ({}, "To be done"), ({"promiseState": "not_done"}, "Not done")]


@pytest.mark.parametrize(("row", "state"), _ROWS, ids=["not yet", "no answer", "not done"])
def test_not_yet_and_no_answer_change_nothing(asked: tuple[World, Case], row: dict[str, str], state: str) -> None:
    world, case = asked
    answer(world, case, "ben", **row)
    assert carpet(world, case)["How far it is"] == state


def test_what_was_settled_while_the_page_was_open_is_kept_as_said_and_changes_nothing(asked: tuple[World, Case]) -> None:
    world, case = asked
    ((id, _),) = page(world, case, "ben", "ben").choices["promise"]
    answer(world, case, "ana", promiseState="not_done")
    late = answers.HOLDS | {"promises": [{"promise": id, "promiseState": "done", "promiseDoneOn": "2026-04-01"}]}
    world.complete("ben", case, "follow_up", late, of="ben")
    assert carpet(world, case)["How far it is"] == "Not done"


def test_nobody_names_an_entry_of_another_case_and_done_needs_its_day(asked: tuple[World, Case]) -> None:
    world, case = asked
    with pytest.raises(FormInvalid) as refused:
        world.complete("ana", case, "follow_up", answers.HOLDS | {"promises": [{"promise": "0" * 32}]}, of="ana")
    assert [one.path for one in refused.value.errors] == ["/promises/0/promise"]
    with pytest.raises(FormInvalid) as refused:
        answer(world, case, "ana", promiseState="done")
    assert [one.path for one in refused.value.errors] == ["/promises/0/promiseDoneOn"]


def test_who_may_not_read_what_was_promised_is_offered_nothing_of_it(asked: tuple[World, Case]) -> None:
    world, case = asked
    for name in ("ida", "sue"):
        found = page(world, case, name, "ana")
        assert (found.choices.get("promise", ()), found.begins) == ((), {})
        assert "carpet" not in str(found).lower()


def test_the_mediator_s_own_note_is_what_the_next_follow_up_asks_after(asked: tuple[World, Case]) -> None:
    world, case = asked
    (view,) = [one for one in seen(world, case, "mira") if one.dated]
    with world.acting("mira") as (uow, actor):
        waived = {"obligationWhat": "A carpet", "obligationState": "waived"}
        entries.change(uow, actor, case.id, "obligations", view.id, waived, version=1)
    assert page(world, case, "ana", "ana").choices["promise"] == ()


def test_a_party_answers_on_the_phone_s_page_with_the_promise_in_words(asked: tuple[World, Case], enter: Enter) -> None:
    world, case = asked
    ana = enter(world, case, "ana")
    opened(ana, world, case, "follow_up", "ana")
    assert "A carpet, by 10 Apr 2026" in ana.text()
    assert not ana.document().xpath("//button[@name='_add'][@value='promises']")
    ana.submit("Send", {"agreementHolding": "yes", "wantsHelp": "no", "safetyFeeling": "fine", "promises-0-promiseState": "not_done"})
    assert carpet(world, case)["How far it is"] == "Not done"
