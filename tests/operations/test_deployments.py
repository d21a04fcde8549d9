"""Deploying: versions by content, a second person's approval, and what is pinned to an instance and what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine import store
from engine.model.deployed_views import Deployed
from engine.model.errors import Conflict, Excluded, Forbidden, ModelRefused, NotFound
from engine.model.states import DeploymentState
from engine.operations.deploying import definitions, deployments
from engine.operations.running import instances
from engine.operations.tasks import task_lists
from engine.store import Store
from tests.bpmn.drawing import end, process, start, tag, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

APPROVED = {"approval = false": "approval = true"}
TERMS = "loan-terms.json"


def calling(key: str, *called: str) -> bytes:
    """A process that calls others, one after the other."""
    steps = [tag("callActivity", f"call-{one}", calledElement_=one) for one in called]
    way = " > ".join(["start", *(f"call-{one}" for one in called), "end"])
    return process(start(), *steps, end(), go=way, key=key)


def versions(world: World, key: str) -> list[tuple[int, str]]:
    with world.store.reading() as uow:
        rows = store.definitions.versions(uow, world.program.id, key)
    return sorted((row.version, str(row.state)) for row in rows)


def refused(world: World, files: Mapping[str, bytes], by: str = "ada") -> set[tuple[str | None, str]]:
    with pytest.raises(ModelRefused) as wrong:
        world.deploy(files, by=by)
    return {(problem.element_id, problem.code) for problem in wrong.value.problems}


def changed_form(title: str = "Really?") -> bytes:
    text = shelf.library()[TERMS].decode()
    assert '"title": "Why not?"' in text
    return text.replace('"title": "Why not?"', f'"title": "{title}"').encode()


def reworded(title: str) -> bytes:
    return shelf.library()["loan.bpmn"].replace(b'name="Answer the terms"', f'name="{title}"'.encode())


def decide(world: World, by: str, done: Deployed, approve: bool, reason: str = "") -> None:
    with world.acting(by) as (uow, actor):
        deployments.decide(uow, actor, done.deployment.id, approve, reason=reason)


def test_the_same_content_makes_no_new_version(library: World) -> None:
    again = library.deploy(shelf.library())
    assert again.definitions == (("loan", 1, False),)
    assert versions(library, "loan") == [(1, "active")]


def test_a_changed_form_makes_a_new_version_of_the_process_that_uses_it(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk()))
    done = world.deploy({**shelf.library(shelf.desk()), TERMS: changed_form()})
    assert sorted(done.definitions) == [("desk", 1, False), ("loan", 2, True)]


def test_a_running_instance_keeps_its_form_and_flow(library: World) -> None:
    old = acts.loan(library)
    library.deploy({**shelf.library(), TERMS: changed_form(), "loan.bpmn": reworded("Say yes or no")})
    new = acts.loan(library)
    titles = {}
    for case in (old, new):
        with library.reading("ben") as (uow, actor):
            task = next(line.task for line in task_lists.inbox(uow, actor).items if line.task.case_id == case.id)
            page = task_lists.page(uow, actor, task.id)
        titles[case.id] = (task.name, next(f.title for f in page.form.fields if f.name == "why"), page.definition_version)
    assert titles == {old.id: ("Answer the terms", "Why not?", 1), new.id: ("Say yes or no", "Really?", 2)}
    for case in (old, new):
        library.complete("ben", case, "answer-terms", shelf.ACCEPT)
        assert library.names(case) == ["recall"]


def test_settings_are_pinned_while_labels_and_roles_are_live(library: World) -> None:
    old = acts.loan(library)
    library.deploy(shelf.library(changed={'default = "P7D"': 'default = "P14D"', 'label = "Librarian"': 'label = "Person at the desk"'}))
    new = acts.loan(library)
    for case, days in ((old, 7), (new, 14)):
        library.complete("ben", case, "answer-terms", shelf.ACCEPT)
        task = library.task(case, "recall")
        assert task.due_at is not None
        assert (task.due_at - task.created_at).days == days
        assert "anyone in the role Person at the desk" in library.page("lia", case).explanation.sentence


def test_a_right_taken_from_a_role_is_gone_for_running_cases_too(library: World) -> None:
    case = acts.loan(library)
    library.deploy(shelf.library(changed={'"instance.control", "audit.view"': '"audit.view"'}))
    with pytest.raises(Forbidden):
        acts.control(library, "kim", case, "suspend")


def test_one_changed_diagram_is_laid_over_the_live_pack(empty: Store) -> None:
    world = cast(empty, shelf.library(shelf.desk()))
    done = world.deploy({"mine.bpmn": reworded("Say yes or no")})
    assert ("loan", 2, True) in done.definitions
    case = acts.loan(world)
    assert world.task(case, "answer-terms").name == "Say yes or no"
    with world.store.reading() as uow:
        row = store.definitions.latest(uow, world.program.id, "loan")
    assert row is not None
    assert (row.pack, row.source) == ("library", reworded("Say yes or no"))


def test_a_change_waits_for_a_second_person(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=APPROVED))
    world.person("tia", "trustee")
    done = world.deploy({"mine.bpmn": reworded("Say yes or no")}, by="tom", sandbox=False)
    assert done.deployment.state is DeploymentState.PENDING
    assert versions(world, "loan") == [(1, "active"), (2, "pending")]
    assert world.task(acts.loan(world), "answer-terms").name == "Answer the terms"
    with pytest.raises(Excluded):
        decide(world, "tom", done, True)
    for name in ("lia", "ben"):
        with pytest.raises(Forbidden):
            decide(world, name, done, True)
    decide(world, "tia", done, True)
    assert versions(world, "loan") == [(1, "active"), (2, "active")]
    assert world.task(acts.loan(world), "answer-terms").name == "Say yes or no"
    with pytest.raises(Conflict):
        decide(world, "ada", done, False)


def test_a_rejected_change_starts_nothing_and_can_be_sent_again(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=APPROVED))
    world.person("tia", "trustee")
    files = {"mine.bpmn": reworded("Say yes or no")}
    done = world.deploy(files, by="tom", sandbox=False)
    decide(world, "tia", done, False, "CANARY-reason")
    assert world.task(acts.loan(world), "answer-terms").name == "Answer the terms"
    again = world.deploy(files, by="tom", sandbox=False)
    assert again.deployment.state is DeploymentState.PENDING
    decide(world, "tia", again, True)
    assert world.task(acts.loan(world), "answer-terms").name == "Say yes or no"
    with world.store.reading() as uow:
        assert "CANARY" not in str(store.audit.chain(uow, world.program.id))


def test_a_pack_is_approved_under_the_rules_of_the_active_one(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=APPROVED))
    done = world.deploy(shelf.library(), by="tom", sandbox=False)
    assert done.deployment.state is DeploymentState.PENDING


def test_somebody_without_the_right_deploys_nothing(library: World) -> None:
    with pytest.raises(Forbidden):
        library.deploy({"mine.bpmn": reworded("Mine")}, by="lia")
    with pytest.raises(Forbidden):
        library.deploy({"bare.bpmn": process(start(), end(), go="start > end", key="bare")}, by="tom")
    assert versions(library, "loan") == [(1, "active")]


def test_a_refused_deployment_stores_nothing(library: World) -> None:
    broken = {"bad.bpmn": process(start(), user("a"), end(), go="start > a > nowhere", key="bad"), "good.bpmn": shelf.desk()}
    assert refused(library, broken) != set()
    assert (versions(library, "bad"), versions(library, "desk")) == ([], [])


def test_calls_in_a_circle_are_refused(library: World) -> None:
    assert "cyclic-call" in {code for _, code in refused(library, {"a.bpmn": calling("a", "b"), "b.bpmn": calling("b", "a")})}


def test_a_missing_process_is_refused_by_name(library: World) -> None:
    assert ("call-ghost", "callee-missing") in refused(library, {"a.bpmn": calling("a", "ghost")})


def test_a_process_deployed_earlier_may_be_called_and_is_pinned(library: World) -> None:
    library.deploy({"b.bpmn": process(start(), user("first"), end(), go="start > first > end", key="b")}, by="ada")
    library.deploy({"a.bpmn": calling("a", "b")}, by="ada")
    library.deploy({"b.bpmn": process(start(), user("second"), end(), go="start > second > end", key="b")}, by="ada")
    with library.acting("ada") as (uow, actor):
        made = instances.start(uow, actor, "a", variables={})
        case = store.cases.get(uow, made.case_id)
    assert library.names(case) == ["first"]


def test_a_bare_definition_is_worked_by_administrators_only(library: World) -> None:
    library.deploy({"b.bpmn": process(start(), user("first"), end(), go="start > first > end", key="b")}, by="ada")
    for name in ("lia", "kim", "tom", "ben"):
        with pytest.raises((Forbidden, NotFound)), library.acting(name) as (uow, actor):
            instances.start(uow, actor, "b", variables={})
    with library.acting("ada") as (uow, actor):
        made = instances.start(uow, actor, "b", variables={"anything": [1, 2]})
        case = store.cases.get(uow, made.case_id)
    library.complete("ada", case, "first", {"more": {"a": 1}})
    found = acts.instance(library, case)
    assert (found.state, acts.variables(library, "ada", found)) == ("completed", {"anything": [1, 2], "more": {"a": 1}})


def test_definitions_are_listed_with_what_runs(library: World) -> None:
    acts.loan(library)
    library.deploy({"mine.bpmn": reworded("Say yes or no")}, by="tom")
    acts.loan(library)
    with library.reading("tom") as (uow, actor):
        (line,) = definitions.list_(uow, actor).items
        assert definitions.source(uow, actor, "loan", 1) == shelf.library()["loan.bpmn"]
    assert (line.definition.version, line.running, line.versions) == (2, 2, 2)
    assert dict(line.running_by_version) == {1: 1, 2: 1}
    assert replace(line.definition, source=b"").key == "loan"
