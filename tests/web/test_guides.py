"""Guides beside a task: by its form and by what the case is about, until their last day; their text cannot become a page's own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest
from lxml.html import HtmlElement

from api.web import prose
from engine.model.cases import Case
from tests.operations import shelf
from tests.visiting import Visitor
from tests.web.test_changes import begin
from tests.world import World

Visit = Callable[[str], Visitor]
GUIDES = """
[[guides]]
key = "care"
title = "Old bindings"
text = "Take **both** hands.\\n\\n- no sun\\n- no <script>alert(1)</script>"
link = "https://books.example/care"
at = ["form:loan-terms"]
when = 'bookClass = "fragile"'

[[guides]]
key = "rare"
title = "Sturdy books"
text = "Only for the rare ones."
when = 'bookClass = "sturdy"'

[[guides]]
key = "old"
title = "From last year"
text = "Nobody looked at this again."
until = "2026-01-31"

[[guides]]
key = "house"
title = "For the house"
text = "Not for borrowers."
staff = true
"""


@pytest.fixture(autouse=True, scope="module")
def _guides(library: World) -> None:
    files = shelf.library()
    library.deploy(files | {"pack.toml": files["pack.toml"] + GUIDES.encode()})


def titles(page: HtmlElement) -> list[str]:
    return [str(one.text_content()) for one in page.xpath("//*[@class='guides']//summary")]


def test_a_guide_is_shown_where_its_task_and_its_case_fit(library: World, loan: Case, visit: Visit) -> None:
    terms = f"/tasks/{library.task(loan, 'answer-terms').id}"
    page = visit("ben").see(terms)
    assert titles(page) == ["Old bindings"]
    assert [one.text_content() for one in page.xpath("//*[@id='guide-care']//li")] == ["no sun", "no <script>alert(1)</script>"]
    assert page.xpath("//*[@id='guide-care']//a/@href") == ["https://books.example/care"]
    assert titles(visit("lia").see(terms)) == ["Old bindings", "For the house"]


def test_another_kind_of_case_has_other_guides(library: World, visit: Visit) -> None:
    rare = library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "sturdy", "wish": "CANARY-wish"})
    assert titles(visit("ben").see(f"/tasks/{library.task(rare, 'answer-terms').id}")) == ["Sturdy books"]


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](data:text/html,x)", "![a](https://example.org/a.png)", "a\n===\n# b"],
)
def test_the_text_of_a_guide_makes_no_elements_of_its_own(text: str) -> None:
    made = prose.shown(text)
    assert not any(mark in made for mark in ("<img", "<h1", "<h2", 'href="javascript', 'href="data')), made


def test_a_guide_is_written_in_the_room_of_the_pack(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    tom.see(f"{change}/pack/guides/new")
    tom.submit("Save", {"title": "At the desk", "key": "desk", "text": "Ask first.", "at": "form:loan-return", "until": "2027-01-31"})
    assert "At the desk" in tom.text()
    written = tomllib.loads(tom.client.get(f"{change}/files/pack.toml").text)["guides"][-1]
    assert written == {"key": "desk", "title": "At the desk", "text": "Ask first.", "at": ["form:loan-return"], "until": "2027-01-31"}
