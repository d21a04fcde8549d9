"""Who may do what: walls first, then duties that exclude each other, then roles, relations and classes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import access, packs
from engine.model.access import Actor, Subject
from engine.model.errors import Excluded, Forbidden, NotFound
from engine.model.packs import Act, Pack, Relation

# A class matrix with every relation; the roles are those of a small clinic of disputes, by other names.
MATRIX = b"""
key = "matrix"
title = "Matrix"
[case]
number = "{serial}"
process = "case"

[roles.guest]
label = "Guest"
kind = "case"
staff = false
read = { C1 = "case", C2 = "self", C3 = "case", C4 = "self" }
write = { C1 = "self", C4 = "self" }
may = ["case.view", "task.work", "message.send"]

[roles.host]
label = "Host"
kind = "both"
eligible = "host"
read = { C1 = "case", C2 = "case", C3 = "case", C4 = "case", "C5.safeguards" = "case", C6 = "author" }
write = { C1 = "case", C3 = "case", C4 = "case", C6 = "author" }
may = ["case.view", "task.work", "message.send"]

[roles.desk]
label = "Desk"
kind = "program"
read = { C1 = "program", C2 = "program" }
write = { C1 = "program", C2 = "program", C4 = "task" }
may = ["case.open", "case.list", "case.view", "case.participants", "task.work", "task.complete_for"]

[roles.nurse]
label = "Nurse"
kind = "program"
read = { C1 = "task", C5 = "author" }
write = { C5 = "author" }
may = ["case.view", "task.work"]

[roles.chief]
label = "Chief"
kind = "program"
read = { C1 = "program" }
write = { C1 = "program" }
may = ["case.list", "case.view", "task.work", "task.assign", "instance.control", "audit.view"]

[roles.planner]
label = "Planner"
kind = "program"
may = ["definition.view", "definition.deploy"]

[[exclusions]]
between = ["host", "final-check"]
reason = "A host does not do the final check."

[[exclusions]]
between = ["nurse", "host"]
reason = "Whoever nursed does not host."
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    made, problems = packs.read(MATRIX, file="pack.toml")
    assert problems == ()
    assert made is not None
    return made


def actor(*roles: str, person: str = "ana", administrator: bool = False) -> Actor:
    return Actor(person, "account", "program", frozenset(roles), administrator)


CASE = Subject("case", "program", case_id="c1")
HOSTED = replace(CASE, case_roles=frozenset({"host"}), ever=frozenset({"host"}))
VISITED = replace(CASE, case_roles=frozenset({"guest"}), ever=frozenset({"guest"}), participant_ids=frozenset({"p-ana"}))


def task(base: Subject = CASE, role: str | None = "desk", **more: object) -> Subject:
    return replace(base, kind="task", task_role=role, **more)  # type: ignore[arg-type]  # test data


def record(cls: str, base: Subject, bound: str | None = None, author: str | None = "bo") -> Subject:
    return replace(base, kind="record", cls=cls, bound_participant=bound, author_id=author)


def allowed(pack: Pack, who: Actor, act: str, subject: Subject) -> bool:
    return access.may(who, act, subject, pack).allowed


def read_classes(pack: Pack, who: Actor, base: Subject, bound: str | None = None, author: str | None = "bo") -> set[str]:
    classes = ("C1", "C2", "C3", "C4", "C5", "C5.safeguards", "C6", "C7")
    return {cls for cls in classes if access.can_read(who, record(cls, base, bound, author), pack)}


def test_each_role_reads_the_classes_that_the_matrix_gives_it(pack: Pack) -> None:
    assert read_classes(pack, actor("host"), HOSTED) == {"C1", "C2", "C3", "C4", "C5.safeguards"}
    assert read_classes(pack, actor("host"), HOSTED, author="ana") == {"C1", "C2", "C3", "C4", "C5.safeguards", "C6"}
    assert read_classes(pack, actor("desk"), CASE) == {"C1", "C2"}
    assert read_classes(pack, actor("chief"), CASE) == {"C1"}
    assert read_classes(pack, actor("planner"), CASE) == set()
    assert read_classes(pack, actor(), CASE) == set()


