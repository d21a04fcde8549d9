"""People and roles that a deployed diagram names and nobody knows: its tasks would wait for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine import store
from engine.language import kept
from engine.model.access import Actor
from engine.model.errors import Problem
from engine.model.execution import Element, ProcessModel
from engine.operations.bundles import Bundle
from engine.store import UnitOfWork


def found(uow: UnitOfWork, actor: Actor, bundle: Bundle) -> tuple[Problem, ...]:
    """Literal roles, assignees and participants that mean nobody: problems where a pack says who there is, else warnings."""
    return tuple(
        problem
        for process in bundle.processes
        for element in process.elements
        for problem in _found(uow, actor, bundle, process, element)
    )


def _found(uow: UnitOfWork, actor: Actor, bundle: Bundle, process: ProcessModel, element: Element) -> Iterator[Problem]:
    assignee = _literal(element, "assignee")
    if assignee is not None:
        person = store.persons.find(uow, assignee)
        if person is None or person.program_id != actor.program_id:
            message = kept("There is no person with the id “{assignee}”; give the id of one, or an expression that begins with "
                           "“=”.", assignee=assignee)
            yield Problem(process.file, element.id, "unknown-person", message)
    participant = _literal(element, "participant")
    if participant is not None:
        message = kept("Participants differ from case to case, so “{participant}” is nobody; write "
                       "=case.participants.ROLE[1], for example.", participant=participant)
        yield Problem(process.file, element.id, "unknown-participant", message)
    role = _literal(element, "role")
    if role is not None and bundle.pack is None:
        message = kept("Nobody has the role “{role}”, as no pack says what it is; only administrators can work this. Send "
                       "its pack.toml too.", role=role)
        yield Problem(process.file, element.id, "unknown-role", message)


def _literal(element: Element, key: str) -> str | None:
    text = element.attributes.get(key)
    return text if text and not text.startswith("=") else None
