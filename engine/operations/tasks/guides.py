"""Guides beside a task: those of the live pack that are for it, by what the reader may know of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from engine import access, clock, feel, store
from engine.feel.errors import FeelError
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.guides import Guide
from engine.model.instances import UserTask
from engine.model.packs import Pack
from engine.packs import guides
from engine.store import UnitOfWork


def told(uow: UnitOfWork, actor: Actor, task: UserTask, case: Case, subject: Subject, pack: Pack | None) -> tuple[Guide, ...]:
    """The guides for a task, in the pack's order; those that were to be looked at again by now are left out.

    A condition sees only the facts that the reader may be told, so that what is shown tells nothing more.
    """
    meant = [one for one in pack.guides if guides.is_for(one, task.process_key, task.element_id, task.form, task.duty)] if pack else []
    if pack is None or not meant:
        return ()
    known: dict[str, object] = {}
    if any(one.when for one in meant):
        known = {key: feel.from_json(fact.value) for key, fact in store.facts.of_case(uow, case.id).items()}
    may = access.tellable(actor, subject, pack, known)
    today = clock.now().astimezone(ZoneInfo(store.programs.get(uow, case.program_id).timezone)).date()
    shown = (one for one in meant if one.until is None or one.until >= today)
    staff = access.is_staff_on(actor, subject, pack)
    return tuple(one for one in _fitting(shown, may) if staff or not one.staff)


def _fitting(meant: Iterator[Guide], facts: Mapping[str, object]) -> Iterator[Guide]:
    for one in meant:
        try:
            if one.when is None or feel.evaluate(one.when, facts) is True:
                yield one
        except FeelError:
            continue  # a condition that takes too much hides its guide, not the task
