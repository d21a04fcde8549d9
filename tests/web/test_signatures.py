"""A signature is kept with its time, its way and the text it stands under, as it was shown; nothing of another class stands in it."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine import clock, language, store
from engine.model.cases import Case
from engine.model.errors import FormChanged
from engine.model.ids import new_id
from engine.operations.tasks import task_lists, user_tasks
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library's pack, whose last form is signed."""
    form = json.loads((LIBRARY / "forms/loan-return.json").read_text(encoding="utf-8"))
    form["properties"]["name"] = {"title": "Your name", "type": "string", "x-widget": "signature", "maxLength": 80, "x-class": "C3"}
    form["properties"]["damaged"]["x-read"] = "What **damage** is:\n\n- a torn page"
    form["x-sections"][1]["fields"].append("name")
    form["x-reads"] = ["loan-request", "loan-terms"]
    request = json.loads((LIBRARY / "forms/loan-request.json").read_text(encoding="utf-8"))
    request["properties"]["wish"]["x-class"] = "C3"
    found = pack_files(LIBRARY, LIBRARY / "forms")
    writes = b'write = { C1 = "program", C2 = "program" }'
    assert writes in found["pack.toml"]
    wider = found["pack.toml"].replace(writes, b'write = { C1 = "program", C2 = "program", C3 = "program" }', 1)
    changed = {"loan-return.json": form, "loan-request.json": request}
    return found | {"pack.toml": wider} | {name: json.dumps(one).encode() for name, one in changed.items()}


@pytest.fixture
def checking(library: World, loan: Case) -> str:
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    library.complete("lia", loan, "recall")
    return f"/tasks/{library.task(loan, 'check-return').id}"


