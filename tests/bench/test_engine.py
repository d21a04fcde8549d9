from __future__ import annotations

import re

import pytest

from api.bench import engine, measuring, models
from api.bench.measuring import Effort, OtherWay
from api.bench.report import Budget
from engine.bpmn.plain import NAME

TINY = engine.Plan(Effort(rounds=2, seconds=0.2), turns=(2, 4, 6), done=(1, 3), instances=5, stored=3)


def test_a_run_prints_every_figure_for_both_sides_and_every_budget(capsys):
    code = engine.measure(TINY)
    printed = capsys.readouterr().out
    timing = r"[\d.]+ \([\d.]+–[\d.]+\)"
    rows = re.findall(rf"^  ((?:process of|after) [\d,]+(?: \w+)?) +{timing}.* {timing} ", printed, re.MULTILINE)
    assert rows == ["process of 3 tasks", "process of 56 nodes"] + ["after 2", "after 4", "after 6"] * 2 + ["after 1", "after 3"] * 2
    for told in (NAME, "cores, load average", "in a loop of one task", "parallel block in a loop", "one after the other", "at once"):
        assert told in printed, told
    assert len(re.findall(r"^  (?:met|missed by) ", printed, re.MULTILINE)) == 7
    assert code in (0, 1)


def test_both_sides_walk_the_case_by_the_same_way():
    own, plain = measuring.sides(models.CASE)
    one = measuring.walk(own, models.case_variables(), models.CASE_STEPS)
    other = measuring.walk(plain, models.case_variables(), models.CASE_STEPS)
    assert one.open == other.open
    assert one.completed == other.completed
    assert len(one.completed) > 30
    assert {"session", "agreement", "feedbacks", "closed"} <= one.completed


def test_sides_that_part_are_not_compared():
    """What one branch answered, the library loses where the other still holds the value from before."""
    first = {**models.case_variables(), "agreed_a": False, "agreed_b": False}
    with pytest.raises(OtherWay):
        measuring.walks(models.CASE, first, models.CASE_STEPS, 1)


def test_what_the_library_does_not_reach_is_said_and_not_waited_for():
    found = measuring.marks(engine._LOOP, (2, 2_000), Effort(rounds=1, seconds=0.1))
    assert found[2].ratio is not None
    assert re.fullmatch(r"not reached in 0.1 s: \d+ turns", str(found[2_000].plain))
    assert found[2_000].ratio is None
    assert found[2_000].own_size < 1_000


@pytest.mark.parametrize(("figure", "at_least", "met"), [(9.9, True, False), (10, True, True), (10.1, False, False), (10, False, True)])
def test_a_missed_budget_says_by_how_much(figure, at_least, met):
    budget = Budget("figure", figure, 10, at_least=at_least, unit=" KB")
    assert budget.met is met
    assert str(budget).startswith("met" if met else "missed by 0.1 KB")
