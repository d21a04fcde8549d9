"""Publishing a change: the gate, the request to a second person, taking it back, and bringing it up to date.

draw → `ask` (no refusals, all scenarios pass, enough of the diagrams is walked) → a deployment that waits →
`deployments.decide` by somebody else → approved, or drawn on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine import clock, packs, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployed_views import Deployed
from engine.model.deployments import Change, Deployment
from engine.model.errors import Conflict, Excluded, FieldError, Invalid, ModelRefused
from engine.model.packs import Act, Pack
from engine.model.states import ChangeState, DeploymentState
from engine.operations import live, trail
from engine.operations.deploying import deployments
from engine.operations.drafting import change_files, changes
from engine.operations.releasing import deciding
from engine.operations.scenarios import scenarios, trials
from engine.operations.scope import within
from engine.store import UnitOfWork

#: stored as the reason of a decision; pages say it in their reader's language
_TAKEN_BACK = noted("Taken back by its author.")
_SAME = noted("Whoever worked on a change does not approve it; a second person has to.")


class OutOfDate(Conflict):
    """The pack changed after this change was begun; bring the change up to date first, then look at it again."""

    code = "out-of-date"


def ask(uow: UnitOfWork, actor: Actor, change_id: str, *, sandbox: bool = False) -> Change:
    """Send a change to a second person; where its pack asks for none it is live at once.

    Raises ModelRefused with every problem, OutOfDate, Invalid for a change that gives no reason, and Conflict for one that
    makes no difference.
    """
    change = changes.to_draw(uow, actor, change_id)
    require_reason(change)
    if newer(uow, change) is not None:
        raise OutOfDate
    files = change_files.contents(uow, change)
    if files == change_files.base(uow, change):
        raise Conflict(say("This change makes no difference to what is live; there is nothing to approve."))
    pack = _own_pack(uow, change, files)
    deployed = deployments.deploy(uow, actor, files, sandbox=sandbox, proposed=pack)
    _require_alone(uow, change, deployed.deployment)
    _require_tried(uow, deployed.deployment, files)
    trials.keep(uow, deployed.deployment.id, change_files.base(uow, change), files)
    now = clock.now()
    waits = deployed.deployment.state is DeploymentState.PENDING
    after = replace(
        change,
        pack=pack,
        state=ChangeState.ASKED if waits else ChangeState.APPROVED,
        deployment_id=deployed.deployment.id,
        asked_by=actor.person_id or None,
        asked_at=now,
        changed_at=now,
    )
    store.changes.save(uow, after, change.state)
    about = {"change": change.id, "deployment": deployed.deployment.id, "title": change.title, "why": change.why}
    trail.note(uow, actor, "change_asked", **about)
    return after


def require_reason(change: Change) -> None:
    """A change is sent with a reason. Raises Invalid."""
    if not change.why:
        message = say("Say why. Whoever approves reads it, and it stays in the record.")
        raise Invalid(message, (FieldError("/why", "missing", message),))


def _own_pack(uow: UnitOfWork, change: Change, files: Mapping[str, bytes]) -> str | None:
    """The key of the pack that a change is of, or brings. Raises Conflict for any other pack: its rules and its files would be
    compared with nothing."""
    pack = _pack_among(files)
    if change.pack is not None and pack is not None and pack.key != change.pack:
        raise Conflict(
            say(
                "The pack of this change has the key “{pack}”, its pack.toml says “{key}”. Put the key back.",
                pack=change.pack,
                key=pack.key,
            )
        )
    if change.pack is None and pack is not None and live.pack(uow, change.program_id, pack.key) is not None:
        raise Conflict(say("“{title}” is a pack already. Begin a change of it, and take these files in there.", title=pack.title))
    return change.pack or (pack.key if pack is not None else None)


def base_of(uow: UnitOfWork, actor: Actor, change_id: str) -> dict[str, bytes]:
    """The files that a change is based on, for `trials.run_dropped` before the transaction. Raises NotFound."""
    return change_files.base(uow, changes.get(uow, actor, change_id))


def to_try(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], *, sandbox: bool = False) -> dict[str, bytes]:
    """The files whose scenarios `upload` asks for, none when it asks for none. Raises Forbidden.

    Run them before the transaction (`scenarios.run_files`): it holds the write lock, and what was run is remembered.
    """
    found = deployments.that_wait(uow, actor, files, sandbox=sandbox)
    return found if scenarios.is_asked(found) else {}


def upload(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], *, sandbox: bool = False) -> Deployed:
    """Deploy files without a change; those that wait for a second person go through the same gate. Raises as `deployments.deploy`."""
    deployed = deployments.deploy(uow, actor, files, sandbox=sandbox)
    if deployed.deployment.state is DeploymentState.PENDING:
        stored = store.resources.of_deployment(uow, deployed.deployment.id)
        sent = {row.name: row.content for row in stored}
        _require_tried(uow, deployed.deployment, sent)
        trials.keep(uow, deployed.deployment.id, _replaced(uow, deployed.deployment), sent)
    return deployed


def before(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The live files that an upload would replace, for `trials.run_dropped` before the transaction; none for what is new."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    pack = _pack_among(files)
    deployment = store.deployments.active_pack(uow, actor.program_id, pack.key) if pack else None
    return {row.name: row.content for row in store.resources.of_deployment(uow, deployment.id)} if deployment else {}


def _replaced(uow: UnitOfWork, deployment: Deployment) -> dict[str, bytes]:
    earlier = store.deployments.before(uow, deployment)
    return {row.name: row.content for row in store.resources.of_deployment(uow, earlier.id)} if earlier else {}


def _pack_among(files: Mapping[str, bytes]) -> Pack | None:
    return next((packs.read(content, file=name)[0] for name, content in files.items() if change_files.is_pack(name)), None)


def _require_tried(uow: UnitOfWork, deployment: Deployment, files: Mapping[str, bytes]) -> None:
    against = scenarios.gate(uow, deployment.program_id, deployment.pack, files)
    if against:
        raise ModelRefused(against)


def _require_alone(uow: UnitOfWork, change: Change, deployment: Deployment) -> None:
    """One deployment waits for one change, so that deciding on it leaves none behind."""
    other = store.changes.of_deployment(uow, deployment.id)
    if other is not None and other.id != change.id and other.state is ChangeState.ASKED:
        raise Conflict(
            say("“{title}” says the same and waits for a second person already. Give this change up, or change more.", title=other.title)
        )


def take_back(uow: UnitOfWork, actor: Actor, change_id: str) -> Change:
    """Take a sent change back to go on drawing; whoever may draw may do so until it is decided."""
    change = changes.get(uow, actor, change_id)
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    if change.state is not ChangeState.ASKED or change.deployment_id is None:
        raise Conflict(say("This change does not wait for anybody."))
    now = clock.now()
    store.deployments.decide(uow, change.deployment_id, DeploymentState.REJECTED, actor.person_id or None, now, _TAKEN_BACK)
    store.definitions.set_state(uow, change.deployment_id, DeploymentState.REJECTED)
    after = replace(change, state=ChangeState.DRAWING, changed_at=now)
    store.changes.save(uow, after, change.state)
    trail.note(uow, actor, "change_taken_back", change=change.id, deployment=change.deployment_id)
    return after


def decide(
    uow: UnitOfWork, actor: Actor, deployment_id: str, approve: bool, *, reason: str = "", scenarios_seen: bool = False
) -> Deployment:
    """A second person's decision, in the place of somebody who is away too; a change that was not approved can be drawn on.

    Raises as `deployments.decide`. Nobody approves what they drew or sent: whoever saved a file of the change counts as
    its author. What takes out or changes scenarios is approved only by who says that they looked at these (Invalid
    otherwise), and the trail says so.
    """
    change = store.changes.of_deployment(uow, deployment_id)
    deployment = within(actor.program_id, store.deployments.get(uow, deployment_id))
    worked = _worked(uow, deployment, change) if approve else frozenset()
    if actor.person_id in worked:
        raise Excluded(say(_SAME))
    if approve and change is not None and newer(uow, within(actor.program_id, change)) is not None:
        raise OutOfDate(say("The pack changed after this change was sent. Reject it, so that its author brings it up to date."))
    actor = deciding.require(uow, actor, Act.DEFINITION_APPROVE, deployment.pack, worked)
    decided = deployments.decide(uow, actor, deployment_id, approve, reason=reason)
    if approve:
        _require_seen(uow, actor, decided, scenarios_seen)
    if change is not None and change.state is ChangeState.ASKED:
        state = ChangeState.APPROVED if approve else ChangeState.DRAWING
        store.changes.save(uow, replace(change, state=state, changed_at=clock.now()), change.state)
        trail.note(uow, actor, "change_approved" if approve else "change_rejected", change=change.id, title=change.title)
    return decided


def _worked(uow: UnitOfWork, deployment: Deployment, change: Change | None) -> frozenset[str | None]:
    if change is None:
        return authors_of_upload(uow, deployment)
    fresh = {one.content_hash for one in store.models.of_change(uow, change.id) if not one.removed}
    return authors(uow, (change,))[change.id] | store.deployments.rejected_senders(uow, change.program_id, fresh)


def decider(uow: UnitOfWork, actor: Actor, deployment: Deployment) -> Actor | None:
    """Who of the actor, and of those whose place they take, may approve a deployment that waits; None: nobody."""
    worked = _worked(uow, deployment, store.changes.of_deployment(uow, deployment.id))
    return deciding.who(uow, actor, Act.DEFINITION_APPROVE, deployment.pack, worked | {deployment.deployed_by})


def _require_seen(uow: UnitOfWork, actor: Actor, deployment: Deployment, seen: bool) -> None:
    taken = [one for one in store.trials.of_deployment(uow, deployment.id) if one.mark is not None]
    if not taken:
        return
    if not seen:
        message = say("Scenarios are taken out or changed by this. Look at them, and confirm that you did.")
        raise Invalid(message, (FieldError("/scenarios_seen", "missing", message),))
    trail.note(uow, actor, "scenarios_seen", deployment=deployment.id, scenarios=sorted(one.name for one in taken))


def change_of(uow: UnitOfWork, actor: Actor, deployment_id: str) -> Change | None:
    """The change that a deployment was made of; None for an upload."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    change = store.changes.of_deployment(uow, deployment_id)
    return change if change is not None and change.program_id == actor.program_id else None


