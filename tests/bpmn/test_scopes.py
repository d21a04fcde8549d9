"""Variables by scope: BPMN 2.0, 10.4."""

from __future__ import annotations

from tests.bpmn.drawing import both, end, many, process, script, start, sub, user


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
