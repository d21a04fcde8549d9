"""Deploying: files in, checked whole, stored whole or not at all; versions by content; a second person's approval.

A deployment without a pack.toml that replaces procedures of a live pack is laid over that pack's files, so that a
program manager sends only what changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.deployed_views import Deployed
from engine.model.deployments import Definition, Deployment, Resource
from engine.model.errors import Conflict, Excluded, FieldError, Forbidden, Invalid, ModelRefused, Problem
from engine.model.execution import ProcessModel
from engine.model.ids import new_id
from engine.model.lists import Page
from engine.model.packs import Act, Pack
from engine.model.states import DeploymentState
from engine.operations import bundles, live, reasons, strangers, trail
from engine.operations.bundles import Bundle
from engine.operations.deploying import ladder_changes
from engine.operations.running import starts
from engine.operations.scope import within
from engine.store import UnitOfWork


def check(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything that stands against deploying these files, without deploying them."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return _whole(uow, actor, files).problems


def deploy(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], *, sandbox: bool = False, proposed: str | None = None) -> Deployed:
    """Store files as a deployment and make new versions of what changed.

    Raises ModelRefused with every problem (nothing is stored then) and Forbidden. Where the active pack asks for a
    second person (policies.approval) the versions wait for `decide`; in a sandbox and for a first pack they do not.
    `proposed` is the key of a pack that a change proposes and nobody deployed yet: whoever draws may send it, and it
    waits where any live pack asks for a second person.
    """
    bundle = _whole(uow, actor, files)
    if bundle.refused:
        # Whoever may deploy anything is told what is wrong, also where the files are too broken to say whose they are.
        live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
        raise ModelRefused(bundle.problems)
    before = live.pack(uow, actor.program_id, bundle.pack.key) if bundle.pack else None
    fresh = before is None and bundle.pack is not None and bundle.pack.key == proposed
    if fresh:
        live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    else:
        _require_deploy(actor, bundle.pack, before)
    digest = _digest(bundle.files)
    known = store.deployments.by_hash(uow, actor.program_id, digest)
    if known is not None and _stands(uow, known, bundle):
        rows = store.definitions.of_deployment(uow, known.id)
        if known.state is DeploymentState.ACTIVE:
            starts.renew(uow, known, bundle.by_key)
        return Deployed(known, tuple((row.key, row.version, False) for row in rows), _warnings(uow, actor, files, bundle))
    waits = _waits(before, sandbox) or (fresh and not sandbox and _somebody_asks(uow, actor))
    now = clock.now()
    deployment = Deployment(
        id=new_id(now),
        program_id=actor.program_id,
        pack=bundle.pack.key if bundle.pack else None,
        content_hash=digest,
        state=DeploymentState.PENDING if waits else DeploymentState.ACTIVE,
        deployed_by=actor.person_id or None,
        deployed_at=now,
    )
    earlier = store.deployments.active_pack(uow, actor.program_id, deployment.pack or "")
    store.deployments.insert(uow, deployment)
    made = _definitions(uow, deployment, bundle)
    if not waits:
        starts.renew(uow, deployment, bundle.by_key)
        ladder_changes.apply(uow, actor, deployment.pack, earlier.id if earlier else None, deployment.id)
    trail.note(uow, actor, "deployed", deployment=deployment.id, definitions=[f"{k} {v}" for k, v, new in made if new])
    return Deployed(deployment, made, _warnings(uow, actor, files, bundle))


def _waits(before: Pack | None, sandbox: bool) -> bool:
    return before is not None and before.policies.approval and not sandbox


def _somebody_asks(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether a live pack asks for a second person: then a new pack waits for one as well."""
    return any(pack.policies.approval for pack in live.all_packs(uow, actor.program_id))


def that_wait(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], *, sandbox: bool = False) -> dict[str, bytes]:
    """Files as `deploy` would store them for a second person; none when it refuses them or they would be live at once.

    Raises Forbidden.
    """
    bundle = _whole(uow, actor, files)
    if bundle.refused or bundle.pack is None:
        return {}
    before = live.pack(uow, actor.program_id, bundle.pack.key)
    _require_deploy(actor, bundle.pack, before)
    return dict(bundle.files) if _waits(before, sandbox) else {}


def _stands(uow: UnitOfWork, known: Deployment, bundle: Bundle) -> bool:
    """Whether files that were deployed before wait or are live now; going back to an earlier version is a new act."""
    if known.state is not DeploymentState.ACTIVE:
        return known.state is DeploymentState.PENDING
    if known.pack is not None:
        live_now = store.deployments.active_pack(uow, known.program_id, known.pack)
        return live_now is not None and live_now.id == known.id
    newest = {model.key: store.definitions.latest(uow, known.program_id, model.key) for model in bundle.processes}
    return all(row is not None and row.content_hash == bundles.closure_digest(bundle, key) for key, row in newest.items())


def _whole(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes]) -> Bundle:
    """The files as they will be stored: laid over the live pack's when they bring no pack of their own."""
    if not any(name.rsplit("/", 1)[-1] == "pack.toml" for name in files):
        base = _live_files(uow, actor, files)
        files = {**base, **files}
    bundle = bundles.read(
        files,
        lambda key: store.definitions.latest(uow, actor.program_id, key),
        lambda key: live.pack(uow, actor.program_id, key),
    )
    return bundle if bundle.pack is None else replace(bundle, problems=(*bundle.problems, *strangers.found(uow, actor, bundle)))


def _warnings(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes], bundle: Bundle) -> tuple[Problem, ...]:
    """What is taken, but is probably not what was meant; people and roles that nobody knows are problems of a pack."""
    return (*bundles.warnings(files), *(strangers.found(uow, actor, bundle) if bundle.pack is None else ()))


