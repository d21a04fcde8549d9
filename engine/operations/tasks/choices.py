"""People and participants that a form's fields offer, and no others: what is chosen has to be what was offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import clock, forms, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, FormInvalid
from engine.model.forms import Checked, Field, Form
from engine.operations import naming, offers
from engine.operations.content import entry_names
from engine.operations.people.task_access import Seen
from engine.store import UnitOfWork


def of(uow: UnitOfWork, actor: Actor, found: Seen, form: Form) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For fields that pick a person or a participant: (id, name) of those who fit, by field name."""
    names = naming.Names(uow, actor, found.case, found.subject, found.pack)
    picked = {one.name: _fitting(uow, found, names, one) for one in _all_fields(form.fields) if _picks(one) and not _is_entry(one)}
    return {**picked, **_entries(uow, actor, found, form)}


def _entries(uow: UnitOfWork, actor: Actor, found: Seen, form: Form, *, settled: bool = False) -> dict[str, tuple[tuple[str, str], ...]]:
    """For fields that name an entry of a panel: (id, words) of those with a day that are open, as far as the actor may read them."""
    known = {}
    for _, inner in forms.entries.rows(form):
        key = forms.entries.panel_of(inner) or ""
        listed = entry_names.of_panel(uow, actor, found.case, found.subject, found.pack, key)
        known[inner.name] = tuple((one.id, one.words) for one in listed if settled or (one.dated and one.open))
    return known


def require(uow: UnitOfWork, actor: Actor, found: Seen, form: Form, checked: Checked) -> None:
    """Let pass answers that choose among what was offered; raises FormInvalid for anybody else (a wall, a lost role)."""
    answers = dict(checked.facts) | {name: value for part in checked.records for name, value in part.fields.items()}
    picked = [(path, one, value) for path, one, value in _answered(form.fields, answers, "") if _picks(one)]
    if not picked:
        return
    # What was settled meanwhile may be answered still: the answer is kept, and changes nothing there.
    offered = {**of(uow, actor, found, form), **_entries(uow, actor, found, form, settled=True)}
    wrong = [path for path, one, value in picked if value not in {key for key, _ in offered[one.name]}]
    if wrong:
        message = say("This person cannot be chosen here. Choose one of those offered.")
        raise FormInvalid(errors=tuple(FieldError(path, "not-offered", message) for path in wrong))


def _answered(fields: tuple[Field, ...], answers: Mapping[str, object], path: str) -> Iterator[tuple[str, Field, object]]:
    """Every answer with its path, also those in rows."""
    for one in fields:
        value = answers.get(one.name)
        if value is None:
            continue
        yield f"{path}/{one.name}", one, value
        for number, row in enumerate(value if isinstance(value, list) else ()):
            if isinstance(row, Mapping):
                yield from _answered(one.fields, row, f"{path}/{one.name}/{number}")


def _is_entry(one: Field) -> bool:
    return forms.entries.panel_of(one) is not None


def _picks(one: Field) -> bool:
    return _is_entry(one) or one.widget.startswith(("person:", "participant:")) or one.widget == "candidate"


def _all_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(one for outer in fields for one in (outer, *_all_fields(outer.fields)))


def _fitting(uow: UnitOfWork, found: Seen, names: naming.Names, one: Field) -> tuple[tuple[str, str], ...]:
    kind, _, role = one.widget.partition(":")
    if kind == "candidate":
        return _candidates(uow, found, names)
    if kind == "participant":
        current = store.participants.of_case(uow, found.case.id)
        return tuple((p.id, names.of(p).label) for p in current if p.role == role)
    holders = store.memberships.holders(uow, found.case.program_id, role, clock.now())
    return naming.told_apart((one, one.name) for one in holders if not store.walls.is_walled(uow, found.case.id, one.id))


def _candidates(uow: UnitOfWork, found: Seen, names: naming.Names) -> tuple[tuple[str, str], ...]:
    """Who could do the task that this one's procedure was started about (a rung of a deadline rule)."""
    instance = store.instances.get(uow, found.task.instance_id)
    subject = store.user_tasks.find(uow, instance.subject_task_id) if instance.subject_task_id else None
    people = offers.candidates(uow, found.case, found.pack, subject) if subject else ()
    return naming.told_apart((p, who.label) for p in people if (who := names.person(p.id)) is not None)
