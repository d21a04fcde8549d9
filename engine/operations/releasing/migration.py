"""Running cases brought to another version: proposed by who draws procedures, approved by who controls cases, undone.

Each instance goes by a job of its own, in a transaction of its own, with a snapshot (`crossing`). What has no place in the
other version stays on the one it runs by, and is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import Conflict, Excluded, FieldError, Invalid
from engine.model.ids import new_id
from engine.model.migration import CaseResult, Migration, MigrationRow, Progress, Why
from engine.model.packs import Act
from engine.model.states import MigrationRowState, MigrationState
from engine.operations import live, naming, trail
from engine.operations.releasing import deciding, rehearsals
from engine.operations.running import crossing
from engine.operations.scope import within
from engine.store import UnitOfWork

#: longest reason, in characters
WHY = 2000
#: in which a version is being left
_OPEN = (MigrationState.PROPOSED, MigrationState.RUNNING, MigrationState.UNDOING)


def propose(
    uow: UnitOfWork,
    actor: Actor,
    key: str,
    from_version: int,
    to_version: int,
    mapping: Mapping[str, str] | None = None,
    *,
    why: str = "",
) -> Migration:
    """Propose to bring every running instance of a version to another; nothing moves before a second person approves it.

    Raises Forbidden, NotFound, Invalid, and Conflict while another migration leaves the same version.
    """
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    old, new = rehearsals.pair(uow, actor, key, from_version, to_version)
    mapped = rehearsals.guess(old, new) if mapping is None else rehearsals.checked(old, new, mapping)
    if any(one.from_id == old.id for one in store.migrations_of_cases.list_(uow, actor.program_id, key=key, states=_OPEN)):
        raise Conflict(say("Another migration of version {from_version} is not over yet.", from_version=from_version))
    migration = Migration(
        id=new_id(clock.now()),
        program_id=actor.program_id,
        key=key,
        from_id=old.id,
        to_id=new.id,
        from_version=old.version,
        to_version=new.version,
        mapping=mapped,
        why=_why(why, "/why"),
        state=MigrationState.PROPOSED,
        proposed_by=actor.person_id or None,
        proposed_at=clock.now(),
    )
    store.migrations_of_cases.insert(uow, migration)
    _note(uow, actor, migration, "migration_proposed")
    return migration


def _why(text: str, path: str) -> str:
    if len(text) > WHY:
        message = say("Say in at most {why} characters why.", why=WHY)
        raise Invalid(message, (FieldError(path, "too-long", message),))
    return text.strip()


def take_back(uow: UnitOfWork, actor: Actor, migration_id: str) -> Migration:
    """Take a proposal back that nobody decided on yet. Raises Forbidden, NotFound, Conflict."""
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    found = _of(uow, actor, migration_id)
    return _changed(uow, actor, found, MigrationState.PROPOSED, replace(found, state=MigrationState.WITHDRAWN), "migration_withdrawn")


def decide(uow: UnitOfWork, actor: Actor, migration_id: str, approve: bool, *, reason: str = "") -> Migration:
    """Approve or reject a proposal; approved, every instance that runs on the old version goes over by its own job.

    Raises Forbidden for who may not control cases, Excluded for who proposed it, Conflict when it was decided before.
    """
    found = _of(uow, actor, migration_id)
    actor = deciding.require(uow, actor, Act.INSTANCE_CONTROL, None, {found.proposed_by} if approve else ())
    live.require_program_act(uow, actor, Act.INSTANCE_CONTROL)
    if approve and actor.person_id == found.proposed_by:
        raise Excluded(say("Whoever proposed a migration does not approve it; a second person has to."))
    told = _why(reason, "/reason")
    if not approve and not told:
        message = say("Say why it is rejected.")
        raise Invalid(message, (FieldError("/reason", "missing", message),))
    state = MigrationState.RUNNING if approve else MigrationState.REJECTED
    decided = replace(found, state=state, decided_by=actor.person_id or None, decided_at=clock.now(), decision_reason=told or None)
    event = "migration_approved" if approve else "migration_rejected"
    decided = _changed(uow, actor, found, MigrationState.PROPOSED, decided, event)
    if approve:
        _begin(uow, decided)
        decided = store.migrations_of_cases.lock(uow, migration_id)
    return decided


def _begin(uow: UnitOfWork, migration: Migration) -> None:
    now = clock.now()
    rows = [
        MigrationRow(new_id(now), migration.program_id, migration.id, instance, case, MigrationRowState.WAITING, now, {})
        for instance, case in store.migrations_of_cases.running_ids(uow, migration.from_id)
    ]
    store.migrations_of_cases.insert_rows(uow, rows)
    for row in rows:
        crossing.later(uow, row, crossing.OVER)
    crossing.finish(uow, migration)


def undo(uow: UnitOfWork, actor: Actor, migration_id: str) -> Migration:
    """Bring back every instance that did not move on since; each comes back to the very state it had.

    Raises Forbidden, NotFound, and Conflict while the migration still goes on, or when nothing is left to undo.
    """
    live.require_program_act(uow, actor, Act.INSTANCE_CONTROL)
    found = _of(uow, actor, migration_id)
    if found.state is not MigrationState.DONE:
        raise Conflict(say("Only a migration that is done can be undone."))
    undoing = replace(found, state=MigrationState.UNDOING, undone_by=actor.person_id or None, undone_at=clock.now())
    undoing = _changed(uow, actor, found, MigrationState.DONE, undoing, "migration_undone")
    store.migrations_of_cases.set_state(uow, found.id, MigrationRowState.MIGRATED, MigrationRowState.LEAVING)
    for row in store.migrations_of_cases.rows(uow, found.id, MigrationRowState.LEAVING):
        crossing.later(uow, row, crossing.BACK)
    crossing.finish(uow, undoing)
    return store.migrations_of_cases.lock(uow, migration_id)


def list_(uow: UnitOfWork, actor: Actor, key: str | None = None) -> tuple[Migration, ...]:
    """The migrations of a process, or of the program; the last proposed first."""
    rehearsals.require_told(uow, actor)
    return store.migrations_of_cases.list_(uow, actor.program_id, key=key)


def waiting(uow: UnitOfWork, actor: Actor) -> tuple[Migration, ...]:
    """The migrations that the actor can decide on now; nothing for others."""
    return tuple(one for one, _ in waiting_for(uow, actor))


def waiting_for(uow: UnitOfWork, actor: Actor) -> tuple[tuple[Migration, str | None], ...]:
    """The same, each with the name of the person who is away and in whose place it is decided; None: as oneself."""
    if not actor.lent and not live.program_may(uow, actor, Act.INSTANCE_CONTROL):
        return ()
    asked = store.migrations_of_cases.list_(uow, actor.program_id, states=(MigrationState.PROPOSED,))
    found = ((one, _decider(uow, actor, one)) for one in reversed(asked))
    return tuple((one, deciding.in_place_of(uow, who)) for one, who in found if who is not None)


def _decider(uow: UnitOfWork, actor: Actor, migration: Migration) -> Actor | None:
    return deciding.who(uow, actor, Act.INSTANCE_CONTROL, None, {migration.proposed_by})


def may_propose(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor may propose migrations."""
    return live.program_may(uow, actor, Act.DEFINITION_DEPLOY)


