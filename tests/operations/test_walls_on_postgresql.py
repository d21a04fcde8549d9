"""Walls once more on PostgreSQL: what hides a case is a part of many statements, with times that are asked when they run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import store
from tests.operations.test_walls import (  # noqa: F401 - told again on this database
    library,
    test_a_wall_against_a_person_from_a_day_to_come_covers_cases_opened_before_and_after,
    test_a_wall_from_a_day_to_come_ends_access_on_that_day_and_not_before,
    test_a_wall_hides_the_case_ends_the_part_in_it_and_frees_the_tasks,
    test_a_wall_with_an_end_comes_down_by_itself,
    test_two_people_take_a_wall_down,
)
from tests.postgres import Postgres
from tests.world import World


@pytest.fixture
def world(postgres: Postgres) -> Iterator[World]:
    """The library on PostgreSQL."""
    with postgres.database(template=postgres.template("migration", _tables)) as url:
        opened = store.open(url)
        yield library(opened)
        opened.close()


def _tables(url: str) -> None:
    found = store.open(url)
    found.migrate()
    found.close()