def waiting(uow: UnitOfWork, actor: Actor) -> tuple[Change, ...]:
    """The changes that the actor can decide on now, the oldest first; nothing for others."""
    return tuple(change for change, _ in waiting_for(uow, actor))


def waiting_for(uow: UnitOfWork, actor: Actor) -> tuple[tuple[Change, str | None], ...]:
    """The same, each with the name of the person who is away and in whose place it is decided; None: as oneself."""
    if not actor.lent and not live.program_may(uow, actor, Act.DEFINITION_APPROVE):
        return ()
    asked = store.changes.list_(uow, actor.program_id, (ChangeState.ASKED,))
    worked = authors(uow, asked)
    found = ((one, deciding.who(uow, actor, Act.DEFINITION_APPROVE, one.pack, worked[one.id])) for one in reversed(asked))
    return tuple((change, deciding.in_place_of(uow, who)) for change, who in found if who is not None)


def authors(uow: UnitOfWork, found: Sequence[Change]) -> dict[str, frozenset[str | None]]:
    """Who worked on each of some changes, by the change's id: nobody of them approves it.

    Whoever kept the very bytes of one of its files elsewhere wrote them too: in a change that was given up, in a folder.
    """
    ids = [change.id for change in found]
    saved, elsewhere = change_files.authors(uow, ids), store.models.same_content(uow, ids)
    same = {id: frozenset(person for change_id, person in elsewhere if change_id == id) for id in ids}
    return {change.id: (saved[change.id] | same[change.id] | {change.created_by, change.asked_by}) - {None} for change in found}


