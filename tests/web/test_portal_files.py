"""A participant without an account gives a file with their answer, and takes it away again; others find nothing of it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from engine import store
from engine.model.cases import Case
from tests.visiting import Visitor
from tests.web.test_portal import code, enter
from tests.world import ROOT, World, pack_files

LIBRARY = ROOT / "tests/packs/library"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture " * 50_000


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library's pack, whose terms ask for a picture too."""
    form = json.loads((LIBRARY / "forms/loan-terms.json").read_text(encoding="utf-8"))
    form["properties"]["photo"] = {"title": "Photo", "type": "string", "x-widget": "file", "x-class": "C4"}
    return pack_files(LIBRARY, LIBRARY / "forms") | {"loan-terms.json": json.dumps(form).encode()}


def give(phone: Visitor, address: str, content: bytes, **typed: str) -> None:
    form = phone.see(address).xpath("//form[@enctype]")[0]
    data = MultiDict({name: value for name, value in form.form_values() if not name.startswith("_file:")} | typed)
    data["_file:photo"] = (io.BytesIO(content), "shelf.png")  # type: ignore[assignment]
    phone.answer = phone.client.post(address, data=data, content_type="multipart/form-data", follow_redirects=True)


def opened(phone: Visitor, page: Any) -> bytes:
    """What the one link to a file gives, which is to be saved and to be nothing else."""
    (address,) = page.xpath("//a/@href[contains(., '/portal/files/')]")
    answer = phone.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    return answer.data


def test_a_file_is_put_beside_the_answer_and_sent_with_it(library: World, app: Flask, loan: Case) -> None:
    phone, task = enter(Visitor(app.test_client()), code(library, loan)), library.task(loan, "answer-terms")
    address = f"/portal/tasks/{task.id}"
    give(phone, address, PNG, answer="no", why="It does not suit me", _attach="photo")
    assert "shelf.png" in phone.text()
    assert opened(phone, phone.document()) == PNG, "what is not sent yet is opened by who gave it"
    phone.submit("Take away")
    assert "shelf.png" not in phone.text()
    give(phone, address, PNG, answer="no", why="It does not suit me", _had="why")
    assert "Your answer arrived" in phone.text()
    with library.store.reading() as uow:
        (kept,) = store.files.sent(uow, loan.id)
    assert (kept.name, kept.cls, kept.size) == ("shelf.png", "C4", len(PNG))
    assert phone.client.get(f"/portal/files/{kept.id}").data == PNG
    assert phone.client.get(f"/files/{kept.id}").status_code != 200, "a visit opens nothing outside of its room"
    assert phone.client.get(f"/portal/files/{kept.id}x").status_code == 404
    phone.see("/portal")
    phone.submit("Leave")
    assert phone.client.get(f"/portal/files/{kept.id}").status_code == 404


def test_a_file_of_another_kind_is_refused_and_the_answer_stays(library: World, app: Flask, loan: Case) -> None:
    phone, task = enter(Visitor(app.test_client()), code(library, loan)), library.task(loan, "answer-terms")
    give(phone, f"/portal/tasks/{task.id}", b"<html>no picture</html>", answer="no", why="It does not suit me", _had="why")
    assert phone.answer is not None
    assert phone.answer.status_code == 422
    assert phone.document().xpath("//a[@href='#f-photo']")
    assert phone.document().xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "It does not suit me"
    assert library.names(loan) == ["answer-terms"]
