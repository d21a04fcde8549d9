"""Variables by scope: BPMN 2.0, 10.4."""

from __future__ import annotations

from tests.bpmn.drawing import both, boundary, condition, end, many, message, process, script, start, sub, tag, user


def box(*more: str, id: str = "box") -> str:
    return sub(id, *more, start("i"), user("a"), end("o"), go="i > a > o")


def test_a_sub_process_writes_to_the_process_what_it_does_not_declare(tell):
    story = tell(process(start(), box(), user("z"), end(), go="start > box > z > end")).do("a", k=1)
    assert story.value("k") == 1


def test_a_sub_process_keeps_what_it_declares_to_itself(tell):
    story = tell(process(start(), box('<property id="pk" name="k"/>'), user("z"), end(), go="start > box > z > end"), given={"k": 0})
    assert story.task("a").variables == {"k": 0}
    assert story.do("a", k=1, other=2).task("z").variables == {"k": 0, "other": 2}


def test_a_data_object_declares_its_name(tell):
    story = tell(process(start(), box('<dataObject id="dk" name="k"/>'), user("z"), end(), go="start > box > z > end"))
    assert "k" not in story.do("a", k=1).task("z").variables


def test_a_sibling_sees_at_once_what_another_branch_wrote(tell):
    story = tell(process(start(), both("s"), user("b"), box(), end(), go="start > s > b > end; s > box > end")).do("b", k=1)
    assert story.task("a").variables == {"k": 1}


def test_an_item_writes_to_the_process_what_the_process_already_holds(tell):
    story = tell(process(start(), user("a", many("=[1, 2]")), user("z"), end(), go="start > a > z > end"), given={"known": 0})
    story.do("a", known=5, new=6)
    assert story.task("a").variables == {"known": 5, "item": 2, "loopCounter": 2}
    assert story.do("a").task("z").variables == {"known": 5}


def test_no_value_that_a_person_types_can_break_the_state(tell):
    nasty = {"typename": "x", "__class__": ["y"], "@": {"@": 1}, "t": {"$": "datetime"}, "len": None, "a.b": "c", "": 1}
    story = tell(process(start(), user("a"), user("z"), end(), go="start > a > z > end")).do(
        "a", data=nasty, typename={"typename": "timedelta"}
    )
    assert story.task("z").variables == {"data": nasty, "typename": {"typename": "timedelta"}}


def test_dates_and_durations_survive_being_stored(tell):
    text = '{ d: date("2026-03-01"), t: date and time("2026-03-01T10:00:00Z"), l: duration("P3D"), m: duration("P2M"), n: 0.1 + 0.2 }'
    story = tell(
        process(
            start(), script("k", text), user("a"), script("q", "{ same: d + l < t + m, n: n = 0.3 }"), end(), go="start > k > a > q > end"
        )
    )
    assert story.do("a").value("same") is None or story.value("same") is True
    assert story.value("n") is True


def test_of_two_scopes_that_declare_a_name_the_inner_one_takes_the_write(tell):
    own = '<property id="{0}" name="k"/>'
    deep = sub("deep", own.format("p2"), start("di"), script("w", "{ k: 2 }"), user("d"), end("do"), go="di > w > d > do")
    outer = sub("box", own.format("p1"), start("i"), script("v", "{ k: 1 }"), deep, user("a"), end("o"), go="i > v > deep > a > o")
    story = tell(process(start(), outer, user("z"), end(), go="start > box > z > end"), given={"k": 0})
    assert story.task("d").variables == {"k": 2}
    assert story.do("d").task("a").variables == {"k": 1}
    assert story.do("a").task("z").variables == {"k": 0}


def test_what_an_event_brings_is_written_as_seen_from_where_it_is_caught(tell):
    handler = sub(
        "esp", '<property id="pk" name="k"/>', start("es", message("note"), isInterrupting_="false"), user("h"), end("eo"),
        go="es > h > eo", triggeredByEvent_="true",
    )  # fmt: skip
    story = tell(process(start(), user("a"), end(), handler, go="start > a > end"), given={"k": 0}).tell("note", k=1, other=2)
    assert story.task("h").variables == {"k": 1, "other": 2}
    assert story.task("a").variables == {"k": 0, "other": 2}


def test_a_called_process_is_a_wall_in_both_directions_however_deep(tell):
    deepest = process(start("ds"), script("w", "{ leak: true }"), user("a"), end("de"), go="ds > w > a > de", key="d")
    middle = process(start("cs"), tag("callActivity", "cc", calledElement_="d"), user("b"), end("ce"), go="cs > cc > b > ce", key="c")
    call = tag("callActivity", "call", calledElement_="c")
    story = tell(process(start(), call, user("z"), end(), go="start > call > z > end"), middle, deepest, given={"mine": 1})
    assert story.task("a").variables == {"leak": True}
    assert story.do("a").task("b").variables == {}
    assert story.do("b").task("z").variables == {"mine": 1}


def test_instances_do_not_see_each_others_new_variables_but_do_see_a_write_to_the_process(tell):
    inner = sub("box", many("=[1, 2]"), start("i"), user("a"), user("b"), end("o"), go="i > a > b > o")
    story = tell(process(start(), inner, end(), go="start > box > end"), given={"shared": 0}).do("a", own=1, shared=1)
    assert story.task("b").variables == {"own": 1, "shared": 1, "item": 1, "loopCounter": 1}
    assert story.task("a").variables == {"shared": 1, "item": 2, "loopCounter": 2}


def test_a_condition_sees_a_change_made_anywhere_in_its_scope_and_none_of_a_called_process(tell):
    callee = process(start("cs"), script("k", "{ n: 9 }"), user("u"), end("ce"), go="cs > k > u > ce", key="c")
    inner = sub("deep", start("i"), user("d"), end("o"), go="i > d > o")
    box = sub(
        "box",
        start("bi"),
        both("f"),
        inner,
        tag("callActivity", "call", calledElement_="c"),
        end("bo"),
        go="bi > f > deep > bo; f > call > bo",
    )
    data = process(start(), box, boundary("b", "box", condition("n > 2"), False), user("hit"), end(), go="start > box > end; b > hit > end")
    story = tell(data, callee)
    assert story.open == ["d", "u"]
    assert story.do("d", n=3).open == ["hit", "u"]
