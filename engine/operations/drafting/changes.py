"""Changes: what somebody proposes for a pack, from the first edit until it is approved or given up.

A change holds only the files that differ; the others are those of the deployment it is based on. Nothing of it runs
before a second person approved the deployment that `publishing.ask` makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine import clock, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployments import Change, Definition
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.ids import new_id
from engine.model.lists import Page
from engine.model.packs import Act
from engine.model.states import ChangeState
from engine.operations import live, trail
from engine.operations.scope import within
from engine.store import UnitOfWork

#: longest title and longest reason of a change, in characters
TITLE, WHY = 120, 2000
#: in which a change still matters to whoever draws
OPEN = (ChangeState.DRAWING, ChangeState.ASKED)


def start(uow: UnitOfWork, actor: Actor, title: str, *, pack: str | None = None, why: str = "") -> Change:
    """Begin a change of a live pack, or of nothing yet (None). Raises Forbidden, NotFound and Invalid."""
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    base = store.deployments.active_pack(uow, actor.program_id, pack) if pack is not None else None
    if pack is not None and base is None:
        raise NotFound(say("No such pack is deployed in this program."))
    now = clock.now()
    change = Change(
        id=new_id(now),
        program_id=actor.program_id,
        pack=pack,
        title=_title(title),
        why=_why(why),
        base_id=base.id if base else None,
        state=ChangeState.DRAWING,
        created_by=actor.person_id or None,
        created_at=now,
        changed_at=now,
    )
    store.changes.insert(uow, change)
    trail.note(uow, actor, "change_begun", change=change.id, pack=pack)
    return change


def _title(text: str) -> str:
    found = " ".join(text.split())
    if not 0 < len(found) <= TITLE or not found.isprintable():
        message = say("Say in 1 to {title} characters what is to change.", title=TITLE)
        raise Invalid(message, (FieldError("/title", "title", message),))
    return found


def _why(text: str) -> str:
    if len(text) > WHY:
        message = say("Say in at most {why} characters why.", why=WHY)
        raise Invalid(message, (FieldError("/why", "too-long", message),))
    return text.strip()


def get(uow: UnitOfWork, actor: Actor, change_id: str) -> Change:
    """One change, for who may see procedures. Raises NotFound."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return within(actor.program_id, store.changes.get(uow, change_id))


def list_(uow: UnitOfWork, actor: Actor, states: Sequence[ChangeState] = OPEN, *, limit: int = 100) -> tuple[Change, ...]:
    """The changes in some states, the last touched first."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.changes.list_(uow, actor.program_id, tuple(states), limit=limit)


def page(
    uow: UnitOfWork, actor: Actor, states: Sequence[ChangeState] = OPEN, *, cursor: str | None = None, limit: int = 50
) -> Page[Change]:
    """As `list_`, page by page. A change that is touched meanwhile comes again on top of the list, not on a later page."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return store.changes.page(uow, actor.program_id, tuple(states), cursor=cursor, limit=limit)


def to_draw(uow: UnitOfWork, actor: Actor, change_id: str) -> Change:
    """A change that the actor may work on now. Raises NotFound, Forbidden, and Conflict when it is not being drawn."""
    change = get(uow, actor, change_id)
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    if change.state is not ChangeState.DRAWING:
        raise Conflict(say(_NOT_NOW[change.state]))
    return change


_NOT_NOW = noted(
    {
        ChangeState.ASKED: "This change waits for a second person. Take it back first; then it can be worked on.",
        ChangeState.APPROVED: "This change was approved. Begin a new one for what is still to change.",
        ChangeState.WITHDRAWN: "This change was given up. Begin a new one.",
    }
)


def describe(uow: UnitOfWork, actor: Actor, change_id: str, *, title: str | None = None, why: str | None = None) -> Change:
    """Give a change another title or reason; None leaves one as it is."""
    change = to_draw(uow, actor, change_id)
    after = replace(
        change,
        title=change.title if title is None else _title(title),
        why=change.why if why is None else _why(why),
        changed_at=clock.now(),
    )
    store.changes.save(uow, after, change.state)
    return after


def packs(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The live packs that a change can be begun of: (key, title)."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return tuple((pack.key, pack.title) for pack in live.all_packs(uow, actor.program_id))


def may_draw(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor may change procedures at all."""
    return live.program_may(uow, actor, Act.DEFINITION_DEPLOY)


def own_of_procedure(uow: UnitOfWork, actor: Actor, key: str) -> tuple[Definition, tuple[Change, ...]]:
    """A procedure, and the changes of its pack that the actor began and still draws, the last touched first.

    Raises as `for_procedure` does.
    """
    found = _to_change(uow, actor, key)
    drawn = store.changes.list_(uow, actor.program_id, (ChangeState.DRAWING,))
    return found, tuple(one for one in drawn if one.created_by == actor.person_id and one.pack == found.pack)


def for_procedure(uow: UnitOfWork, actor: Actor, key: str) -> tuple[Change, str]:
    """A new change of a procedure's pack, with the name of the procedure's file.

    Raises NotFound, Forbidden, and Conflict for a procedure that belongs to no pack.
    """
    found = _to_change(uow, actor, key)
    return start(uow, actor, f"Change {found.name or key}"[:TITLE], pack=found.pack), found.file


def _to_change(uow: UnitOfWork, actor: Actor, key: str) -> Definition:
    live.require_program_act(uow, actor, Act.DEFINITION_DEPLOY)
    found = store.definitions.latest(uow, actor.program_id, key)
    if found is None:
        raise NotFound(say("No such procedure is deployed."))
    if found.pack is None:
        raise Conflict(say("This procedure belongs to no pack; begin a change without a pack and upload its files."))
    return found


def withdraw(uow: UnitOfWork, actor: Actor, change_id: str) -> Change:
    """Give a change up; what was drawn stays readable. A sent one is taken back first."""
    change = to_draw(uow, actor, change_id)
    after = replace(change, state=ChangeState.WITHDRAWN, changed_at=clock.now())
    store.changes.save(uow, after, change.state)
    trail.note(uow, actor, "change_withdrawn", change=change.id)
    return after


def touched(uow: UnitOfWork, change: Change) -> None:
    """Remember that a change was worked on now."""
    store.changes.save(uow, replace(change, changed_at=clock.now()), change.state)
