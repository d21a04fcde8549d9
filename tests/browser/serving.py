"""The application over a world of stories, on a free port of this machine, for a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from api.app import create_app
from api.running import Config, Mode
from engine.operations.people import accounts
from tests.world import World

PASSWORD = "a long enough password"


@contextmanager
def served(world: World, app: Flask | None = None) -> Iterator[str]:
    """The address of the pages over a world, or of an application of it."""
    app = app or create_app(world.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give_password(world: World, name: str) -> None:
    """Let somebody sign in at the form."""
    with world.acting(name) as (uow, actor):
        accounts.set_password(uow, actor, actor.account_id or "", PASSWORD)


def sign_in(page: Page, url: str, name: str) -> Page:
    """Sign in at the form, as a person does."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/inbox")
    return page
