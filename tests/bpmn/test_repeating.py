"""Loops and multi-instance: BPMN 2.0, 10.3.8 and 13.3.7."""

from __future__ import annotations

import pytest

from engine.model.execution import EntryEvent
from tests.bpmn.drawing import again, boundary, end, many, mapping, message, process, script, start, sub, tag, timer, user

ANSWERS = {"outputCollection": "answers", "outputElement": "={ who: who, says: answer }"}


def drawn(loop: str) -> bytes:
    return process(start(), user("a", loop), user("z"), end(), go="start > a > z > end")


def test_all_instances_of_a_parallel_one_are_open_at_once_each_with_its_item(tell):
    story = tell(drawn(many("=people", "who", **ANSWERS)), given={"people": ["ann", "bob"]})
    assert [(t.variables["who"], t.loop) for t in story.turn.tasks] == [("ann", (1, 2)), ("bob", (2, 2))]
    story.do("a", number=1, answer="no")
    assert story.task("a").variables == {"people": ["ann", "bob"], "who": "ann", "loopCounter": 1}
    story.do("a", answer="yes")
    assert story.value("answers") == [{"who": "ann", "says": "yes"}, {"who": "bob", "says": "no"}]
    assert "answer" not in story.turn.variables
    assert story.open == ["z"]


def test_a_sequential_one_takes_one_item_after_the_other(tell):
    story = tell(drawn(many("=people", "who", sequential=True, **ANSWERS)), given={"people": ["ann", "bob", "cem"]})
    for name in ("ann", "bob", "cem"):
        assert [t.variables["who"] for t in story.turn.tasks] == [name]
        story.do("a", answer=name.upper())
    assert [answer["says"] for answer in story.value("answers")] == ["ANN", "BOB", "CEM"]
    assert [e.item for e in story.entries if e.element_id == "a" and e.event == EntryEvent.COMPLETED] == [1, 2, 3]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_is_over_at_once_and_gives_an_empty_list(tell, sequential):
    story = tell(drawn(many("=[]", "who", sequential=sequential, **ANSWERS)))
    assert (story.open, story.value("answers"), story.count("a")) == (["z"], [], 0)


@pytest.mark.parametrize(
    "until",
    [
        "numberOfCompletedInstances >= 2",
        "numberOfActiveInstances < 2",
        "count(answers) = 2",
        "=numberOfCompletedInstances/numberOfInstances > 0.6",
    ],
)
def test_a_completion_condition_ends_the_instances_that_are_left(tell, until):
    story = tell(drawn(many("=people", "who", until=until, **ANSWERS)), given={"people": ["ann", "bob", "cem"]})
    story.do("a", answer="yes")
    assert story.open == ["a", "a"]
    story.do("a", answer="no")
    assert story.open == ["z"]
    assert story.count("a", EntryEvent.CANCELLED) == 1
    assert len(story.value("answers")) == 2


def test_a_completion_condition_sees_the_item_that_was_just_completed(tell):
    story = tell(drawn(many("=people", "who", sequential=True, until="answer = false")), given={"people": ["ann", "bob", "cem"]})
    assert story.do("a", answer=True).open == ["a"]
    assert story.do("a", answer=False).open == ["z"]


def test_a_cardinality_may_be_worked_out(tell):
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>=n + 1</loopCardinality></multiInstanceLoopCharacteristics>"
    story = tell(drawn(loop), given={"n": 2})
    assert [t.variables["loopCounter"] for t in story.turn.tasks] == [1, 2, 3]
    assert tell(drawn(loop), given={"n": -2}).turn.faults[0].code == "cardinality-no-number"


def test_a_boundary_event_is_on_the_activity_as_a_whole(tell):
    text = process(
        start(), user("a", many("=[1, 2, 3]")), boundary("t", "a", timer("P1D")), user("z"), end(), go="start > a > end; t > z > end"
    )
    story = tell(text)
    assert len(story.turn.timers) == 1
    story.do("a").wait(days=1)
    assert story.open == ["z"]


