"""The board: what it counts, whom it tells, and that each number is the length of its list."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine import store
from engine.model.errors import Forbidden, NotFound
from engine.model.tiles import CaseSort
from engine.operations.running import instances
from engine.operations.supervision import lists, rungs, tiles
from engine.store import Store, count_statements, tables
from tests.bpmn.drawing import catch, condition, end, process, start
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


def board(world: World, by: str = "kim") -> dict[str, int]:
    with world.reading(by) as (uow, actor):
        return {tile.key.partition("/")[2]: tile.count for tile in tiles.board(uow, actor)}


def listed(world: World, by: str = "kim", **asked: str) -> list[str]:
    with world.reading(by) as (uow, actor):
        return [line.number for line in lists.answer(uow, actor, lists.question(asked), limit=200).items]


def stuck() -> bytes:
    """Waits for a condition over nothing that anybody can change."""
    return process(start(), catch("wait", condition("1 = 2")), end(), go="start > wait > end", key="stuck")


@pytest.fixture
def busy(library: World) -> World:
    """Three loans: one answered, one whose answer is due in a week, one opened five days later."""
    acts.lent(library)
    acts.loan(library)
    library.advance("P5D")
    acts.loan(library)
    return library


def test_every_number_is_the_length_of_its_list_whatever_the_day(busy: World) -> None:
    seen: list[Mapping[str, int]] = []
    for _ in range(6):
        seen.append(board(busy))
        assert {key: len(listed(busy, tile=f"library/{key}")) for key in seen[-1]} == seen[-1]
        busy.advance("P3D")
    assert any(counted["late"] for counted in seen)
    assert any(counted["quiet"] for counted in seen)


def test_what_is_late_stands_in_the_group_of_its_days(busy: World) -> None:
    busy.advance("P4D")  # the first answer was due two days ago, and the book with it
    with busy.reading("kim") as (uow, actor):
        late = next(tile for tile in tiles.board(uow, actor) if tile.key == "library/late")
    groups = [(group.label, group.count) for group in late.groups]
    assert sum(count for _, count in groups) == late.count > 0
    assert [label for label, _ in groups] == ["up to 3 days", "4 to 7 days", "more than 7 days"]
    for group in late.groups:
        assert len(listed(busy, tile="library/late", bucket=str(group.bucket))) == group.count


def test_what_waits_in_a_closed_case_is_in_the_list_that_its_number_leads_to(busy: World) -> None:
    busy.advance("P9D")
    with busy.store.unit_of_work() as uow:
        uow.execute(tables.cases.update().values(state="closed"))
        task = uow.execute(tables.user_tasks.select().where(tables.user_tasks.c.state == "open")).first()
        uow.commit()
    assert task is not None
    assert board(busy)["late"] == len(listed(busy, tile="library/late")) > 0
    place = f"{task.process_key}/{task.element_id}"
    assert len(listed(busy, element=place)) == len(listed(busy, element=place, state="all")) > 0
    asked = {"tile": "library/late", "element": place, "state": "open"}
    assert listed(busy, **asked) == []
    assert lists.asked(lists.question(asked))["state"] == "open"


def test_a_case_behind_a_wall_is_in_no_number(busy: World) -> None:
    busy.advance("P20D")
    before = board(busy)
    with busy.reading("lia") as (uow, actor):
        line = lists.answer(uow, actor, lists.question({"sort": "oldest"})).items[0]
        hidden = store.cases.get(uow, line.id)
    acts.wall(busy, hidden, "kim")
    assert board(busy)["late"] == before["late"] - 1
    assert hidden.number not in listed(busy, state="all")
    assert listed(busy, state="all", q=hidden.number) == []


def test_a_tile_is_for_the_roles_that_it_names_and_the_board_for_who_lists_all_cases(busy: World) -> None:
    assert ("nobody" in board(busy, "kim"), "nobody" in board(busy, "lia")) == (True, False)
    with pytest.raises(NotFound):
        listed(busy, "lia", tile="library/nobody")
    for by in ("cor", "ben", "tom"):
        with pytest.raises(Forbidden):
            board(busy, by)
        with pytest.raises(Forbidden):
            listed(busy, by, tile="library/late")


def test_the_whole_board_is_counted_in_one_statement(busy: World) -> None:
    board(busy)
    with busy.reading("kim") as (uow, actor), count_statements(busy.store) as counted:
        tiles.board(uow, actor)
    assert counted.count <= 3  # the numbers; the packs and the program, which a request knows already


def test_what_people_wrote_changes_no_number(busy: World) -> None:
    busy.advance("P9D")
    before = board(busy)
    with busy.store.unit_of_work() as uow:
        uow.execute(tables.records.update().values(sealed=b"{}"))
        uow.commit()
    assert board(busy) == before


def test_a_procedure_that_nothing_can_move_stands_on_top_of_the_list(empty: Store) -> None:
    world = cast(empty, shelf.library(stuck()))
    acts.loan(world)
    case = acts.started(world, "stuck")
    assert listed(world)[0] == case.number
    assert board(world)["nobody"] == 1
    with world.reading("kim") as (uow, actor):
        line = lists.answer(uow, actor, lists.question({})).items[0]
    assert (line.nobody or "").startswith("Dead:")
    assert [move.kind for move in line.moves] == ["terminate"]
    with world.acting("kim") as (uow, actor):
        instances.terminate(uow, actor, line.moves[0].instance_id or "", reason="It cannot go on.")
    assert board(world)["nobody"] == 0


def test_both_databases_count_and_list_alike(either: Store) -> None:
    world = cast(either, shelf.library(stuck()))
    acts.lent(world)
    case = acts.loan(world)
    acts.started(world, "stuck")
    world.advance("P9D")
    assert board(world) == {"late": 2, "today": 0, "quiet": 3, "stopped": 0, "nobody": 1}
    assert {key: len(listed(world, tile=f"library/{key}")) for key in board(world)} == board(world)
    assert {sort: len(listed(world, sort=sort.value, state="late")) for sort in CaseSort} == dict.fromkeys(CaseSort, 3)
    with world.reading("kim") as (uow, actor):
        wanted = lists.question({"sort": "intensity", "element": "loan/answer-terms"}, ["bookClass:is:fragile"])
        assert [line.number for line in lists.answer(uow, actor, wanted).items] == [case.number]
        assert len(rungs.standing(uow, actor, "library/standard").items) == 1
