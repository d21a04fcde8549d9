"""The facts of a case in the pack's words: declared variables of class C1, for pages of tasks."""

from __future__ import annotations

from datetime import date, datetime, time

from engine import access, feel, store
from engine.language import Pattern, dated, say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.packs import Pack, VariableRule
from engine.operations import wording
from engine.store import UnitOfWork


def told(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> tuple[tuple[str, str], ...]:
    """(label, words) of the facts that the actor may be told, in the pack's order; empty ones are left out."""
    if pack is None:
        return ()
    known = {key: feel.from_json(fact.value) for key, fact in store.facts.of_case(uow, case.id).items()}
    zone = store.programs.get(uow, case.program_id).timezone
    may = access.tellable(actor, subject, pack, known)
    return tuple(
        (rule.label, _words(rule, may[key], zone))
        for key, rule in pack.variables.items()
        if rule.fact and may.get(key) is not None and may[key] != []
    )


def _words(rule: VariableRule, value: object, zone: str) -> str:
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    if isinstance(value, datetime):
        return wording.moment(value, zone)
    if isinstance(value, date):
        return dated(datetime.combine(value, time()), Pattern.DAY)
    if isinstance(value, list):
        return ", ".join(_words(rule, one, zone) for one in value)
    text = feel.text(feel.coerce(value))
    return rule.values.get(text, text)
