"""What is live and what is pinned: the newest approved pack, and the closure, forms and settings of a definition.

Pinned to an instance: flow, forms, decisions, settings, called processes. Live from the newest approved pack: access,
labels, deadline rules, notices (DESIGN.md 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from engine import access, bpmn, feel, forms, packs, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.deployments import Definition
from engine.model.errors import NotFound
from engine.model.execution import Closure, Value
from engine.model.forms import Form
from engine.model.packs import Act, Pack, Role
from engine.store import UnitOfWork

_packs: dict[str, Pack] = {}
_forms: dict[str, Form] = {}
_known: dict[str, bpmn.Compiled] = {}
#: definition → what it was deployed with; never changed afterwards
_settings: dict[str, dict[str, Value]] = {}
#: (what the pack was read from, language) → the pack in that language
_spoken: dict[str, Pack] = {}

#: entries kept per cache; what is dropped is read again
_KEPT = 256
T = TypeVar("T")


def _remember(cache: dict[str, T], key: str, value: T) -> None:
    if len(cache) >= _KEPT:
        cache.pop(next(iter(cache)), None)
    cache[key] = value


def pack(uow: UnitOfWork, program_id: str, key: str | None) -> Pack | None:
    """The newest approved pack of a key; None for a bare definition."""
    if key is None:
        return None
    deployment_id = store.deployments.active_packs(uow, program_id).get(key)
    return None if deployment_id is None else _read(uow, key, deployment_id)


def _read(uow: UnitOfWork, key: str, deployment_id: str) -> Pack:
    """The pack of a deployment. Deployments never change, so that this process reads each once."""
    known = _packs.get(deployment_id)
    if known is None:
        resource = next(r for r in store.resources.of_deployment(uow, deployment_id) if r.kind == "pack")
        known, _problems = packs.read(resource.content, file=resource.name)
        if known is None:
            raise NotFound(f"The pack {key} cannot be read.")
        _remember(_packs, deployment_id, known)
    return known


def spoken(uow: UnitOfWork, actor: Actor, key: str | None) -> Pack | None:
    """The newest approved pack with its labels in the actor's language; its keys, codes and rules are the same."""
    found = pack(uow, actor.program_id, key)
    language = packs.fitting(found, actor.languages) if found else ""
    if found is None or language == found.language:
        return found
    slot = f"{store.deployments.active_packs(uow, actor.program_id)[found.key]}/{language}"
    known = _spoken.get(slot)
    if known is None:
        known = packs.translated(found, language)
        _remember(_spoken, slot, known)
    return known


def words(found: Pack | None, actor: Actor, text: str) -> str:
    """A name or text of a diagram in the actor's language; as drawn where it has no translation."""
    return packs.say(found, packs.fitting(found, actor.languages), text) if found else text


def spoken_form(found: Pack | None, actor: Actor, form: Form | None) -> Form | None:
    """A form in the actor's language; as written where the pack is not kept in it, or the form is not translated."""
    return forms.translated(form, packs.fitting(found, actor.languages)) if found and form else form


def pack_of(uow: UnitOfWork, key: str, deployment_id: str) -> Pack:
    """The pack of one deployment, whether it is live or not. Raises NotFound when it cannot be read."""
    return _read(uow, key, deployment_id)


def all_packs(uow: UnitOfWork, program_id: str) -> tuple[Pack, ...]:
    """The newest approved version of every pack of a program."""
    return tuple(_read(uow, key, id) for key, id in store.deployments.active_packs(uow, program_id).items())


def sole_pack(uow: UnitOfWork, actor: Actor, key: str | None = None) -> Pack:
    """The named pack, or the program's only or first one, in the actor's language; NotFound when there is none."""
    found = pack(uow, actor.program_id, key) if key else next(iter(all_packs(uow, actor.program_id)), None)
    if found is None:
        raise NotFound(say("No such pack is deployed in this program."))
    return spoken(uow, actor, found.key) or found


def roles(uow: UnitOfWork, program_id: str) -> dict[str, Role]:
    """Every role of the program's packs by key."""
    return {key: role for found in all_packs(uow, program_id) for key, role in found.roles.items()}


def spoken_roles(uow: UnitOfWork, actor: Actor) -> dict[str, Role]:
    """The same of the actor's program, with labels in the actor's language."""
    found = (spoken(uow, actor, key) for key in store.deployments.active_packs(uow, actor.program_id))
    return {key: role for pack in found if pack for key, role in pack.roles.items()}


def program_may(uow: UnitOfWork, actor: Actor, act: Act) -> bool:
    """Whether some pack of the program lets the actor's program roles do an act on the program as a whole."""
    subject = Subject("program", actor.program_id)
    candidates: tuple[Pack | None, ...] = all_packs(uow, actor.program_id) or (None,)
    return any(access.may(actor, act, subject, found).allowed for found in candidates)


