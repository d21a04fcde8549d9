"""Panels of a pack against its forms and roles: each contradiction is told once, with what to do."""

from __future__ import annotations

import pytest

from engine import forms, packs
from engine.model.forms import Form
from engine.packs import panels
from tests.operations import notebook

#: the panel that criteria are tried on
DESK = 'title = "At the desk"\nkind = "console"\nentries = ["thought", "damage"]\nadds = ["curator"]\nstaff = true\n'
#: the panel that is filled by itself, and how
PROMISES = 'state = "promiseState"\ndone = ["kept"]\n'
FILLS = (
    '[panels.fills]\nmilestone = "MILESTONE"\nform = "loan-terms"\nrows = "lines"\nentry = "promise"\n'
    'takes = { promised = "line" }\nbegins = { promiseState = "open" }\n'
)
HEARS = '[panels.hears]\nform = "loan-terms"\nrows = "lines"\ntakes = { promiseState = "line" }\n'


def _told(changed: dict[str, str]) -> set[str]:
    """The codes that the notebook's panels get when passages of its pack are replaced."""
    files = notebook.files()
    text = files["pack.toml"].decode()
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new, 1)
    pack, problems = packs.read(text.encode(), file="pack.toml")
    assert pack is not None, problems
    found = {name.removesuffix(".json"): _form(name, content) for name, content in files.items() if name.endswith(".json")}
    return {problem.code for problem in panels.problems(pack, found, "pack.toml")}


def _form(name: str, content: bytes) -> Form:
    form, problems = forms.read(content, file=name)
    assert form is not None, problems
    return form


def test_the_notebook_has_no_problem() -> None:
    assert _told({}) == set()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('entries = ["promise"]', 'forms = ["loan-terms"]', "panel-empty"),
        ('adds = ["curator"]\ndate', "date", "panel-unwritten"),
        ('date = "promisedFor"\n', "", "panel-undated"),
        ('date = "promisedFor"', 'date = "someDay"', "unknown-field"),
        ('entries = ["promise"]', 'entries = ["vow"]', "unknown-form"),
        ('about = { call = "borrower" }', 'about = { call = "reader" }', "unknown-role"),
        ('adds = ["curator", "librarian"]\nabout = { call = "borrower" }\nstaff = true', 'adds = ["keeper"]', "role-cannot-write"),
        ('about = { call = "borrower" }\nstaff = true', 'about = { call = "borrower" }', "panel-tells-others"),
        ('permission = "permission"\n', "", "panel-release"),
        ('about = { wish = "borrower" }\n', "", "panel-release"),
        ('entries = ["wish"]', 'entries = ["wish", "call"]', "panel-release"),
        (DESK, DESK + '[[panels.criteria]]\nform = "call"\nrecords = ["loan-terms"]\nlabel = "First"\n', "unknown-form"),
        (DESK, DESK + '[[panels.criteria]]\nform = "damage"\nsince = "vow"\neach = "wish"\nlabel = "First"\n', "unknown-form"),
        (DESK, DESK + '[[panels.criteria]]\nform = "damage"\neach = "promise"\nlabel = "First"\n', "unknown-form"),
        (DESK, DESK + '[[panels.criteria]]\nform = "damage"\nsince = "loan-terms"\nlabel = "First"\n', "panel-closed"),
        ('form = "damage"\nwhen', 'form = "call"\nwhen', "unknown-form"),
        ('when = "=entry.damageLevel >= 2 and', 'when = "=entry.damageLevel >= and', "expression-syntax"),
        (PROMISES, PROMISES + FILLS.replace("MILESTONE", "never"), "unknown-milestone"),
        (PROMISES, PROMISES + FILLS.replace('"promise"', '"vow"'), "unknown-form"),
        (PROMISES, PROMISES + FILLS.replace("promised = ", "sworn = "), "unknown-field"),
        (PROMISES, PROMISES + HEARS.replace("loan-terms", "vow"), "unknown-form"),
        (PROMISES, PROMISES + HEARS, "unknown-field"),
        (PROMISES, PROMISES + HEARS.replace("promiseState = ", "sworn = "), "unknown-field"),
        (PROMISES, PROMISES + "[panels.tally]\npromises = '=count(entries)'\n", "unknown-variable"),
        (PROMISES, PROMISES + "[panels.tally]\nbookClass = '=count(entries)'\n", "unknown-variable"),
        (PROMISES, PROMISES + "[panels.tally]\npromises = '=count(entries'\n", "expression-syntax"),
        (DESK, DESK + '[panels.balance]\nforms = ["promise"]\nlimit = "answerDue"\n', "unknown-form"),
        (DESK, DESK + '[panels.balance]\nforms = ["call"]\nminutes = ["callSaid"]\nlimit = "answerDue"\n', "unknown-field"),
        (DESK, DESK + '[panels.balance]\nforms = ["call"]\nlimit = "answerDue"\n', "unknown-setting"),
    ],
)
def test_a_contradiction_is_told(old: str, new: str, code: str) -> None:
    assert code in _told({old: new})


def test_answers_of_entries_need_no_variable() -> None:
    pack, _ = packs.read(notebook.files()["pack.toml"], file="pack.toml")
    assert pack is not None
    call = _form("call.json", notebook.files()["call.json"])
    told = [problem.element_id for problem in packs.check(pack, {"call": call}, ()) if problem.code == "undeclared-variable"]
    assert told == []
