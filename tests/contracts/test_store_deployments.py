"""Deployments, their files and the versions of definitions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.deployments import Definition, Deployment, Resource
from engine.model.errors import Conflict
from engine.model.states import DeploymentState, InstanceState
from engine.store import UnitOfWork, count_statements
from engine.store.definitions import RunningCount
from tests.contracts.cast import DAY, START, World, fresh


def _pending(uow: UnitOfWork, world: World, days: int = 1) -> Deployment:
    made = replace(world.deployment, id=fresh(), content_hash="new", state=DeploymentState.PENDING, deployed_at=START + days * DAY)
    store.deployments.insert(uow, made)
    return made


def _version(uow: UnitOfWork, world: World, version: int, **fields: object) -> Definition:
    made = replace(world.definition, **{"id": fresh(), "version": version, **fields})  # type: ignore[arg-type]
    store.definitions.insert(uow, made)
    return made


def test_a_deployment_is_decided_once(uow: UnitOfWork, world: World) -> None:
    pending = _pending(uow, world)
    store.deployments.decide(uow, pending.id, DeploymentState.ACTIVE, world.ben.id, START + 2 * DAY)
    decided = replace(pending, state=DeploymentState.ACTIVE, decided_by=world.ben.id, decided_at=START + 2 * DAY)
    assert store.deployments.get(uow, pending.id) == decided
    with pytest.raises(Conflict):
        store.deployments.decide(uow, pending.id, DeploymentState.REJECTED, world.ana.id, START)


def test_the_active_pack_is_the_newest_approved_one(uow: UnitOfWork, world: World) -> None:
    active = store.deployments.active_pack
    assert active(uow, world.program.id, "library") == world.deployment
    pending = _pending(uow, world)
    assert active(uow, world.program.id, "library") == world.deployment
    store.deployments.decide(uow, pending.id, DeploymentState.ACTIVE, None, START + DAY)
    found = active(uow, world.program.id, "library")
    assert found is not None
    assert found.id == pending.id
    assert active(uow, world.program.id, "other") is None
    assert store.deployments.active_packs(uow, world.program.id) == {"library": pending.id}


def test_the_active_pack_is_looked_up_once_in_a_unit_of_work(database: store.Store, world: World) -> None:
    with database.reading() as uow, count_statements(database) as seen:
        for _ in range(3):
            store.deployments.active_pack(uow, world.program.id, "library")
    assert seen.count == 1


def test_a_deployment_is_found_by_its_content_unless_rejected(uow: UnitOfWork, world: World) -> None:
    assert store.deployments.by_hash(uow, world.program.id, "hash") == world.deployment
    pending = _pending(uow, world)
    assert store.deployments.by_hash(uow, world.program.id, "new") == pending
    store.deployments.decide(uow, pending.id, DeploymentState.REJECTED, None, START)
    assert store.deployments.by_hash(uow, world.program.id, "new") is None


def test_deployments_are_listed_newest_first(uow: UnitOfWork, world: World) -> None:
    newer = _pending(uow, world)
    first = store.deployments.list_(uow, world.program.id, limit=1)
    assert first.items == (newer,)
    assert store.deployments.list_(uow, world.program.id, cursor=first.next).items == (world.deployment,)
    assert store.deployments.list_(uow, world.program.id, state=DeploymentState.PENDING).items == (newer,)


def test_files_come_back_byte_for_byte(uow: UnitOfWork, world: World) -> None:
    content = bytes(range(256)) * 3
    files = [
        Resource(fresh(), world.program.id, world.deployment.id, kind, name, "h", content)
        for kind, name in (("pack", "pack.toml"), ("bpmn", "a.bpmn"))
    ]
    store.resources.insert_many(uow, files)
    assert store.resources.get(uow, files[0].id).content == content
    assert [one.name for one in store.resources.of_deployment(uow, world.deployment.id)] == ["a.bpmn", "pack.toml"]
    assert store.resources.of_deployment(uow, world.deployment.id, kind="pack") == (files[0],)
    with pytest.raises(Conflict):
        store.resources.insert_many(uow, [replace(files[0], id=fresh())])


def test_versions_count_on_and_the_latest_active_one_is_found(uow: UnitOfWork, world: World) -> None:
    assert store.definitions.next_version(uow, world.program.id, "lending") == 2
    assert store.definitions.next_version(uow, world.program.id, "new") == 1
    pending = _version(uow, world, 2, state=DeploymentState.PENDING, content_hash="two")
    find = store.definitions
    assert find.latest(uow, world.program.id, "lending") == world.definition
    assert find.latest(uow, world.program.id, "lending", DeploymentState.PENDING) == pending
    assert find.get_version(uow, world.program.id, "lending", 2) == pending
    assert find.versions(uow, world.program.id, "lending") == (pending, world.definition)
    assert find.list_latest(uow, world.program.id) == (world.definition,)
    assert find.list_latest(uow, world.program.id, None) == (pending,)
    assert find.of_deployment(uow, world.deployment.id)[0].key == "lending"
    with pytest.raises(Conflict):
        _version(uow, world, 2)


def test_approving_a_deployment_makes_its_definitions_active_and_that_is_seen(uow: UnitOfWork, world: World) -> None:
    deployment = _pending(uow, world)
    pending = _version(uow, world, 2, state=DeploymentState.PENDING, deployment_id=deployment.id)
    assert store.definitions.get(uow, pending.id).state is DeploymentState.PENDING
    assert store.definitions.set_state(uow, deployment.id, DeploymentState.ACTIVE) == 1
    assert store.definitions.get(uow, pending.id).state is DeploymentState.ACTIVE


def test_an_active_definition_is_read_once(database: store.Store, world: World) -> None:
    with database.reading() as uow, count_statements(database) as seen:
        assert store.definitions.get(uow, world.definition.id) == world.definition
        assert store.definitions.get(uow, world.definition.id) == world.definition
    assert seen.count <= 1


def test_running_instances_are_counted_by_version(uow: UnitOfWork, world: World) -> None:
    second = _version(uow, world, 2)
    for state in (InstanceState.INCIDENT, InstanceState.SUSPENDED, InstanceState.COMPLETED):
        made = world.new_instance(definition_id=second.id, definition_version=2, state=state)
        store.instances.insert(uow, made)
    assert store.definitions.running_counts(uow, world.program.id) == (
        RunningCount("lending", 1, 1, 0),
        RunningCount("lending", 2, 2, 1),
    )
