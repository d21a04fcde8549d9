"""Start events of a process: BPMN 2.0, 10.5.2 and 13.2. Each is an alternative that makes an instance of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bpmn import NoSuchStart, begin, starts
from engine.bpmn.starting import check_settings, following, holds, plan
from engine.model.execution import Closure, Env
from engine.model.starts import Plan, StartEvent, StartKind
from tests.bpmn.drawing import START, compile, condition, end, error, message, models, problems, process, signal, start, timer, user

ALTERNATIVES = process(
    start(),
    start("letter", message("Letter")),
    start("monday", timer("R/2026-03-02T08:00:00@Europe/Vienna/P7D")),
    start("bell", signal("Bell")),
    start("autumn", condition("=today() >= settings.autumn")),
    user("a"),
    user("b"),
    user("c"),
    end(),
    go="start > a > end; letter > b > end; monday > c > end; bell > c; autumn > c",
)


def one(inner: str) -> bytes:
    return process(start("s", inner), end(), go="s > end")


def timed(text: str, timer_kind: str | None = None) -> StartEvent:
    kind = timer_kind or ("cycle" if text.startswith("R") else "duration" if text.startswith("P") else "date")
    return StartEvent("s", StartKind.TIMER, rule=text, timer=kind)


def planned(text: str, now: datetime = START, **settings: object) -> Plan:
    made = plan(timed(text, "date" if text.startswith("=") else None), settings, now)
    assert made is not None
    return made


def dues(text: str, count: int, now: datetime = START) -> list[datetime]:
    """The first occurrences, each fired at its time."""
    found, made = [], plan(timed(text), {}, now)
    while made is not None and len(found) < count:
        found.append(made.due_at)
        made = following(made, made.due_at)
    return found


def test_a_model_tells_its_starts():
    assert [(s.element_id, s.kind, s.name, s.rule, s.timer) for s in models(ALTERNATIVES)["p"].starts] == [
        ("start", "none", None, None, None),
        ("letter", "message", "Letter", None, None),
        ("monday", "timer", None, "R/2026-03-02T08:00:00@Europe/Vienna/P7D", "cycle"),
        ("bell", "signal", "Bell", None, None),
        ("autumn", "conditional", None, "=today() >= settings.autumn", None),
    ]


def test_what_is_run_of_a_model_tells_the_same_starts():
    model = models(ALTERNATIVES)["p"]
    assert starts(model.normalised, "p") == model.starts


@pytest.mark.parametrize(("by", "task"), [("start", "a"), ("letter", "b"), ("monday", "c"), ("bell", "c"), ("autumn", "c")])
def test_only_the_chosen_start_event_gives_a_token(by, task):
    compiled = compile(Closure("p", "alternatives", {"p": models(ALTERNATIVES)["p"].normalised}))
    turn = begin(compiled, Env(START), {"x": 1}, start=by).turn()
    assert [t.element_id for t in turn.tasks] == [task]
    assert [e.element_id for e in turn.entries if e.element_type == "startEvent"] == [by, by]
    assert turn.variables == {"x": Decimal(1)}


def test_a_start_event_that_is_not_there_is_refused():
    compiled = compile(Closure("p", "alternatives", {"p": models(ALTERNATIVES)["p"].normalised}))
    with pytest.raises(NoSuchStart, match="nothing"):
        begin(compiled, Env(START), {}, start="nothing")


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (error("e"), "unsupported-event"),
        (timer("PT0S"), "timer-invalid"),
        (timer("-P1D"), "timer-invalid"),
        (timer("R/PT1S"), "timer-invalid"),
        (timer("R0/P1D"), "timer-invalid"),
        (timer("R/P999999999D"), "timer-invalid"),
        (timer("2300-01-01T00:00:00Z"), "timer-invalid"),
        (timer("2026-03-02T08:00:00@Nowhere/City"), "timer-invalid"),
        (timer("R/2026-03-02T08:00:00@Nowhere/City/P1D"), "timer-invalid"),
        ("<timerEventDefinition/>", "timer-missing"),
        (timer("= "), "expression-syntax"),
        (timer("=case.opened"), "start-names"),
        (timer("=amount"), "start-names"),
        (timer("=1 +"), "expression-syntax"),
        (condition("=amount > 3"), "start-names"),
        (condition("=instance.id = 3"), "start-names"),
        (condition("= "), "expression-syntax"),
    ],
)
def test_what_cannot_start_a_process_is_refused(inner, code):
    assert problems(one(inner)) == {("s", code)}


def test_one_message_cannot_start_two_ways():
    drawn = process(start("s", message("M")), start("t", message("M")), user("a"), end(), go="s > a > end; t > a")
    assert problems(drawn) == {("t", "several-start-events")}


def test_start_events_of_sub_processes_are_as_before():
    inner = f'<subProcess id="inner"><startEvent id="i">{timer("P1D")}</startEvent><endEvent id="j"/>'
    inner += '<sequenceFlow id="i_j" sourceRef="i" targetRef="j"/></subProcess>'
    assert problems(process(start(), inner, end(), go="start > inner > end")) == {("inner", "subprocess-start")}


def test_a_weekly_start_keeps_its_wall_time_when_the_clocks_change():
    assert dues("R/2026-03-16T08:00:00@Europe/Vienna/P7D", 3) == [
        datetime(2026, 3, 16, 7, tzinfo=UTC),
        datetime(2026, 3, 23, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 6, tzinfo=UTC),
    ]
    assert dues("R/2026-10-19T08:00:00@Europe/Vienna/P7D", 2) == [
        datetime(2026, 10, 19, 6, tzinfo=UTC),
        datetime(2026, 10, 26, 7, tzinfo=UTC),
    ]


def test_hours_do_not_follow_the_wall_clock():
    day_of_change = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert dues("R/2026-03-28T20:00:00@Europe/Vienna/PT12H", 3, day_of_change) == [
        datetime(2026, 3, 28, 19, tzinfo=UTC),
        datetime(2026, 3, 29, 7, tzinfo=UTC),
        datetime(2026, 3, 29, 19, tzinfo=UTC),
    ]


def test_a_wall_time_that_does_not_exist_moves_behind_the_gap():
    assert dues("R/2026-03-28T02:30:00@Europe/Vienna/P1D", 2)[1] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_last_of_the_month_comes_back():
    assert [due.day for due in dues("R/2026-03-31T08:00:00Z/P1M", 4)] == [31, 30, 31, 30]


def test_a_date_that_has_passed_is_due_at_once():
    assert planned("2026-03-01T08:00:00Z").due_at < START


def test_of_a_cycle_only_what_comes_counts():
    assert planned("R/2026-01-05T08:00:00Z/P7D").due_at == datetime(2026, 3, 9, 8, tzinfo=UTC)
    made = planned("R10/2026-01-05T08:00:00Z/P7D")
    assert (made.due_at, made.remaining) == (datetime(2026, 3, 9, 8, tzinfo=UTC), 1)
    assert following(made, made.due_at) is None
    assert plan(timed("R3/2026-01-05T08:00:00Z/P7D"), {}, START) is None


def test_missed_occurrences_collapse_into_one_and_count():
    made = planned("R5/P1D")
    later = following(made, START + timedelta(days=3, hours=2))
    assert later is not None
    assert (later.due_at, later.remaining) == (START + timedelta(days=4), 2)


def test_no_occurrence_is_lost_when_the_clocks_go_back():
    made = planned("R/2026-10-25T00:30:00@Europe/Vienna/P1D")
    late = datetime(2026, 10, 26, 12, tzinfo=UTC)
    while made.due_at <= late:
        before, made = made, following(made, made.due_at)
        assert made is not None
        assert timedelta(hours=23) <= made.due_at - before.due_at <= timedelta(hours=25)


def test_a_timer_may_come_from_the_settings():
    assert planned("=settings.opening", opening=datetime(2026, 5, 1, 8, tzinfo=UTC)).due_at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    cycle = plan(timed("=settings.rhythm", "cycle"), {"rhythm": "R/P7D"}, START)
    assert cycle is not None
    assert (cycle.rule, cycle.due_at) == ("R/P7D", START + timedelta(days=7))


@pytest.mark.parametrize("settings", [{}, {"opening": Decimal(3)}, {"opening": "soon"}])
def test_settings_that_give_no_time_are_a_problem(settings):
    model = models(one(timer("=settings.opening")))["p"]
    assert [(p.element_id, p.code) for p in check_settings(model, settings, START)] == [("s", "timer-invalid")]


def test_a_condition_looks_at_settings_and_time():
    assert not holds("=now() >= settings.then", {"then": START + timedelta(days=1)}, START)
    assert holds("=now() >= settings.then", {"then": START}, START)
    model = models(one(condition("=now() >= settings.typo")))["p"]
    assert [(p.element_id, p.code) for p in check_settings(model, {}, START)] == [("s", "condition-invalid")]
