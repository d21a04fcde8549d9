"""Files given with a task's form: what is taken and what is not, who opens them, and what a hostile upload gets."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from api.app import create_app
from api.running import Config, Mode
from engine import clock, store
from engine.jobs import CommandScanner, EicarScanner
from engine.model.cases import Case
from engine.operations.people import walls
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture " * 50_000
HARMFUL = b"%PDF-1.4 X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library's pack, whose last form asks for files; a borrower, a curator, and keepers who read nothing above C1."""
    form = json.loads((LIBRARY / "forms/loan-return.json").read_text(encoding="utf-8"))
    form["properties"]["photo"] = {
        "title": "Photo", "type": "string", "x-widget": "file", "x-class": "C3", "x-files": {"kinds": ["picture", "pdf"], "most_mb": 1},
    }  # fmt: skip
    form["properties"]["findings"]["items"]["properties"]["scan"] = {"title": "Scan", "type": "string", "x-widget": "file"}
    form["x-sections"][0]["fields"].append("photo")
    return pack_files(LIBRARY, LIBRARY / "forms") | {"loan-return.json": json.dumps(form).encode()}


@pytest.fixture(scope="module")
def app(library: World) -> Flask:
    made = create_app(library.store, Config(Mode.SERVE, b"a secret of the tests, long enough", scan=EicarScanner()))
    made.testing = False
    return made


@pytest.fixture
def checking(library: World, loan: Case) -> str:
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    library.complete("lia", loan, "recall")
    return f"/tasks/{library.task(loan, 'check-return').id}"


def post(visitor: Visitor, path: str, name: str, content: bytes, *, field: str = "photo", **typed: str) -> TestResponse:
    """Send a file with what stands in the page's form."""
    visitor.see(path)
    form = next(one for one in visitor.document().xpath("//form") if one.get("data-draft"))
    data = MultiDict({key: value for key, value in form.form_values() if not key.startswith("_file:")} | typed)
    data[f"_file:{field}"] = (io.BytesIO(content), name)  # type: ignore[assignment]
    visitor.answer = visitor.client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True)
    return visitor.answer


