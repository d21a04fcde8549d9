"""The library with panels on its loans: what is agreed to be done, what was said, wishes that their borrower may release."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.operations import shelf

PANELS = """[notices.opinion-asked]
title = "How was it?"
text = "Loan {case} is over. Tell us how it was, if you like."

[[surveys]]
key = "opinion"
title = "How was the loan?"
form = "opinion"
invitation = "opinion-asked"
open_for = "P30D"

[[panels]]
key = "calls"
title = "Calls"
kind = "log"
entries = ["call"]
adds = ["curator", "librarian"]
about = { call = "borrower" }
staff = true
date = "calledAt"

[[panels]]
key = "wishes"
title = "Wishes"
kind = "release"
entries = ["wish"]
adds = ["borrower", "curator"]
about = { wish = "borrower" }
released = "C3"
permission = "permission"

[[panels]]
key = "promises"
title = "Promises"
kind = "due"
entries = ["promise"]
adds = ["curator"]
date = "promisedFor"
state = "promiseState"
done = ["kept"]

[[panels]]
key = "desk"
title = "At the desk"
kind = "console"
entries = ["thought", "damage"]
adds = ["curator"]
staff = true

[[panels.tells]]
form = "damage"
when = "=entry.damageLevel >= 2 and count(earlier[damageLevel >= 2]) = 1"
message = "BookRecalled"

[[panels]]
key = "terms"
"""
CURATOR = ('write = { C1 = "case", C3 = "case", C6 = "author" }', 'write = { C1 = "case", C3 = "case", C4 = "case", C6 = "author" }')
KEEPER = ('"instance.control", "audit.view"]', '"instance.control", "audit.view", "wall.manage"]')
BORROWER = ('write = { C1 = "self", C4 = "self" }', 'write = { C1 = "self", C3 = "self", C4 = "self" }')


def text(title: str, cls: str, **more: object) -> dict[str, object]:
    """A line of text."""
    return {"title": title, "type": "string", "maxLength": 300, "x-class": cls, **more}


def choice(title: str, cls: str, *codes: str) -> dict[str, object]:
    """One of a few codes."""
    return {"title": title, "type": "string", "oneOf": [{"const": code, "title": code.title()} for code in codes], "x-class": cls}


def form(key: str, title: str, required: list[str], derive: Mapping[str, object] | None = None, **fields: Mapping[str, object]) -> bytes:
    """A form's file."""
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": key, "title": title, "x-version": 1}
    derived = {"x-derive": derive} if derive else {}
    return json.dumps({**shape, "type": "object", "properties": fields, "required": required, **derived}).encode()

#: what of a form may leave the program
_POLICIES = "[policies]\napproval = false\n"
REPORTS = (_POLICIES, _POLICIES + '\n[policies.lint]\nreports = { loan-request = ["bookClass", "wish"] }\n')


def files(*diagrams: bytes) -> dict[str, bytes]:
    """The library's files with panels and the forms of their entries, and further diagrams."""
    replaced = {'[[panels]]\nkey = "terms"\n': PANELS, **dict((CURATOR, BORROWER, KEEPER))}
    replaced |= {REPORTS[0]: REPORTS[1]}
    moment = {"title": "When", "type": "string", "format": "date-time", "x-class": "C1"}
    day = {"title": "Until", "type": "string", "format": "date", "x-class": "C3"}
    return {
        **shelf.library(*diagrams, changed=replaced),
        "call.json": form(
            "call", "Call", ["calledAt"], calledAt=moment, channel=choice("How", "C1", "phone", "visit"), callSaid=text("Said", "C4")
        ),
        "wish.json": form("wish", "A wish", ["wished"], wished=text("What would help", "C4")),
        "permission.json": form("permission", "Permission", ["permittedHow"], permittedHow=text("How it was given", "C4")),
        "promise.json": form(
            "promise",
            "A promise",
            ["promised", "promisedFor", "promiseState"],
            promised=text("What", "C3"),
            promisedFor=day,
            promiseState=choice("State", "C3", "open", "kept"),
        ),
        "opinion.json": form(
            "opinion", "How was the loan?", [], pleased={"title": "Pleased", "type": "integer", "minimum": 1, "maximum": 5, "x-class": "C4"}
        ),
        "thought.json": form("thought", "My own note", ["thought"], thought=text("Note", "C6")),
        "damage.json": form(
            "damage",
            "Damage",
            ["damageKind"],
            {"damageLevel": {"class": "C1", "type": "number", "expression": '=if damageKind = "torn" then 2 else 1'}},
            damageKind=choice("Kind", "C3", "wet", "torn"),
        ),
    }
