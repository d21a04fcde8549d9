"""Roles that a change needs and nobody could act in: said before it is sent, and to whoever approves."""

from __future__ import annotations

from datetime import timedelta

from engine import clock
from engine.operations.drafting import change_files, changes
from engine.operations.people import absences
from engine.operations.people.absences import NewStandIn
from engine.operations.releasing import comparing, unheld
from tests.operations import shelf
from tests.world import World

VISITOR = b'\n[roles.visitor]\nlabel = "Visitor"\nkind = "program"\nmay = ["task.work"]\n'


def told(world: World, *, pack: bytes = b"", was: bytes = b"", drawn: bytes = b"") -> tuple[str, ...]:
    """What is said of a change of the library."""
    files = shelf.library()
    with world.acting("tom") as (uow, actor):
        change = changes.start(uow, actor, "Somebody new", pack="library")
        after = {"pack.toml": files["pack.toml"] + pack, "loan.bpmn": files["loan.bpmn"].replace(was, drawn, 1)}
        change_files.put_many(uow, actor, change.id, after)
        return unheld.advice(uow, actor, "library", comparing.of_change(uow, actor, change.id))


def test_a_new_role_is_said_to_be_held_by_nobody_until_somebody_has_it(library: World) -> None:
    said = "Nobody holds the role “Visitor” yet, so that nobody could do its tasks. Who gives roles, under People: an administrator."
    assert told(library, pack=VISITOR) == (said,)
    library.deploy({**shelf.library(), "pack.toml": shelf.library()["pack.toml"] + VISITOR})
    library.person("vic", "visitor")
    assert told(library, pack=VISITOR.replace(b"visitor", b"guest").replace(b"Visitor", b"Guest")) == (said.replace("Visitor", "Guest"),)


def test_a_role_of_a_drawn_procedure_whose_holders_are_away_is_said(library: World) -> None:
    drawing = {"was": b'name="Wait for the book"', "drawn": b'name="Wait for it"'}
    assert told(library, **drawing) == ()
    with library.acting("lia") as (uow, actor):
        person, now = library.people["lia"].id, clock.now()
        absences.away(
            uow, actor, person, from_at=now, to_at=now + timedelta(days=9), stand_ins=(NewStandIn(library.people["kim"].id, None),)
        )
    said = "Everybody who holds the role “Librarian” is away now. Tasks for it wait until somebody is back."
    assert told(library, **drawing) == (said,)


def test_what_a_change_leaves_as_it_is_is_not_told_of(library: World) -> None:
    assert told(library) == ()
