"""Signing in: sessions, the CSRF token, throttling, headers over https."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app_of
from api.running import Config, Mode, Parley
from engine import store
from engine.operations.people import accounts, attempts
from tests.rest.calling import SECRET
from tests.world import World

PASSWORD = "correct horse battery"


@pytest.fixture
def world() -> Iterator[World]:
    """A program with its administrator, ada."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = World(opened)
    ada = world.actor("ada")
    with opened.unit_of_work() as uow:
        accounts.set_password(uow, ada, ada.account_id or "", PASSWORD)
        uow.commit()
    yield world
    opened.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    """A browser."""
    return create_app_of(Parley(world.store, Config(Mode.SERVE, SECRET))).test_client()


def _token(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session.get("csrf_token", ""))


def _sign_in(client: FlaskClient, login: str = "ada", password: str = PASSWORD, **more: str) -> TestResponse:
    client.get("/sign-in")
    return client.post("/sign-in", data={"login": login, "password": password, "csrf_token": _token(client)}, **more)


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(client: FlaskClient) -> None:
    answer = _sign_in(client)
    assert answer.status_code in (302, 303)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_is_secure_and_the_browser_is_told_to_stay_there(world: World) -> None:
    config = Config(Mode.SERVE, SECRET, public_url="https://cases.example.org")
    client = create_app_of(Parley(world.store, config)).test_client()
    answer = client.get("/sign-in", base_url="https://cases.example.org")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(client: FlaskClient) -> None:
    wrong, unknown = _sign_in(client, password="wrong password"), _sign_in(client, login="nobody")
    assert (wrong.status_code, unknown.status_code) == (422, 422)

    def said(answer: TestResponse) -> str:
        return re.sub(r'value="[^"]*"', "", answer.text)

    assert said(wrong) == said(unknown)


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    assert answer.status_code == 403


def test_a_token_of_another_session_is_refused(client: FlaskClient, world: World) -> None:
    other = create_app_of(Parley(world.store, Config(Mode.SERVE, SECRET))).test_client()
    other.get("/sign-in")
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"login": "ada", "password": PASSWORD, "csrf_token": _token(other)})
    assert answer.status_code == 403


def test_the_token_changes_with_signing_in(client: FlaskClient) -> None:
    client.get("/sign-in")
    before = _token(client)
    _sign_in(client)
    client.get("/")
    assert _token(client) != before


def test_rest_takes_a_session_with_its_token_in_the_header_only(client: FlaskClient) -> None:
    _sign_in(client)
    assert client.get("/api/v1/persons").status_code == 200
    client.get("/sign-in")
    body = {"name": "Nia Example"}
    assert client.post("/api/v1/persons", json=body).json["code"] == "cross-site-request"
    assert client.post("/api/v1/persons", json={**body, "csrf_token": _token(client)}).status_code == 403
    made = client.post("/api/v1/persons", json=body, headers={"X-CSRF-Token": _token(client)})
    assert made.status_code == 201


def test_a_bearer_token_opens_no_page(client: FlaskClient, world: World) -> None:
    actor = world.actor("ada")
    with world.store.unit_of_work() as uow:
        _, secret = accounts.add_token(uow, actor, actor.account_id or "", "test")
        uow.commit()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/persons", headers=headers).status_code == 200
    assert client.get("/people", headers=headers).status_code != 200


def test_a_new_password_ends_every_session(client: FlaskClient, world: World) -> None:
    _sign_in(client)
    assert client.get("/api/v1/persons").status_code == 200
    actor = world.actor("ada")
    with world.store.unit_of_work() as uow:
        accounts.set_password(uow, actor, actor.account_id or "", "another long one")
        uow.commit()
    assert client.get("/api/v1/persons").status_code == 401


def test_a_forged_cookie_is_nobodys(client: FlaskClient) -> None:
    _sign_in(client)
    cookie = client.get_cookie("parley")
    assert cookie is not None
    client.set_cookie("parley", cookie.value[:-4] + "AAAA")
    assert client.get("/api/v1/persons").status_code == 401


def test_after_too_many_wrong_passwords_also_the_right_one_has_to_wait(client: FlaskClient, world: World) -> None:
    for _ in range(attempts.PER_LOGIN):
        assert _sign_in(client, password="wrong password").status_code == 422
    assert _sign_in(client).status_code == 429
    world.clock.advance(attempts.WINDOW + timedelta(seconds=1))
    assert _sign_in(client).status_code in (302, 303)


def test_attempts_are_counted_for_all_web_processes_together(client: FlaskClient, world: World) -> None:
    other = create_app_of(Parley(world.store, Config(Mode.SERVE, SECRET)))
    for _ in range(attempts.PER_LOGIN):
        _sign_in(client, password="wrong password")
    assert _sign_in(other.test_client()).status_code == 429
