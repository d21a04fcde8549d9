"""The library's files with what one story needs beside them: more diagrams, another ladder, a stricter pack."""

from __future__ import annotations

from collections.abc import Mapping

from tests.bpmn.drawing import boundary, catch, end, mapping, message, process, script, signal, start, tag, throw, timer, user, xor
from tests.world import ROOT, pack_files

LIBRARY = ROOT / "tests/packs/library"
ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}
REFUSE = {"answer": "no", "why": "CANARY-why"}

#: half of the time given, a day before, three days after, five days after
LADDER = """rungs = [
  { percentage = 50, act = "remind", to = "assignee", notice = "due-soon" },
  { offset = "-P1D", act = "remind", to = "assignee", notice = "due-soon" },
  { offset = "P3D", act = "notify", to = "role:keeper", notice = "overdue" },
  { offset = "P5D", act = "start", process = "late-loan", label = "A keeper looks into it" },
]
"""
#: who takes an answer by phone has to be able to write it, though not to read it again
ON_BEHALF = ('write = { C1 = "program", C2 = "program" }', 'write = { C1 = "program", C2 = "program", C4 = "program" }')
MORE_VARIABLES = """
[variables.decision]
type = "string"
label = "Decision"

[variables.newDue]
type = "date"
label = "New due date"

[variables.shelves]
type = "number"
label = "Shelves"
fact = true
"""


def library(*diagrams: bytes, changed: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The library's files with further diagrams and with passages of pack.toml replaced."""
    files = pack_files(LIBRARY, LIBRARY / "forms")
    pack = files["pack.toml"].decode().replace("\n[settings.answerDue]", MORE_VARIABLES + "\n[settings.answerDue]", 1)
    for old, new in {ON_BEHALF[0]: ON_BEHALF[1], **(changed or {})}.items():
        assert old in pack, f"pack.toml has no {old!r}"
        pack = pack.replace(old, new)
    more = {f"more-{number}.bpmn": diagram for number, diagram in enumerate(diagrams)}
    return {**files, "pack.toml": pack.encode(), **more}


def with_ladder() -> dict[str, bytes]:
    """The library with the long ladder on every task but the terms, and the procedure that it starts."""
    files = library(late_loan())
    pack = files["pack.toml"].decode()
    head, rest = pack.split('applies_to = ["*"]\n')
    files["pack.toml"] = (head + 'applies_to = ["*"]\n' + LADDER + rest[rest.index("\n[[messages]]") :]).encode()
    return files


def late_loan() -> bytes:
    """What the ladder starts: a keeper sets a new date, waives the deadline, or leaves it."""
    return process(
        start(),
        user("look", role="keeper", due="P2D", name_="Look into a late task"),
        xor("what"),
        tag("serviceTask", "move", mapping({"task": "=subjectTask", "due": "=newDue"}), operation="user-task.due"),
        tag("serviceTask", "waive", mapping({"task": "=subjectTask"}), operation="user-task.waive"),
        end(),
        go='start > look > what; what > move [decision = "move"]; what > waive [decision = "waive"]; what > end *; move > end; waive > end',
        key="late-loan",
    )


def desk(key: str = "desk", *, due: str = "P10D") -> bytes:
    """One task at the desk."""
    return process(start(), user("tidy", role="librarian", due=due, name_="Tidy up"), end(), go="start > tidy > end", key=key)


def clockwork() -> bytes:
    """A task with a timer that interrupts it, and one that does not."""
    return process(
        start(),
        user("tidy", role="librarian", due="P10D"),
        boundary("hurry", "tidy", timer("P2D"), False),
        boundary("enough", "tidy", timer("P4D")),
        user("hint", role="keeper", due="P1D"),
        user("late", role="keeper", due="P1D"),
        end(),
        go="start > tidy > end; hurry > hint > end; enough > late > end",
        key="clockwork",
    )


def poison() -> bytes:
    """A timer whose next step asks for something that cannot be done."""
    return process(
        start(),
        catch("wait", timer("P1D")),
        tag(
            "serviceTask",
            "fail",
            mapping({"participant": '="nobody"', "person": '="nobody"', "role": '="curator"'}),
            operation="participant.add",
        ),
        end(),
        go="start > wait > fail > end",
        key="poison",
    )


def letters() -> bytes:
    """Waits at the desk, then for a letter of its case, then for the bell."""
    return process(
        start(),
        user("tidy", role="librarian", due="P10D"),
        tag("intermediateCatchEvent", "letter", message("Letter")),
        catch("bell", signal("Bell")),
        end(),
        go="start > tidy > letter > bell > end",
        key="letters",
        roots='<message id="message_Letter" name="Letter"/>',
    )


def sender() -> bytes:
    """Rings the bell and ends."""
    return process(start(), throw("ring", signal("Bell")), end(), go="start > ring > end", key="sender")


def shaky() -> bytes:
    """Fails until a number of shelves is known; another task can set it."""
    return process(
        start(),
        tag("parallelGateway", "fork"),
        user("count", role="librarian", due="P1D"),
        user("tidy", role="librarian", due="P1D"),
        xor("enough"),
        end("many"),
        end("few"),
        end("counted"),
        go="start > fork; fork > tidy > enough; enough > many [shelves > 3]; enough > few [shelves <= 3]; fork > count > counted",
        key="shaky",
    )


def long_way(turns: int) -> bytes:
    """Goes round many times before it comes to a task."""
    return process(
        start(),
        script("count", "={shelves: (if shelves = null then 0 else shelves) + 1}"),
        xor("again"),
        user("tidy", role="librarian", due="P10D"),
        end(),
        go=f"start > count > again; again > count [shelves < {turns}]; again > tidy *; tidy > end",
        key="long-way",
    )


def helpful() -> bytes:
    """Calls one desk after another and closes the case."""
    return process(
        start(),
        tag("callActivity", "first", calledElement_="desk"),
        tag("callActivity", "second", calledElement_="desk"),
        tag("serviceTask", "close", mapping({"outcome": '="tidied"'}), operation="case.close"),
        end(),
        go="start > first > second > close > end",
        key="helpful",
    )
