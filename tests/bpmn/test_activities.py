"""Tasks, calls and sub-processes: BPMN 2.0, 10.3 and 13.3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.errors import Invalid, TokenGone
from engine.model.execution import EntryEvent
from tests.bpmn.drawing import START, boundary, end, mapping, process, script, start, sub, tag, timer, user

DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<decision id="rate" name="rate"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie"><text>n</text></inputExpression></input><output id="o" name="pace"/>
<rule id="r1"><inputEntry id="e1"><text>&lt; 10</text></inputEntry><outputEntry id="x1"><text>"slow"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>&gt;= 5</text></inputEntry><outputEntry id="x2"><text>"fast"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_a_user_task_says_who_what_and_until_when(tell):
    lanes = '<laneSet id="ls"><lane id="l1" name="Desk" parley:role="clerk"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    task = user(
        "a",
        "<documentation>Ask them.</documentation>",
        name_='="Ask " + who',
        form="ask",
        participant="=who",
        assignee="p-7",
        due="P5D",
        priority="80",
        duty="asking",
    )
    found = tell(process(lanes, start(), task, end(), go="start > a > end"), given={"who": "ann"}).task("a")
    assert (found.name, found.form, found.participant, found.assignee, found.duty) == ("Ask ann", "ask", "ann", "p-7", "asking")
    assert (found.lane, found.role, found.priority, found.documentation) == ("Desk", "clerk", 80, "Ask them.")
    assert (found.due_at, found.since) == (START + timedelta(days=5), START)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ('=duration("PT2H")', START + timedelta(hours=2)),
        ('=date("2026-04-01")', datetime(2026, 4, 1, 23, 59, 59, tzinfo=UTC)),
        ('=date and time("2026-04-01T10:00:00+02:00")', datetime(2026, 4, 1, 8, tzinfo=UTC)),
        ("=nothing", None),
        ("P1M", datetime(2026, 4, 2, 9, tzinfo=UTC)),
    ],
)
def test_a_due_date_may_be_a_duration_a_date_or_a_date_and_time(tell, due, expected):
    assert tell(process(start(), user("a", due=due), end(), go="start > a > end")).task("a").due_at == expected


def test_manual_and_plain_tasks_wait_for_a_person_too(tell):
    story = tell(process(start(), tag("manualTask", "m"), tag("task", "t"), end(), go="start > m > t > end"))
    assert story.do("m").do("t").state == "completed"


def test_a_task_can_be_completed_once_and_only_while_it_is_open(tell):
    story = tell(process(start(), user("a"), user("b"), end(), go="start > a > b > end"))
    token = story.task("a").token_id
    story.execution.complete(token, {})
    with pytest.raises(TokenGone):
        story.execution.complete(token, {})
    with pytest.raises(TokenGone):
        story.execution.complete("t99", {})


def test_a_name_that_the_engine_gives_cannot_be_written(tell):
    story = tell(process(start(), user("a"), end(), go="start > a > end"))
    with pytest.raises(Invalid, match="case"):
        story.execution.complete(story.task("a").token_id, {"case": "mine"})
    story = tell(process(start(), script("k", '{ case: "mine" }'), end(), go="start > k > end"))
    assert story.turn.faults[0].code == "reserved-name"


def test_values_that_no_expression_could_hold_are_refused_and_change_nothing(tell):
    story = tell(process(start(), user("a"), end(), go="start > a > end"))
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    for value in (deep, {"k": [0] * 30_000}, object(), {"k": b"x"}):
        with pytest.raises(Invalid):
            story.execution.complete(story.task("a").token_id, {"x": value})
    assert story.do("a", x=float("nan"), y=1.5).value("y") == Decimal("1.5")


def test_a_due_date_and_a_timer_can_be_moved(tell):
    story = tell(process(start(), user("a", due="P1D"), boundary("t", "a", timer("P2D")), end(), go="start > a > end; t > end"))
    for token in (story.task("a").token_id, story.turn.timers[0].token_id):
        story.execution.reschedule(token, START + timedelta(days=9))
    story.retry()
    assert (story.task("a").due_at, story.turn.timers[0].due_at) == (START + timedelta(days=9),) * 2
    story.execution.reschedule(story.task("a").token_id, None)
    assert story.retry().task("a").due_at is None
    with pytest.raises(TokenGone):
        story.execution.reschedule("t99", START)


def test_what_the_engine_gives_is_visible_and_never_kept(tell):
    story = tell(
        process(start(), script("k", "{ copy: settings.days + 1 }"), end(), go="start > k > end"), context={"settings": {"days": 3}}
    )
    assert dict(story.turn.variables) == {"copy": Decimal(4)}


def test_a_script_is_a_context_whose_later_entries_see_the_earlier(tell):
    story = tell(process(start(), script("k", '={ a: n + 1, b: a * 2, c: "x" }'), end(), go="start > k > end"), given={"n": 1})
    assert dict(story.turn.variables) == {"n": 1, "a": 2, "b": 4, "c": "x"}


def test_a_business_rule_task_puts_what_its_decision_gives_into_one_variable(tell):
    rule = tag("businessRuleTask", "r", decision="rate", result="pace")
    drawn = process(start(), rule, end(), go="start > r > end")
    assert tell(drawn, given={"n": 3}, decisions={"rate": DMN}).value("pace") == "slow"
    assert tell(drawn, given={"n": 30}, decisions={"rate": DMN}).value("pace") == "fast"
    story = tell(drawn, given={"n": 7}, decisions={"rate": DMN})
    assert [f.code for f in story.turn.faults] == ["decision-failed"]
    assert story.retry(n=8).state == "incident"
    assert story.retry(n=30).value("pace") == "fast"


def test_a_service_task_asks_for_an_operation_and_goes_on(tell):
    task = tag("serviceTask", "s", mapping({"task": "=t", "days": "=2 + 3"}), operation="user-task.reassign")
    story = tell(process(start(), task, end(), go="start > s > end"), given={"t": "t-1", "other": 1})
    assert [(r.operation, dict(r.inputs), r.element_id) for r in story.requests] == [
        ("user-task.reassign", {"task": "t-1", "days": 5}, "s")
    ]
    assert story.state == "completed"


def test_a_send_task_with_a_notice_asks_for_it(tell):
    story = tell(
        process(start(), tag("sendTask", "s", notice="reminder", to='="role:" + r'), end(), go="start > s > end"), given={"r": "clerk"}
    )
    assert [(r.operation, dict(r.inputs)) for r in story.requests] == [("notice.send", {"template": "reminder", "to": "role:clerk"})]


def test_a_called_process_sees_only_its_inputs_and_gives_back_only_its_outputs(tell):
    callee = process(start("cs"), user("ask"), end("ce"), go="cs > ask > ce", key="c")
    call = tag("callActivity", "call", mapping({"n": "=a + 1"}, {"result": "=answer", "twice": "=n * 2"}), calledElement_="c")
    story = tell(process(start(), call, end(), go="start > call > end"), callee, given={"a": 1, "hidden": 2})
    assert story.task("ask").variables == {"n": 2}
    assert story.task("ask").process_key == "c"
    story.do("ask", answer="yes", a="not mine")
    assert dict(story.turn.variables) == {"a": 1, "hidden": 2, "result": "yes", "twice": 4}
    assert [e.element_id for e in story.entries if e.process_key == "c" and e.event == EntryEvent.COMPLETED] == ["cs", "ask", "ce"]


def test_a_sub_process_is_over_when_nothing_is_left_in_it(tell):
    inner = sub("box", start("i"), user("a"), user("b"), end("o"), go="i > a > o; i > b > o")
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end"))
    assert story.do("a").open == ["b"]
    assert story.do("b").open == ["z"]


def test_fifty_sub_processes_may_stand_inside_each_other(tell):
    drawn = sub("s50", start("i50"), user("deep"), end("o50"), go="i50 > deep > o50")
    for level in range(49, 0, -1):
        drawn = sub(f"s{level}", start(f"i{level}"), drawn, end(f"o{level}"), go=f"i{level} > s{level + 1} > o{level}")
    story = tell(process(start(), drawn, end(), go="start > s1 > end"))
    assert story.open == ["deep"]
    assert story.do("deep").state == "completed"


def test_a_milestone_is_reached_when_its_element_is_completed(tell):
    drawn = process(
        start(),
        user("a", milestone="asked"),
        boundary("t", "a", timer("P1D")),
        end("o", milestone="closed"),
        end("late", milestone="late"),
        go="start > a > o; t > late",
    )
    assert tell(drawn).do("a").milestones == ["asked", "closed"]
    story = tell(drawn).wait(days=1)
    assert story.milestones == ["late"]
    assert [e.milestone for e in story.entries if e.milestone] == ["late"]
