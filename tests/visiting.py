"""Somebody at the pages without script: follows links, fills in forms, sends them as a browser would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.operations.people import accounts
from tests.world import World

#: what a visitor adds to a form: a value, or several under one name
Typed = Mapping[str, str | Sequence[str]]
_TOKEN = "a token of this session"


class Visitor:
    """One person with cookies of their own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse | None = None

    def sign_in_as(self, world: World, name: str) -> Visitor:
        """Carry a session of this person, as signing in would give one."""
        actor = world.actor(name)
        with world.store.reading() as uow:
            epoch = accounts.session_epoch(uow, actor.account_id or "")
        with self.client.session_transaction() as session:
            session.update(account=actor.account_id, epoch=epoch, csrf_token=_TOKEN)
        return self

    def see(self, path: str, status: int = 200) -> Any:
        """Open a page, after any redirects; gives its document."""
        self.answer = self.client.get(path, follow_redirects=True)
        assert self.answer.status_code == status, f"{path}: {self.answer.status_code}\n{self.text()[:800]}"
        return self.document()

    def send(self, path: str, typed: Typed | None = None, status: int = 200) -> Any:
        """Post values with the session's token, as a form of ours would."""
        data = MultiDict({**(typed or {}), "csrf_token": _TOKEN})
        self.answer = self.client.post(path, data=data, follow_redirects=True)
        assert self.answer.status_code == status, f"{path}: {self.answer.status_code}\n{self.text()[:800]}"
        return self.document()

    def submit(self, button: str, typed: Typed | None = None, status: int = 200) -> Any:
        """Press a button of the page that is open, with what stands in its form and what is typed now."""
        page = self.document()
        found = [one for one in page.xpath("//form//button") if button in " ".join(one.text_content().split())]
        assert found, f"No button “{button}” among {[' '.join(b.text_content().split()) for b in page.xpath('//form//button')]}"
        form = next(found[0].iterancestors("form"))
        data = MultiDict(form.form_values())
        for name, value in (typed or {}).items():
            data.setlist(name, [value] if isinstance(value, str) else list(value))
        if found[0].get("name"):
            data.add(found[0].get("name"), found[0].get("value") or "")
        assert self.answer is not None
        target = form.get("action") or self.answer.request.full_path
        if form.method == "GET":
            self.answer = self.client.get(target, query_string=data, follow_redirects=True)
        else:
            self.answer = self.client.post(target, data=data, follow_redirects=True)
        assert self.answer.status_code == status, f"{target}: {self.answer.status_code}\n{self.text()[:800]}"
        return self.document()

    def document(self) -> Any:
        """The page that is open."""
        assert self.answer is not None
        return html.fromstring(self.answer.text)

    def text(self) -> str:
        """The words of the page's main part, in one line."""
        main = self.document().xpath("//main")
        return " ".join((main[0] if main else self.document()).text_content().split())
