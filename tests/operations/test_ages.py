"""How late one task is: the sentence of its case, the list, the ladder and the board count alike."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine.operations.supervision import lists, rungs, tiles
from engine.operations.words import due_words
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.test_working_time import files

TILE = """
[[tiles]]
key = "old"
title = "Late"
counts = "overdue"
buckets = [1, 3]
note = "Late."
"""


def grouped(found: dict[str, bytes]) -> dict[str, bytes]:
    """With a tile of what is late, in small groups."""
    return {**found, "pack.toml": found["pack.toml"] + TILE.encode()}


@pytest.mark.parametrize(
    ("working", "passed", "age", "group"),
    [
        # due on Friday 6 March at nine
        (True, "P4DT2H", "2 hours late", "up to 1 working day"),
        (True, "P6D", "late since then", "up to 1 working day"),
        (True, "P7D", "1 working day late", "up to 1 working day"),
        (True, "P8DT14H", "2 working days late", "2 to 3 working days"),
        (True, "P10DT1H", "4 working days late", "more than 3 working days"),
        # due on Thursday 5 March at nine; whole days and hours are one day fewer than the days of the calendar that began
        (False, "P4DT1H", "1 day late", "up to 1 day"),
        (False, "P6DT14H", "3 days late", "2 to 3 days"),
        (False, "P6DT16H", "4 days late", "more than 3 days"),
    ],
)
def test_everything_that_says_how_late_a_task_is_says_the_same(empty: Store, working: bool, passed: str, age: str, group: str) -> None:
    world = cast(empty, grouped(files() if working else shelf.library(shelf.desk(due="P3D"))))
    case = acts.started(world, "tidying" if working else "desk")
    world.advance(passed)
    line = acts.line(world, "kim", case)
    assert f", {age}." in line.sentence
    told = world.page("kim", case).explanation
    assert f", {age}." in told.sentence
    late = next(one for one in told.waiting if one.element_id == "tidy")
    with world.reading("kim") as (uow, actor):
        ladder = next(one for one in rungs.of_case(uow, actor, case.id) if one.task == "Tidy up")
        for due, calendar in ((line.next_due_at, line.calendar), (late.due_at, late.calendar), (ladder.due_at, ladder.calendar)):
            assert due is not None
            column = due_words.told(due, calendar, ZoneInfo("UTC"))
            assert column.text == age if column.days else column.text.startswith("Late since")
        tile = next(one for one in tiles.board(uow, actor) if one.key == "library/old")
        assert [one.label for one in tile.groups if one.count] == [group]
        bucket = next(str(one.bucket) for one in tile.groups if one.count)
        assert [one.id for one in lists.answer(uow, actor, lists.question({"tile": tile.key, "bucket": bucket})).items] == [case.id]
