"""Running instances brought to another version: what moves, what stays, what strands and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn import codec, migrate
from engine.model.migration import Fate
from tests.bpmn import drawing
from tests.bpmn.drawing import START, Story, both, boundary, catch, end, first, many, message, process, some, start, sub, timer, user, xor
from tests.bpmn.migrations import bring, look, said, version


def call(id: str, called: str) -> str:
    return drawing.tag("callActivity", id, calledElement_=called)


LINE = process(start(), user("ask"), user("check"), end(), go="start > ask > check > end")


def test_an_instance_whose_element_is_still_there_stays_and_goes_on_in_the_new_version() -> None:
    story = Story(LINE)
    found = bring(story, process(start(), user("ask"), user("new"), user("check"), end(), go="start > ask > new > check > end"))
    assert said(found) == {"ask": "unchanged"}
    assert found.fate is Fate.UNCHANGED
    story.do("ask")
    assert story.open == ["new"]


def test_a_renamed_element_strands_until_it_is_mapped() -> None:
    other = process(start(), user("question"), user("check"), end(), go="start > question > check > end")
    story = Story(LINE)
    assert said(look(story, other)) == {"ask": "stranded: gone"}
    token = story.task("ask").token_id
    found = bring(story, other, mapping={"p/ask": "question"})
    assert said(found) == {"ask": "moved to question"}
    assert story.task("question").token_id == token
    story.do("question").do("check")
    assert story.state == "completed"


def test_what_strands_is_not_touched() -> None:
    found = look(Story(LINE), process(start(), user("else"), end(), go="start > else > end"))
    assert found.state is None
    assert found.fate is Fate.STRANDED


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (process(start(), drawing.script("ask", "{a: 1}"), end(), go="start > ask > end"), "kind"),
        (process(start(), user("ask", many("[1, 2]")), end(), go="start > ask > end"), "repeats"),
        (
            process(start(), sub("s", start("i"), user("ask"), end("e"), go="i > ask > e"), end(), go="start > s > end"),
            "elsewhere",
        ),
    ],
)
def test_a_task_that_became_something_else_strands_with_the_reason(other: bytes, why: str) -> None:
    assert said(look(Story(LINE), other)) == {"ask": f"stranded: {why}"}


def test_a_user_task_may_become_a_manual_task() -> None:
    story = Story(LINE)
    bring(story, process(start(), drawing.tag("manualTask", "ask"), end(), go="start > ask > end"))
    story.do("ask")
    assert story.state == "completed"


WAIT = process(start(), catch("wait", timer("P10D")), end(), go="start > wait > end")


def test_a_timer_keeps_the_time_it_has_left_even_when_its_rule_changes() -> None:
    story = Story(WAIT).later(days=4)
    found = bring(story, process(start(), catch("wait", timer("P20D")), user("u"), end(), go="start > wait > u > end"))
    assert found.fates[0].due_at == START + timedelta(days=10)
    assert [(one.due_at, one.rule) for one in story.turn.timers] == [(START + timedelta(days=10), "P20D")]
    story.wait(days=6)
    assert story.open == ["u"]


def test_an_event_of_another_kind_strands() -> None:
    other = process(start(), catch("wait", message("go")), end(), go="start > wait > end")
    assert said(look(Story(WAIT), other)) == {"wait": "stranded: event"}


REMIND = process(
    start(), user("ask"), boundary("remind", "ask", timer("R3/P5D"), False), user("call"), end(), end("x"),
    go="start > ask > end; remind > call > x",
)  # fmt: skip


def test_a_repeating_timer_goes_on_by_the_new_rule_after_the_occurrence_it_waits_for() -> None:
    story = Story(REMIND).wait(days=6)
    bring(story, REMIND.replace(b"R3/P5D", b"R5/P2D"))
    dues = []
    while story.turn.timers:
        due = story.turn.timers[0].due_at
        dues.append((due - START).days)
        story.wait(seconds=(due - story.now).total_seconds())
    assert dues == [10, 12, 14, 16]


def test_a_new_boundary_event_is_armed_and_one_that_is_gone_is_dropped() -> None:
    bare = process(start(), user("ask"), end(), go="start > ask > end")
    story = Story(bare).later(days=2)
    assert said(bring(story, REMIND)) == {"ask": "unchanged", "remind": "added"}
    assert [one.due_at for one in story.turn.timers] == [START + timedelta(days=7)]
    assert said(bring(story, bare)) == {"ask": "unchanged", "remind": "dropped"}
    assert not story.turn.timers


def test_a_reminder_that_is_spent_does_not_begin_again() -> None:
    story = Story(REMIND).wait(days=30)
    found = bring(story, REMIND.replace(b"R3/P5D", b"R9/P5D"))
    assert "remind" not in said(found)
    assert not story.turn.timers


GATE = process(
    start(), first("g"), catch("m", message("yes")), catch("t", timer("P3D")), user("a"), user("b"), end(),
    go="start > g > m > a > end; g > t > b > end",
)  # fmt: skip
GATE3 = process(
    start(), first("g"), catch("m", message("yes")), catch("n", message("no")), user("a"), user("b"), end(),
    go="start > g > m > a > end; g > n > b > end",
)  # fmt: skip


def test_the_alternatives_of_an_event_gateway_follow_the_drawing() -> None:
    story = Story(GATE)
    assert said(bring(story, GATE3)) == {"g": "unchanged", "m": "unchanged", "t": "dropped", "n": "added"}
    story.tell("no")
    assert story.open == ["b"]


def test_an_event_sub_process_begins_to_wait_in_a_running_scope() -> None:
    esp = sub("esp", start("late", timer("P3D")), user("hurry"), end("e"), go="late > hurry > e", triggeredByEvent_="true")
    story = Story(LINE)
    found = bring(story, process(start(), user("ask"), user("check"), end(), esp, go="start > ask > check > end"))
    assert said(found) == {"ask": "unchanged", "late": "added"}
    story.wait(days=4)
    assert story.open == ["hurry"]


FORK = process(start(), both("s"), user("a"), user("b"), both("j"), end(), go="start > s > a > j > end; s > b > j")
FORK3 = process(
    start(), both("s"), user("a"), user("b"), user("c"), both("j"), end(), go="start > s > a > j > end; s > b > j; s > c > j"
)  # fmt: skip


def test_a_join_that_would_wait_for_a_branch_nobody_is_on_strands() -> None:
    story = Story(FORK)
    assert said(look(story, FORK3))["j"] == "stranded: blocked"
    story.do("a")
    assert said(look(story, FORK3))["j"] == "stranded: blocked"


def test_a_branch_more_strands_nobody_who_has_not_come_to_the_split_or_is_past_the_join() -> None:
    def drawn(*branches: str) -> bytes:
        ways = "; ".join(f"s > {one} > j" for one in branches)
        go = f"start > early > s; {ways}; j > late > end"
        return process(start(), user("early"), both("s"), *map(user, branches), both("j"), user("late"), end(), go=go)

    story = Story(drawn("a", "b"))
    assert look(story, drawn("a", "b", "c")).fate is Fate.UNCHANGED
    story.do("early").do("a").do("b")
    assert look(story, drawn("a", "b", "c")).fate is Fate.UNCHANGED


def test_a_join_that_lost_the_branch_it_waited_for_goes_on() -> None:
    story = Story(FORK3).do("a").do("b")
    only = process(start(), both("s"), user("a"), user("b"), both("j"), user("c"), end(), go="start > s > a > j > c > end; s > b > j")
    found = look(story, only)
    assert said(found)["c"] == "unchanged"
    assert found.goes_on
    bring(story, only)
    assert story.open == ["c", "c"]


def test_a_branch_whose_flow_has_another_id_is_found_by_where_it_comes_from() -> None:
    story = Story(FORK).do("a")
    state = FORK.replace(b'id="s_b"', b'id="s_b"')
    assert said(look(story, state)) == {"b": "unchanged", "j": "unchanged"}
    longer = process(start(), both("s"), user("a"), user("z"), user("b"), both("j"), end(), go="start > s > a > z > j > end; s > b > j")
    assert said(look(story, longer))["j"] == "stranded: branch"


def test_an_inclusive_join_that_waits_for_nothing_any_more_goes_on() -> None:
    def drawn(back: bool) -> bytes:
        way = "b > j" if back else "b > e2"
        return process(
            start(), some("s"), user("a"), user("b"), some("j"), user("last"), end(), "" if back else end("e2"),
            go=f"start > s; s > a [true]; s > b [true]; a > j; {way}; j > last > end",
        )  # fmt: skip

    story = Story(drawn(True)).do("a")
    assert story.open == ["b"]
    assert bring(story, drawn(False)).goes_on
    assert story.open == ["b", "last"]


SUB = process(start(), sub("s", start("i"), user("ask"), end("e"), go="i > ask > e"), user("check"), end(), go="start > s > check > end")


def test_what_is_inside_a_sub_process_moves_with_it_when_both_are_mapped() -> None:
    other = process(start(), sub("t", start("i"), user("q"), end("e"), go="i > q > e"), user("check"), end(), go="start > t > check > end")
    story = Story(SUB)
    assert said(look(story, other)) == {"s": "stranded: gone"}
    bring(story, other, mapping={"p/s": "t", "p/ask": "q"})
    story.do("q")
    assert story.open == ["check"]


def test_items_of_a_multi_instance_keep_their_values_and_results() -> None:
    def drawn(until: str | None, variable: str = "x") -> bytes:
        return process(
            start(), user("each", many("[1, 2, 3]", variable, until=until)), user("after"), end(), go="start > each > after > end"
        )

    story = Story(drawn(None)).do("each")
    assert said(look(story, drawn(None, "y")))["each"] == "stranded: repeats"
    bring(story, drawn(None))
    story.do("each").do("each")
    assert story.open == ["after"]


CALLER = process(start(), call("c", "q"), end(), go="start > c > end")
CALLED = process(start("qs"), user("inner"), end("qe"), go="qs > inner > qe", key="q")


def test_a_called_process_goes_along_to_its_own_new_version() -> None:
    longer = process(start("qs"), user("inner"), user("more"), end("qe"), go="qs > inner > more > qe", key="q")
    story = Story(CALLER, CALLED)
    assert said(bring(story, CALLER, longer)) == {"inner": "unchanged"}
    story.do("inner")
    assert story.open == ["more"]


def test_a_call_of_another_process_strands() -> None:
    other = process(start("rs"), user("inner"), end("re"), go="rs > inner > re", key="r")
    story = Story(CALLER, CALLED)
    assert said(look(story, process(start(), call("c", "r"), end(), go="start > c > end"), other)) == {"c": "stranded: called"}


def test_an_element_of_a_called_process_is_mapped_by_its_own_process() -> None:
    other = process(start("qs"), user("asked"), end("qe"), go="qs > asked > qe", key="q")
    story = Story(CALLER, CALLED)
    assert said(bring(story, CALLER, other, mapping={"q/inner": "asked"})) == {"inner": "moved to asked"}


def test_a_failed_step_that_was_corrected_can_be_tried_again_after_the_migration() -> None:
    def drawn(text: str) -> bytes:
        return process(start(), drawing.script("count", text), user("u"), end(), go="start > count > u > end")

    story = Story(drawn("= 1"))
    assert story.state == "incident"
    bring(story, drawn("{a: 1}"))
    story.retry()
    assert story.open == ["u"]


def test_a_gateway_that_failed_strands_when_it_is_gone_and_goes_on_with_a_default_flow() -> None:
    def drawn(last: str) -> bytes:
        return process(start(), xor("x"), user("a"), user("b"), end(), go=f"start > x; x > a [n = 1]; x > b {last}; a > end; b > end")

    story = Story(drawn("[n = 2]"), given={"n": 3})
    bring(story, drawn("*"))
    story.retry()
    assert story.open == ["b"]


def test_title_and_participant_follow_the_drawing_and_the_due_date_stays() -> None:
    def drawn(**more: str) -> bytes:
        return process(start(), user("ask", **more), end(), go="start > ask > end")

    story = Story(drawn(name_="Ask", due="P10D", priority="20")).later(days=3)
    bring(story, drawn(name_="Ask again", due="P30D", participant='="who"'))
    task = story.task("ask")
    assert (task.name, task.participant, task.priority, task.due_at) == ("Ask again", "who", 50, START + timedelta(days=10))


def test_a_correlation_that_gives_nothing_strands() -> None:
    def drawn(key: str) -> bytes:
        roots = f'<message id="message_go" name="go" parley:correlationKey="{key}"/>'
        return process(start(), catch("m", message("go")), end(), go="start > m > end", roots=roots)

    story = Story(drawn("=case.id"))
    assert said(look(story, drawn("=missing"))) == {"m": "stranded: value"}
    bring(story, drawn("=case.id + &quot;/x&quot;"))
    assert story.turn.subscriptions[0].correlation == "case-1/x"


def test_looking_changes_nothing_and_says_the_same_each_time() -> None:
    story = Story(REMIND)
    before = story.turn.state
    assert look(story, LINE) == look(story, LINE)
    assert story.turn.state == before


def test_a_version_like_the_one_before_leaves_every_byte() -> None:
    story = Story(REMIND).wait(days=6)
    assert look(story, REMIND).state == story.turn.state


def test_an_instance_in_the_middle_of_a_step_waits_its_turn() -> None:
    story = Story(LINE, restoring=False)
    story.execution.complete(story.task("ask").token_id, {})
    state = codec.dump(story.execution._instance)
    found = migrate(story.compiled, version(LINE), story.env, state, {})
    assert said(found) == {"ask": "stranded: moving"}
