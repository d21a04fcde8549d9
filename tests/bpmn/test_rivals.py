"""Two events that wait for the same thing in the same place: refused where only one of them could ever act."""

from __future__ import annotations

import pytest

from tests.bpmn.drawing import (
    boundary,
    catch,
    condition,
    end,
    error,
    escalation,
    first,
    message,
    problems,
    process,
    signal,
    start,
    sub,
    timer,
    user,
)

TWICE = {("y", "same-trigger-twice")}


def on_one_activity(one: str, other: str, *, interrupting: tuple[bool, bool] = (True, True)) -> set[tuple[str | None, str]]:
    left, right = interrupting
    host = sub("a", start("i"), user("u"), end("o"), go="i > u > o")
    return problems(
        process(
            start(),
            host,
            boundary("x", "a", one, left),
            boundary("y", "a", other, right),
            end(),
            end("e"),
            end("f"),
            go="start > a > end; x > e; y > f",
        )
    )


def handler(id: str, inner: str, interrupting: bool = True) -> str:
    begin = start(f"{id}s", inner, isInterrupting_=str(interrupting).lower())
    return sub(id, begin, end(f"{id}e"), go=f"{id}s > {id}e", triggeredByEvent_="true")


def in_one_scope(one: str, other: str, interrupting: bool = True) -> set[tuple[str | None, str]]:
    drawn = (handler("x", one, interrupting), handler("y", other, interrupting))
    return problems(process(start(), user("a"), end(), *drawn, go="start > a > end"))


def behind_a_gateway(one: str, other: str) -> set[tuple[str | None, str]]:
    drawn = process(start(), first("g"), catch("x", one), catch("y", other), end(), end("e"), go="start > g > x > end; g > y > e")
    return problems(drawn)


EQUAL = {
    "an error": error("no"),
    "any error": error(),
    "an escalation": escalation("up"),
    "any escalation": escalation(),
    "a message": message("m"),
    "a signal": signal("s"),
    "a timer": timer("P1D"),
    "a condition": condition("n > 1"),
}


@pytest.mark.parametrize("trigger", EQUAL.values(), ids=EQUAL)
def test_two_that_interrupt_one_activity_or_scope_alike_are_refused(trigger: str) -> None:
    assert on_one_activity(trigger, trigger) == TWICE
    assert in_one_scope(trigger, trigger) == TWICE


@pytest.mark.parametrize("name", ["a message", "a signal", "a timer", "a condition"])
def test_two_equal_ways_behind_an_event_gateway_are_refused(name: str) -> None:
    assert behind_a_gateway(EQUAL[name], EQUAL[name]) == TWICE


@pytest.mark.parametrize("name", ["a message", "an escalation"])
def test_what_one_catcher_gets_is_refused_twice_also_when_neither_interrupts(name: str) -> None:
    assert on_one_activity(EQUAL[name], EQUAL[name], interrupting=(False, False)) == TWICE
    assert on_one_activity(EQUAL[name], EQUAL[name], interrupting=(True, False)) == TWICE


@pytest.mark.parametrize("name", ["a signal", "a timer", "a condition"])
def test_what_reaches_all_may_be_drawn_twice_unless_both_interrupt(name: str) -> None:
    for interrupting in ((False, False), (True, False), (False, True)):
        assert on_one_activity(EQUAL[name], EQUAL[name], interrupting=interrupting) == set()
    assert in_one_scope(EQUAL[name], EQUAL[name], interrupting=False) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (error("no"), error()),
        (error("no"), error("never")),
        (escalation("up"), escalation()),
        (message("m"), message("n")),
        (signal("m"), message("m")),
        (timer("P1D"), timer("P2D")),
        (condition("n > 1"), condition("n > 2")),
    ],
)
def test_different_triggers_in_one_place_are_no_rivals(one: str, other: str) -> None:
    assert on_one_activity(one, other) == set()
    assert in_one_scope(one, other) == set()


def test_one_message_with_two_keys_has_two_receivers() -> None:
    roots = "".join(f'<message id="message_{key}" name="m" parley:correlationKey="={key}"/>' for key in ("k", "l"))
    drawn = (user("a"), boundary("x", "a", message("k")), boundary("y", "a", message("l")))
    assert problems(process(start(), *drawn, end(), end("e"), go="start > a > end; x > e; y > e", roots=roots)) == set()
    same = roots.replace('"=l"', '" k"').replace('"=k"', '" k"')
    assert problems(process(start(), *drawn, end(), end("e"), go="start > a > end; x > e; y > e", roots=same)) == TWICE


def test_the_same_trigger_in_other_places_is_no_rival() -> None:
    drawn = (user("a"), user("b"), boundary("x", "a", error("no")), boundary("y", "b", error("no")), handler("h", error("no")))
    assert problems(process(start(), *drawn, end(), end("e"), go="start > a > b > end; x > e; y > e")) == set()
