"""What a change does to running deadlines, on its own page and on the page where a second person decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.visiting import Visitor
from tests.web.test_changes import begin, save
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
FILES = pack_files(LIBRARY, LIBRARY / "forms")
BEFORE = FILES["pack.toml"].replace(b"approval = false", b"approval = true")
AFTER = BEFORE.replace(b"percentage = 50", b"percentage = 80")


@pytest.fixture
def approving(library: World) -> World:
    """The library, where a second person approves changes from now on."""
    library.deploy({**FILES, "pack.toml": BEFORE})
    return library


def test_the_manager_sees_how_many_move_and_no_case(approving: World, loan: Case, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert not tom.see(change).xpath("//*[@id='deadlines']")
    assert save(tom, change, AFTER, name="pack.toml") == 200
    page = tom.see(change)
    assert page.xpath("//section[@aria-labelledby='deadlines']//tr[contains(., 'Answer the terms')]")
    assert loan.number not in tom.text()


def test_the_approver_sees_them_too_and_who_may_list_cases_sees_which(approving: World, loan: Case, visit: Visit) -> None:
    approving.person("vera", "trustee", "keeper")
    tom = visit("tom")
    change = begin(tom)
    save(tom, change, AFTER, name="pack.toml")
    tom.see(change)
    tom.submit("Send for approval")
    tia = visit("tia")
    link = tia.see(change).xpath("//a[contains(., 'What was sent')]/@href")[0]
    assert tia.see(link).xpath("//*[@id='deadlines']")
    assert loan.number not in tia.text()
    vera = visit("vera")
    vera.see(link)
    assert loan.number in vera.text()
    tia.see(link)
    tia.submit("Approve", {"reason": "fine"})
    assert not tia.see(link).xpath("//*[@id='deadlines']")
