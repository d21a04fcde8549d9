"""The room of participants without an account, on an old phone: no script, small pages, nothing but their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from api.running import EXTENSION, Config, Mode
from api.serving import Address, address_of, listen
from engine import store
from engine.model.cases import Case
from engine.model.portal import KeyKind
from engine.operations import live
from engine.operations.cases import case_pages, cases, openings
from engine.operations.people import attempts, people, portal_keys
from engine.store import tables
from tests.operations import acts
from tests.visiting import Visitor
from tests.world import World

#: what everybody gets who is not signed in, and the first page of the visit itself
OPEN_TO_ALL = {
    "assets.file", "web.icon", "session.sign_in", "help.about", "help.shortcuts", "help.components", "help.picture",
    "help.change_a_procedure", "help.index", "help.guide", "health.live", "health.ready", "health.metrics", "api-page.page",
    "api-docs.openapi_json",
    "portal.show", "portal.sent", "portal.ask_for_link", "portal.link_asked",
}  # fmt: skip
GONE = "This link no longer works"
Visit = Callable[[str], Visitor]


@pytest.fixture
def phone(app: Flask) -> Visitor:
    """A browser that nobody signed in with."""
    from_now_on(app)
    return Visitor(app.test_client())


def from_now_on(app: Flask) -> None:
    """Attempts are counted anew."""
    parley = app.extensions[EXTENSION]
    with parley.unit_of_work() as uow:
        uow.execute(tables.failed_attempts.delete())
        uow.commit()


def code(library: World, case: Case, name: str = "ben") -> str:
    """A new code for somebody."""
    participant = next(iter(library.participant_ids(case, name)))
    with library.acting("lia") as (uow, actor):
        told = portal_keys.make(uow, actor, case.id, participant, KeyKind.CODE).code
    assert told is not None
    return told


def enter(phone: Visitor, told: str) -> Visitor:
    """Type in a code."""
    phone.see("/portal")
    phone.submit("Go on", {"code": told})
    return phone


def test_a_code_opens_the_own_tasks_and_an_answer_arrives(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan).lower())
    assert "Ben Example" in phone.text()
    task = library.task(loan, "answer-terms")
    page = phone.see(f"/portal/tasks/{task.id}")
    assert not page.xpath("//script")
    assert "Why" not in phone.text()
    phone.submit("Go on", {"answer": "no"})
    assert "Nothing was sent yet" in phone.text()
    phone.submit("Send", {"why": "CANARY-why"})
    assert "Your answer arrived" in phone.text()
    phone.see(f"/portal/tasks/{task.id}")
    assert "Your answer arrived" in phone.text()


def test_a_form_sent_twice_says_the_same_once_more(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan))
    task = library.task(loan, "answer-terms")
    page = phone.see(f"/portal/tasks/{task.id}")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    typed = {"csrf_token": token, "answer": "yes", "dueBack": "2026-04-01", "_had": ["dueBack"]}
    said = [phone.client.post(f"/portal/tasks/{task.id}", data=typed, follow_redirects=True).text for _ in range(2)]
    assert said[0] == said[1]
    assert "Your answer arrived" in said[0]


def test_mistakes_are_said_and_what_was_typed_stays(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan))
    task = library.task(loan, "answer-terms")
    phone.see(f"/portal/tasks/{task.id}")
    phone.submit("Go on", {"answer": "yes"})
    page = phone.submit("Send", {"dueBack": "tomorrow"}, status=422)
    assert page.xpath("//input[@name='dueBack']/@value") == ["tomorrow"]
    assert page.xpath("//input[@name='answer'][@checked]/@value") == ["yes"]
    phone.submit("Keep it for later")
    page = phone.see(f"/portal/tasks/{task.id}")
    assert page.xpath("//input[@name='answer'][@checked]/@value") == ["yes"]


def test_looking_at_a_link_does_not_use_it_up_and_pressing_twice_leads_in(library: World, phone: Visitor, loan: Case) -> None:
    secret = code(library, loan)
    for _ in range(3):
        page = phone.see(f"/portal/enter/{secret}")
    token = page.xpath("//form[contains(@action, 'enter')]//input[@name='csrf_token']/@value")[0]
    first = phone.client.post(f"/portal/enter/{secret}", data={"csrf_token": token})
    assert first.headers["Location"] == "/portal"
    page = phone.see("/portal")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    assert phone.client.post(f"/portal/enter/{secret}", data={"csrf_token": token}).headers["Location"] == "/portal"
    Visitor(phone.client.application.test_client()).see(f"/portal/enter/{secret}", status=404)


def test_forged_used_and_ended_links_answer_with_the_same_page(library: World, phone: Visitor, loan: Case, app: Flask) -> None:
    used, ended = code(library, loan), code(library, loan, "ben")
    texts = set()
    for secret in ("x" * 43, used, "ACEFGHJK", "é", "%00", "'; drop table"):
        stranger = Visitor(app.test_client())
        stranger.see(f"/portal/enter/{secret}", status=404)
        texts.add(stranger.text())
    assert len(texts) == 1
    assert GONE in texts.pop()
    enter(phone, ended)
    again = Visitor(app.test_client())
    again.see(f"/portal/enter/{ended}", status=404)
    assert GONE in again.text()


def test_guessing_is_stopped(library: World, phone: Visitor, loan: Case) -> None:
    for _ in range(attempts.PER_LOGIN):
        phone.see("/portal")
        phone.submit("Go on", {"code": "AAAAAAAA"}, status=422)
    phone.see("/portal")
    phone.submit("Go on", {"code": code(library, loan)}, status=429)
    assert "too many attempts" in phone.text()


def test_ending_the_part_ends_the_visit_at_the_next_click(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan))
    participant = next(iter(library.participant_ids(loan, "ben")))
    task = library.task(loan, "answer-terms")
    with library.acting("lia") as (uow, actor):
        cases.end_participant(uow, actor, loan.id, participant)
    for _ in range(2):
        phone.see(f"/portal/tasks/{task.id}", status=410)
        assert "Your part here has ended" in phone.text()
        assert "What you sent before arrived and is kept" in phone.text()
    phone.see("/portal")
    assert "Your code" in phone.text()
    phone.see("/portal/enter/nothing", status=404)
    assert GONE in phone.text(), "another link is told of by itself"


def test_leaving_ends_the_visit_for_good(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan))
    phone.submit("Leave")
    assert "You have left" in phone.text()
    phone.see("/portal")
    assert "Your code" in phone.text()


def test_the_language_is_chosen_on_top_and_stays(library: World, phone: Visitor, loan: Case) -> None:
    phone.see("/portal")
    phone.submit("Español")
    assert "Su código" in phone.text()
    page = phone.submit("Continuar", {"code": code(library, loan)})
    assert page.get("lang") == "es"


def test_a_visit_reaches_no_other_page_and_no_rest_route(library: World, phone: Visitor, loan: Case, app: Flask) -> None:
    given = {"bookClass": "fragile", "wish": "CANARY-bea"}
    other = library.open_case("lia", "library", [("borrower", "bea"), ("curator", "cor")], given)
    page = enter(phone, code(library, loan)).document()
    token = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    known = {"task_id": library.task(other, "answer-terms").id, "participant_id": next(iter(library.participant_ids(other, "bea")))}
    reached = set()
    for endpoint, method, path in addresses(app, known, other.id):
        answer = phone.client.open(path, method=method, data=None if method == "GET" else token)
        assert answer.status_code < 500, path
        assert not any(word in answer.text for word in ("CANARY", other.number, "Bea Example")), path
        if answer.status_code == 200:
            reached.add(endpoint)
    assert reached <= OPEN_TO_ALL, "A visit is no sign-in: no other page or route may answer it with more than anybody gets."
    assert library.names(other) == ["answer-terms"]
    assert "Ben Example" in enter(phone, code(library, loan)).text()


def addresses(app: Flask, known: dict[str, str], otherwise: str) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every page and REST route, about somebody else; without those that end the visit."""
    urls, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        numbers = {name: 1 for name, one in rule._converters.items() if isinstance(one, IntegerConverter)}
        values = {name: known.get(name, otherwise) for name in rule.arguments} | numbers
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint not in ("portal.leave", "session.sign_out"):
                found.append((rule.endpoint, method, urls.build(rule.endpoint, values, method)))
    return found