def authors_of_upload(uow: UnitOfWork, deployment: Deployment) -> frozenset[str | None]:
    """Who wrote what an upload brings: whoever sent it, sent the same before in vain, or kept the same file in a change or a folder."""
    old = {hashlib.sha256(content).hexdigest() for content in _replaced(uow, deployment).values()}
    fresh = {row.content_hash for row in store.resources.of_deployment(uow, deployment.id)} - old
    kept = store.models.kept_by(uow, deployment.program_id, fresh)
    return (kept | store.deployments.rejected_senders(uow, deployment.program_id, fresh) | {deployment.deployed_by}) - {None}


def newer(uow: UnitOfWork, change: Change) -> Deployment | None:
    """The deployment that became live after the change was begun; None when the change is up to date."""
    if change.pack is None:
        return None
    now = store.deployments.active_pack(uow, change.program_id, change.pack)
    return None if now is None or now.id == change.base_id else now


@dataclass(frozen=True, slots=True)
class Updated:
    """A change brought up to date: files that both sides changed keep the change's content and need a look."""

    change: Change
    both: tuple[str, ...]


def update(uow: UnitOfWork, actor: Actor, change_id: str) -> Updated:
    """Base a change on what is live now. Files it does not touch become the live ones."""
    change = changes.to_draw(uow, actor, change_id)
    fresh = newer(uow, change)
    if fresh is None:
        return Updated(change, ())
    old = change_files.base(uow, change)
    after = replace(change, base_id=fresh.id, changed_at=clock.now())
    store.changes.save(uow, after, change.state)
    new = change_files.base(uow, after)
    touched = {model.name: model.content for model in store.models.of_change(uow, change.id)}
    return Updated(after, _both(old, new, touched))


def _both(old: Mapping[str, bytes], new: Mapping[str, bytes], ours: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(sorted(name for name in ours if old.get(name) != new.get(name) != ours[name]))
