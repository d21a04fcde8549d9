"""A long form is saved section by section: each save leads on to the next part, checks nothing, and sends nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library's pack, whose terms ask nine things more, in two sections."""
    form = json.loads((LIBRARY / "forms/loan-terms.json").read_text(encoding="utf-8"))
    more = [f"point{number}" for number in range(9)]
    for name in more:
        form["properties"][name] = {"title": f"About {name}", "type": "string", "maxLength": 80, "x-class": "C4"}
    form["required"].append("point8")
    form["x-sections"] = [
        {"title": "First", "fields": ["answer", "why", *more[:4]]},
        {"title": "Then", "fields": [*more[4:], "from", "dueBack", "method"]},
    ]
    return pack_files(LIBRARY, LIBRARY / "forms") | {"loan-terms.json": json.dumps(form).encode()}


def test_each_part_is_saved_and_leads_to_the_next(library: World, loan: Case, visit: Visit) -> None:
    ben, terms = visit("ben"), f"/tasks/{library.task(loan, 'answer-terms').id}"
    page = ben.see(terms)
    assert page.xpath("//section[starts-with(@id, 'section-')]/@id") == ["section-0", "section-1"]
    ben.submit("Save this part and go on", {"answer": "no", "why": "half a thought", "point0": "first"})
    assert ben.answer is not None
    assert ben.answer.history[-1].headers["Location"].endswith("#section-1")
    assert "Saved 09:00" in ben.text()
    ben.submit("Keep it for later", {"point8": "last"})
    page = ben.see(terms)
    kept = {name: page.xpath(f"//*[@name='{name}']")[0].value for name in ("why", "point0", "point8")}
    assert kept == {"why": "half a thought", "point0": "first", "point8": "last"}
    assert library.names(loan) == ["answer-terms"], "nothing was sent"


def test_mistakes_are_told_only_when_all_of_it_is_sent(library: World, loan: Case, visit: Visit) -> None:
    ben = visit("ben")
    ben.see(f"/tasks/{library.task(loan, 'answer-terms').id}")
    page = ben.submit("Save this part and go on", {"answer": "no"})
    assert not page.xpath("//*[@aria-invalid='true']")
    page = ben.submit("Send", status=422)
    assert {link.get("href") for link in page.xpath("//div[@role='alert']//a")} == {"#f-why", "#f-point8"}