class _Unread(io.RawIOBase):
    """The body of a request that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("nothing of it is read")


def file_of(visitor: Visitor) -> str:
    found = visitor.document().xpath("//a[contains(@href, '/files/')]")
    assert found, visitor.text()
    return str(found[0].get("href"))


def test_a_file_lies_beside_the_draft_is_sent_and_opened_by_who_reads_its_class(
    library: World, loan: Case, checking: str, visit: Visit
) -> None:
    cor = visit("cor")
    assert post(cor, checking, "../../cover\x07 \u202ephoto.png", PNG, _attach="photo").status_code == 200
    address = file_of(cor)
    assert visit("ben").client.get(address).status_code == 404, "beside a draft it is its author's alone"
    cor.submit("Send", {"damaged": "false"})
    with library.store.reading() as uow:
        (kept,) = [one for one in store.records.of_case(uow, loan.id) if one.form == "loan-return"]
    assert isinstance(kept.body, dict)
    assert {key: kept.body["photo"][key] for key in ("name", "size", "type", "scanned")} == {
        "name": "cover photo.png", "size": len(PNG), "type": "image/png", "scanned": True,
    }  # fmt: skip
    answer = visit("ben").client.get(address)
    assert (answer.status_code, answer.data) == (200, PNG)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cover photo.png"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for stranger in ("kim", "bea"):
        assert visit(stranger).client.get(address).status_code == 404
    case = visit("cor").see(f"/cases/{loan.id}?tab=records")
    assert case.xpath(f"//a[@href='{address}']")[0].text == "cover photo.png"


def test_access_to_a_file_ends_with_the_part_in_the_case(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor, ben = visit("cor"), visit("ben")
    post(cor, checking, "cover.png", PNG, _attach="photo")
    address = file_of(cor)
    cor.submit("Send", {"damaged": "false"})
    assert ben.client.get(address).status_code == 200
    with library.acting("lia") as (uow, actor):
        walls.build(uow, actor, loan, library.people["ben"].id, "recusal")
    assert ben.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cover.pdf", PNG, "“cover.pdf” is not what its name says: inside it is a file of the kind picture (.png)."),
        ("cover.png", b"MZ\x90\x00 a program", "Choose one of: picture (.png, .jpg, .jpeg, .webp, .heic), PDF (.pdf)."),
        ("page.png", b"<html><script>alert(1)</script>", "“page.png” cannot be taken."),
        ("notes.txt", b"plain text", "“notes.txt” cannot be taken."),
        ("cover.png", b"", "“cover.png” is empty; choose another file."),
        ("cover.pdf", HARMFUL, "“cover.pdf” was not taken: the check for harmful content found something in it."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_in_words_and_nothing_typed_is_lost(
    library: World, checking: str, visit: Visit, name: str, content: bytes, said: str
) -> None:
    cor = visit("cor")
    answer = post(cor, checking, name, content, thoughts="Half a thought")
    assert answer.status_code == 422
    assert said in cor.text()
    assert cor.document().xpath("//*[@name='thoughts']")[0].value == "Half a thought"
    with library.store.reading() as uow:
        assert store.files.unsent(uow, checking.rpartition("/")[2], library.people["cor"].id) == ()


def test_two_gigabytes_are_refused_before_any_of_it_is_read(app: Flask, library: World, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    environ = EnvironBuilder(path=checking, method="POST", content_type="multipart/form-data; boundary=x").get_environ()
    environ |= {"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": _Unread()}
    environ["HTTP_COOKIE"] = f"parley={cor.client.get_cookie('parley').value}"  # type: ignore[union-attr]
    body, status, _ = run_wsgi_app(app, environ)
    assert status.startswith("413")
    assert "That is too large" in b"".join(body).decode()


def test_a_file_is_taken_away_again_and_chosen_anew(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    post(cor, checking, "first.png", PNG, _attach="photo")
    first = file_of(cor)
    cor.submit("Take away first.png")
    assert cor.client.get(first).status_code == 404
    post(cor, checking, "second.pdf", b"%PDF-1.7 second", damaged="false")
    assert "check-return" not in library.names(loan), "a file chosen last goes with the form"


def test_a_file_in_a_row_stays_with_its_row(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    typed = {"findings-0-page": "3", "_attach": "findings-0-scan"}
    post(cor, checking, "page.pdf", b"%PDF-1.7 page three", field="findings-0-scan", **typed)
    cor.submit("Send", {"damaged": "true"})
    with library.store.reading() as uow:
        bodies = [one.body for one in store.records.of_case(uow, loan.id) if one.form == "loan-return" and one.cls == "C3"]
    assert bodies[0]["findings"][0]["scan"]["name"] == "page.pdf"  # type: ignore[index]


def test_the_file_of_another_task_or_person_cannot_be_sent(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    cor.see(checking)
    page = cor.send(checking, {"damaged": "false", "photo": "0" * 20}, status=422)
    assert "This file is not there any more; choose it again." in page.text_content()


def test_a_scanner_is_a_program_that_ends_with_what_it_found(tmp_path: Path) -> None:
    script = tmp_path / "scan.sh"
    script.write_text('grep -q harm "$1" && exit 1; grep -q odd "$1" && exit 2; exit 0\n')
    scanner = CommandScanner(("sh", str(script)))
    assert [scanner.scan(io.BytesIO(text)).value for text in (b"fine", b"harm", b"odd")] == ["clean", "harmful", "unknown"]
    assert CommandScanner(("/no/such/program",)).scan(io.BytesIO(b"fine")).value == "unknown"


@pytest.fixture(autouse=True)
def _time(library: World) -> None:
    clock.use(library.clock)
