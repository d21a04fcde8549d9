"""A procedure of three steps with a message in between, for stories of stepping in."""

from __future__ import annotations

from engine.model.cases import Case
from engine.model.returns import Return
from engine.operations.content import drafts
from engine.operations.supervision import returning
from tests.bpmn.drawing import both, end, mapping, process, start, tag, user
from tests.operations import acts
from tests.world import World


def trip() -> bytes:
    """Pack, tell the keepers, go on two ways at once, arrive."""
    told = mapping({"template": '="overdue"', "to": '="role:keeper"'})
    return process(
        *(start(), user("pack", role="librarian", due="P10D", name_="Pack"), tag("serviceTask", "tell", told, operation="notice.send")),
        *(both("f"), user("walk", role="librarian", due="P10D", name_="Walk"), user("ride", role="librarian", due="P10D"), both("j")),
        *(user("arrive", role="librarian", due="P10D", name_="Arrive"), end()),
        go="start > pack > tell > f > walk > j > arrive > end; f > ride > j",
        key="trip",
    )


def begun(world: World) -> Case:
    """A trip on which somebody packed and wrote down half of the walk."""
    case = acts.started(world, "trip")
    world.complete("lia", case, "pack")
    task = world.task(case, "walk")
    with world.acting("lia") as (uow, actor):
        drafts.save(uow, actor, task.id, {"note": "CANARY-draft"})
    return case


def steps(world: World, case: Case, by: str = "kim") -> dict[str, Return]:
    """The earlier steps of the newest procedure of a case, by element."""
    running = acts.instance(world, case).id
    with world.reading(by) as (uow, actor):
        return {one.element_id: one for one in returning.earlier(uow, actor, running)}


def go_back(world: World, case: Case, element: str, by: str = "kim", reason: str = "They packed the wrong bag.") -> None:
    """Take the newest procedure of a case back."""
    key, running = steps(world, case, "kim")[element].key, acts.instance(world, case).id
    with world.acting(by) as (uow, actor):
        returning.go_back(uow, actor, running, key, reason=reason)
