"""What each person chose about being told."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from engine.model.telling import TellingChoices
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(TellingChoices, tables.telling_choices)


@cache
def _insert(dialect: str) -> Any:
    statement = upsert(dialect, tables.telling_choices)
    given = {name: statement.excluded[name] for name in ("ways", "digest_at", "quiet_from", "quiet_until")}
    return statement.on_conflict_do_update(index_elements=[tables.telling_choices.c.id], set_=given)


def find(uow: UnitOfWork, person_id: str) -> TellingChoices | None:
    """What a person chose; None: nothing yet."""
    return _SHAPE.find(uow, person_id)


def put(uow: UnitOfWork, choices: TellingChoices) -> None:
    """Keep a person's choices, over earlier ones."""
    uow.execute(_insert(uow.dialect), {**asdict(choices), "ways": dict(choices.ways)})