def may_see_cases(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether any role the actor holds reads process facts (class C1) of some case."""
    known = all_packs(uow, actor.program_id)
    if _reads_facts(known, actor.roles):
        return True
    return _reads_facts(known, store.participants.roles_of_person(uow, actor.program_id, actor.person_id))


def _reads_facts(known: Iterable[Pack], held: frozenset[str]) -> bool:
    return any("C1" in found.roles[key].read for found in known for key in held & found.roles.keys())


def require_program_act(uow: UnitOfWork, actor: Actor, act: Act) -> None:
    """Refuse with Forbidden unless `program_may`."""
    if not program_may(uow, actor, act):
        subject = Subject("program", actor.program_id)
        access.require(actor, act, subject, next(iter(all_packs(uow, actor.program_id)), None))


def manifest(definition: Definition) -> Mapping[str, Mapping[str, object]]:
    """The definition's manifest, typed."""
    assert isinstance(definition.manifest, dict)
    return definition.manifest


def compiled(uow: UnitOfWork, definition: Definition) -> bpmn.Compiled:
    """The runnable form of a definition with all it is pinned to; cached by its closure's hash."""
    found = _known.get(definition.closure_hash)
    if found is None:
        parts = manifest(definition)
        processes = {
            key: store.definitions.get(uow, str(ref)).normalised for key, ref in parts["processes"].items() if str(ref) != definition.id
        }
        processes[definition.key] = definition.normalised
        decisions = {key: store.resources.get(uow, str(ref)).content for key, ref in parts["decisions"].items()}
        found = bpmn.compile(Closure(definition.key, definition.closure_hash, processes, decisions))
        _remember(_known, definition.closure_hash, found)
    return found


def settings(definition: Definition) -> dict[str, Value]:
    """The settings a definition was deployed with, as FEEL values. Each turn asks for them, so they are read once."""
    found = _settings.get(definition.id)
    if found is None:
        found = {key: feel.from_json(value) for key, value in manifest(definition)["settings"].items()}
        _remember(_settings, definition.id, found)
    return dict(found)


def form(uow: UnitOfWork, definition: Definition, key: str | None) -> Form | None:
    """A form as pinned by a definition; None when the definition pins none of that key."""
    ref = manifest(definition)["forms"].get(key or "")
    if ref is None:
        return None
    known = _forms.get(str(ref))
    if known is None:
        resource = store.resources.get(uow, str(ref))
        known, _problems = forms.read(resource.content, file=resource.name)
        if known is None:
            raise NotFound(f"The form {key} cannot be read.")
        _remember(_forms, str(ref), known)
    return known


def pack_form(uow: UnitOfWork, found: Pack, program_id: str, key: str | None) -> Form | None:
    """A form of the live pack itself, for what no running definition pins (opening a case)."""
    return _form_of(uow, store.deployments.active_packs(uow, program_id).get(found.key), key)


def pack_form_at(uow: UnitOfWork, found: Pack, program_id: str, key: str, at: datetime) -> Form | None:
    """A form as the pack had it at a time, for what was written with it then; as it is now where that had none."""
    newest = store.deployments.active_pack(uow, program_id, found.key)
    if newest is not None and (newest.decided_at or newest.deployed_at) > at:
        then = _form_of(uow, store.deployments.pack_at(uow, program_id, found.key, at), key)
        if then is not None:
            return then
    return pack_form(uow, found, program_id, key)


def _form_of(uow: UnitOfWork, deployment_id: str | None, key: str | None) -> Form | None:
    if deployment_id is None or key is None:
        return None
    slot = f"{deployment_id}/{key}"
    known = _forms.get(slot)
    if known is None:
        for resource in store.resources.of_deployment(uow, deployment_id):
            if resource.kind == "form" and resource.name.rsplit("/", 1)[-1] == f"{key}.json":
                known, _problems = forms.read(resource.content, file=resource.name)
        if known is not None:
            _remember(_forms, slot, known)
    return known


def element(definition: Definition, process_key: str, element_id: str) -> Mapping[str, object]:
    """What the manifest says of one element: name, type, documentation, lane; empty when it is not there."""
    processes = manifest(definition)["elements"]
    found = processes.get(process_key, {})
    assert isinstance(found, dict)
    described = found.get(element_id, {})
    assert isinstance(described, dict)
    return described


def attribute(definition: Definition, process_key: str, element_id: str, name: str) -> str:
    """An extension attribute of an element as drawn; "" when it has none of that name."""
    attributes = element(definition, process_key, element_id).get("attributes")
    return str(attributes.get(name, "")) if isinstance(attributes, dict) else ""
