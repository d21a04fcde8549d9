"""Procedures at the pages: versions, upload with problems beside the elements, approval by a second person."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
TOKEN = "a token of this session"


def _upload(visitor: Visitor, files: dict[str, bytes]) -> int:
    data = MultiDict([("csrf_token", TOKEN), *(("files", (io.BytesIO(content), name)) for name, content in files.items())])
    visitor.answer = visitor.client.post("/procedures/upload", data=data, content_type="multipart/form-data", follow_redirects=True)
    return visitor.answer.status_code


def _changed(old: bytes, new: bytes) -> dict[str, bytes]:
    files = pack_files(LIBRARY, LIBRARY / "forms")
    assert old in files["loan.bpmn"]
    return files | {"loan.bpmn": files["loan.bpmn"].replace(old, new)}


def test_a_procedure_shows_its_diagram_versions_and_elements(visit: Visit) -> None:
    visitor = visit("tom")
    page = visitor.see("/procedures/loan")
    source = page.xpath("//*[@data-diagram]")[0].get("data-diagram")
    assert visitor.client.get(source).data == (LIBRARY / "loan.bpmn").read_bytes(), "byte for byte as it was uploaded"
    assert page.xpath("//details//table[contains(., 'Answer the terms')][contains(., 'User task')]")
    assert page.xpath("//table[contains(., 'Running')]/following::table[contains(., 'User task')]"), "versions come first"


@pytest.mark.parametrize("path", ["/procedures/loan?version=99", "/procedures/loan/99.bpmn", "/procedures/deployments/nothing"])
def test_what_is_not_there_is_not_found(visit: Visit, path: str) -> None:
    visit("tom").see(path, 404)


def test_problems_stand_beside_the_elements_of_the_uploaded_diagram(library: World, visit: Visit) -> None:
    visitor = visit("tom")
    assert _upload(visitor, _changed(b'parley:form="loan-terms"', b'parley:form="no-such-form"')) == 422
    page = visitor.document()
    assert "nothing was stored" in visitor.text()
    region = page.xpath("//*[@data-diagram]")[0]
    assert "answer-terms" in region.get("data-overlays")
    assert "no-such-form" in page.xpath("//textarea[@data-diagram-source]")[0].text
    said = [link.text_content() for link in page.xpath("//div[@role='alert']//a")]
    assert any("› “Answer the terms”: " in words for words in said), "the summary says which element is meant"
    for link in page.xpath("//div[@role='alert']//a"):
        assert page.get_element_by_id(link.get("href")[1:]) is not None
    assert page.xpath("//button[@data-show-element='answer-terms']")


@pytest.mark.parametrize(
    "sent",
    [
        {"a.bpmn": b"not xml at all"},
        {"a.bpmn": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>"},
        {"pack.toml": b"key = ["},
        {"form.json": b"[]"},
        {"../../etc/passwd": b"x"},
        {"a.bpmn": b""},
        {"a.bpmn": b"\x00\xff\xfe"},
        {"a.exe": b"MZ"},
    ],
)
def test_whatever_is_uploaded_is_answered_in_words(visit: Visit, sent: dict[str, bytes]) -> None:
    visitor = visit("tom")
    assert _upload(visitor, sent) == 422
    assert "nothing was stored" in visitor.text()


def test_an_upload_of_nothing_asks_for_a_file(visit: Visit) -> None:
    visitor = visit("tom")
    assert _upload(visitor, {}) == 422
    assert "Choose at least one file." in visitor.text()


def test_a_second_person_approves_and_not_the_author(library: World, visit: Visit) -> None:
    author, second = visit("tom"), visit("tia")
    assert _upload(author, _changed(b"Answer the terms", b"Answer our terms")) == 200
    assert author.answer is not None
    where = author.answer.request.path
    text = author.text()
    if "Waits for approval" not in text:
        assert "Active" in text, "this pack asks for nobody's approval"
        return
    assert "You uploaded this, so somebody else decides." in text
    author.send(f"{where}/decision", {"decision": "approve"}, status=403)
    second.see(where)
    second.submit("Reject", {"reason": ""}, status=422)
    second.submit("Approve")
    assert "Approved: new cases start with it." in second.text()
    second.send(f"{where}/decision", {"decision": "approve"}, status=409)
