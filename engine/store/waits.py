"""What several cases wait for beside their tasks: subscriptions, open incidents and instances, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, cast, literal, literal_column, null, select, union_all

from engine.model.instances import Incident, Subscription
from engine.model.lists import InstanceSummary
from engine.model.states import IncidentState, InstanceState
from engine.store import tables
from engine.store.types import Instant
from engine.store.unit_of_work import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)
_NO_TEXT = cast(null(), tables.subscriptions.c.correlation.type)
_NO_TIME = cast(null(), Instant())


@dataclass(frozen=True, slots=True)
class Waits:
    """What one case waits for."""

    subscriptions: list[Subscription] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    instances: list[InstanceSummary] = field(default_factory=list)


def of_cases(uow: UnitOfWork, case_ids: Collection[str]) -> dict[str, Waits]:
    """By case, each kind oldest first."""
    found: defaultdict[str, Waits] = defaultdict(Waits)
    rows = uow.execute(union_all(_subscriptions(case_ids), _incidents(case_ids), _instances(case_ids)))
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        waits = found[row.case_id]
        if row.what == "subscription":
            waits.subscriptions.append(Subscription(*row[1:12]))
        elif row.what == "incident":
            waits.incidents.append(_incident(row))
        else:
            state = InstanceState(row.kind)
            waits.instances.append(InstanceSummary(row.id, row.process_key, state, row.at, row.suspended_at))
    return found


def _incident(row: Any) -> Incident:
    return Incident(
        row.id,
        row.program_id,
        row.case_id,
        row.instance_id,
        row.process_key,
        row.element_id,
        row.kind,
        row.name,
        IncidentState.OPEN,
        row.at,
    )


def _subscriptions(case_ids: Collection[str]) -> Select[Any]:
    t = tables.subscriptions.c
    columns = (t.id, t.program_id, t.case_id, t.instance_id, t.token_id, t.element_id, t.process_key)
    rest = (t.kind, t.name, t.correlation, t.since.label("at"), _NO_TIME.label("suspended_at"))
    return select(literal("subscription").label("what"), *columns, *rest).where(t.case_id.in_(case_ids))


def _incidents(case_ids: Collection[str]) -> Select[Any]:
    t = tables.incidents.c
    columns = (t.id, t.program_id, t.case_id, t.instance_id, _NO_TEXT, t.element_id, t.process_key)
    rest = (t.code, t.message, _NO_TEXT, t.at, _NO_TIME)
    statement = select(literal("incident"), *columns, *rest)
    return statement.where(t.case_id.in_(case_ids), t.state == literal_column("'open'"))


def _instances(case_ids: Collection[str]) -> Select[Any]:
    t = tables.instances.c
    columns = (t.id, t.program_id, t.case_id, t.id, _NO_TEXT, _NO_TEXT, t.key)
    rest = (cast(t.state, _NO_TEXT.type), _NO_TEXT, _NO_TEXT, t.started_at, t.suspended_at)
    statement = select(literal("instance"), *columns, *rest)
    return statement.where(t.case_id.in_(case_ids), t.state.not_in(_ENDED))
