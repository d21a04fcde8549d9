"""What somebody typed into a form and did not send yet: theirs alone, sealed, dropped when it was sent or its task ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.content import Draft
from engine.model.errors import BadRequest, PreconditionFailed, TaskNotOpen, TooLarge
from engine.model.packs import Act
from engine.model.states import UserTaskState
from engine.operations.people import task_access
from engine.store import UnitOfWork

#: most bytes of a draft
SIZE = 200_000


@dataclass(frozen=True, slots=True)
class Place:
    """What a draft is of: a task by its id, or an entry by a name that `entry_drafts` gives it."""

    key: str
    case_id: str


def get(uow: UnitOfWork, actor: Actor, task_id: str) -> Draft | None:
    """The actor's own draft of a task."""
    task_access.seen(uow, actor, task_id)
    return store.drafts.get(uow, task_id, actor.person_id)


def save(
    uow: UnitOfWork,
    actor: Actor,
    task_id: str,
    data: Mapping[str, object],
    *,
    expected_version: int | None = None,
) -> Draft:
    """Keep what is typed, whether it would pass the checks or not.

    Raises PreconditionFailed when another tab saved a newer draft than `expected_version`, TaskNotOpen, TooLarge.
    """
    found = task_access.seen(uow, actor, task_id)
    if not task_access.modes(found):
        access.require(found.actor, Act.TASK_WORK, found.subject, found.pack)
    if found.task.state is not UserTaskState.OPEN:
        raise TaskNotOpen
    return keep(uow, actor, Place(task_id, found.case.id), data, expected_version=expected_version)


def keep(uow: UnitOfWork, actor: Actor, place: Place, data: Mapping[str, object], *, expected_version: int | None) -> Draft:
    """Keep what is typed by somebody who may write there: whoever calls has looked at that. Raises as `save`."""
    try:
        size = len(orjson.dumps(data))
    except (orjson.JSONEncodeError, RecursionError) as wrong:
        raise BadRequest(say("The draft could not be read as JSON.")) from wrong
    if size > SIZE:
        raise TooLarge(say("A draft has at most {size} kB.", size=SIZE // 1000))
    before = store.drafts.get(uow, place.key, actor.person_id)
    version = before.version if before else 0
    if expected_version is not None and expected_version != version:
        raise PreconditionFailed(say("A newer draft was saved elsewhere; reload the page to continue with it."))
    draft = Draft(place.key, actor.program_id, place.case_id, actor.person_id, dict(data), clock.now(), version + 1)
    store.drafts.put(uow, draft)
    return draft
