"""How a scenario with a case of its own begins: with which procedure, by whom, and with which made-up people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine import bpmn, packs
from engine.model.execution import ProcessModel
from engine.model.packs import Act, Pack, RoleKind
from engine.operations import bundles
from engine.operations.scenarios.scenario_stage import ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Beginning:
    """People by name with their roles, and the head of the scenario: both as its file has them."""

    people: Mapping[str, tuple[str, ...]]
    opening: Mapping[str, object]


def procedures(files: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """(key, name) of what a case can begin with: the pack's own procedure first, then by name."""
    pack = _pack(files)
    own = pack.case.process if pack else ""
    found = [model for model in _models(files).values() if model.executable and model.plain_start]
    return tuple((model.key, model.name) for model in sorted(found, key=lambda model: (model.key != own, model.name)))


def added(files: Mapping[str, bytes], base: Mapping[str, bytes]) -> str | None:
    """Key of a procedure in a diagram that the base does not have: most likely what the next scenario is about. None without any."""
    found = procedures({name: content for name, content in files.items() if name not in base and bundles.kind(name) == "bpmn"})
    return found[0][0] if found else None


def beginning(files: Mapping[str, bytes], process: str) -> Beginning:
    """A case begun with a procedure by somebody who may open one, and only the people that the procedure needs."""
    pack, models = _pack(files), _models(files)
    if pack is None:
        return Beginning({"somebody": (ADMINISTRATOR,)}, {"by": "somebody", "process": process})
    openers = [key for key, role in pack.roles.items() if Act.CASE_OPEN in role.may and role.kind is not RoleKind.CASE]
    by = openers[0] if openers else next(iter(pack.roles))
    needed = dict.fromkeys([by, *_needed(pack, models, process)])
    people: dict[str, tuple[str, ...]] = {}
    for key in needed:
        role = pack.roles[key]
        for number in range(1, max(1, pack.case.required_participants.get(key, 1)) + 1):
            name = f"somebody-{key}" if number == 1 else f"somebody-{key}-{number}"
            people[name] = (key, role.eligible) if role.eligible and role.eligible != key else (key,)
    both = [f"somebody-{key}" for key in _own(pack, models, process) if pack.roles[key].kind is RoleKind.BOTH]
    opening: dict[str, object] = {"by": f"somebody-{by}", "process": process}
    return Beginning(people, opening | ({"joins": list(dict.fromkeys(both))} if both else {}))


def _needed(pack: Pack, models: Mapping[str, ProcessModel], process: str) -> Iterator[str]:
    """Whoever a case has to have, whoever the procedure asks itself, and staff that what it calls asks.

    Roles on the case that only what it calls asks are left out: they are given on the way.
    """
    yield from (key for key in pack.case.required_participants if key in pack.roles)
    yield from _own(pack, models, process)
    todo, seen = [process], {process}
    for key in todo:  # grows while it is walked
        calls = sorted(models[key].calls - seen) if key in models else []
        todo += calls
        seen |= set(calls)
        yield from (role for role in _own(pack, models, key) if pack.roles[role].kind is not RoleKind.CASE)


def _own(pack: Pack, models: Mapping[str, ProcessModel], process: str) -> list[str]:
    """The roles that a procedure's own elements and lanes name, in the order of the pack."""
    if process not in models:
        return []
    model = models[process]
    named = model.roles | {pack.lanes[lane] for lane in model.lanes if lane in pack.lanes}
    return [key for key in pack.roles if key in named]


def _pack(files: Mapping[str, bytes]) -> Pack | None:
    found = next((content for name, content in files.items() if bundles.kind(name) == "pack"), None)
    return packs.read(found, file="pack.toml")[0] if found is not None else None


def _models(files: Mapping[str, bytes]) -> dict[str, ProcessModel]:
    reading = bpmn.read({name: content for name, content in files.items() if bundles.kind(name) == "bpmn"})
    return {model.key: model for model in reading.processes}