def test_one_guest_never_reads_what_another_said_in_private(pack: Pack) -> None:
    assert read_classes(pack, actor(), VISITED, bound="p-ana") == {"C1", "C2", "C3", "C4"}
    assert read_classes(pack, actor(), VISITED, bound="p-bo") == {"C1", "C3"}
    assert read_classes(pack, actor(), VISITED, bound=None) == {"C1", "C3"}


def test_being_eligible_opens_no_case(pack: Pack) -> None:
    assert read_classes(pack, actor("host"), CASE) == set()
    assert not allowed(pack, actor("host"), Act.CASE_VIEW, CASE)
    with pytest.raises(NotFound):
        access.require(actor("host"), Act.CASE_VIEW, CASE, pack)


def test_losing_the_case_role_ends_every_right_at_once(pack: Pack) -> None:
    before = replace(CASE, ever=frozenset({"host"}))
    assert read_classes(pack, actor("host"), before, author="ana") == set()
    assert not allowed(pack, actor("host"), Act.TASK_WORK, task(before, "host", assignee_id="ana"))


def test_a_relation_to_a_task_lasts_as_long_as_the_task(pack: Pack) -> None:
    asked = replace(CASE, task_roles=frozenset({"nurse"}))
    assert read_classes(pack, actor("nurse"), asked) == {"C1"}
    assert allowed(pack, actor("nurse"), Act.CASE_VIEW, asked)
    assert not allowed(pack, actor("nurse"), Act.CASE_VIEW, CASE)
    assert read_classes(pack, actor("nurse"), CASE, author="ana") == {"C5", "C5.safeguards"}
    assert read_classes(pack, actor("nurse"), CASE) == set()


def test_a_task_for_one_role_opens_nothing_for_another_that_one_holds_too(pack: Pack) -> None:
    asked = replace(CASE, task_roles=frozenset({"desk", "host"}))
    assert not allowed(pack, actor("nurse", "host"), Act.CASE_VIEW, asked)
    assert read_classes(pack, actor("nurse", "host"), asked) == set()
    with pytest.raises(NotFound):
        access.require(actor("nurse", "host"), Act.CASE_VIEW, asked, pack)


def test_writing_follows_its_own_matrix_and_a_new_record_is_one_s_own(pack: Pack) -> None:
    assert access.can_write(actor("host"), record("C6", HOSTED, author=None), pack)
    assert not access.can_write(actor("host"), record("C6", HOSTED, author="bo"), pack)
    assert not access.can_write(actor("host"), record("C5.safeguards", HOSTED), pack)
    assert access.can_write(actor(), record("C4", VISITED, bound="p-ana"), pack)
    assert not access.can_write(actor(), record("C4", VISITED, bound="p-bo"), pack)


def test_the_questions_that_forms_ask_are_answered_by_class(pack: Pack) -> None:
    base = replace(CASE, task_roles=frozenset({"desk"}), bound_participant="p-bo")
    writable = access.writable(actor("desk"), base, pack)
    readable = access.readable(actor("desk"), base, pack)
    assert [cls for cls in ("C2", "C3", "C4") if writable(cls)] == ["C2", "C4"]
    assert [cls for cls in ("C2", "C3", "C4") if readable(cls)] == ["C2"]


@pytest.mark.parametrize("act", list(Act))
def test_a_wall_stands_before_every_right_and_hides_the_case(pack: Pack, act: Act) -> None:
    everything = actor("desk", "chief", "host", "nurse", "planner", administrator=True)
    walled = replace(HOSTED, walled=True, task_roles=frozenset({"host"}), assignee_id="ana", participant_ids=frozenset({"p-ana"}))
    assert not allowed(pack, everything, act, walled)
    assert read_classes(pack, everything, walled) == set()
    with pytest.raises(NotFound):
        access.require(everything, act, walled, pack)
    with pytest.raises(NotFound):
        access.require(everything, act, task(walled, "desk", duty="final-check"), pack)


