"""Changes at the pages: begun, saved with revisions, checked, sent, and approved by another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from tests.bpmn.drawing import end, process, start, user
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
TOKEN = "a token of this session"
FILE = (LIBRARY / "loan.bpmn").read_bytes()


@pytest.fixture
def approving(library: World) -> World:
    """The library, where a second person approves changes from now on."""
    files = pack_files(LIBRARY, LIBRARY / "forms")
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    library.deploy(files)
    return library


def begin(visitor: Visitor, title: str = "Other words") -> str:
    visitor.send("/procedures/changes/new", {"title": title, "pack": "library", "why": "People asked for it."})
    assert visitor.answer is not None
    return visitor.answer.request.path


def save(visitor: Visitor, change: str, content: bytes, revision: int = 0, name: str = "loan.bpmn") -> int:
    headers = {"If-Match": f'"{revision}"', "X-CSRF-Token": TOKEN}
    visitor.answer = visitor.client.put(f"{change}/files/{name}", data=content, headers=headers)
    return visitor.answer.status_code


def reworded(text: str) -> bytes:
    return FILE.replace(b'name="Answer the terms"', f'name="{text}"'.encode())


def test_a_change_is_begun_saved_and_shown(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert save(tom, change, reworded("Yes or no")) == 200
    assert tom.client.get(f"{change}/files/loan.bpmn").get_etag() == ("1", False)
    assert save(tom, change, reworded("Yes or no"), 1) == 200
    assert tom.answer is not None
    assert tom.answer.get_json() == {"revision": 2, "changed": True}
    assert tom.client.get(f"{change}/files/loan.bpmn").data == reworded("Yes or no")
    assert tom.client.get(f"{change}/files/loan.bpmn?before").data == FILE
    page = tom.see(change)
    assert page.xpath("//tr[.//a[contains(@href, 'loan.bpmn')]][contains(., 'Changed')]")
    assert page.xpath("//tr[.//a[contains(@href, 'loan-terms.json')]][contains(., 'As it is live')]")


def test_files_are_told_by_their_titles_where_they_are_taken_in_put_back_and_worked_on(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    tom.client.post(
        f"{change}/uploads",
        data={"csrf_token": TOKEN, "files": (io.BytesIO(reworded("Yes or no")), "loan.bpmn")},
        content_type="multipart/form-data",
    )
    tom.see(change)
    assert "Taken in: Diagram “Loan”." in tom.text()
    assert tom.see(f"{change}/diagram/loan.bpmn").findtext(".//title").startswith("Diagram “Loan”: Other words")
    tom.send(f"{change}/restoring", {"name": "loan.bpmn"})
    assert "Diagram “Loan” is as it was." in tom.text()


def test_a_stale_save_is_refused_in_words_and_loses_nothing(visit: Visit) -> None:
    tom, tia = visit("tom"), visit("tia")
    change = begin(tom)
    assert save(tom, change, reworded("First")) == 200
    assert save(tia, change, reworded("Second")) == 409
    assert tom.client.get(f"{change}/files/loan.bpmn").data == reworded("First")


@pytest.mark.parametrize("tag", [None, "", "*", '"x"', '"1", "2"', '"-1"'])
def test_a_save_without_a_revision_is_refused(visit: Visit, tag: str | None) -> None:
    tom = visit("tom")
    change = begin(tom)
    headers = {"X-CSRF-Token": TOKEN} | ({} if tag is None else {"If-Match": tag})
    assert tom.client.put(f"{change}/files/loan.bpmn", data=b"x", headers=headers).status_code == 400


def test_what_is_not_saved_yet_can_be_checked(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    broken = FILE.replace(b'parley:form="loan-terms"', b'parley:form="no-such-form"').decode()
    answer = tom.client.post(f"{change}/check", json={"files": {"loan.bpmn": broken}}, headers={"X-CSRF-Token": TOKEN})
    assert {found["element_id"] for found in answer.get_json()["problems"]} == {"answer-terms"}
    again = tom.client.post(f"{change}/check", json={}, headers={"X-CSRF-Token": TOKEN})
    assert again.get_json() == {"problems": []}
    assert tom.client.post(f"{change}/check", json=[1], headers={"X-CSRF-Token": TOKEN}).status_code == 400


def test_a_problem_keeps_a_change_from_being_sent_and_is_shown(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    save(tom, change, b"<broken", name="broken.bpmn")
    tom.send(f"{change}/request", status=422)
    assert "broken.bpmn" in tom.text()


def test_an_archive_is_taken_in_file_by_file(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("some/folder/loan.bpmn", reworded("Packed"))
    data = MultiDict([("csrf_token", TOKEN), ("files", (io.BytesIO(packed.getvalue()), "all.zip"))])
    tom.client.post(f"{change}/uploads", data=data, content_type="multipart/form-data")
    assert tom.client.get(f"{change}/files/loan.bpmn").data == reworded("Packed")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"PK\x05\x06" + b"\x00" * 18])
def test_a_broken_archive_is_answered_in_words(visit: Visit, content: bytes) -> None:
    tom = visit("tom")
    change = begin(tom)
    data = MultiDict([("csrf_token", TOKEN), ("files", (io.BytesIO(content), "all.zip"))])
    assert tom.client.post(f"{change}/uploads", data=data, content_type="multipart/form-data").status_code in (303, 400)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_answered_in_words(visit: Visit, method: int) -> None:
    tom = visit("tom")
    change = begin(tom)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.bpmn", b"x" * 5000)
    damaged = bytes(byte ^ 0x5A if 36 <= at < 60 else byte for at, byte in enumerate(packed.getvalue()))
    data = MultiDict([("csrf_token", TOKEN), ("files", (io.BytesIO(damaged), "all.zip"))])
    assert tom.client.post(f"{change}/uploads", data=data, content_type="multipart/form-data").status_code == 400


def test_who_else_has_a_file_open_is_said_by_name(visit: Visit) -> None:
    tom, tia = visit("tom"), visit("tia")
    change = begin(tom)
    for visitor, others in ((tom, []), (tia, ["Tom Example"])):
        answer = visitor.client.post(f"{change}/editing/loan.bpmn", headers={"X-CSRF-Token": TOKEN})
        assert answer.get_json() == {"others": others}


def test_who_draws_no_procedures_begins_no_change(visit: Visit) -> None:
    visit("lia").send("/procedures/changes/new", {"title": "Mine", "pack": "library"}, status=403)


def test_a_change_without_a_title_is_asked_for_one(visit: Visit) -> None:
    tom = visit("tom")
    tom.send("/procedures/changes/new", {"title": "  ", "pack": "library"}, status=422)
    assert "what is to change" in tom.text()


def test_a_sent_change_waits_in_the_inbox_of_who_approves_and_nobody_elses(approving: World, visit: Visit) -> None:
    tom, tia, lia = visit("tom"), visit("tia"), visit("lia")
    change = begin(tom, "Clearer words")
    save(tom, change, reworded("Answer, please"))
    tom.send(f"{change}/request")
    assert "Waits for approval" in tom.text()
    assert "Clearer words" in str(tia.see("/inbox").text_content())
    for other in (tom, lia):
        assert "Clearer words" not in str(other.see("/inbox").text_content())
    page = tia.see("/inbox")
    tia.see(page.xpath("//a[contains(., 'Clearer words')]")[0].get("href"))
    tia.submit("Approve")
    assert "Approved" in str(tom.see(change).text_content())


def test_advice_is_shown_and_keeps_nothing_from_being_sent(visit: Visit, approving: World) -> None:
    tom = visit("tom")
    change = begin(tom, "What the desk sees")
    shown = FILE.replace(b'id="sign-off-return"', b'id="sign-off-return" parley:shows="C2"', 1)
    assert save(tom, change, shown) == 200
    tom.see(change)
    assert "There is some advice below." in tom.text()
    assert "Advice “Keeper” may not read class C2" in tom.text()
    tom.send(f"{change}/request")
    assert "This waits for a second person" in tom.text()


def test_a_procedure_of_its_own_begins_on_a_page_and_ends_in_the_list_of_what_can_be_opened(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    page = tom.see("/procedures/changes/new-procedure")
    assert page.xpath("//input[@name='taken'][@value='librarian'][@checked]")
    assert not page.xpath("//input[@name='taken'][@value='trustee']")
    tom.send("/procedures/changes/new-procedure", {"name": "  ", "roles": "Volunteer"}, status=422)
    assert "Volunteer" in tom.text()
    home = {"name": "Visit at home", "taken": "librarian", "roles": "Volunteer", "why": "Some cannot come"}
    tom.send("/procedures/changes/new-procedure", home)
    assert tom.answer is not None
    change = tom.answer.request.path
    drawn = process(start(), user("go", role="librarian", due="P2D", name_="Go there"), end(), go="start > go > end", key="visit-at-home")
    assert save(tom, change, drawn, 1, "visit-at-home.bpmn") == 200
    roles = str(tom.see(f"{change}/pack/roles").text_content())
    assert "Volunteer" in roles
    assert "Librarian" in roles
    tom.send(f"{change}/request")
    sent = tom.see(change).xpath("//a[contains(@href, '/deployments/')]/@href")[0]
    tia = visit("tia")
    tia.send(f"{sent}/decision", {"decision": "approve"})
    lia = visit("lia")
    assert lia.see("/cases/new").xpath("//nav//a[contains(@href, 'pack=visit-at-home')]")
    lia.send("/cases/new?pack=visit-at-home", {"sure": "1"})
    assert "Case VIS2026-001 is open." in lia.text()
    assert "Go there" in lia.text()


def test_who_has_a_change_open_is_asked_whether_to_go_on_with_it(visit: Visit) -> None:
    tia, tom = visit("tia"), visit("tom")
    tia.send("/procedures/changes/of/loan")
    assert tia.answer is not None
    assert tia.answer.request.path.endswith("/diagram/loan.bpmn")
    change = begin(tom, "Begun on Monday")
    save(tom, change, reworded("Yes or no"))
    tom.send("/procedures/changes/of/loan")
    assert "Go on in “Begun on Monday”" in tom.text()
    assert "Touches Diagram “" in tom.text()
    assert tom.see("/procedures/changes/of/loan").xpath(f"//a[@href='{change}/diagram/loan.bpmn']")
    tom.submit("Begin a new change")
    assert tom.answer is not None
    assert tom.answer.request.path.endswith("/diagram/loan.bpmn")
    assert not tom.answer.request.path.startswith(change)


def test_the_name_of_a_new_file_goes_along_to_its_form(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "With a form")
    tom.send(f"{change}/new-files", {"name": "What was seen", "kind": "form"})
    assert tom.document().xpath("//input[@name='title']/@value") == ["What was seen"]


def test_who_stands_in_for_an_approver_finds_the_change_and_reads_in_whose_place_they_decide(approving: World, visit: Visit) -> None:
    approving.person("lou")
    tom, tia, lou = visit("tom"), visit("tia"), visit("lou")
    change = begin(tom)
    save(tom, change, reworded("Yes or no"))
    tom.see(change)
    tom.send(f"{change}/request", {"title": "Other words", "why": "People asked for it."})
    assert "Approve: Other words" not in lou.see("/inbox").text_content()
    tia.see("/away")
    tia.submit("Keep it", {"last": "2026-03-06", "person-0": approving.people["lou"].id})
    page = lou.see("/inbox")
    (row,) = page.xpath("//tr[contains(., 'Approve: Other words')]")
    assert "In the place of Tia Example" in row.text_content()
    lou.see(row.xpath(".//a/@href")[0])
    assert "You decide this in the place of Tia Example" in lou.text()
    lou.submit("Approve")
    assert "Approved" in lou.text()
