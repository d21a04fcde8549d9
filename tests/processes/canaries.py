"""Canaries made from the form files themselves: a text of its own for every field above class C1 in which somebody writes.

A canary reads CANARY-CLASS-FORM.FIELD-X, where X is the first letter of the party whose answer it is, or 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from engine import forms
from engine.model.cases import Case
from engine.model.forms import Field, FieldType, Form
from engine.operations.content import entries
from engine.operations.content.entries import Asked
from engine.operations.tasks import task_lists
from tests.processes.answers import Answer
from tests.world import ROOT, World

FORMS = ROOT / "forms/mediation"
_CONTACT = {"contactAt": "2026-03-20T10:00", "contactChannel": "phone", "contactDirection": "out", "contactPurpose": "dates"}
_CANARY = re.compile(r"CANARY-C\d-[\w-]+\.[\w.]+-\w")


def every_form() -> tuple[Form, ...]:
    """The forms of the pack."""
    read = [forms.read(path.read_bytes(), file=path.name)[0] for path in sorted(FORMS.glob("*.json"))]
    return tuple(form for form in read if form is not None)


def fields(form: Form) -> frozenset[str]:
    """The fields of a form above class C1 in which text is written, each as FORM.FIELD or FORM.FIELD.INNER."""
    return frozenset(f"{form.key}.{path}" for path, _ in _texts(form.fields))


def found(text: str) -> frozenset[str]:
    """The canaries in a text."""
    return frozenset(_CANARY.findall(text))


def field(canary: str) -> str:
    """The field that a canary was written into."""
    return re.sub(r"^CANARY-C\d-|-\w$", "", canary)


def cls(canary: str) -> str:
    """The class of a canary's field, without its sub-class."""
    return canary.split("-")[1]


def whose(canary: str) -> str:
    """The first letter of the party whose answer it is; 0 where it is no party's."""
    return canary[-1]


def _anything(_cls: str) -> bool:
    return True


def filled(form: Form, data: Mapping[str, object], of: str | None, *, mode: str = "self", writable: forms.Writable = _anything) -> Answer:
    """Answers with a canary in every text above class C1 that this person is asked for."""
    answer = dict(data)
    for entry in forms.visible_fields(form, answer, mode, writable):
        answer |= _written(entry, answer, lambda path, one: _canary(form, path, one, of))
    return answer


def _texts(entries: Iterable[Field], before: str = "") -> Iterator[tuple[str, Field]]:
    for entry in entries:
        yield from _texts(entry.fields, f"{before}{entry.name}.")
        if _is_text(entry):
            yield before + entry.name, entry


def _is_text(entry: Field) -> bool:
    chosen = entry.options or entry.format or entry.files or ":" in entry.widget
    return entry.type is FieldType.STRING and not chosen and entry.cls not in ("C0", "C1")


def _canary(form: Form, path: str, entry: Field, of: str | None) -> str:
    made = f"CANARY-{entry.cls.partition('.')[0]}-{form.key}.{path}-{(of or '0')[0]}"
    assert len(made) <= (entry.max_length or 0)
    return made


def _written(entry: Field, answer: Answer, canary: Callable[[str, Field], str], before: str = "") -> Answer:
    """The one entry with its texts, empty when nothing is to be written there. Rows are filled, not added."""
    path, value = before + entry.name, answer.get(entry.name)
    match entry.type:
        case FieldType.STRING if _is_text(entry):
            return {entry.name: canary(path, entry)}
        case FieldType.GROUP:
            return {entry.name: _level(entry, dict(value or {}), canary, path)}
        case FieldType.REPEAT if value:
            return {entry.name: [_level(entry, dict(row), canary, path) for row in value]}
    return {}


def _level(outer: Field, answer: dict[str, Any], canary: Callable[[str, Field], str], path: str) -> Answer:
    for entry in outer.fields:
        answer |= _written(entry, answer, canary, f"{path}.")
    return answer