def get(uow: UnitOfWork, actor: Actor, migration_id: str) -> Progress:
    """A migration as it stands; single cases only for who controls them. Raises NotFound, Forbidden."""
    rehearsals.require_told(uow, actor)
    found = _of(uow, actor, migration_id)
    controls = live.program_may(uow, actor, Act.INSTANCE_CONTROL)
    decider = _decider(uow, actor, found)
    cases = _cases(uow, actor, found) if rehearsals.may_control(uow, actor) else None
    proposed = found.state is MigrationState.PROPOSED
    return Progress(
        migration=found,
        proposed_by=naming.of_person(uow, found.proposed_by),
        decided_by=naming.of_person(uow, found.decided_by) if found.decided_at else None,
        counts=store.migrations_of_cases.counts(uow, found.id, unseen_by=actor.person_id),
        cases=cases,
        may_decide=proposed and decider is not None,
        in_place_of=deciding.in_place_of(uow, decider),
        may_withdraw=proposed and may_propose(uow, actor),
        may_undo=controls and found.state is MigrationState.DONE and _moved(uow, found),
    )


def _moved(uow: UnitOfWork, migration: Migration) -> bool:
    return store.migrations_of_cases.is_left(uow, migration.id, MigrationRowState.MIGRATED)


def _cases(uow: UnitOfWork, actor: Actor, migration: Migration) -> tuple[CaseResult, ...]:
    rows = store.migrations_of_cases.rows(uow, migration.id)
    walled = store.walls.of_person(uow, actor.program_id, actor.person_id)
    seen = [row for row in rows if row.case_id not in walled]
    numbers = store.cases.get_many(uow, {row.case_id for row in seen})
    old = store.definitions.get(uow, migration.from_id)
    found = [CaseResult(row.instance_id, row.case_id, numbers[row.case_id].number, row.state, _reasons(old, row)) for row in seen]
    found.sort(key=lambda one: (one.state is not MigrationRowState.STRANDED, one.number))
    return tuple(found)


def _reasons(old: Definition, row: MigrationRow) -> tuple[tuple[str, Why], ...]:
    result = row.result if isinstance(row.result, dict) else {}
    listed = [one for one in result.get("tokens", []) if "why" in one]
    names = [str(live.element(old, one["process"], one["element"]).get("name") or one["element"]) for one in listed]
    return tuple((name, Why(one["why"])) for name, one in zip(names, listed, strict=True))


def _of(uow: UnitOfWork, actor: Actor, migration_id: str) -> Migration:
    return within(actor.program_id, store.migrations_of_cases.get(uow, migration_id))


def _changed(uow: UnitOfWork, actor: Actor, was: Migration, wanted: MigrationState, after: Migration, event: str) -> Migration:
    if was.state is not wanted:
        raise Conflict(say("This migration was decided or went on meanwhile; look at it again."))
    store.migrations_of_cases.save(uow, after, was.state)
    _note(uow, actor, after, event)
    return after


def _note(uow: UnitOfWork, actor: Actor, migration: Migration, event: str) -> None:
    about = {"migration": migration.id, "from": migration.from_version, "to": migration.to_version}
    trail.note(uow, actor, event, process_key=migration.key, details=about)
