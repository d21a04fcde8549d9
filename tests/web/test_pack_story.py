"""A setting, a role, a fact and a field, added on pages, approved by a second person, then worked with: no shell, no file by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine import clock
from tests.visiting import Visitor
from tests.web.test_changes import FILE, begin, save
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
WAIT = b'<bpmn:userTask id="recall" name="Wait for the book" parley:due="=settings.answerDue"'


def test_a_field_a_role_and_a_setting_are_added_and_the_task_is_done(library: World, visit: Visit) -> None:
    files = pack_files(LIBRARY, LIBRARY / "forms")
    library.deploy({**files, "pack.toml": files["pack.toml"].replace(b"approval = false", b"approval = true")})
    tom = visit("tom")
    change = begin(tom, "A night desk")
    tom.see(f"{change}/pack/settings/new")
    tom.submit("Save", {"label": "Book back within", "type": "duration", "default-number": "3", "default-unit": "D"})
    tom.see(f"{change}/pack/roles/new")
    cells = {f"{verb}-0-code": "C1" for verb in ("read", "write")} | {f"{verb}-0-value": "program" for verb in ("read", "write")}
    tom.submit("Save", {"label": "Night desk", "kind": "program", "may": ["task.work", "case.view"], **cells})
    (name,) = tom.see(f"{change}/pack/lanes").xpath("//input[@value='Desk']/@name")
    tom.submit("Save", {name.replace("-code", "-value"): "night-desk"})
    tom.see(change)
    tom.submit("Build a new form", {"name": "Shelf"})
    tom.submit("Build the form")
    tom.submit("Add", {"kind": "yes-no"})
    tom.submit("Add", {"name": "inGoodOrder", "title": "Is it in order?", "required": "1", "cls": "C1"})
    assert "Is it in order?" in str(tom.see(f"{change}/pack/variables").text_content()), "the fact declares itself"
    drawn = FILE.replace(WAIT, WAIT.replace(b"answerDue", b"bookBackWithin") + b' parley:form="shelf"')
    assert drawn != FILE
    assert save(tom, change, drawn) == 200
    tom.see(change)
    tom.submit("Send for approval")
    tia = visit("tia")
    tia.see(tia.see(change).xpath("//a[contains(., 'What was sent')]/@href")[0])
    tia.submit("Approve")

    library.person("nia", "night-desk")
    case = library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "One of 1850"})
    library.complete("ben", case, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    task = library.task(case, "recall")
    assert task.due_at == clock.now() + timedelta(days=3)
    nia = visit("nia")
    nia.see(f"/tasks/{task.id}")
    nia.submit("Take it")
    nia.submit("Send", {"inGoodOrder": "true"})
    assert "recall" not in library.names(case)
