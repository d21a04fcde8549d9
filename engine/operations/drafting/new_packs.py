"""A procedure that belongs to no pack yet: its change begins with a pack.toml and a diagram of its own.

Who may draw may propose it; it is approved under the rules of the packs that are live, never under its own
(`deployments`). Roles come over from live packs with the rights they have there, or begin with few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine import store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Change
from engine.model.errors import Conflict, FieldError, Invalid
from engine.model.packs import Act, Role, RoleKind
from engine.model.states import ChangeState
from engine.operations import live, trail
from engine.operations.drafting import change_files, changes, new_files
from engine.packs import fresh
from engine.store import UnitOfWork

#: new roles that a pack can begin with, and characters of the name of one
ROLES, NAME = 20, 80
_KEEPERS = frozenset({Act.DEFINITION_VIEW, Act.DEFINITION_DEPLOY, Act.DEFINITION_APPROVE})
_FIRST_ROLE = "Staff"


@dataclass(frozen=True, slots=True)
class Offered:
    """A role that a new pack can take over. `always`: it draws or approves, without it nobody could change the pack."""

    key: str
    label: str
    kind: RoleKind
    opens: bool
    always: bool


def roles(uow: UnitOfWork, actor: Actor) -> tuple[Offered, ...]:
    """The roles of the live packs, for who may see procedures: those of the program first."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    found = live.roles(uow, actor.program_id).values()
    offered = [Offered(one.key, one.label, one.kind, Act.CASE_OPEN in one.may, bool(one.may & _KEEPERS)) for one in found]
    return tuple(sorted(offered, key=lambda one: one.kind is RoleKind.CASE))


def propose(uow: UnitOfWork, actor: Actor, name: str, *, why: str = "", taken: Sequence[str] = (), named: Sequence[str] = ()) -> Change:
    """Begin a change for a new procedure of this name, with a pack of its own. Raises as `begin`."""
    words = " ".join(name.split())
    if not words:
        raise new_files.wrong(say("Give the procedure a name of 1 to {name} characters.", name=new_files.NAME))
    change = changes.start(uow, actor, f"New: {words}"[: changes.TITLE], why=why)
    return begin(uow, actor, change.id, words, taken=taken, named=named)


def begin(uow: UnitOfWork, actor: Actor, change_id: str, name: str, *, taken: Sequence[str] = (), named: Sequence[str] = ()) -> Change:
    """Give a change that is of no pack a pack of its own: pack.toml, and a diagram to draw the procedure on.

    `name` is what pack and procedure are called, `taken` keys of roles to take over, `named` names of new ones.
    Raises Invalid, and Conflict when the change is of a pack already or has a pack.toml.
    """
    change = changes.to_draw(uow, actor, change_id)
    if change.pack is not None or any(change_files.is_pack(name) for name in change_files.contents(uow, change)):
        raise Conflict(say("This change is of a pack already; draw the new procedure there, or begin a change of its own."))
    labels = _labels(named)
    diagram = new_files.create(uow, actor, change_id, "bpmn", name)
    process = diagram.name.removesuffix(".bpmn")
    key = _free(uow, actor, process)
    packs = live.all_packs(uow, actor.program_id)
    known = live.roles(uow, actor.program_id)
    over = _taken(known, taken)
    new = dict(_keyed(labels if labels or over else [_FIRST_ROLE], known.keys()))
    classes = {cls: label for pack in packs for cls, label in pack.classes.items()}
    language = packs[0].language if packs else "en"
    content = fresh.text(key, " ".join(name.split()), process, over, new, classes=classes, language=language)
    after = replace(changes.get(uow, actor, change_id), pack=key)
    store.changes.save(uow, after, change.state)
    change_files.save(uow, actor, change_id, "pack.toml", content.encode(), 0)
    trail.note(uow, actor, "pack_begun", change=change.id, pack=key)
    return changes.get(uow, actor, change_id)


def _labels(named: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(line for text in named if (line := " ".join(text.split()))))
    if len(found) > ROLES or any(len(one) > NAME or not one.isprintable() or not new_files.key_of(one) for one in found):
        message = say(
            "Name at most {roles} new roles, each with letters in its name and at most {name} characters.", roles=ROLES, name=NAME
        )
        raise Invalid(message, (FieldError("/roles", "name", message),))
    return found


def _free(uow: UnitOfWork, actor: Actor, stem: str) -> str:
    """A key that neither a live pack has nor another change that is drawn or waits."""
    drawn = store.changes.list_(uow, actor.program_id, (ChangeState.DRAWING, ChangeState.ASKED), limit=1000)
    taken = {one.key for one in live.all_packs(uow, actor.program_id)} | {one.pack for one in drawn}
    return next(key for key in new_files.numbered(stem) if key not in taken)


def _taken(known: dict[str, Role], keys: Iterable[str]) -> list[Role]:
    """The roles to take over, in their packs' order: those asked for, who draws and approves, and who makes others eligible."""
    wanted = {key for key in keys if key in known} | {key for key, role in known.items() if role.may & _KEEPERS}
    wanted |= {eligible for key in wanted if (eligible := known[key].eligible) and eligible in known}
    return [role for key, role in known.items() if key in wanted]


def _keyed(labels: Iterable[str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    taken = set(known)
    for label in labels:
        key = next(key for key in new_files.numbered(new_files.key_of(label)) if key not in taken)
        taken.add(key)
        yield key, label
