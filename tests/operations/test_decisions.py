"""Business rule tasks: the decision that was deployed with a procedure is the one that a running case asks."""

from __future__ import annotations

import pytest

from engine.store import Store
from tests.bpmn.drawing import end, process, start, tag, user
from tests.dmn.models import column, decision, file, output, table
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


def rated() -> bytes:
    """Counts shelves, then asks how long to lend."""
    rule = tag("businessRuleTask", "rate", decision="pace", result="decision")
    return process(
        start(), user("count", role="librarian", due="P1D"), rule, user("tidy", role="librarian", due="P9D"), end(),
        go="start > count > rate > tidy > end", key="rated",
    )  # fmt: skip


def pace(*rows: list[str]) -> bytes:
    """A table from shelves to a word."""
    return file(decision("pace", table("UNIQUE", [column("shelves", "number", "[0..100]")], [output("pace", "string")], rows)))


def files(*rows: list[str]) -> dict[str, bytes]:
    """The library with the procedure and this table."""
    return {**shelf.library(rated()), "pace.dmn": pace(*rows)}


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, files(["< 10", '"slow"'], [">= 10", '"fast"']))


def test_a_running_case_asks_the_decision_it_was_started_with(world: World) -> None:
    old = acts.started(world, "rated")
    world.deploy(files(["< 10", '"at ease"'], [">= 10", '"at once"']))
    new = acts.started(world, "rated")
    for case in (old, new):
        world.complete("lia", case, "count", {"shelves": 3})
    given = [acts.variables(world, "kim", acts.instance(world, case))["decision"] for case in (old, new)]
    assert given == ["slow", "at ease"]


@pytest.mark.parametrize(
    ("rows", "shelves", "sentence"),
    [
        ([["< 10", '"slow"'], [">= 5", '"fast"']], 7, "The table of pace allows one rule to apply, but rules 1 (r1), 2 (r2) do"),
        ([["< 10", '"slow"']], 500, "The input shelves is not among its allowed values ([0..100])."),
    ],
)
def test_a_decision_without_an_answer_is_an_incident_that_names_table_and_rules(
    empty: Store, rows: list[list[str]], shelves: int, sentence: str
) -> None:
    world = cast(empty, files(*rows))
    case = acts.started(world, "rated")
    world.complete("lia", case, "count", {"shelves": shelves})
    (incident,) = acts.incidents(world, case)
    assert (incident.element_id, incident.code) == ("rate", "decision-failed")
    assert f"The decision pace gives no answer: {sentence}" in incident.message
    assert sentence in acts.line(world, "kim", case).sentence
