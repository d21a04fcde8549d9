"""A document that comes with a request: chosen before there is a case, the case's own once it is open."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from engine import store
from engine.operations.cases import opening_files
from engine.operations.rounds import sweeps
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
PDF = b"%PDF-1.7 CANARY-letter " + b"letter " * 60_000
NEW = "/cases/new"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library's pack, where a letter may come with the request for a loan; librarians write C2 and read what they wrote."""
    form = json.loads((LIBRARY / "forms/loan-request.json").read_text(encoding="utf-8"))
    form["properties"]["letter"] = {
        "title": "Letter", "type": "string", "x-widget": "file", "x-class": "C2", "x-files": {"kinds": ["pdf"], "most_mb": 1},
    }  # fmt: skip
    return pack_files(LIBRARY, LIBRARY / "forms") | {"loan-request.json": json.dumps(form).encode()}


def post(visitor: Visitor, name: str = "letter.pdf", content: bytes = PDF, **typed: str) -> TestResponse:
    """Send the page as it stands, with a file chosen and more typed."""
    form = next(one for one in visitor.document().xpath("//main//form[@method='post']"))
    data = MultiDict({key: value for key, value in form.form_values() if not key.startswith("_file:")} | typed)
    data["_file:letter"] = (io.BytesIO(content), name)  # type: ignore[assignment]
    visitor.answer = visitor.client.post(NEW, data=data, content_type="multipart/form-data", follow_redirects=True)
    return visitor.answer


class Unread(io.RawIOBase):
    """The body of a request that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("nothing of it is read")


def waiting(world: World, name: str = "lia") -> list[str]:
    with world.store.reading() as uow:
        return [one.name for one in store.opening_files.of_author(uow, world.program.id, world.people[name].id)]


def test_a_file_chosen_with_a_mistake_elsewhere_is_there_again_and_goes_into_the_case(library: World, visit: Visit) -> None:
    lia = visit("lia")
    lia.see(NEW)
    answer = post(lia, "../court\x07 letter.pdf", **{"seat-0-name": "Nora Example", "seat-0-email": "nora"})
    assert answer.status_code == 422
    assert "court letter.pdf" in lia.text()
    assert waiting(library) == ["court letter.pdf"]
    lia.submit("Open the case", {"seat-0-email": "nora@example.org", "bookClass": "sturdy"})
    assert "is open." in lia.text()
    assert waiting(library) == []
    with library.store.reading() as uow:
        case = store.cases.list_(uow, library.program.id, limit=1).items[0]
        (record,) = [one for one in store.records.of_case(uow, case.id) if isinstance(one.body, dict) and "letter" in one.body]
        (file,) = store.files.sent(uow, case.id)
        assert isinstance(record.body, dict)
        assert (record.body["letter"]["file"], record.body["letter"]["name"], file.cls) == (file.id, "court letter.pdf", "C2")
        assert b"".join(part for number in range(9) if (part := store.files.part(uow, file, number))) == PDF
    assert visit("lia").client.get(f"/files/{file.id}").data == PDF
    assert visit("kim").client.get(f"/files/{file.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.pdf", b"MZ\x90\x00 a program", "cannot be taken"),
        ("notes.txt", b"plain text", "cannot be taken"),
        ("letter.pdf", b"", "is empty"),
    ],
    ids=["a lie", "a kind that is not taken", "empty"],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words_and_nothing_typed_is_lost(
    library: World, visit: Visit, name: str, content: bytes, said: str
) -> None:
    lia = visit("lia")
    lia.see(NEW)
    assert post(lia, name, content, wish="CANARY-wish").status_code == 422
    assert said in lia.text()
    assert lia.answer is not None
    assert "CANARY-wish" in lia.answer.text
    assert waiting(library) == []


def test_a_file_is_added_and_taken_away_by_buttons_and_travels_through_the_warning(library: World, visit: Visit) -> None:
    library.open_case("lia", "library", [("borrower", "ben"), ("borrower", "bea")], {"bookClass": "fragile"})
    lia = visit("lia")
    lia.see(NEW)
    assert post(lia, _attach="letter").status_code == 200
    lia.submit("Take away")
    assert waiting(library) == []
    assert "letter.pdf" not in lia.text()
    both = {f"seat-{n}-person": library.people[name].id for n, name in enumerate(("ben", "bea"))}
    seats = {f"seat-{n}-role": "borrower" for n in range(2)}
    post(lia, bookClass="sturdy", **both, **seats)
    assert "These people share a case already" in lia.text()
    lia.submit("It is another matter")
    assert "is open." in lia.text()
    assert waiting(library) == []


def test_somebody_else_s_file_opens_nothing_and_one_is_used_once(library: World, visit: Visit) -> None:
    lia, ada = visit("lia"), visit("ada")
    lia.see(NEW)
    post(lia, _attach="letter")
    id = lia.document().xpath("//input[@name='letter']")[0].value
    library.person("lee", "librarian")
    lee = visit("lee")
    lee.see(NEW)
    lee.send(NEW, {"letter": id, "seat-0-role": "borrower", "seat-0-name": "Nora Example", "bookClass": "sturdy"}, 422)
    assert "not there any more" in lee.text()
    lee.send(NEW, {"letter": id, "_detach": "letter"})
    assert waiting(library) == ["letter.pdf"]
    assert ada.client.get(f"/files/{id}").status_code == 404


def test_what_says_that_it_is_enormous_is_refused_before_any_of_it_is_read(app: Flask, visit: Visit) -> None:
    lia = visit("lia")
    lia.see(NEW)
    environ = EnvironBuilder(path=NEW, method="POST", content_type="multipart/form-data; boundary=x").get_environ()
    environ |= {"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": Unread()}
    environ["HTTP_COOKIE"] = f"parley={lia.client.get_cookie('parley').value}"  # type: ignore[union-attr]
    assert run_wsgi_app(app, environ)[1].startswith("413")


def test_what_belongs_to_no_case_goes_after_two_days(library: World, visit: Visit) -> None:
    lia = visit("lia")
    lia.see(NEW)
    post(lia, _attach="letter")
    assert (sweeps.forget_files(library.store), waiting(library)[-1]) == (0, "letter.pdf")
    chosen = len(waiting(library))
    library.clock.advance(opening_files.KEPT + timedelta(seconds=1))
    assert (sweeps.forget_files(library.store), waiting(library)) == (chosen, [])
