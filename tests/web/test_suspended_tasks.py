"""A task of a suspended procedure says so before anybody fills it in: it can be kept, not sent, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from engine.operations.running import instances
from tests.operations import acts
from tests.visiting import Visitor
from tests.web.test_portal import code, enter, phone
from tests.world import World

__all__ = ["phone"]
Visit = Callable[[str], Visitor]
SAID = "can be sent once the procedure goes on"


def _control(library: World, loan: Case, act: Callable[..., object]) -> None:
    running = acts.instance(library, loan).id
    with library.acting("kim") as (uow, actor):
        act(uow, actor, running, reason="They asked for it.")


@pytest.fixture
def path(library: World, loan: Case) -> str:
    return f"/tasks/{library.task(loan, 'answer-terms').id}"


def test_it_says_so_in_the_inbox_and_on_its_page_and_cannot_be_sent(library: World, loan: Case, path: str, visit: Visit) -> None:
    _control(library, loan, instances.suspend)
    ben = visit("ben")
    (row,) = ben.see("/inbox").xpath(f"//tr[@data-task='{path.rpartition('/')[2]}']")
    assert "Suspended" in row.text_content()
    page = ben.see(path)
    assert SAID in ben.text()
    assert not page.xpath("//form[@data-form]//button[contains(., 'Send')][not(@aria-hidden)]")
    ben.submit("Keep it for later", {"answer": "yes", "dueBack": "2026-04-01"})
    _control(library, loan, instances.resume)
    page = ben.see(path)
    assert SAID not in ben.text()
    assert page.xpath("//input[@name='dueBack']")[0].value == "2026-04-01"
    ben.submit("Send", {"answer": "yes"})
    assert "answer-terms" not in library.names(loan)


def test_what_was_typed_before_it_was_suspended_comes_back_with_the_reason(library: World, loan: Case, path: str, visit: Visit) -> None:
    ben = visit("ben")
    ben.see(path)
    _control(library, loan, instances.suspend)
    page = ben.submit("Send", {"answer": "yes", "dueBack": "2026-04-01"}, status=409)
    assert SAID in ben.text()
    assert page.xpath("//input[@name='dueBack']")[0].value == "2026-04-01"
    assert library.names(loan) == ["answer-terms"]


def test_a_visitor_is_told_that_it_is_paused_and_keeps_what_they_typed(library: World, loan: Case, path: str, phone: Visitor) -> None:
    enter(phone, code(library, loan))
    phone.see(f"/portal{path}")
    phone.submit("Go on", {"answer": "yes"})
    _control(library, loan, instances.suspend)
    page = phone.submit("Send", {"dueBack": "2026-04-01"}, status=409)
    assert "This is paused for now." in phone.text()
    assert page.xpath("//input[@name='dueBack']")[0].value == "2026-04-01"
    phone.submit("Keep it for later")
    assert library.names(loan) == ["answer-terms"]


def test_the_page_says_who_suspended_it(library: World, loan: Case, path: str, visit: Visit) -> None:
    _control(library, loan, instances.suspend)
    ben = visit("ben")
    ben.see(path)
    assert "Kim Example has suspended the procedure since" in ben.text()
    assert "They asked for it." not in ben.text()
