"""Scenarios at the pages, without script: results, the walk, coverage, as text, and made by going through the draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.operations.test_scenarios import LATE, LENT, OPENED
from tests.visiting import Visitor
from tests.web.test_changes import begin, save
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def change(visit: Visit, library: World) -> tuple[Visitor, str]:
    """A change with three scenarios, open for its author."""
    tom = visit("tom")
    path = begin(tom, "With scenarios")
    for name, text in {"lent": LENT, "opened": OPENED, "late": LATE}.items():
        assert save(tom, path, text.encode(), name=f"scenarios/{name}.toml") == 200
    return tom, path


def test_scenarios_are_listed_run_and_their_coverage_shown(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios")
    assert "Not all of them were run" in tom.text()
    page = tom.submit("Run all")
    assert "All 3 pass and walk" in tom.text()
    assert len(page.xpath("//tr[contains(., 'Passed')]")) == 3
    tom.see(f"{path}/scenarios/coverage/loan")
    assert "Not lent" in tom.text()
    assert "from “Terms accepted?” to “Not lent”" in tom.text()


def test_one_scenario_is_read_in_words_and_walked_step_by_step(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/of/scenarios/late.toml")
    tom.submit("Run")
    said = tom.text()
    assert "It passes" in said
    assert "Time passes: “The terms are to be answered within” less 1 day" in said
    assert "The notice “due-soon to ben” was sent" in said
    page = tom.see(f"{path}/scenarios/of/scenarios/late.toml?step=0")
    assert page.xpath("//a[@rel='next']")
    assert "answer-terms" in page.xpath("//*[@data-diagram]/@data-overlays")[0]


def test_a_scenario_that_fails_says_where_and_the_change_cannot_be_sent(change: tuple[Visitor, str]) -> None:
    tom, path = change
    wrong = OPENED + '[[steps]]\nexpect = { open = ["recall"] }\n'
    assert save(tom, path, wrong.encode(), name="scenarios/wrong.toml") == 200
    tom.see(f"{path}/scenarios/of/scenarios/wrong.toml")
    tom.submit("Run")
    assert "It fails at step 1. Expected “Wait for the book” to be open." in tom.text()
    tom.see(f"{path}/scenarios")
    tom.submit("Run all")
    assert "1 scenario fails" in tom.text()
    tom.see(path)
    tom.submit("Send for approval", status=422)
    assert "The scenario “A loan is asked for” fails at step 1" in tom.text()


def test_a_file_that_cannot_be_read_is_kept_and_says_what_is_wrong(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/text/scenarios/late.toml")
    tom.submit("Save", {"text": 'title = "<script>alert(1)</script>"\nstep = 3\n'})
    assert "The file has “step”, which means nothing there" in tom.text()
    tom.see(f"{path}/scenarios/text/scenarios/late.toml")
    assert "<script>alert" not in (tom.answer.text if tom.answer else "")


def test_a_stale_text_is_not_saved_over_somebody_elses(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/text/scenarios/late.toml")
    assert save(tom, path, LATE.replace("Nobody", "No one").encode(), 1, name="scenarios/late.toml") == 200
    tom.send(f"{path}/scenarios/text/scenarios/late.toml", {"text": LATE, "revision": "1"}, status=409)
    assert "Your text is still here" in tom.text()


def test_a_scenario_is_made_by_going_through_the_draft(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios")
    page = tom.submit("Begin", {"title": "The book comes back", "continues": "opened"})
    assert "Answer the terms" in tom.text()
    (link,) = page.xpath("//a[contains(@href, 'who=ben')]/@href")
    tom.see(link)
    tom.submit("Do it", {"answer": "yes"}, status=422)
    assert "dueBack" not in tom.text()
    tom.submit("Do it", {"answer": "yes", "dueBack": "2026-03-09"})
    assert "Wait for the book" in tom.text()
    tom.submit("Expect what is open now")
    tom.submit("Let time pass", {"days": "2"})
    tom.see(f"{path}/scenarios/text/scenarios/the-book-comes-back.toml")
    text = tom.document().xpath("//textarea")[0].text
    assert 'does = "answer-terms"' in text
    assert 'with = { answer = "yes", dueBack = "2026-03-09" }' in text
    assert "only_open" in text
    assert 'passes = "P2D"' in text
    tom.see(f"{path}/scenarios/of/scenarios/the-book-comes-back.toml")
    tom.submit("Run")
    assert "It passes" in tom.text()


def test_a_step_that_the_procedure_does_not_take_is_not_added(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/play/scenarios/opened.toml")
    assert "<time" not in tom.text(), "markup is shown as text"
    tom.submit("Send it", {"who": "ben"}, status=422)
    assert "Not added" in tom.text()
    tom.send(f"{path}/scenarios/next/scenarios/opened.toml", {"kind": "time", "days": "-4"}, status=422)
    tom.submit("Drop the last step")


def test_a_new_scenario_needs_a_title_of_its_own(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios")
    tom.submit("Begin", {"title": " ", "continues": "opened"})
    assert "Say in 1 to 120 characters" in tom.answer.text if tom.answer else False
    tom.submit("Begin", {"title": "Late", "continues": "opened"})
    assert "There is a scenario of that name already" in tom.answer.text if tom.answer else False


def test_a_scenario_with_a_case_of_its_own_is_gone_through_at_once(change: tuple[Visitor, str]) -> None:
    tom, path = change
    page = tom.see(f"{path}/scenarios")
    assert page.xpath("//select[@name='process']/option[@selected]/@value") == ["loan"]
    page = tom.submit("Begin", {"title": "From the beginning", "continues": ""})
    assert "Answer the terms" in tom.text()
    assert page.xpath("//a[contains(@href, 'who=somebody-borrower')]")
    text = tom.see(f"{path}/scenarios/text/scenarios/from-the-beginning.toml").xpath("//textarea")[0].text
    assert 'by = "somebody-librarian"' in text
    assert "somebody-trustee" not in text, "only who the procedure asks is there"


def test_a_scenario_begins_with_no_procedure_that_is_not_there(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.send(f"{path}/scenarios", {"title": "Nothing", "continues": "", "process": "gone"})
    assert "Choose the procedure that the case begins with" in (tom.answer.text if tom.answer else "")


@pytest.mark.parametrize("way", ["of", "text", "play", "task"])
def test_what_is_not_there_is_not_found(change: tuple[Visitor, str], way: str) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/{way}/scenarios/gone.toml", status=404)


def test_scenarios_are_for_who_may_see_procedures(change: tuple[Visitor, str], visit: Visit) -> None:
    _tom, path = change
    visit("ben").see(f"{path}/scenarios", status=403)
    visit("ben").send(f"{path}/scenarios/run", {}, status=403)