def test_another_program_is_as_if_it_did_not_exist(pack: Pack) -> None:
    elsewhere = replace(HOSTED, program_id="other")
    assert read_classes(pack, actor("desk", "host"), elsewhere) == set()
    with pytest.raises(NotFound):
        access.require(actor("chief"), Act.CASE_VIEW, elsewhere, pack)


def test_a_task_is_offered_to_the_role_of_its_lane(pack: Pack) -> None:
    assert allowed(pack, actor("desk"), Act.TASK_WORK, task())
    assert not allowed(pack, actor("chief"), Act.TASK_WORK, task())
    assert allowed(pack, actor(), Act.TASK_WORK, task(HOSTED, "host"))
    assert not allowed(pack, actor("host"), Act.TASK_WORK, task(CASE, "host"))
    assert not allowed(pack, actor("desk"), Act.TASK_WORK, task(CASE, None))
    assert not allowed(pack, actor("desk"), Act.TASK_WORK, task(CASE, "ghost"))


def test_a_case_role_s_key_held_in_the_program_is_not_the_case_role(pack: Pack) -> None:
    assert not allowed(pack, actor("guest"), Act.TASK_WORK, task(CASE, "guest"))


def test_a_claimed_task_is_its_assignee_s(pack: Pack) -> None:
    assert allowed(pack, actor("desk"), Act.TASK_WORK, task(assignee_id="ana"))
    assert not allowed(pack, actor("desk"), Act.TASK_WORK, task(assignee_id="bo"))
    assert allowed(pack, actor(), Act.TASK_WORK, task(role=None, assignee_id="ana"))
    assert not allowed(pack, actor("chief"), Act.TASK_WORK, task(assignee_id="ana")), "an assignee needs the role too"


def test_somebody_asked_by_name_needs_to_be_eligible_but_not_on_the_case_yet(pack: Pack) -> None:
    asked = task(CASE, "host", assignee_id="ana", task_roles=frozenset({"host"}))
    assert allowed(pack, actor("host"), Act.TASK_WORK, asked)
    assert not allowed(pack, actor("host"), Act.CASE_VIEW, asked)
    assert not allowed(pack, actor("chief"), Act.TASK_WORK, asked)


def test_a_bound_task_is_that_participant_s_or_done_on_their_behalf(pack: Pack) -> None:
    mine = task(VISITED, "guest", bound_participant="p-ana")
    theirs = task(VISITED, "guest", bound_participant="p-bo")
    assert allowed(pack, actor(), Act.TASK_WORK, mine)
    assert not allowed(pack, actor(), Act.TASK_WORK, theirs)
    assert allowed(pack, actor("desk"), Act.TASK_COMPLETE_FOR, task(CASE, "guest", bound_participant="p-bo"))
    assert not allowed(pack, actor("chief"), Act.TASK_COMPLETE_FOR, task(CASE, "guest", bound_participant="p-bo"))
    assert not allowed(pack, actor(), Act.TASK_WORK, task(HOSTED, "guest", bound_participant="p-bo"))
    assert not allowed(pack, actor("desk"), Act.TASK_COMPLETE_FOR, task(CASE, "chief")), "not bound to a participant"


@pytest.mark.parametrize("base", [HOSTED, replace(CASE, ever=frozenset({"host"}))], ids=["now", "before"])
@pytest.mark.parametrize("roles", [("chief",), ("desk",), ()])
def test_who_ever_held_a_duty_is_refused_the_one_it_excludes(pack: Pack, base: Subject, roles: tuple[str, ...]) -> None:
    check = task(base, "chief", duty="final-check")
    decision = access.may(actor(*roles), Act.TASK_WORK, check, pack)
    assert (decision.allowed, decision.excluded, decision.reason) == (False, True, "A host does not do the final check.")
    with pytest.raises(Excluded):
        access.require(actor(*roles), Act.TASK_WORK, check, pack)
    assert allowed(pack, actor("chief", person="bo"), Act.TASK_WORK, task(CASE, "chief", duty="final-check"))


