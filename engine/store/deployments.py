"""Deployments: sets of files deployed together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from engine.model.deployments import Deployment
from engine.model.errors import Conflict
from engine.model.lists import Page
from engine.model.states import DeploymentState
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Deployment, tables.deployments)
_T = tables.deployments.c
_ACTIVE_PACK = (
    _SHAPE.select()
    .where(_T.program_id == bindparam("program_id"), _T.pack == bindparam("pack"), _T.state == DeploymentState.ACTIVE)
    .order_by(_T.deployed_at.desc(), _T.id.desc())
    .limit(1)
)
_ORDER = ((_T.deployed_at, True), (_T.id, True))


def insert(uow: UnitOfWork, deployment: Deployment) -> None:
    """Store a new deployment."""
    _SHAPE.insert(uow, [deployment])
    uow.memo.clear()


def get(uow: UnitOfWork, id: str) -> Deployment:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Deployment | None:
    """The deployment with an id."""
    return _SHAPE.find(uow, id)


def by_hash(uow: UnitOfWork, program_id: str, content_hash: str) -> Deployment | None:
    """The newest deployment of exactly this content that was not rejected."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.content_hash == content_hash, _T.state != DeploymentState.REJECTED)
    return _SHAPE.first(uow, statement.order_by(_T.deployed_at.desc(), _T.id.desc()).limit(1))


def decide(uow: UnitOfWork, id: str, state: DeploymentState, by: str | None, at: datetime, reason: str | None = None) -> None:
    """Record a decision. Raises Conflict when the deployment is not pending (any more)."""
    statement = (
        tables.deployments.update()
        .where(_T.id == id, _T.state == DeploymentState.PENDING)
        .values(state=state, decided_by=by, decided_at=at, decision_reason=reason)
    )
    if uow.changed(statement) == 0:
        raise Conflict("This deployment is decided already.")
    uow.memo.clear()


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    state: DeploymentState | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Deployment]:
    """The deployments of a program, newest first."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    if state is not None:
        statement = statement.where(_T.state == state)
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.deployed_at, one.id))


def active_pack(uow: UnitOfWork, program_id: str, pack_key: str) -> Deployment | None:
    """The newest active deployment of a pack. Looked up once in a unit of work."""
    known = ("active_pack", program_id, pack_key)
    if known not in uow.memo:
        uow.memo[known] = _SHAPE.first(uow, _ACTIVE_PACK, {"program_id": program_id, "pack": pack_key})
    found = uow.memo[known]
    assert found is None or isinstance(found, Deployment)
    return found


def active_pack_keys(uow: UnitOfWork, program_id: str) -> tuple[str, ...]:
    """The keys of the packs that have an active deployment."""
    statement = select(_T.pack).where(_T.program_id == program_id, _T.state == DeploymentState.ACTIVE, _T.pack.is_not(None))
    return tuple(uow.execute(statement.distinct().order_by(_T.pack)).scalars())