def test_a_sub_process_repeated_for_each_has_its_own_variables_each_time(tell):
    inner = sub(
        "box",
        many("=people", "who", outputCollection="all", outputElement="=answer"),
        start("i"),
        user("a"),
        script("k", '{ answer: who + "!" }'),
        end("o"),
        go="i > a > k > o",
    )
    story = tell(process(start(), inner, end(), go="start > box > end"), given={"people": ["ann", "bob"]})
    story.do("a", note="x").do("a")
    assert story.value("all") == ["ann!", "bob!"]
    assert story.turn.variables.keys() == {"people", "all"}


def test_a_called_process_for_each(tell):
    callee = process(start("cs"), user("ask"), end("ce"), go="cs > ask > ce", key="c")
    loop = many("=people", "who", sequential=True, outputCollection="all", outputElement="=said")
    call = tag("callActivity", "call", mapping({"name": "=who"}, {"said": "=answer"}) + loop, calledElement_="c")
    story = tell(process(start(), call, end(), go="start > call > end"), callee, given={"people": ["ann", "bob"]})
    assert story.task("ask").variables == {"name": "ann"}
    story.do("ask", answer=1).do("ask", answer=2)
    assert (story.value("all"), story.turn.variables.keys()) == ([1, 2], {"people", "all"})


def test_a_multi_instance_in_a_loop_begins_with_an_empty_output_each_time(tell):
    inner = sub("box", again("more"), start("i"), user("a", many("=[1, 2]", **ANSWERS)), user("q"), end("o"), go="i > a > q > o")
    story = tell(process(start(), inner, end(), go="start > box > end"))
    for more in (True, False):
        story.do("a", answer=more).do("a", answer=more)
        assert [answer["says"] for answer in story.value("answers")] == [more, more]
        story.do("q", more=more)
    assert story.state == "completed"


def test_a_standard_loop_goes_on_while_its_condition_is_true(tell):
    story = tell(drawn(again("n < 3")), given={"n": 0})
    for n in (1, 2, 3):
        assert story.open == ["a"]
        story.do("a", n=n)
    assert story.open == ["z"]
    assert tell(drawn(again("n < 3", before=True)), given={"n": 3}).open == ["z"]
    assert tell(drawn(again("true", maximum=2))).do("a").do("a").open == ["z"]


def test_instances_may_wait_for_messages(tell):
    roots = '<message id="message_hello" name="hello" parley:correlationKey="=who"/>'
    receive = tag("receiveTask", "r", many("=people", "who"), messageRef_="message_hello")
    story = tell(process(start(), receive, end(), go="start > r > end", roots=roots), given={"people": ["ann", "bob"]})
    assert [s.correlation for s in story.turn.subscriptions] == ["ann", "bob"]
    assert story.tell("hello").tell("hello").state == "completed"


def test_automatic_tasks_can_be_repeated_and_five_hundred_instances_are_no_trouble(tell):
    story = tell(
        process(
            start(),
            script("k", "{ x: item * 2 }", many("=for i in 1..500 return i", outputCollection="all", outputElement="=x")),
            end(),
            go="start > k > end",
        )
    )
    assert sum(story.value("all")) == 500 * 501
    assert story.count("k") == 500


def test_a_collection_that_is_no_list_is_an_incident(tell):
    assert tell(drawn(many("=nobody"))).turn.faults[0].code == "collection-no-list"
    assert tell(drawn(many("=nobody"))).retry(nobody=[1]).open == ["a"]


def test_a_message_on_the_boundary_can_add_work_while_instances_run(tell):
    text = process(
        start(),
        user("a", many("=[1, 2]")),
        boundary("m", "a", message("more"), False),
        user("extra"),
        end(),
        go="start > a > end; m > extra > end",
    )
    assert tell(text).tell("more").tell("more").open == ["a", "a", "extra", "extra"]
