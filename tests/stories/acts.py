"""What people do at the pages, in the words that a story is told in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.stories.reader import Answers, Reader, Typed, typed
from tests.stories.stage import NAMES, Party, Stage, said

#: a form that is sent in parts is sent at most so often
_PARTS = 6
_CODE = re.compile(r"\b[A-Z1-9]{4} [A-Z1-9]{4}\b")
_LINK = re.compile(r"/portal/enter/[\w-]+")


def sees(reader: Reader, *words: str) -> None:
    """All of these stand on the page."""
    text = reader.text()
    missing = [one for one in words if one not in text]
    assert not missing, f"{missing} not on {reader.path}: {text[:3000]}"


def misses(reader: Reader, *words: str) -> None:
    """None of these stands on the page."""
    text = reader.text()
    there = [one for one in words if one in text]
    assert not there, f"{there} on {reader.path}: {text[:3000]}"


def goes_to(stage: Stage, login: str, path: str) -> Reader:
    """Somebody of the staff opens a page, signed in (again) where that is asked."""
    reader = stage[login]
    reader.opens(path)
    if reader.path.startswith("/sign-in"):
        reader.presses(NAMES[login])
        reader.opens(path)
    return reader


def begins(stage: Stage, login: str, task: str, beside: str = "") -> Reader:
    """Somebody opens a task from the inbox; `beside` says whom it is about."""
    reader = goes_to(stage, login, "/inbox?tab=all")
    reader.follows(task, beside)
    return reader


def does(stage: Stage, login: str, task: str, answers: Answers, beside: str = "", picture: str = "") -> None:
    """Somebody opens a task from the inbox, fills it in and sends it."""
    reader = begins(stage, login, task, beside)
    if picture:
        reader.picture(picture)
        assert reader.fills(typed(answers)) == {}
        reader.picture(f"{picture}-end", at="What happens when you send this")
    answers_form(reader, answers)


def answers_form(reader: Reader, answers: Answers) -> None:
    """Fill in the form of the page and send it, in as many parts as it comes in."""
    here, rest = reader.path, typed(answers)
    for _ in range(_PARTS):
        rest = reader.fills(rest)
        reader.presses()
        if reader.path != here:
            break
    assert not rest, f"No place for {rest}. {here}: {reader.text()[:3000]}"
    assert reader.path != here, f"Not sent. {here}: {reader.text()[:3000]}"


def opens_case(stage: Stage, login: str, parties: Sequence[Party], opening: Answers) -> str:
    """A case is opened with new people; gives its address."""
    reader = goes_to(stage, login, "/cases/new")
    for _ in parties[2:]:
        reader.presses("Add another person")
    people: Typed = {}
    for number, one in enumerate(parties):
        people |= {f"seat-{number}-name": one.name, f"seat-{number}-email": one.mail, f"seat-{number}-language": one.language}
    assert reader.fills(people) == {}
    reader.picture("open-a-case")
    answers_form(reader, opening)
    sees(reader, "is open")
    return reader.path.partition("?")[0]


def is_let_in(stage: Stage, case: str, party: Party) -> Reader:
    """A party gets a link by mail, reads it and opens it; what it says is on the demo's page of mail.

    Whose visit still holds needs none.
    """
    reader = stage[party.login]
    if stage.visits(party.login):
        reader.opens("/portal")
        return reader
    desk = goes_to(stage, "intake", f"{case}?tab=people")
    desk.follows("Let in", beside=party.name)
    desk.presses("Send a link by mail")
    stage.settle()
    reader.opens("/outgoing-mail")
    found = _LINK.search(reader.text())
    assert found is not None, reader.text()[:1500]
    reader.opens(found[0])
    reader.picture("portal-link")
    reader.presses()
    stage.visited(party.login)
    return reader


def is_let_in_by_phone(stage: Stage, case: str, party: Party) -> Reader:
    """A code is read out to a party, who types it in."""
    desk = goes_to(stage, "intake", f"{case}?tab=people")
    desk.follows("Let in", beside=party.name)
    desk.presses("Make a code for the phone")
    desk.picture("portal-code")
    found = _CODE.search(desk.text())
    assert found is not None, desk.text()[:1500]
    reader = stage[party.login]
    reader.opens("/portal")
    assert reader.fills({"code": found[0].lower()}) == {}
    reader.presses()
    return reader


def answers_as_party(reader: Reader, party: Party, task: str, answers: Answers) -> None:
    """A party opens what waits for them and answers it."""
    reader.opens("/portal")
    reader.follows(said(task, party.language))
    answers_form(reader, answers)
    assert reader.path.endswith("/done"), reader.text()[:2000]
