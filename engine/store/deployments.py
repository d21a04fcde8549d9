"""Deployments: sets of files deployed together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from engine.language import say
from engine.model.deployments import Deployment
from engine.model.errors import Conflict
from engine.model.ids import ID_LENGTH
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
        raise Conflict(say("This deployment is decided already."))
    uow.memo.clear()


def rejected_senders(uow: UnitOfWork, program_id: str, hashes: Collection[str]) -> frozenset[str | None]:
    """Who sent a file with one of these contents that was not approved."""
    files = tables.resources.c
    statement = select(_T.deployed_by).join_from(tables.deployments, tables.resources, files.deployment_id == _T.id)
    statement = statement.where(_T.program_id == program_id, _T.state == DeploymentState.REJECTED, files.content_hash.in_(sorted(hashes)))
    return frozenset(uow.execute(statement.distinct()).scalars()) if hashes else frozenset()


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


def pack_at(uow: UnitOfWork, program_id: str, pack_key: str, at: datetime) -> str | None:
    """The id of the deployment of a pack that was live at a time."""
    live = (_T.program_id == program_id, _T.pack == pack_key, _T.state == DeploymentState.ACTIVE)
    since = func.coalesce(_T.decided_at, _T.deployed_at, type_=_T.deployed_at.type)
    statement = select(_T.id).where(*live, since <= at).order_by(_T.deployed_at.desc(), _T.id.desc()).limit(1)
    found = uow.execute(statement).scalar_one_or_none()
    return None if found is None else str(found)


def before(uow: UnitOfWork, deployment: Deployment) -> Deployment | None:
    """The newest deployment of the same pack that was made earlier and is or was live."""
    earlier = or_(_T.deployed_at < deployment.deployed_at, and_(_T.deployed_at == deployment.deployed_at, _T.id < deployment.id))
    same = and_(_T.program_id == deployment.program_id, _T.pack == deployment.pack, _T.state == DeploymentState.ACTIVE)
    statement = _SHAPE.select().where(same, earlier).order_by(_T.deployed_at.desc(), _T.id.desc()).limit(1)
    return None if deployment.pack is None else _SHAPE.first(uow, statement)


def active_packs(uow: UnitOfWork, program_id: str) -> Mapping[str, str]:
    """The newest active deployment of each pack: its id by the pack's key. Looked up once in a unit of work."""
    known = ("active_packs", program_id)
    if known not in uow.memo:
        statement = select(_T.id + _T.pack).where(*_newest(), _T.program_id == program_id).order_by(_T.pack)
        remember_active(uow, program_id, uow.execute(statement).scalars())
    found = uow.memo[known]
    assert isinstance(found, dict)
    return found


def active_listed(program_id: ColumnElement[str], between: str) -> ColumnElement[str]:
    """What `remember_active` takes, as one text inside another query: each an id and, behind it, its pack's key."""
    return select(func.aggregate_strings(_T.id + _T.pack, between)).where(*_newest(), _T.program_id == program_id).scalar_subquery()


def remember_active(uow: UnitOfWork, program_id: str, listed: Iterable[str]) -> None:
    """Remember what `active_packs` will be asked, from ids each followed by a pack's key."""
    uow.memo["active_packs", program_id] = {one[ID_LENGTH:]: one[:ID_LENGTH] for one in sorted(listed, key=lambda one: one[ID_LENGTH:])}


def _newest() -> tuple[ColumnElement[bool], ...]:
    """Active deployments of packs that no other one has taken the place of."""
    other = tables.deployments.alias("newer")
    later = or_(other.c.deployed_at > _T.deployed_at, and_(other.c.deployed_at == _T.deployed_at, other.c.id > _T.id))
    same = and_(other.c.program_id == _T.program_id, other.c.pack == _T.pack, other.c.state == DeploymentState.ACTIVE)
    return _T.state == DeploymentState.ACTIVE, _T.pack.is_not(None), ~exists().where(same, later)
