"""Signing in and out."""

from __future__ import annotations

import pytest
from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from engine.operations.people import accounts
from tests.visiting import Visitor
from tests.web.test_portal import from_now_on
from tests.world import World

PASSWORD = "a long enough password"


@pytest.fixture(scope="module", autouse=True)
def _password(library: World) -> None:
    with library.acting("lia") as (uow, actor):
        accounts.set_password(uow, actor, actor.account_id or "", PASSWORD)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def test_signing_in_leads_to_where_one_was_heading(visitor: Visitor) -> None:
    visitor.see("/cases?state=all")
    visitor.submit("Sign in", {"login": "lia", "password": PASSWORD})
    assert visitor.answer is not None
    assert visitor.answer.request.full_path == "/cases?state=all"


def test_a_wrong_password_says_so_at_the_form_and_keeps_the_name(visitor: Visitor) -> None:
    visitor.see("/sign-in")
    page = visitor.submit("Sign in", {"login": "lia", "password": "wrong"}, status=422)
    told = " ".join(page.xpath("//div[@role='alert']")[0].text_content().split())
    assert told == "There is a problem The sign-in name or the password is not right. Check both and try again."
    assert page.get_element_by_id("login").value == "lia"
    assert "wrong" not in visitor.text()


def test_an_unknown_name_is_answered_like_a_wrong_password(visitor: Visitor) -> None:
    visitor.see("/sign-in")
    known = visitor.submit("Sign in", {"login": "lia", "password": "wrong"}, status=422).xpath("//div[@role='alert']")
    visitor.see("/sign-in")
    unknown = visitor.submit("Sign in", {"login": "nobody", "password": "wrong"}, status=422).xpath("//div[@role='alert']")
    assert known[0].text_content() == unknown[0].text_content()


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "cases", ""])
def test_a_link_cannot_lead_away_after_signing_in(visitor: Visitor, target: str) -> None:
    visitor.see("/sign-in")
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    answer = visitor.client.post("/sign-in", data={"login": "lia", "password": PASSWORD, "next": target, "csrf_token": token})
    assert answer.headers["Location"] == "/inbox"


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.see("/sign-in")
    visitor.submit("Sign in", {"login": "lia", "password": PASSWORD})
    visitor.submit("Sign out")
    visitor.see("/inbox")
    assert visitor.answer is not None
    assert visitor.answer.request.path == "/sign-in"


def test_a_post_from_another_site_is_refused(app: Flask, library: World) -> None:
    client = Visitor(app.test_client()).sign_in_as(library, "lia").client
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf_token": "guessed"}).status_code == 403


def test_too_many_attempts_are_told_to_wait(library: World) -> None:
    app = create_app(library.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    visitor = Visitor(app.test_client())
    for _ in range(10):
        visitor.see("/sign-in")
        visitor.submit("Sign in", {"login": "kim", "password": "wrong"}, status=422)
    visitor.see("/sign-in")
    visitor.submit("Sign in", {"login": "kim", "password": "wrong"}, status=429)
    assert "wait a few minutes" in visitor.text()


def test_only_the_demo_lets_in_without_a_password(visitor: Visitor) -> None:
    visitor.see("/sign-in")
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    answer = visitor.client.post("/sign-in", data={"login": "lia", "demo": "1", "csrf_token": token})
    assert answer.status_code == 422


def test_a_new_password_asks_for_the_present_one_and_ends_other_sessions(app: Flask, library: World) -> None:
    from_now_on(app)
    with library.acting("kim") as (uow, actor):
        accounts.set_password(uow, actor, actor.account_id or "", PASSWORD)
    here, elsewhere = (Visitor(app.test_client()).sign_in_as(library, "kim") for _ in range(2))
    here.see("/account")
    here.submit("Change the password", {"current": "wrong", "new": "another long one"}, status=422)
    assert "This is not your present password." in here.text()
    here.submit("Change the password", {"current": PASSWORD, "new": "short"}, status=422)
    here.submit("Change the password", {"current": PASSWORD, "new": "another long one"})
    assert "Your password was changed." in here.text()
    assert elsewhere.client.get("/inbox").status_code == 303
    assert here.client.get("/inbox").status_code == 200
