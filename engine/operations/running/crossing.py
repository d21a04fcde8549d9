"""One instance brought to another version, or back: by a job, in a transaction of its own.

What the rehearsal says and what is done come from the same pure function (`engine.bpmn.migrate`), over the same state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from engine import bpmn, clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.deployments import Definition
from engine.model.ids import new_id
from engine.model.instances import Instance, Job, Snapshot, places_text
from engine.model.migration import Migration, MigrationRow, Outcome, TokenFate
from engine.model.states import InstanceState, JobState, MigrationRowState, MigrationState
from engine.operations import live, trail
from engine.operations.running import aligning, delivery, surroundings
from engine.operations.running.projection import Loaded
from engine.store import UnitOfWork

#: kinds of jobs
OVER, BACK = "migrate", "migrate-back"
#: reason of the snapshot taken before
REASON = "migration"
_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


def mapping(migration: Migration) -> Mapping[str, str]:
    """Which element is which other one, typed."""
    found = migration.mapping
    assert isinstance(found, dict)
    return {str(key): str(value) for key, value in found.items()}


def outcome(uow: UnitOfWork, instance: Instance, case: Case, old: Definition, new: Definition, mapped: Mapping[str, str]) -> Outcome:
    """What becomes of an instance; nothing is written."""
    env = surroundings.env(uow, new, case, instance.id)
    return bpmn.migrate(live.compiled(uow, old), live.compiled(uow, new), env, instance.state_blob, mapped)


def told(fate: TokenFate) -> dict[str, object]:
    """A token's fate as plain JSON."""
    found = {"process": fate.process_key, "element": fate.element_id, "fate": str(fate.fate), "to": fate.to, "why": fate.why}
    return {key: str(value) for key, value in found.items() if value is not None}


def later(uow: UnitOfWork, row: MigrationRow, kind: str) -> None:
    """Have one instance brought over or back."""
    now = clock.now()
    payload = {"row": row.id}
    job = Job(new_id(now), row.program_id, row.case_id, kind, f"{kind}/{row.id}", payload, now, 0, JobState.AVAILABLE, now)
    store.jobs.insert(uow, job)


def over(uow: UnitOfWork, row_id: str) -> None:
    """Bring one instance to the other version, if it still waits for that. Raises StaleVersion when it moves meanwhile."""
    row = store.migrations_of_cases.lock_row(uow, row_id)
    if row.state is not MigrationRowState.WAITING:
        return
    migration = store.migrations_of_cases.lock(uow, row.migration_id)
    instance = store.instances.get(uow, row.instance_id)
    if instance.state in _ENDED or instance.definition_id != migration.from_id:
        done = replace(row, state=MigrationRowState.PASSED)
    else:
        done = _cross(uow, migration, row, instance)
    _settle(uow, migration, done)


def _cross(uow: UnitOfWork, migration: Migration, row: MigrationRow, instance: Instance) -> MigrationRow:
    case = store.cases.get(uow, instance.case_id)
    old, new = store.definitions.get(uow, migration.from_id), store.definitions.get(uow, migration.to_id)
    found = outcome(uow, instance, case, old, new, mapping(migration))
    result: dict[str, object] = {"fate": str(found.fate), "tokens": [told(one) for one in found.fates]}
    if found.state is None:
        return replace(row, state=MigrationRowState.STRANDED, result=result)
    snapshot = _moved(uow, instance, case, new, found.state)
    after = Loaded(replace(instance, definition_id=new.id, definition_version=new.version), new, case)
    fallen = aligning.align(uow, after, found.before, found.after, {})
    if found.goes_on:
        delivery.continue_later(uow, instance)
    _note(uow, migration, instance, "instance_migrated", migration.from_version, migration.to_version)
    result["claims"] = fallen
    return replace(row, state=MigrationRowState.MIGRATED, result=result, snapshot_id=snapshot, left_hash=digest(found.state))