def test_words_kept_on_another_device_are_not_written_over(library: World, phone: Visitor, loan: Case, app: Flask) -> None:
    task = f"/portal/tasks/{library.task(loan, 'answer-terms').id}"
    enter(phone, code(library, loan)).see(task)
    phone.submit("Go on", {"answer": "no"})
    other = enter(Visitor(app.test_client()), code(library, loan))
    other.see(task)
    other.submit("Keep it for later", {"answer": "no", "why": "from the other phone"})
    page = phone.submit("Send", {"why": "from this phone"}, status=409)
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "from this phone"
    assert "from the other phone" in phone.text()
    assert library.names(loan) == ["answer-terms"], "nothing was sent"
    phone.submit("Send")
    assert "Your answer arrived" in phone.text()


def test_mail_of_a_demonstration_leads_to_where_it_answers() -> None:
    listener = listen(Address("127.0.0.1", 0))
    with listener:
        here = address_of(listener)
    assert Config(Mode.DEMO, b"secret", here=here).outlets.address == here
    assert here.startswith("http://127.0.0.1:")
    assert Config(Mode.SERVE, b"secret", here=here).outlets.address is None


def test_a_participant_is_told_in_which_roles_their_case_was_opened_and_by_nobodys_name(
    library: World, phone: Visitor, loan: Case, visit: Visit
) -> None:
    enter(phone, code(library, loan))
    assert "Who opened your case" not in phone.text()
    for _ in range(2):
        visit("lia").see(f"/cases/{loan.id}")
    phone.see("/portal")
    assert "Who opened your caseLibrarian: 2 Mar 2026" in phone.text()
    assert "lia" not in phone.text().casefold()
    with library.acting("lia") as (uow, actor):
        assert len(store.openings.by_role(uow, loan.id)) == 1
        assert openings.roles_to_note(uow, actor, loan.id) == frozenset()
    task = library.task(loan, "answer-terms")
    for path in (f"/tasks/{task.id}", f"/cases/{loan.id}/panels/terms"):
        library.clock.advance(openings.APART + timedelta(days=1))
        visit("lia").see(path)
        with library.store.reading() as uow:
            (last,) = store.openings.by_role(uow, loan.id).values()
        assert last == library.clock()


