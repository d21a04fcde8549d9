"""Joins that can only block are refused; those that may fire are not."""

from __future__ import annotations

import pytest

from tests.bpmn.drawing import (
    both,
    boundary,
    catch,
    end,
    first,
    message,
    problems,
    process,
    some,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)

NEVER = "join-never-fires"


def test_a_choice_that_leads_into_a_parallel_join_is_refused():
    drawn = process(start(), xor("x"), user("a"), user("b"), both("j"), end(), go="start > x > a [k]; x > b *; a > j; b > j > end")
    assert problems(drawn) == {("j", NEVER)}


def test_so_is_one_inside_a_sub_process():
    inner = sub("box", start("i"), xor("x"), user("m"), both("j"), end("o"), go="i > x > j [k]; x > m *; m > j > o")
    assert ("j", NEVER) in problems(process(start(), inner, end(), go="start > box > end"))


def test_an_event_gateway_and_an_interrupting_boundary_are_choices_too():
    gateway = process(
        start(),
        first("g"),
        catch("m", message("a")),
        catch("t", timer("P1D")),
        both("j"),
        end(),
        go="start > g > m > j > end; g > t > j",
    )
    assert problems(gateway) == {("j", NEVER)}
    task = process(start(), user("a"), boundary("b", "a", timer("P1D")), both("j"), end(), go="start > a > j > end; b > j")
    assert problems(task) == {("j", NEVER)}


LINK = '<linkEventDefinition name="far"/>'
FINE = {
    "plain": process(start(), both("s"), user("a"), both("j"), end(), go="start > s > a > j > end; s > j"),
    "only sometimes": process(
        start(), some("s"), user("a"), user("b"), both("j"), end(), go="start > s > a [k]; s > b [l]; a > j; b > j > end"
    ),
    "non-interrupting": process(
        start(), user("a"), boundary("b", "a", timer("P1D"), False), both("j"), end(), go="start > a > j > end; b > j"
    ),
    "loop": process(
        start(),
        xor("m"),
        both("s"),
        user("a"),
        user("b"),
        both("j"),
        xor("x"),
        end(),
        go="start > m > s > a > j > x; s > b > j; x > m [k]; x > end *",
    ),
    "nested": process(
        start(),
        both("s"),
        xor("x"),
        user("a"),
        user("b"),
        xor("y"),
        both("j"),
        end(),
        go="start > s > x > a [k]; x > b *; a > y; b > y > j; s > j > end",
    ),
    "link": process(
        start(), both("s"), throw("o", LINK), catch("i", LINK), user("a"), both("j"), end(), go="start > s > o; i > a > j; s > j > end"
    ),
    "two flows of a task": process(start(), tag("task", "a"), user("b"), both("j"), end(), go="start > a > b > j > end; a > j"),
    "endless tokens": process(start(), xor("m"), both("s"), user("a"), both("j"), end(), go="start > m > s > a > m; s > j > end; a > j"),
}


@pytest.mark.parametrize("name", FINE)
def test_a_join_that_may_fire_is_no_problem(name):
    assert NEVER not in {code for _, code in problems(FINE[name])}


def test_a_large_maze_is_not_judged_rather_than_judged_wrongly():
    rows = [f"x{i}" for i in range(40)]
    elements = [element for row in rows for element in (xor(row), user(f"{row}a"), user(f"{row}b"), xor(f"{row}j"))]
    go = "; ".join(f"{row} > {row}a [k]; {row} > {row}b *; {row}a > {row}j; {row}b > {row}j" for row in rows)
    go += (
        "; "
        + " > ".join(["start", "s", "x0"])
        + "; "
        + "; ".join(f"s > {row}" for row in rows[1:])
        + "; "
        + "; ".join(f"{row}j > j" for row in rows)
    )
    assert problems(process(start(), both("s"), *elements, both("j"), end(), go=go + "; j > end")) == set()
