"""What somebody typed into the form of a panel's entry and did not send yet: kept as the drafts of tasks are, theirs alone."""

from __future__ import annotations

from collections.abc import Mapping

from engine import store
from engine.model.access import Actor
from engine.model.content import Draft
from engine.model.panel_views import EntryForm
from engine.operations.content import drafts
from engine.operations.content.drafts import Place
from engine.store import UnitOfWork


def get(uow: UnitOfWork, actor: Actor, found: EntryForm) -> Draft | None:
    """The actor's own draft of what `found` asks. Whoever is asked no longer, finds it no longer."""
    return store.drafts.get(uow, found.place, actor.person_id)


def save(uow: UnitOfWork, actor: Actor, found: EntryForm, data: Mapping[str, object], *, expected_version: int | None = None) -> Draft:
    """Keep what is typed into a form that was asked in this unit of work.

    Raises PreconditionFailed when another tab saved a newer draft than `expected_version`, TooLarge.
    """
    return drafts.keep(uow, actor, Place(found.place, found.case_id), data, expected_version=expected_version)