#: what is added to the parts of a case page: by whom, part, form, answers without texts, about whom
_ADDED: tuple[tuple[str, str, str, Answer, str | None], ...] = (
    ("mira", "contact-rules", "contact-rules", {"reachBy": ["phone"]}, "ana"),
    ("mira", "contacts", "contact-entry", _CONTACT, "ana"),
    ("ben", "events", "dispute-event", {"eventOn": "2026-01-05"}, "ben"),
    ("ana", "positions", "issue", {}, "ana"),
    ("mira", "positions", "position", {}, "ben"),
    ("mira", "goals", "goal", {"goalBenchmarks": [{"on": "2026-05-01", "reached": "open"}]}, None),
    ("ana", "sessions", "ground-rules-answer", {"rulesAccepted": False}, "ana"),
    ("mira", "console", "session-incident", {"incidentType": "insult", "incidentStep": "pause"}, None),
    ("mira", "console", "private-meeting", {}, "ben"),
    ("mira", "console", "session-point", {"pointState": "open"}, None),
    ("mira", "console", "session-note", {}, None),
    ("mira", "obligations", "obligation", {"obligationBy": "2026-05-01", "obligationState": "open"}, "ana"),
)
_PERMITTED: Answer = {"permissionHow": "spoken", "permissionOn": "2026-03-20"}


class Canaried:
    """A stage on which everybody fills in every text they are asked for, with canaries."""

    def __init__(self, world: World, after: Callable[[], None]) -> None:
        """`after` is called when something was done."""
        self.world = world
        self._after = after
        self.people = world.people
        self._forms = {form.key: form for form in every_form()}

    def open_case(self, by: str, pack: str, joining: Iterable[tuple[str, str]], data: Mapping[str, object]) -> Case:
        """Open a case with canaries in the form for it."""
        return self.world.open_case(by, pack, joining, filled(self._forms["case-opening"], data, None))

    def send(self, by: str, case: Case, message: str) -> None:
        """A message holds no content."""
        self.world.send(by, case, message)

    def complete(
        self,
        by: str,
        case: Case,
        element: str,
        data: Mapping[str, object] | None = None,
        *,
        of: str | None = None,
        mode: str = "self",
        code: str = "",
    ) -> object:
        """Complete a task with canaries in its form; while people meet, also what is added beside the tasks."""
        if element == "write_joint_summary":
            self._add(case)
        task = self.world.task(case, element, of=of)
        with self.world.reading(by) as (uow, actor):
            page = task_lists.page(uow, actor, task.id)
        assert isinstance(page.form, Form)
        answer = filled(page.form, data or {}, of, mode=mode, writable=lambda one: one in page.writable)
        done = self.world.complete(by, case, element, answer, of=of, mode=mode, code=code)
        self._after()
        return done

    def code(self, by: str, case: Case) -> str:
        """The code on the paper that somebody prints to be signed."""
        return self.world.code(by, case)

    def _add(self, case: Case) -> None:
        """One entry with every form for entries, and one that is released: an issue of ana's, by what she permitted to mira."""
        made = {one[2]: self._enter(case, *one) for one in _ADDED}
        with self.world.acting("mira") as (uow, actor):
            permission = filled(self._forms["release-permission"], _PERMITTED, "ana")
            entries.release(uow, actor, case.id, "positions", made["issue"], permission)
        self._after()

    def _enter(self, case: Case, by: str, panel: str, form: str, data: Answer, of: str | None) -> str:
        about = next(iter(self.world.participant_ids(case, of))) if of else None
        with self.world.acting(by) as (uow, actor):
            asked = Asked(case.id, panel, form, about)
            offered = entries.form_for_new(uow, actor, asked)
            answer = filled(offered.form, data, of, writable=lambda one: one in offered.writable)
            return entries.add(uow, actor, asked, answer)

    def advance(self, text: str) -> None:
        """Let time pass."""
        self.world.advance(text)
        self._after()