def test_a_role_that_works_on_something_discreet_is_not_told_of(library: World, loan: Case) -> None:
    with library.acting("lia") as (uow, actor):
        openings.note(uow, actor, loan.id, openings.roles_to_note(uow, actor, loan.id))
    with library.store.unit_of_work() as uow:
        pack = live.pack(uow, loan.program_id, loan.pack)
        assert len(openings.told(uow, loan, pack)) == 1
        uow.execute(tables.user_tasks.update().where(tables.user_tasks.c.case_id == loan.id).values(discreet=True, role="librarian"))
        assert openings.told(uow, loan, pack) == ()


def test_a_form_that_changed_meanwhile_is_shown_anew_and_nothing_is_sent(library: World, phone: Visitor, loan: Case) -> None:
    enter(phone, code(library, loan))
    task = library.task(loan, "answer-terms")
    phone.see(f"/portal/tasks/{task.id}")
    page = phone.submit("Go on", {"answer": "yes", "dueBack": "2026-04-01", "_form": "another-edition", "_had": ["dueBack"]}, status=409)
    assert "The form changed while you filled it in" in phone.text()
    assert page.xpath("//input[@name='dueBack']/@value") == ["2026-04-01"]
    assert library.task(loan, "answer-terms").state == "open"
    phone.submit("Send")
    assert "Your answer arrived" in phone.text()


def test_who_of_the_program_is_late_is_not_a_participant_s_to_read(library: World, phone: Visitor) -> None:
    loan = acts.lent(library)
    library.advance("P90D")
    with library.acting("kim") as (uow, actor):
        assert "late" in case_pages.page(uow, actor, loan.id).line.sentence
    enter(phone, code(library, loan))
    said = phone.text()
    assert "the next step is with others" in said
    assert not [word for word in ("late", "Waits for", "Reminder", "Kim", "Lia") if word in said]


def test_who_asks_for_a_link_is_told_the_same_whether_the_address_is_known_or_not(library: World, phone: Visitor, loan: Case) -> None:
    with library.store.unit_of_work() as uow:
        people.change(uow, library.system, library.people["ben"].id, email="ben@example.org")
        uow.commit()
    said = []
    for email in ("ben@example.org", "nobody@example.org"):
        phone.see("/portal/enter/nothing", status=404)
        phone.see(phone.document().xpath("//a[contains(., 'Ask for a new link')]/@href")[0])
        phone.submit("Send me a link", {"email": email, "number": loan.number})
        said.append(phone.text())
    assert said[0] == said[1]
    assert "a link is on its way" in said[0]
    with library.store.reading() as uow:
        assert len(store.portal_keys.of_case(uow, loan.id)) == 1
    page = phone.see("/portal/link")
    page = phone.submit("Send me a link", {"email": "nothing", "number": "L1"}, status=422)
    assert page.xpath("//input[@name='number']/@value") == ["L1"]