def test_a_signature_keeps_the_text_that_was_shown(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    page = cor.see(checking)
    (terms,) = page.xpath("//details[.//summary[contains(., 'Read the text: Is it damaged?')]]")
    assert [one.text for one in terms.xpath(".//strong | .//li")] == ["damage", "a torn page"]
    cor.submit("Send", {"damaged": "true", "handling": ["dry"], "thoughts": "CANARY-own", "name": "Cor Example"})
    with library.store.reading() as uow:
        (body,) = [one.body for one in store.records.of_case(uow, loan.id) if one.form == "loan-return" and one.cls == "C3"]
    assert isinstance(body, dict)
    signed = body["name"]
    assert {key: signed[key] for key in ("signature", "method", "at", "language")} == {
        "signature": "Cor Example", "method": "typed", "at": "2026-03-02T09:00:00+00:00", "language": "en",
    }  # fmt: skip
    assert signed["digest"] == hashlib.sha256(signed["shown"].encode()).hexdigest()
    for line in (
        "Check the returned book",
        "State",
        "Is it damaged?",
        "- a torn page",
        "  Yes",
        "How it was kept",
        "  Dry",
        "  (answered; kept apart from this)",
    ):
        assert line in signed["shown"].split("\n")
    assert "CANARY-own" not in signed["shown"]
    page = cor.see(f"/cases/{loan.id}?tab=records")
    assert page.xpath("//pre")[0].text == signed["shown"]
    assert "Cor Example, typed in the form" in cor.text()
    assert signed["digest"] in cor.text()


def _written_anew(library: World, loan: Case, title: str) -> None:
    """The request is written once more, with another title."""
    with library.store.unit_of_work() as uow:
        (first,) = [one for one in store.records.of_case(uow, loan.id, form="loan-request") if one.cls == "C3"]
        assert isinstance(first.body, dict)
        store.records.insert_many(uow, [replace(first, id=new_id(clock.now()), body=first.body | {"wish": title}, at=clock.now())])
        uow.commit()


def test_what_is_read_first_stands_open_and_in_the_signed_text_with_its_version(
    library: World, loan: Case, checking: str, visit: Visit
) -> None:
    cor = visit("cor")
    page = cor.see(checking)
    (read,) = page.xpath("//section[@aria-labelledby='read-first']")
    assert "CANARY-wish" in read.text_content()
    assert not read.xpath(".//details")
    assert page.xpath("//section[@aria-labelledby='read-first']/following::form[@data-form]"), "it stands before the questions"
    cor.submit("Send", {"damaged": "false", "name": "Cor Example"})
    shown = str(_signed(library, loan)["shown"]).split("\n")
    assert "  CANARY-wish" in shown[: shown.index("State")]
    versions = [line for line in shown if line.startswith("As written Monday 2 March 2026, ") and len(line.split("SHA-256 ")[1]) == 64]
    assert len(versions) == 2
    assert "  (read first; kept apart from this)" in shown, "the answers about the terms are of another class than the signature"
    assert "Do you accept the terms?" not in shown


def test_what_was_written_anew_between_reading_and_signing_is_refused_by_name(
    library: World, loan: Case, checking: str, visit: Visit
) -> None:
    cor = visit("cor")
    cor.see(checking)
    _written_anew(library, loan, "Another book")
    page = cor.submit("Send", {"damaged": "false", "name": "Cor Example"}, status=409)
    assert "What you read was written anew: “" in " ".join(cor.text().split())
    assert page.xpath("//input[@name='name']")[0].value == "Cor Example"
    assert "Another book" in page.xpath("//section[@aria-labelledby='read-first']")[0].text_content()
    assert library.names(loan) == ["check-return"]
    cor.submit("Send")
    assert "  Another book" in str(_signed(library, loan)["shown"]).split("\n")


def test_an_older_edition_is_refused_in_the_verb_itself(library: World, loan: Case, checking: str) -> None:
    task_id = checking.rpartition("/")[2]
    with library.acting("cor") as (uow, actor):
        read = task_lists.page(uow, actor, task_id)
    _written_anew(library, loan, "Another book")
    answers = {"damaged": False, "name": "Cor Example"}
    with library.acting("cor") as (uow, actor), pytest.raises(FormChanged, match="written anew"):
        user_tasks.complete(uow, actor, task_id, answers, edition=read.edition)
    with library.acting("cor") as (uow, actor):
        now = task_lists.page(uow, actor, task_id)
        assert user_tasks.complete(uow, actor, task_id, answers, edition=now.edition).state == "completed"


def test_a_form_that_changed_meanwhile_comes_back_to_be_looked_through(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    cor.see(checking)
    page = cor.submit("Send", {"damaged": "false", "name": "Cor Example", "_form": "an older one"}, status=409)
    assert "The form changed while you filled it in. Look through it again, then send it." in cor.text()
    assert page.xpath("//input[@name='name']")[0].value == "Cor Example"
    assert library.names(loan) == ["check-return"]
    cor.submit("Send")
    assert library.names(loan) != ["check-return"]


def test_a_text_is_signed_in_the_language_it_was_read_in(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    cor.see(checking)
    cor.send("/language", {"language": "es"})
    cor.see(checking)
    cor.submit("Enviar", {"damaged": "false", "name": "Cor Example"})
    language.use("en")
    with library.store.reading() as uow:
        bodies = [one.body for one in store.records.of_case(uow, loan.id) if one.form == "loan-return" and one.cls == "C3"]
    assert bodies[0]["name"]["language"] == "es"  # type: ignore[index]


def _png(*parts: tuple[bytes, bytes], size: tuple[int, int] = (4, 2)) -> bytes:
    """A small picture; `parts` come before its end."""
    head = (b"IHDR", struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0))
    every = [head, (b"IDAT", zlib.compress(b"\0\x20\x20\x20\x20" * 2)), *parts, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in every)


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _signed(library: World, loan: Case) -> dict[str, object]:
    with library.store.reading() as uow:
        (body,) = [one.body for one in store.records.of_case(uow, loan.id) if one.form == "loan-return" and one.cls == "C3"]
    assert isinstance(body, dict)
    return dict(body["name"])


def test_a_drawing_stands_beside_the_typed_name_without_what_came_along_with_it(
    library: World, loan: Case, checking: str, visit: Visit
) -> None:
    cor = visit("cor")
    page = cor.see(checking)
    assert page.xpath("//div[@data-sign]/@hidden") == [""], "without script there is the typed name alone"
    drawn = _png((b"tEXt", b"Comment\0CANARY-in-a-picture")) + b"CANARY-after-its-end"
    cor.submit("Send", {"damaged": "false", "name": "Cor Example", "_drawn:name": _address(drawn)})
    signed = _signed(library, loan)
    assert signed["method"] == "drawn"
    assert base64.b64decode(str(signed["drawn"])) == _png()
    assert signed["drawn_digest"] == hashlib.sha256(_png()).hexdigest()
    page = cor.see(f"/cases/{loan.id}?tab=records")
    assert page.xpath("//img[@alt='Drawn signature of Cor Example']/@src") == [_address(_png())]
    assert "Cor Example, typed and drawn in the form" in cor.text()
    assert "not what was signed" not in cor.text()


_NONE = {
    "another format": b"GIF89a",
    "cut off": _png()[:-5],
    "too high": _png(size=(4, 90000)),
    "empty": b"\x89PNG\r\n\x1a\n",
    "too large": _png((b"IDAT", bytes(60_000))),
}


def test_what_is_no_drawing_is_refused_in_words_and_the_rest_stays(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    cor.see(checking)
    for why, drawn in _NONE.items():
        page = cor.submit("Send", {"damaged": "false", "name": "Cor Example", "_drawn:name": _address(drawn)}, status=422)
        assert "The drawn signature could not be read." in cor.text(), why
        assert page.xpath("//input[@name='name']/@value") == ["Cor Example"]
        assert page.xpath("//input[@name='_drawn:name']/@value") == [""]
    assert library.names(loan) == ["check-return"]


def test_a_drawing_without_a_name_stays_on_the_page_until_the_name_is_typed(
    library: World, loan: Case, checking: str, visit: Visit
) -> None:
    cor = visit("cor")
    cor.see(checking)
    page = cor.submit("Send", {"damaged": "false", "name": "", "_drawn:name": _address(_png())}, status=422)
    assert page.xpath("//input[@name='_drawn:name']/@value") == [_address(_png())]
    cor.submit("Send", {"name": "Cor Example"})
    assert _signed(library, loan)["method"] == "drawn"


def test_a_drawing_is_in_no_draft_and_stays_on_the_page_that_keeps_one(library: World, loan: Case, checking: str, visit: Visit) -> None:
    cor = visit("cor")
    page = cor.see(checking)
    assert "a drawing is kept only when you send the form" in cor.text()
    page = cor.submit("Keep it for later", {"damaged": "false", "name": "Cor Example", "_drawn:name": _address(_png())})
    assert page.xpath("//input[@name='_drawn:name']/@value") == [_address(_png())]
    assert "Saved 09:00" in page.text_content()
    with library.reading("cor") as (uow, actor):
        draft = user_tasks.get_draft(uow, actor, checking.rpartition("/")[2])
    assert draft is not None
    assert draft.body == {"damaged": False, "name": "Cor Example"}
    cor.submit("Send")
    assert _signed(library, loan)["method"] == "drawn"
