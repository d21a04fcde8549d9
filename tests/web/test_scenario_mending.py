"""A step drawn into a procedure stops its scenarios; all of them are mended by clicks, without script and without a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.operations import shelf
from tests.operations.test_scenarios import LATE, LENT, OPENED, REFUSED
from tests.visiting import Visitor
from tests.web.test_changes import begin, save
from tests.world import World

Visit = Callable[[str], Visitor]
TWICE = LENT.replace("A book is lent and comes back", "A book is lent once more")
ASKED = '[[steps]]\nexpect = { only_open = ["answer-terms for ben"] }\n'


def stepped_into() -> bytes:
    """The loan with a step before the terms: somebody looks for the book first."""
    drawn = shelf.library()["loan.bpmn"].decode()
    way = '<bpmn:sequenceFlow id="f1" sourceRef="requested" targetRef="answer-terms"'
    assert way in drawn
    look = '<bpmn:userTask id="find" name="Find the book" parley:role="librarian" parley:due="P5D" />'
    onward = '<bpmn:sequenceFlow id="f0" sourceRef="find" targetRef="answer-terms" />'
    return drawn.replace(way, look + onward + way.replace("answer-terms", "find")).encode()


@pytest.fixture
def change(visit: Visit, library: World) -> tuple[Visitor, str]:
    """A change that draws a step into the loan, with scenarios as they were before."""
    tom = visit("tom")
    path = begin(tom, "With a new step")
    for name, text in {"lent": LENT, "twice": TWICE, "opened": OPENED + ASKED, "late": LATE, "refused": REFUSED}.items():
        assert save(tom, path, text.encode(), name=f"scenarios/{name}.toml") == 200
    assert save(tom, path, stepped_into(), name="loan.bpmn") == 200
    tom.see(f"{path}/scenarios")
    tom.submit("Run all")
    return tom, path


def press(visitor: Visitor, words: str) -> None:
    (link, *_) = visitor.document().xpath(f"//main//a[contains(normalize-space(.), '{words}')]/@href")
    visitor.see(link)


def test_scenarios_that_fail_by_themselves_come_first_and_the_others_wait_under_them(change: tuple[Visitor, str]) -> None:
    tom, _path = change
    said = tom.text()
    assert "3 scenarios fail by themselves; 2 more only wait for one of these" in said
    assert "“Find the book” is open where 3 scenarios stop" in said
    first, *_ = tom.document().xpath("//table[1]/tbody/tr")
    assert "A loan is asked for" in first.text_content()
    assert "2 more wait for it" in first.text_content()


def test_a_missing_step_is_shown_once_and_done_the_same_way_in_all(change: tuple[Visitor, str]) -> None:
    tom, path = change
    press(tom, "Show it in “A loan is asked for”")
    assert "It stops at step 1. Expected “Answer the terms for ben” to be open." in tom.text()
    press(tom, "lia: Find the book")
    tom.submit("Do it")
    assert "The scenario passes now." in (tom.answer.text if tom.answer else "")
    tom.submit("Run all")
    press(tom, "Do it the same way in all 2 that stop here")
    assert "lia completes “Find the book”" in tom.text()
    tom.submit("Try it in all 2 scenarios")
    tom.submit("Keep it in 2 scenarios")
    assert "All 5 pass" in tom.text()
    text = tom.see(f"{path}/scenarios/text/scenarios/opened.toml").xpath("//textarea")[0].text
    assert text.index('does = "find"') < text.index("expect = "), "what has to be true is looked at after the new step"
    tom.see(path)
    tom.submit("Send for approval", {"why": "The book is looked for first"})
    assert "It is live" in tom.text()


def test_what_is_so_now_is_taken_as_what_has_to_be_true(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/play/scenarios/opened.toml")
    tom.submit("Take what is so now as what must be true")
    text = tom.see(f"{path}/scenarios/text/scenarios/opened.toml").xpath("//textarea")[0].text
    assert 'only_open = ["find for Librarian"]' in text or "find" in text
    tom.see(f"{path}/scenarios/of/scenarios/opened.toml")
    tom.submit("Run")
    assert "It passes" in tom.text()


def test_a_step_is_taken_out_and_another_put_in_between(change: tuple[Visitor, str]) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/play/scenarios/lent.toml")
    press(tom, "lia: Find the book")
    tom.submit("Do it")
    tom.see(f"{path}/scenarios/of/scenarios/lent.toml")
    tom.submit("Run")
    press(tom, "Add a step after it: 1")
    tom.submit("Let time pass", {"days": "1"})
    steps = tom.see(f"{path}/scenarios/of/scenarios/lent.toml").xpath("//table//tbody/tr")
    assert "1 day pass" in steps[1].text_content() or "day" in steps[1].text_content()
    tom.submit("Take it out: Step 2")
    steps = tom.see(f"{path}/scenarios/of/scenarios/lent.toml").xpath("//table//tbody/tr")
    assert "Answer the terms" in steps[1].text_content()


def test_what_no_scenario_stops_at_or_shows_is_said_and_nothing_is_kept(change: tuple[Visitor, str], visit: Visit) -> None:
    tom, path = change
    tom.see(f"{path}/scenarios/same-way?process=loan&element=find")
    assert "No scenario is known to stop there, or none shows yet how it is done" in tom.text()
    tom.send(f"{path}/scenarios/same-way/keep", {"process": "loan", "element": "gone"})
    assert "nothing was kept" in (tom.answer.text if tom.answer else "")
    visit("ben").send(f"{path}/scenarios/same-way/keep", {"process": "loan", "element": "find"}, status=403)
