"""What stands against a change, told with the names that people gave to its parts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.access import Actor
from engine.operations.drafting import change_files, changes
from engine.operations.words import problem_places
from engine.operations.words.problem_places import Told
from engine.store import UnitOfWork


def told(uow: UnitOfWork, actor: Actor, change_id: str, *, with_: Mapping[str, bytes] | None = None) -> tuple[Told, ...]:
    """The same as `change_files.check`, each problem with its place; `with_` are contents that are not saved yet."""
    bundle = change_files.whole(uow, changes.get(uow, actor, change_id), with_)
    return problem_places.tell(bundle.problems, bundle.files)