def _live_files(uow: UnitOfWork, actor: Actor, files: Mapping[str, bytes]) -> dict[str, bytes]:
    for key in bundles.process_keys(files):
        known = store.definitions.latest(uow, actor.program_id, key)
        if known is not None and known.pack is not None:
            deployment = store.deployments.active_pack(uow, actor.program_id, known.pack)
            if deployment is not None:
                rows = store.resources.of_deployment(uow, deployment.id)
                replaced = set(bundles.process_keys(files))
                return {
                    row.name: row.content
                    for row in rows
                    if not (row.kind == "bpmn" and replaced & set(bundles.process_keys({row.name: row.content})))
                }
    return {}


def _require_deploy(actor: Actor, pack: Pack | None, before: Pack | None) -> None:
    """A pack is changed under the rules of the active one; a first pack and bare definitions by administrators."""
    if pack is not None and before is not None:
        access.require(actor, Act.DEFINITION_DEPLOY, Subject("deployment", actor.program_id), before)
    elif not actor.administrator:
        if pack is not None:
            raise Forbidden(say("A first pack is deployed by an administrator; procedures of a pack are sent with its pack.toml."))
        raise Forbidden(
            say("A procedure that belongs to no pack is deployed by an administrator; procedures of a pack are sent with its pack.toml.")
        )


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _definitions(uow: UnitOfWork, deployment: Deployment, bundle: Bundle) -> tuple[tuple[str, int, bool], ...]:
    """Store resources and, for each process whose closure changed, a new version."""
    resources = {
        name: Resource(
            new_id(deployment.deployed_at),
            deployment.program_id,
            deployment.id,
            bundles.kind(name),
            name,
            hashlib.sha256(content).hexdigest(),
            content,
        )
        for name, content in bundle.files.items()
    }
    store.resources.insert_many(uow, tuple(resources.values()))
    rows: dict[str, Definition] = {}
    made = []
    for model in bundle.processes:
        digest = bundles.closure_digest(bundle, model.key)
        known = store.definitions.latest(uow, deployment.program_id, model.key)
        fresh = known is None or known.content_hash != digest
        rows[model.key] = _row(uow, deployment, model, digest) if fresh or known is None else known
        made.append((model.key, rows[model.key].version, fresh))
    for key, _version, fresh in made:
        if fresh:
            manifest = bundles.manifest(bundle, key, rows, resources)
            store.definitions.insert(uow, replace(rows[key], manifest=manifest))
    return tuple(made)


def _row(uow: UnitOfWork, deployment: Deployment, model: ProcessModel, digest: str) -> Definition:
    return Definition(
        id=new_id(deployment.deployed_at),
        program_id=deployment.program_id,
        deployment_id=deployment.id,
        pack=deployment.pack,
        key=model.key,
        version=store.definitions.next_version(uow, deployment.program_id, model.key),
        name=model.name,
        file=model.file,
        content_hash=digest,
        closure_hash=digest,
        source=model.source,
        normalised=model.normalised,
        manifest={},
        state=deployment.state,
        created_at=deployment.deployed_at,
    )


def decide(uow: UnitOfWork, actor: Actor, deployment_id: str, approve: bool, *, reason: str = "") -> Deployment:
    """A second person approves or rejects a waiting deployment. The author may not (Excluded, domain 4.3)."""
    deployment = within(actor.program_id, store.deployments.get(uow, deployment_id))
    pack = live.pack(uow, actor.program_id, deployment.pack)
    if pack is None and deployment.pack is not None:
        # A new pack is approved under the rules of those that are live, never under its own.
        live.require_program_act(uow, actor, Act.DEFINITION_APPROVE)
    else:
        access.require(actor, Act.DEFINITION_APPROVE, Subject("deployment", actor.program_id), pack)
    if deployment.state is not DeploymentState.PENDING:
        raise Conflict(say("This deployment was decided already."))
    if deployment.deployed_by in (actor.person_id, actor.standing_for):
        raise Excluded(say("Whoever deployed a change does not approve it; a second person has to."))
    state = DeploymentState.ACTIVE if approve else DeploymentState.REJECTED
    now = clock.now()
    why = _reason(reason)
    earlier = store.deployments.active_pack(uow, actor.program_id, deployment.pack or "")
    store.deployments.decide(uow, deployment.id, state, actor.person_id, now, why)
    store.definitions.set_state(uow, deployment.id, state)
    if approve:
        starts.renew_approved(uow, deployment)
        ladder_changes.apply(uow, actor, deployment.pack, earlier.id if earlier else None, deployment.id)
    event = "deployment_approved" if approve else "deployment_rejected"
    trail.note(uow, actor, event, deployment=deployment.id, reason_given=why is not None)
    return replace(deployment, state=state, decided_by=actor.person_id, decided_at=now, decision_reason=why)


def _reason(text: str) -> str | None:
    """Why a change of procedures was approved or rejected; None when nothing was said. Raises Invalid for too much."""
    if len(text) > reasons.LENGTH:
        message = say("Give a reason of at most {length} characters.", length=reasons.LENGTH)
        raise Invalid(message, (FieldError("/reason", "too-long", message),))
    return text.strip() or None


def get(uow: UnitOfWork, actor: Actor, deployment_id: str) -> Deployment:
    """One deployment, for who may see definitions."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return within(actor.program_id, store.deployments.get(uow, deployment_id))


def list_(uow: UnitOfWork, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[Deployment]:
    """Deployments, newest first."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.deployments.list_(uow, actor.program_id, cursor=cursor, limit=limit)
