"""Comparing at the pages, without script: sentences first, both drawings with their marks, two columns for what is not drawn."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import FILE, begin, save
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
PACK = (LIBRARY / "pack.toml").read_bytes().replace(b"approval = false", b"approval = true")


@pytest.fixture
def approving(library: World) -> World:
    """The library, where a second person approves changes from now on."""
    library.deploy({**pack_files(LIBRARY, LIBRARY / "forms"), "pack.toml": PACK})
    return library


def test_a_change_is_compared_in_sentences_and_side_by_side(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "Comparing")
    save(tom, change, FILE.replace(b'name="Answer the terms"', b'name="<b>Yes</b>"'.replace(b"<", b"&lt;")))
    save(tom, change, PACK.replace(b'default = "P7D"', b'default = "P9D"'), name="pack.toml")
    page = tom.see(f"{change}/compare")
    assert "Answer the terms → <b>Yes</b>" in tom.text()
    assert "7 days → 9 days (new cases)" in tom.text()
    sides = page.xpath("//*[@data-diagram]")
    assert [json.loads(one.get("data-overlays")).get("changed") for one in sides] == [["answer-terms", "recall"]] * 2
    assert page.xpath("//details//table//td[contains(., '9 days')]")
    tom.see(f"{change}/compare?against=live")
    assert "Compared with what is live now" in tom.text()
    assert tom.see(change).xpath(f"//a[@href='{change}/compare']")


def test_translations_that_are_none_are_compared_too(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "Odd words")
    save(tom, change, PACK + b'\n[translations]\nes = "x"\nzzzz = 5\n"" = 1\n', name="pack.toml")
    form = json.loads((LIBRARY / "forms/loan-terms.json").read_bytes())
    save(tom, change, json.dumps({**form, "x-translations": {"es": "x", "../": 5, "": 1}}).encode(), name="loan-terms.json")
    tom.see(f"{change}/compare")
    assert "Spanish" in tom.text()


def test_who_approves_reads_the_sentences_who_made_it_and_why(approving: World, visit: Visit) -> None:
    tom, tia = visit("tom"), visit("tia")
    tom.send("/procedures/changes/new", {"title": "Shorter name", "pack": "library", "why": "Nobody understood it"})
    assert tom.answer is not None
    change = tom.answer.request.path
    save(tom, change, FILE.replace(b'name="Answer the terms"', b'name="Decide"'))
    tom.see(change)
    tom.submit("Send for approval")
    sent = tom.document().xpath("//a[normalize-space()='What was sent']/@href")[0]
    tia.see(sent)
    assert "Answer the terms → Decide" in tia.text()
    assert "sent by Tom Example" in tia.text()
    assert "Nobody understood it" in tia.text()
    tia.see(f"{sent}/compare")
    assert "Answer the terms → Decide" in tia.text()
    tia.see(sent)
    tia.submit("Approve")
    page = tom.see("/procedures/loan/compare")
    assert "Answer the terms → Decide" in tom.text()
    assert page.xpath("//select[@name='from']/option[@selected]") != page.xpath("//select[@name='to']/option[@selected]")


def test_forms_stand_in_two_columns_with_what_is_the_same(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "Another form")
    form = (LIBRARY / "forms/loan-terms.json").read_bytes()
    save(tom, change, form.replace(b'"title": "', b'"title": "New: ', 2), name="loan-terms.json")
    page = tom.see(f"{change}/compare")
    marked = [len(row.xpath(".//*[contains(@class, 'tag')]")) for row in page.xpath("//table[contains(@class, 'side-by-side')]/tbody/tr")]
    assert marked.count(1) == 2
    assert marked.count(0) >= 1


def test_a_version_that_is_not_there_is_not_found(approving: World, visit: Visit) -> None:
    visit("tom").see("/procedures/loan/compare?from=1&to=99", 404)
    visit("tom").see("/procedures/unknown/compare", 404)
    visit("ben").see("/procedures/loan/compare", 403)
