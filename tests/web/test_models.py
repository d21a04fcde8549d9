"""Models at the pages: imported alone or in a .zip, in folders, renamed, copied, downloaded as they came, taken into a change."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from tests.visiting import Visitor
from tests.web.test_changes import FILE, TOKEN, begin

Visit = Callable[[str], Visitor]
HOME = "/procedures/models"
VENDORS = b"<?xml version='1.0' encoding='UTF-8'?>\r\n" + FILE.split(b"?>", 1)[1] + b"\n<!-- kept -->  "


def bring(visitor: Visitor, name: str, content: bytes, folder: str = "", status: int = 200) -> str:
    """Import a file; gives where the browser ends up."""
    data = MultiDict([("files", (io.BytesIO(content), name)), ("folder", folder), ("csrf_token", TOKEN)])
    visitor.answer = visitor.client.post(HOME, data=data, follow_redirects=True)
    assert visitor.answer.status_code == status
    return visitor.text()


def address(visitor: Visitor, name: str) -> str:
    return str(visitor.see(HOME).xpath(f"//a[text() = '{name}']")[0].get("href"))


def test_a_model_comes_out_byte_for_byte(visit: Visit) -> None:
    tom = visit("tom")
    assert "Imported: vendor.bpmn." in bring(tom, "vendor.bpmn", VENDORS, "From elsewhere")
    answer = tom.client.get(f"{address(tom, 'vendor.bpmn')}/file")
    assert answer.data == VENDORS
    assert answer.headers["Content-Disposition"] == "attachment; filename=vendor.bpmn"
    assert "vendor.bpmn" in str(tom.see(f"{HOME}?folder=From elsewhere").text_content())


def test_an_archive_is_imported_whole_or_not_at_all(visit: Visit) -> None:
    def packed(**files: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in files.items():
                archive.writestr(f"folder/{name}.bpmn", content)
        return made.getvalue()

    tom = visit("tom")
    assert "Imported: one.bpmn, two.bpmn." in bring(tom, "all.zip", packed(one=FILE, two=FILE))
    told = bring(tom, "all.zip", packed(three=FILE, broken=b"<no"), status=422)
    assert "broken.bpmn" in told
    assert "three.bpmn" not in tom.see(HOME).text_content()


def test_two_different_files_of_one_name_are_refused_before_one_is_lost(visit: Visit) -> None:
    def packed(*contents: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for number, content in enumerate(contents):
                archive.writestr(f"folder-{number}/same.bpmn", content)
        return made.getvalue()

    tom = visit("tom")
    assert "Two different files are called same.bpmn" in bring(tom, "all.zip", packed(FILE, FILE + b"\n"), status=400)
    assert "same.bpmn" not in tom.see(HOME).text_content()
    assert "Imported: same.bpmn." in bring(tom, "all.zip", packed(FILE, FILE))


def test_a_model_is_renamed_moved_copied_and_deleted(visit: Visit) -> None:
    tom = visit("tom")
    bring(tom, "draft.bpmn", FILE)
    model = address(tom, "draft.bpmn")
    tom.send(f"{model}/description", {"name": "better.bpmn", "folder": "Rare book lending"})
    tom.send(f"{model}/copies", {"name": "copy.bpmn"})
    folder = str(tom.see(f"{HOME}?folder=Rare book lending").text_content())
    assert "better.bpmn" in folder
    assert "copy.bpmn" in folder
    tom.send(f"{model}/removal")
    assert tom.client.get(model).status_code == 404


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give it a name"),
        ("draft", "Give it a name"),
        ("draft.dmn", "Give it a name"),
        ("../draft.bpmn", "names a place outside the pack"),
        (".bpmn", "is only an ending"),
        ("..bpmn", "is only an ending"),
        ("dr\x07aft.bpmn", "cannot be seen"),
    ],
)
def test_a_name_that_does_not_fit_is_told_beside_its_field(visit: Visit, name: str, said: str) -> None:
    tom = visit("tom")
    bring(tom, "named.bpmn", FILE)
    model = address(tom, "named.bpmn")
    tom.send(f"{model}/description", {"name": name, "folder": ""}, status=422)
    assert said in tom.text()


def test_a_model_is_taken_into_a_change(visit: Visit) -> None:
    tom = visit("tom")
    bring(tom, "loan.bpmn", VENDORS)
    change = begin(tom)
    model = address(tom, "loan.bpmn")
    tom.send(f"{model}/taking", {"change": change.rsplit("/", 1)[1]})
    assert tom.client.get(f"{change}/files/loan.bpmn").data == VENDORS


def test_models_are_for_who_deals_with_procedures(visit: Visit) -> None:
    tom, lia = visit("tom"), visit("lia")
    bring(tom, "secret.bpmn", FILE)
    model = address(tom, "secret.bpmn")
    for path in (HOME, model, f"{model}/file"):
        assert lia.client.get(path).status_code in (403, 404)


def test_the_list_of_procedures_leads_there(visit: Visit) -> None:
    assert visit("tom").see("/procedures").xpath(f"//a[@href = '{HOME}']")


def test_markup_in_a_name_is_shown_as_text(visit: Visit) -> None:
    tom = visit("tom")
    bring(tom, "<b>bold<script>.bpmn", FILE)
    page = tom.see(HOME)
    assert not page.xpath("//td//b")
    assert "<b>bold<script>.bpmn" in str(page.text_content())
