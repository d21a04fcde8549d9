"""Resource assignment: BPMN 2.0, 10.3.1."""

from __future__ import annotations

import pytest

from tests.bpmn.drawing import end, models, problems, process, script, start, tag, user

ROOTS = '<resource id="res" name="clerk"/><resource id="keyed" name="Front desk" parley:role="desk"/>'


def role(kind: str, text: str) -> str:
    return f"<{kind}><resourceAssignmentExpression><formalExpression>{text}</formalExpression></resourceAssignmentExpression></{kind}>"


def refers(kind: str, to: str, more: str = "") -> str:
    return f"<{kind}><resourceRef>{to}</resourceRef>{more}</{kind}>"


def drawn(inner: str, **more: str) -> bytes:
    lanes = '<laneSet id="ls"><lane id="l" name="Room" parley:role="lane-role"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    return process(lanes, start(), user("a", inner, **more), end(), go="start > a > end", roots=ROOTS)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (role("potentialOwner", "clerk"), "clerk"),
        (refers("potentialOwner", "res"), "clerk"),
        (refers("potentialOwner", "keyed"), "desk"),
        (refers("potentialOwner", "tns:res"), "clerk"),
        ("", "lane-role"),
    ],
)
def test_a_potential_owner_is_the_role_that_a_task_is_offered_to_before_that_of_its_lane(tell, inner, expected):
    assert tell(drawn(inner)).task("a").role == expected
    assert models(drawn(inner))["p"].roles >= {expected}


@pytest.mark.parametrize("kind", ["humanPerformer", "performer"])
@pytest.mark.parametrize(("text", "expected"), [("p-7", "p-7"), ("=who", "ann")])
def test_a_performer_is_the_person_a_task_is_given_to(tell, kind, text, expected):
    assert tell(drawn(role(kind, text)), given={"who": "ann"}).task("a").assignee == expected


def test_an_owner_and_a_performer_may_stand_together_and_with_attributes_that_say_the_same(tell):
    task = tell(drawn(refers("potentialOwner", "res") + role("humanPerformer", "=who"), role="clerk"), given={"who": "ann"}).task("a")
    assert (task.role, task.assignee) == ("clerk", "ann")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (drawn(refers("potentialOwner", "res"), role="desk"), "resource-conflict"),
        (drawn(role("humanPerformer", "=who"), assignee="=other"), "resource-conflict"),
        (drawn(refers("potentialOwner", "res") + refers("potentialOwner", "keyed")), "several-resources"),
        (drawn(role("humanPerformer", "a") + role("performer", "b")), "several-resources"),
        (drawn(role("potentialOwner", "=who")), "role-not-fixed"),
        (drawn(refers("humanPerformer", "res")), "performer-is-role"),
        (drawn("<potentialOwner/>"), "resource-missing"),
        (drawn(role("potentialOwner", " ")), "resource-missing"),
        (drawn(refers("potentialOwner", "res", "<resourceParameterBinding/>")), "resource-parameter"),
        (drawn(refers("potentialOwner", "gone")), "dangling-reference"),
        (drawn(role("humanPerformer", "=1 +")), "expression-syntax"),
        (drawn("<resourceRole/>"), "unsupported-element"),
        (process(start(), script("a", "{}", role("performer", "x")), go="start > a"), "resource-not-allowed"),
        (process(start(), tag("receiveTask", "a", refers("potentialOwner", "res")), go="start > a", roots=ROOTS), "resource-not-allowed"),
    ],
)
def test_a_resource_role_that_means_nothing_or_contradicts_another_is_refused(data, code):
    assert ("a", code) in problems(data)


def test_nobody_performs_a_process_or_an_event():
    assert ("p", "unsupported-element") in problems(process(role("potentialOwner", "x"), start(), go=""))
    assert ("s", "unsupported-element") in problems(process(start("s", role("performer", "x")), end(), go="s > end"))
