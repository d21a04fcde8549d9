"""What a case waits for, each wait in a sentence of its own."""

from __future__ import annotations

from engine.model.cases import Case
from engine.model.views import Waiting
from engine.store import Store
from tests.bpmn.drawing import both, boundary, catch, condition, end, first, many, message, process, signal, start, timer, user, xor
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


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
        "Waits for the first of: a date (Mon 9 Mar, 09:00) and the message “found” since Mon 2 Mar."
    )
    assert said["week"] == "Waits for a date since Mon 2 Mar. Due Mon 9 Mar, 09:00."
    assert said["word"] == "Waits for the message “found” since Mon 2 Mar."
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


def waited(world: World, case: Case, by: str = "kim") -> dict[str, Waiting]:
    return {one.element_id: one for one in world.page(by, case).explanation.waiting}


def test_a_message_is_told_with_its_key_and_who_may_send_it(empty: Store) -> None:
    keyed = process(
        start(), catch("court", message("recall")), end(), go="start > court > end", key="keyed",
        roots='<message id="message_recall" name="BookRecalled" parley:correlationKey="=bookClass"/>',
    )  # fmt: skip
    world = cast(empty, shelf.library(keyed))
    case = acts.started(world, "keyed", {"bookClass": "fragile"})
    wait = waited(world, case)["court"]
    named = "the message “Recall the book” with the key fragile"
    assert wait.sentence == f"Waits for {named} from anyone in the role Librarian since Mon 2 Mar."
    assert (wait.message, wait.key, [one.label for one in wait.who]) == ("BookRecalled", "fragile", ["anyone in the role Librarian"])
    assert waited(world, case, "ben")["court"].key is None


def test_what_else_can_happen_to_a_task_is_told(empty: Store) -> None:
    drawn = process(
        start(), user("write", role="librarian", name_="Write", due="P9D"), boundary("withdrawn", "write", message("found")),
        boundary("hint", "write", signal("Bell"), False), boundary("soon", "write", timer("P2D")), end(),
        go="start > write > end; withdrawn > end; hint > end; soon > end", key="rounds",
    )  # fmt: skip
    world = cast(empty, shelf.library(drawn))
    case = acts.started(world, "rounds")
    told = world.page("kim", case).explanation
    assert [(one.element_id, one.attached_to, one.interrupting, one.sentence) for one in told.also] == [
        ("withdrawn", "write", True, "The message “found” ends “Write” when it comes."),
        ("hint", "write", False, "The signal “Bell” starts something beside “Write” when it comes."),
    ]
    assert [one.element_id for one in told.waiting] == ["write"]
    assert world.page("ben", case).explanation.also == ()


def test_an_event_gateway_counts_once_and_names_all_its_ways(empty: Store) -> None:
    ways = [catch(f"w{number}", message(f"m{number}")) for number in range(4)]
    flows = "; ".join(f"hear > w{number} > heard" for number in range(4))
    drawn = process(start(), first("hear"), *ways, xor("heard"), end(), go=f"start > hear; {flows}; heard > end", key="rounds")
    world = cast(empty, shelf.library(drawn))
    told = world.page("kim", acts.started(world, "rounds")).explanation
    assert told.sentence.startswith("Waits for the first of: the message “m0”,")
    assert all(told.sentence.count(f"“m{number}”") == 1 for number in range(4))
    assert "more" not in told.sentence
    assert {one.way_out_of for one in told.waiting} == {None, "hear"}


def test_a_late_task_says_how_late_it_is(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk(due="P2D")))
    case = acts.started(world, "desk")
    world.advance("P4DT1H")
    told = world.page("kim", case).explanation
    assert "“Tidy up” was due Wed 4 Mar, 2 days late." in told.sentence
    assert told.waiting[0].sentence.endswith("since Mon 2 Mar. It was due Wed 4 Mar, 2 days late.")
    assert "2 days late." in acts.line(world, "kim", case).sentence


def test_each_of_several_says_which_of_how_many_it_is_but_not_to_outside_participants(empty: Store) -> None:
    drawn = process(
        start(), user("vote", many("=[1, 2, 3]"), role="librarian", name_="Vote", due="P9D"), end(), go="start > vote > end", key="rounds"
    )
    world = cast(empty, shelf.library(drawn))
    case = acts.started(world, "rounds")
    told = world.page("kim", case).explanation.waiting
    assert [(one.item, one.items) for one in told] == [(1, 3), (2, 3), (3, 3)]
    assert told[1].sentence.startswith("Waits for “Vote” (2 of 3) by anyone")
    assert {one.item for one in world.page("ben", case).explanation.waiting} <= {None}


def test_a_suspended_procedure_says_by_whom_and_since_when(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk()))
    case = acts.started(world, "desk")
    world.advance("P1D")
    acts.control(world, "kim", case, "suspend")
    said = world.page("lia", case).explanation.sentence
    assert said == "Suspended by Kim Example since Tue 3 Mar; nothing moves until somebody resumes it."


def test_a_case_of_which_one_procedure_is_suspended_says_so_first_on_its_page_and_in_lists(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk()))
    case = acts.started(world, "desk")
    acts.started(world, "desk", case=case)
    running = world.page("kim", case).explanation.sentence
    acts.control(world, "kim", case, "suspend")
    said = world.page("kim", case).explanation.sentence
    assert said.startswith("A procedure of this case is suspended; nothing in it moves until somebody resumes it. Waits for")
    assert "suspended" not in running
    assert acts.line(world, "kim", case).sentence == said


def test_an_incident_tells_outside_participants_no_reason(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.shaky()))
    case = acts.started(world, "shaky")
    world.complete("lia", case, "tidy")
    wait = waited(world, case, "ben")["enough"]
    assert (wait.message, wait.sentence) == (None, "Stopped at “enough” since Mon 2 Mar. Anyone in the role Keeper can step in.")
    assert "Correct “shelves”, then try again" in waited(world, case)["enough"].sentence


def test_a_list_and_the_page_of_a_case_count_alike(empty: Store) -> None:
    drawn = process(
        start(), both("split"), both("join"), end(),
        *(user(f"t{n}", many("=[1, 2, 3]"), role="librarian", name_=f"Task {n}", due="P9D") for n in range(4)),
        go="start > split; " + "; ".join(f"split > t{n} > join" for n in range(4)) + "; join > end", key="rounds",
    )  # fmt: skip
    world = cast(empty, shelf.library(drawn))
    case = acts.started(world, "rounds")
    said = world.page("kim", case).explanation.sentence
    assert said.startswith("Waits for “Task 0”, “Task 1” and 2 more by")
    assert acts.line(world, "kim", case).sentence == said


def test_events_beside_each_other_are_not_counted(empty: Store) -> None:
    messages = [catch(f"w{number}", message(f"m{number}")) for number in range(5)]
    flows = "; ".join(f"split > w{number} > join" for number in range(5))
    drawn = process(start(), both("split"), *messages, both("join"), end(), go=f"start > split; {flows}; join > end", key="rounds")
    world = cast(empty, shelf.library(drawn))
    case = acts.started(world, "rounds")
    for said in (world.page("kim", case).explanation.sentence, acts.line(world, "kim", case).sentence):
        assert " and others since Mon 2 Mar." in said
