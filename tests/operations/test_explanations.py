"""What a case waits for, each wait in a sentence of its own."""

from __future__ import annotations

from engine.store import Store
from tests.bpmn.drawing import both, catch, condition, end, first, message, process, start, timer, user, xor
from tests.operations import acts, shelf
from tests.operations.conftest import cast


def rounds() -> bytes:
    """A task beside a choice of events, joined; and a join that can only block once the task is done."""
    return process(
        start(), both("fork"), user("count", role="librarian", name_="Count the shelves", due="P9D"), first("hear"),
        catch("week", timer("P7D")), catch("word", message("found")), xor("heard"), both("meet"), end(),
        go="start > fork > count > meet; fork > hear; hear > week > heard; hear > word > heard; heard > meet > end", key="rounds",
    )  # fmt: skip


def never() -> bytes:
    """Waits for what nobody can change any more."""
    return process(
        start(),
        user("count", role="librarian", due="P9D"),
        catch("full", condition("shelves > 9")),
        end(),
        go="start > count > full > end",
        key="never",
    )


def test_a_join_names_its_branches_and_an_event_gateway_its_ways_out(empty: Store) -> None:
    world = cast(empty, shelf.library(rounds()))
    case = acts.started(world, "rounds")
    said = {one.element_id: one.sentence for one in world.page("kim", case).explanation.waiting}
    assert said["count"] == "Waits for “Count the shelves” by anyone in the role Librarian since Mon 2 Mar. Due Wed 11 Mar, 09:00."
    assert said["hear"] == (
        "Waits for the first of: a date (Mon 9 Mar, 09:00) and the message “found” with the id of this case as its key since Mon 2 Mar."
    )
    assert said["week"] == "Waits for a date since Mon 2 Mar. Due Mon 9 Mar, 09:00."
    assert said["word"] == "Waits for the message “found” with the id of this case as its key since Mon 2 Mar."
    world.complete("lia", case, "count", {})
    said = {one.element_id: one.sentence for one in world.page("kim", case).explanation.waiting}
    assert said["meet"] == "Waits for the branches at a gateway since Mon 2 Mar."


def test_a_wait_that_nothing_can_end_is_called_dead(empty: Store) -> None:
    world = cast(empty, shelf.library(never()))
    case = acts.started(world, "never")
    world.complete("lia", case, "count", {"shelves": 3})
    (wait,) = world.page("kim", case).explanation.waiting
    assert wait.sentence == (
        "Dead: nothing that can still happen ends this wait. Correct what the condition looks at, or end the procedure. "
        "Waits for a condition to become true (“full”) since Mon 2 Mar."
    )