def test_all_cases_are_listed_only_for_those_who_oversee_them(pack: Pack) -> None:
    whole = Subject("case", "program")
    assert [role for role in pack.roles if allowed(pack, actor(role), Act.CASE_LIST, whole)] == ["desk", "chief"]
    assert [role for role in pack.roles if allowed(pack, actor(role), Act.CASE_OPEN, whole)] == ["desk"]
    assert [role for role in pack.roles if allowed(pack, actor(role), Act.CASE_VIEW, CASE)] == ["desk", "chief"]


def test_what_one_sees_but_may_not_do_is_forbidden_and_the_rest_is_not_there(pack: Pack) -> None:
    with pytest.raises(Forbidden):
        access.require(actor("desk"), Act.TASK_ASSIGN, CASE, pack)
    with pytest.raises(NotFound):
        access.require(actor("planner"), Act.CASE_VIEW, CASE, pack)
    with pytest.raises(Forbidden):
        access.require(actor(), Act.TASK_ASSIGN, VISITED, pack)


def test_staff_learn_that_a_record_is_closed_to_them_and_guests_do_not_learn_of_it(pack: Pack) -> None:
    assert access.sees(actor("chief"), record("C4", CASE), pack)
    assert access.sees(actor(), record("C4", VISITED, bound="p-ana"), pack)
    assert not access.sees(actor(), record("C4", VISITED, bound="p-bo"), pack)
    assert not access.sees(actor(), record("C6", VISITED), pack)


def test_administrators_keep_people_and_definitions_but_open_no_case(pack: Pack) -> None:
    admin = actor(administrator=True)
    program = Subject("program", "program")
    granted = {act for act in Act if allowed(pack, admin, act, program)}
    definitions = {Act.DEFINITION_VIEW, Act.DEFINITION_DEPLOY, Act.DEFINITION_APPROVE}
    assert granted == {Act.PERSON_MANAGE, Act.WALL_MANAGE, Act.JOB_WORK, *definitions}
    assert read_classes(pack, admin, CASE) == set()
    with pytest.raises(NotFound):
        access.require(admin, Act.CASE_VIEW, CASE, pack)


def test_definitions_are_seen_by_those_who_keep_them(pack: Pack) -> None:
    definition = Subject("definition", "program")
    with pytest.raises(NotFound):
        access.require(actor("desk"), Act.DEFINITION_VIEW, definition, pack)
    with pytest.raises(Forbidden):
        access.require(actor("planner"), Act.DEFINITION_APPROVE, definition, pack)


def test_without_a_pack_only_administrators_work() -> None:
    assert access.may(actor(administrator=True), Act.TASK_WORK, task(), None).allowed
    assert access.can_read(actor(administrator=True), record("C4", CASE), None)
    with pytest.raises(NotFound):
        access.require(actor("desk", "chief"), Act.TASK_WORK, task(), None)


def test_a_task_opens_above_process_facts_only_what_the_diagram_says_it_shows(pack: Pack) -> None:
    seeing = replace(pack.roles["nurse"], read={"C1": Relation.TASK, "C2": Relation.TASK, "C5": Relation.TASK})
    told = replace(pack, roles={**pack.roles, "nurse": seeing})
    asked = replace(CASE, task_roles=frozenset({"nurse"}))
    assert read_classes(told, actor("nurse"), asked) == {"C1"}
    shown = replace(asked, task_shows=frozenset({("nurse", "C2"), ("desk", "C5")}))
    assert read_classes(told, actor("nurse"), shown) == {"C1", "C2"}
