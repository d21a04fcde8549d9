"""When timers are due: right, or refused with a reason; by tables of what authors write (ISO 8601, BPMN 2.0 10.5.5.11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import timers
from engine.bpmn.graph import Timer
from tests.bpmn.drawing import boundary, catch, end, first, many, problems, process, start, sub, timer, user

NOW = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
LEAP = datetime(2028, 2, 29, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        ("P1M", NOW, "2026-02-28T09:00:00"),
        ("P1Y", LEAP, "2029-02-28T09:00:00"),
        ("P1Y2M", NOW, "2027-03-31T09:00:00"),
        ("P1D", NOW, "2026-02-01T09:00:00"),
        ("PT24H", NOW, "2026-02-01T09:00:00"),
        ("P1W", NOW, "2026-02-07T09:00:00"),
        ("P1W2D", NOW, "2026-02-09T09:00:00"),
        ("PT1.5S", NOW, "2026-01-31T09:00:01.500000"),
        (" P1D ", NOW, "2026-02-01T09:00:00"),
        ("2026-03-29", NOW, "2026-03-29T23:59:59"),
        ("2026-03-29T12:00:00", NOW, "2026-03-29T12:00:00"),
        ("2026-03-29T12:00:00+02:00", NOW, "2026-03-29T10:00:00"),
        # The hour that daylight saving leaves out, and the one that comes twice: forward, and the first of the two.
        ("2026-03-29T02:30:00@Europe/Berlin", NOW, "2026-03-29T01:30:00"),
        ("2026-10-25T02:30:00@Europe/Berlin", NOW, "2026-10-25T00:30:00"),
        ("2020-01-01T00:00:00Z", NOW, "2020-01-01T00:00:00"),
    ],
)
def test_a_literal_means_what_iso_8601_says(text, now, due):
    assert timers.due_at(text, now).isoformat() == f"{due}+00:00"


BAD = """P|PT|P1|P1DT|p1d|P1.5D|PT1H1H|P١D|+P1D|-P1D|P-1D|PT-5M|P1M1D|P99999999999D|P999999999Y|P1000Y|garbage|tomorrow|24:00:00|
2026-13-01|2026-02-30T00:00:00Z|2026-03-29T24:00:00Z|2026-06-30T23:59:60Z|9999-12-31T23:59:59Z|2201-01-01|0001-01-01T00:00:00+14:00|
2026-03-29T09:00:00@Mars/Olympus|2026-03-29T09:00:00@../../etc/passwd|2026-03-29T09:00:00+15:00|R/P1D|P1D/P1D|{}|P1D; DROP|0"""


@pytest.mark.parametrize("text", [text.strip() for text in BAD.replace("\n", "").split("|")])
def test_what_gives_no_usable_time_is_refused_before_it_runs(text):
    with pytest.raises(ValueError, match=r"\w"):
        timers.due_at(text, NOW)
    kind = "timeDuration" if text.startswith(("P", "-P", "+P", "p")) else "timeDate"
    event = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    assert ("c", "timer-invalid") in problems(process(start(), catch("c", event), end(), go="start > c > end"))


@pytest.mark.parametrize("text", ["PT0S", "P0D", "P0M", "PT0.0S"])
def test_a_timer_without_length_is_refused(text):
    assert problems(process(start(), catch("c", timer(text)), end(), go="start > c > end")) == {("c", "timer-invalid")}


CYCLES = """R0/P1D|R-1/P1D|R/PT0S|R/PT59S|R5/P-1D|R/-P1D|R/P999999999D|R/P300Y|r/P1D|R/|R//P1D|R١/P1D|R1000000/P1D|R9999999999999/P1D|
R/P1D/2026-01-01T00:00:00Z|R/garbage/P1D|R/9999-01-01T00:00:00Z/P1D|R/2026-02-30T00:00:00Z/P1D|R/P1M1D|RR/P1D|R/P|R/PT|R3"""


@pytest.mark.parametrize("text", [text.strip() for text in CYCLES.replace("\n", "").split("|")])
def test_a_cycle_that_means_nothing_is_refused(text):
    drawn = process(start(), user("a"), boundary("t", "a", timer(text), False), end(), go="start > a > end; t > end")
    assert ("t", "timer-invalid") in problems(drawn)


def occurrences(text: str, now: datetime, count: int) -> list[str]:
    memo = timers.plan(Timer("cycle", text), text, now)
    found = []
    while memo is not None and len(found) < count:
        found.append(memo["due"].removesuffix("+00:00"))
        memo = timers.next_occurrence(memo, datetime.fromisoformat(memo["due"]))
    return found


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        ("R/P1M", NOW, ["2026-02-28T09:00:00", "2026-03-31T09:00:00", "2026-04-30T09:00:00"]),
        ("R/P1Y", LEAP, ["2029-02-28T09:00:00", "2030-02-28T09:00:00", "2031-02-28T09:00:00"]),
        ("R2/PT1M", NOW, ["2026-01-31T09:01:00", "2026-01-31T09:02:00"]),
        ("R1/P1D", NOW, ["2026-02-01T09:00:00"]),
        ("R/2026-01-31T10:00:00Z/P1M", NOW, ["2026-01-31T10:00:00", "2026-02-28T10:00:00", "2026-03-31T10:00:00"]),
        # A day is a calendar day where the zone is named; 24 hours are 24 hours.
        ("R/2026-03-28T02:30:00@Europe/Berlin/P1D", NOW, ["2026-03-28T01:30:00", "2026-03-29T01:30:00", "2026-03-30T00:30:00"]),
        ("R/2026-03-28T02:30:00@Europe/Berlin/PT24H", NOW, ["2026-03-28T01:30:00", "2026-03-29T01:30:00", "2026-03-30T01:30:00"]),
        ("R/2026-10-24T09:00:00@Europe/Berlin/P1D", NOW, ["2026-10-24T07:00:00", "2026-10-25T08:00:00", "2026-10-26T08:00:00"]),
        ("R/2026-03-28T02:30:00+01:00/P1D", NOW, ["2026-03-28T01:30:00", "2026-03-29T01:30:00", "2026-03-30T01:30:00"]),
    ],
)
def test_a_cycle_counts_from_its_anchor(text, now, due):
    assert occurrences(text, now, 3) == due


@pytest.mark.parametrize(("text", "left"), [("R/PT1H", None), ("R100/PT1H", 51)])
def test_after_downtime_a_cycle_fires_once_and_waits_for_its_next_regular_time(text, left):
    memo = timers.plan(Timer("cycle", text), text, NOW)
    later = timers.next_occurrence(memo, NOW + timedelta(hours=49, minutes=30))
    assert later is not None
    assert (later["due"], later["left"]) == ("2026-02-02T11:00:00+00:00", left)
    assert timers.next_occurrence(timers.plan(Timer("cycle", "R3/PT1H"), "R3/PT1H", NOW), NOW + timedelta(days=9)) is None


def test_the_earliest_of_several_overdue_timers_wins_an_event_gateway(tell):
    drawn = process(
        start(),
        first("g"),
        catch("slow", timer("P3D")),
        catch("fast", timer("P2D")),
        end("a"),
        end("b"),
        go="start > g > slow > a; g > fast > b",
    )
    story = tell(drawn)
    assert {t.element_id: (t.due_at - story.now).days for t in story.turn.timers} == {"slow": 3, "fast": 2}
    assert story.wait(days=30).turn.end_event == "b"


def test_several_boundary_timers_each_keep_their_own_time(tell):
    drawn = process(
        start(),
        user("a"),
        boundary("one", "a", timer("P1D"), False),
        boundary("two", "a", timer("P2D")),
        user("r"),
        end(),
        go="start > a > end; one > r > end; two > end",
    )
    assert tell(drawn).wait(days=30).done("boundaryEvent") == ["one", "two"]


def test_each_instance_has_a_timer_of_its_own(tell):
    box = sub(
        "box",
        many("=[3, 1, 2]", "n"),
        start("i"),
        catch("w", timer('=duration("P" + string(n) + "D")')),
        user("a"),
        end("o"),
        go="i > w > a > o",
    )
    story = tell(process(start(), box, end(), go="start > box > end")).wait(days=2)
    assert sorted(int(task.variables["n"]) for task in story.turn.tasks) == [1, 2]
    assert len(story.turn.timers) == 1


def test_a_timer_starts_an_event_sub_process_and_ends_with_its_scope(tell):
    handler = sub(
        "esp", start("es", timer("R/P1D"), isInterrupting_="false"), user("h"), end("he"), go="es > h > he", triggeredByEvent_="true"
    )
    box = sub("box", start("i"), user("u"), end("o"), handler, go="i > u > o")
    story = tell(process(start(), box, user("z"), end(), go="start > box > z > end")).wait(days=2, hours=1)
    assert story.open == ["h", "h", "u"]
    story.do("u").do("h").do("h")
    assert (story.open, story.turn.timers) == (["z"], ())
