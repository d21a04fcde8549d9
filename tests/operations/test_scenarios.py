"""Scenarios of the lending library: run in virtual time, in a store of their own, and asked before publishing."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest

from engine import clock, language, store
from engine.model.errors import Conflict, ModelRefused
from engine.operations.drafting import change_files, changes
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenarios
from engine.scenarios.results import Result, Run
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.operations.test_deployments import calling
from tests.world import START, World

LENT = """
title = "A book is lent and comes back"

[people]
lia = "librarian"
cor = "curator"
kim = "keeper"
ben = "borrower"

[opening]
by = "lia"
joins = ["cor"]
with = { bookClass = "fragile", wish = "To read" }

[[steps]]
expect = { only_open = ["Answer the terms for ben"], token_at = ["answer-terms"], ended = false }

[[steps]]
who = "ben"
does = "Answer the terms"
with = { answer = "yes", dueBack = "day:P9D" }
expect = { only_open = ["recall"], facts = { terms = "accepted" } }

[[steps]]
who = "lia"
does = "recall"

[[steps]]
who = "cor"
does = "check-return"
with = { damaged = false }

[[steps]]
who = "cor"
does = "sign-off-return"
refused = true

[[steps]]
who = "kim"
does = "Sign off the return"
expect = { ended = "Returned", only_open = [], passed = ["check-return"], not_passed = ["refused"] }
"""
OPENED = """
title = "A loan is asked for"
[people]
lia = "librarian"
cor = "curator"
ben = "borrower"
[opening]
by = "lia"
joins = ["cor"]
with = { bookClass = "fragile", wish = "To read" }
"""
LATE = """
title = "Nobody answers"
continues = "opened"
[[steps]]
passes = "=settings.answerDue - duration(\\"P1D\\")"
expect = { notices = ["due-soon to ben"] }
"""
REFUSED = """
title = "The terms are refused"
continues = "opened"
[[steps]]
who = "ben"
does = "answer-terms"
with = { answer = "no", why = "Too long" }
expect = { ended = "refused" }
"""


def files(**texts: str) -> dict[str, bytes]:
    return shelf.library() | {f"scenarios/{name}.toml": text.encode() for name, text in texts.items()}


def run(**texts: str) -> Run:
    return scenarios.run_files(files(**texts))


def said(**texts: str) -> str:
    """What the last scenario failed with."""
    result = run(**texts).results[-1]
    assert result.failed_at is not None
    return " ".join(result.failed_at.wrong)


def one(found: Run, name: str) -> Result:
    return next(result for result in found.results if result.name == name)


def test_a_scenario_that_holds_passes_and_says_what_was_walked() -> None:
    found = run(lent=LENT)
    (result,) = found.results
    assert (result.passed, result.failed_at) == (True, None)
    (loan,) = found.coverage
    assert {"answer-terms", "check-return", "closed", "f3"} <= set(loan.walked)
    assert {"refused", "f4"} <= {id for id, _ in loan.never}
    assert loan.elements.walked < loan.elements.all


def test_each_step_tells_its_tokens_open_tasks_and_flows() -> None:
    opening, _look, answered, *_ = run(lent=LENT).results[0].steps
    assert [place.id for place in opening.tokens] == ["answer-terms"]
    assert opening.open == ("Answer the terms for ben",)
    assert "f3" in {one.place.id for one in answered.passed if one.event is None}


def test_scenarios_that_continue_another_begin_where_it_ended() -> None:
    found = run(opened=OPENED, late=LATE, refused=REFUSED)
    assert [result.passed for result in found.results] == [True, True, True]
    assert "requested" in {place.id for place in one(found, "refused").walked}
    assert found.total.walked > 0


def test_time_passes_by_the_settings_of_the_pack() -> None:
    longer = files(opened=OPENED, late=LATE)
    longer["pack.toml"] = longer["pack.toml"].replace(b'default = "P7D"', b'default = "P20D"')
    assert [result.passed for result in scenarios.run_files(longer).results] == [True, True]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ('expect = { open = ["Check the book"] }', "Expected “Check the book” to be open. Open: “Answer the terms for ben”."),
        ("expect = { only_open = [] }", "Expected nothing else to be open, but “Answer the terms for ben” is."),
        ('expect = { not_open = ["answer-terms for borrower"] }', "not to be open, but it is"),
        ('expect = { token_at = ["recall"] }', "Expected the procedure to be at “Wait for the book”. It is at “Answer the terms”."),
        ('expect = { notices = ["due-soon to ben"] }', "Expected the notice “due-soon to ben” since it was last looked. None was sent."),
        ('expect = { facts = { bookClass = "sturdy" } }', "Expected bookClass to be sturdy; it is fragile."),
        ("expect = { facts = { shelf = 3 } }", "“shelf” is no fact of the pack; its facts are"),
        ("expect = { ended = true }", "Expected the procedure to have ended."),
        ('expect = { passed = ["recall"] }', "Expected “Wait for the book” to have been passed, but it was not."),
        ('expect = { open = ["Anser the terms"] }', "No diagram has an element called “Anser the terms”. Did you mean “answer the terms”"),
        ('who = "ben"\ndoes = "recall"', "“Wait for the book” is not open now. Open: “Answer the terms for ben”."),
        ('who = "ben"\ndoes = "answer-terms"\nwith = { answer = "perhaps" }', "answer: "),
        ('who = "lia"\ndoes = "answer-terms"', "refused"),
        ('who = "lia"\nsends = "Nothing"', "The pack has no message “Nothing”. It has: BookRecalled."),
        ('job = "recall"', "No outside work is waited for at “recall”."),
        ('passes = "=settings.answerDue + 3"', "is no time that could pass"),
        ('passes = "P9000Y"', "is no time that could pass"),
    ],
)
def test_what_is_not_as_expected_says_what_was_expected_and_what_is_there(step: str, message: str) -> None:
    text = f'title = "Wrong"\ncontinues = "opened"\n[[steps]]\n{step}\n'
    assert message in said(opened=OPENED, wrong=text)


def test_what_is_not_as_expected_is_kept_in_english_and_told_to_each_reader_in_their_language() -> None:
    text = 'title = "W"\ncontinues = "opened"\n[[steps]]\nexpect.open = ["recall"]\n'
    (wrong,) = run(opened=OPENED, wrong=text).results[-1].steps[-1].wrong
    assert wrong.startswith("Expected “")
    with language.speaking("es"):
        assert re.match(r"Se esperaba que «.+» estuviera abierto. Abierto: ", language.told(wrong))


def test_an_act_that_is_to_be_refused_and_is_not_fails() -> None:
    step = '[[steps]]\nwho = "ben"\ndoes = "answer-terms"\nrefused = true\nwith = { answer = "no", why = "x" }\n'
    assert "Expected this to be refused" in said(opened=OPENED, wrong=f'title = "W"\ncontinues = "opened"\n{step}')


def test_a_role_that_the_pack_does_not_have_is_named() -> None:
    assert "ben is to be “sailor”, but the pack has no such role" in said(opened=OPENED.replace('ben = "borrower"', 'ben = "sailor"'))


def test_who_continues_a_scenario_that_failed_is_told_so() -> None:
    broken = OPENED + "[[steps]]\nexpect = { ended = true }\n"
    assert "which did not come to its end" in said(opened=broken, late=LATE)


def test_an_error_in_the_procedure_fails_the_step() -> None:
    found = files(wait='title = "W"\n[people]\nlia = "librarian"\n[opening]\nby = "lia"\nprocess = "poison"\n[[steps]]\npasses = "P2D"\n')
    found["poison.bpmn"] = shelf.poison()
    (result,) = scenarios.run_files(found).results
    assert result.failed_at is not None
    assert "An error stopped the procedure at" in result.failed_at.wrong[0]


def test_a_procedure_with_a_timer_walks_it() -> None:
    begun = 'title = "W"\n[people]\nlia = "librarian"\n[opening]\nby = "lia"\nprocess = "clockwork"\n'
    text = begun + '[[steps]]\npasses = "P5D"\nexpect = { only_open = ["hint", "late"] }\n'
    found = files(wait=text)
    found["clockwork.bpmn"] = shelf.clockwork()
    run_now = scenarios.run_files(found)
    assert run_now.passed
    assert next(each for each in run_now.coverage if each.process == "clockwork").timers.percent == 100


def test_files_that_cannot_be_deployed_are_problems_and_nothing_runs() -> None:
    broken = files(opened=OPENED)
    broken["loan.bpmn"] = b"<definitions/>"
    found = scenarios.run_files(broken)
    assert (found.results, found.passed) == ((), False)
    assert found.problems


def test_results_of_the_same_content_are_given_again_without_running() -> None:
    content = files(lent=LENT)
    first = scenarios.run_files(content)
    assert scenarios.known(content).results[0] is first.results[0]
    assert scenarios.run(content, again=True).results[0] is not first.results[0]


# ------------------------------------------------------------------------------------------------ nobody is disturbed


def test_virtual_time_is_seen_by_nobody_else() -> None:
    """While a scenario lets weeks pass, other threads read the time of the process."""
    seen: list[timedelta] = []
    inside, looked = threading.Event(), threading.Event()

    def elsewhere() -> None:
        inside.wait(10)
        seen.append(clock.now() - START)
        looked.set()

    clock.use(clock.MovableClock(START, frozen=True))
    other = threading.Thread(target=elsewhere)
    other.start()
    with clock.within(clock.MovableClock(START + timedelta(days=400), frozen=True)):
        inside.set()
        looked.wait(10)
        assert clock.now() == START + timedelta(days=400)
    other.join()
    assert seen == [timedelta(0)]
    assert clock.now() == START


def test_a_running_system_goes_on_while_scenarios_run(library: World) -> None:
    """Real cases are opened and worked while a scenario runs in another thread; neither sees anything of the other."""
    results: list[Run] = []
    runner = threading.Thread(target=lambda: results.append(run(opened=OPENED, late=LATE)))
    runner.start()
    opened = [library.open_case("lia", "library", [("borrower", "ben")], {"bookClass": "sturdy", "wish": "x"}) for _ in range(3)]
    runner.join()
    assert results[0].passed
    assert {case.opened_at for case in opened} == {START}
    with library.store.reading() as uow:
        assert len(store.cases.list_(uow, library.program.id).items) == 3
        assert store.notices.of_case(uow, opened[0].id) == ()


# -------------------------------------------------------------------------------------------------------------- the gate


@pytest.fixture
def guarded(empty: Store) -> World:
    """The library, whose pack asks for a second trustee and for coverage of 60 %."""
    content = shelf.library(changed={"approval = false": "approval = true\ncoverage = 60"})
    world = cast(empty, content | {"scenarios/lent.toml": LENT.encode()})
    world.person("tia", "trustee")
    return world


def ask(world: World, **texts: str | None) -> str:
    """The state of a change of some files that was sent; ModelRefused when the gate says no."""
    with world.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Another wording", pack="library", why="They ask for it")
        loan = shelf.library()["loan.bpmn"].replace(b'name="Answer the terms"', b'name="Say yes or no"')
        change_files.save(uow, actor, change.id, "loan.bpmn", loan, 0)
        for name, text in texts.items():
            if text is None:
                change_files.remove(uow, actor, change.id, f"scenarios/{name}.toml")
            else:
                change_files.save(uow, actor, change.id, f"scenarios/{name}.toml", text.encode(), 0)
        return str(publishing.ask(uow, actor, change.id).state)


def test_a_change_whose_scenario_fails_is_not_sent(guarded: World) -> None:
    with pytest.raises(ModelRefused) as refused:
        ask(guarded)
    (problem,) = refused.value.problems
    assert (problem.file, problem.code) == ("scenarios/lent.toml", "scenario-failed")
    assert "step 1: No diagram has an element called “Answer the terms”" in problem.message


def test_a_change_whose_scenarios_pass_is_sent(guarded: World) -> None:
    assert ask(guarded, lent=LENT.replace("Answer the terms", "Say yes or no")) == "asked"


def test_too_little_coverage_is_refused_with_both_numbers(guarded: World) -> None:
    with pytest.raises(ModelRefused) as refused:
        ask(guarded, lent=None)
    (problem,) = refused.value.problems
    assert problem.code == "scenario-coverage"
    assert "0 %" in problem.message
    assert "60 %" in problem.message


def test_a_change_does_not_lower_the_bar_for_itself(guarded: World) -> None:
    with guarded.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Less to try", pack="library", why="They ask for it")
        lowered = shelf.library(changed={"approval = false": "approval = true"})["pack.toml"]
        change_files.save(uow, actor, change.id, "pack.toml", lowered, 0)
        change_files.remove(uow, actor, change.id, "scenarios/lent.toml")
        with pytest.raises(ModelRefused, match="cannot be run"):
            publishing.ask(uow, actor, change.id)


def test_nor_does_one_that_says_it_begins_the_same_pack_anew(guarded: World) -> None:
    with guarded.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Less to try", why="They ask for it")
        for name, content in shelf.library(changed={"approval = false": "approval = true"}).items():
            change_files.save(uow, actor, change.id, name, content, 0)
        with pytest.raises(Conflict, match="is a pack already"):
            publishing.ask(uow, actor, change.id)


def test_an_upload_without_a_change_goes_through_the_same_gate(guarded: World) -> None:
    content = shelf.library(changed={"approval = false": "approval = true\ncoverage = 60"})
    content["loan.bpmn"] = content["loan.bpmn"].replace(b'name="Answer the terms"', b'name="Say yes or no"')
    with guarded.acting("tia") as (uow, actor), pytest.raises(ModelRefused) as refused:
        publishing.upload(uow, actor, content)
    assert [one.code for one in refused.value.problems] == ["scenario-coverage"]


def test_a_change_whose_scenarios_cannot_be_run_is_not_sent(guarded: World) -> None:
    guarded.deploy({"desk.bpmn": shelf.desk()}, by="ada")
    with guarded.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Call what is deployed beside the pack", pack="library", why="They ask for it")
        change_files.save(uow, actor, change.id, "caller.bpmn", calling("caller", "desk"), 0)
        with pytest.raises(ModelRefused) as refused:
            publishing.ask(uow, actor, change.id)
    assert [(one.element_id, one.code) for one in refused.value.problems] == [("call-desk", "scenarios-not-run")]