def _moved(uow: UnitOfWork, instance: Instance, case: Case, to: Definition, state: bytes) -> str:
    """Save the state under another version, with a snapshot of the one before; gives the snapshot's id."""
    now = clock.now()
    snapshot = Snapshot(new_id(now), instance.program_id, instance.id, instance.version, REASON, instance.state_blob, now)
    store.snapshots.insert(uow, snapshot)
    places = places_text(bpmn.places_of(live.compiled(uow, to), surroundings.env(uow, to, case, instance.id), state))
    pinned = replace(instance, definition_id=to.id, definition_version=to.version)
    saved = replace(pinned, state_blob=state, places=places, version=instance.version + 1)
    store.instances.save(uow, saved, instance.version)
    return snapshot.id


def back(uow: UnitOfWork, row_id: str) -> None:
    """Bring one instance back to the state it had, if it did not move on since."""
    row = store.migrations_of_cases.lock_row(uow, row_id)
    if row.state is not MigrationRowState.LEAVING or row.snapshot_id is None:
        return
    migration = store.migrations_of_cases.lock(uow, row.migration_id)
    instance = store.instances.get(uow, row.instance_id)
    same = instance.definition_id == migration.to_id and digest(instance.state_blob) == row.left_hash
    if same and instance.state not in _ENDED:
        _return(uow, migration, row, instance)
        done = replace(row, state=MigrationRowState.UNDONE)
    else:
        done = replace(row, state=MigrationRowState.KEPT)
    _settle(uow, migration, done)


def _return(uow: UnitOfWork, migration: Migration, row: MigrationRow, instance: Instance) -> None:
    assert row.snapshot_id is not None
    case = store.cases.get(uow, instance.case_id)
    old, new = store.definitions.get(uow, migration.from_id), store.definitions.get(uow, migration.to_id)
    state = store.snapshots.get(uow, row.snapshot_id).state_blob
    env = surroundings.env(uow, old, case, instance.id)
    was = bpmn.waiting(live.compiled(uow, new), env, instance.state_blob)
    now = bpmn.waiting(live.compiled(uow, old), env, state)
    _moved(uow, instance, case, old, state)
    restored = Loaded(replace(instance, definition_id=old.id, definition_version=old.version), old, case)
    aligning.align(uow, restored, was, now, _claims(row))
    _note(uow, migration, instance, "instance_migration_undone", migration.to_version, migration.from_version)


def _claims(row: MigrationRow) -> dict[str, str]:
    result = row.result if isinstance(row.result, dict) else {}
    return {str(task): str(person) for task, person in result.get("claims", {}).items()}


def gave_up(uow: UnitOfWork, row_id: str) -> None:
    """The engine could not bring an instance over or back, however often it tried."""
    row = store.migrations_of_cases.lock_row(uow, row_id)
    if row.state in (MigrationRowState.WAITING, MigrationRowState.LEAVING):
        state = MigrationRowState.FAILED if row.state is MigrationRowState.WAITING else MigrationRowState.KEPT
        _settle(uow, store.migrations_of_cases.lock(uow, row.migration_id), replace(row, state=state))


def _settle(uow: UnitOfWork, migration: Migration, row: MigrationRow) -> None:
    store.migrations_of_cases.update_row(uow, replace(row, at=clock.now()))
    finish(uow, migration)


def finish(uow: UnitOfWork, migration: Migration) -> None:
    """A migration is over when nothing of it waits any more."""
    going = {
        MigrationState.RUNNING: (MigrationRowState.WAITING, MigrationState.DONE),
        MigrationState.UNDOING: (MigrationRowState.LEAVING, MigrationState.UNDONE),
    }
    if migration.state in going:
        waiting, over_now = going[migration.state]
        if not store.migrations_of_cases.is_left(uow, migration.id, waiting):
            store.migrations_of_cases.save(uow, replace(migration, state=over_now), migration.state)


def digest(state: bytes) -> str:
    """What tells two states apart."""
    return hashlib.sha256(state).hexdigest()


def _note(uow: UnitOfWork, migration: Migration, instance: Instance, event: str, before: int, after: int) -> None:
    by = migration.decided_by if migration.undone_by is None else migration.undone_by
    actor = Actor(person_id=by or "", account_id=None, program_id=migration.program_id, via="job")
    trail.note(
        uow,
        actor,
        event,
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=migration.to_id if event == "instance_migrated" else migration.from_id,
        process_key=instance.key,
        details={"from": before, "to": after, "migration": migration.id},
    )
