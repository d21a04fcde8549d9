"""Random changes of the library with cases in random states: what was rehearsed happens, undo brings the same states back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import ParleyError
from engine.model.migration import CaseFate, Fate
from engine.model.states import MigrationRowState
from engine.operations.content import drafts
from engine.operations.releasing import rehearsals
from engine.operations.running import crossing
from engine.operations.tasks import user_tasks
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.test_migration import LOAN, instance, longer, migrate, progress, renamed, rows, undo
from tests.world import World

Files = dict[str, bytes]
REMIND = (
    b'<bpmn:boundaryEvent id="remind" name="Ask again" attachedToRef="answer-terms" cancelActivity="false"><bpmn:timerEventDefinition>'
    b"<bpmn:timeCycle>R3/P2D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    b'<bpmn:userTask id="phone" name="Phone" parley:role="librarian" parley:due="P1D"/><bpmn:endEvent id="phoned"/>'
    b'<bpmn:sequenceFlow id="r1" sourceRef="remind" targetRef="phone"/><bpmn:sequenceFlow id="r2" sourceRef="phone" targetRef="phoned"/>'
)
#: how each form is filled in
FILLED: dict[str, Mapping[str, object]] = {"loan-terms": shelf.ACCEPT, "loan-return": {"damaged": False}}
STEPS: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("ben", "answer-terms", shelf.ACCEPT),
    ("lia", "recall", {}),
    ("cor", "check-return", {"damaged": False}),
)
RECALLED = b'<bpmn:messageEventDefinition id="called-back-message" messageRef="recalled"/>'


def swapped(old: bytes, new: bytes) -> Callable[[Files], Files]:
    """A change that replaces a passage of the loan."""

    def change(files: Files) -> Files:
        assert old in files[LOAN]
        return {**files, LOAN: files[LOAN].replace(old, new, 1)}

    return change


CHANGES: tuple[Callable[[Files], Files], ...] = (
    longer,
    renamed,
    lambda files: renamed(files, "check-return", "look-at-the-book"),
    lambda files: renamed(files, "called-back", "asked-back"),
    swapped(b'name="Wait for the book"', b'name="Wait for the book" parley:role="keeper"'),
    swapped(b'name="Check the book"', b'name="Look at the book"'),
    swapped(b"<bpmn:userTask", REMIND + b"<bpmn:userTask"),
    swapped(RECALLED, b"<bpmn:timerEventDefinition><bpmn:timeDuration>P9D</bpmn:timeDuration></bpmn:timerEventDefinition>"),
)


def somewhere(world: World, random: Random) -> Case:
    """A loan in a random state: at any of its tasks, claimed or not, with a draft or not."""
    case = acts.loan(world)
    for who, element, data in STEPS[: random.randint(0, 3)]:
        world.complete(who, case, element, data)
    task = world.open_tasks(case)[0]
    if task.element_id == "answer-terms" and random.random() < 0.5:
        with world.acting("ben") as (uow, actor):
            drafts.save(uow, actor, task.id, {"answer": "yes"})
    if task.element_id == "recall" and random.random() < 0.5:
        with world.acting("lia") as (uow, actor):
            user_tasks.claim(uow, actor, task.id)
    return case


def finish(world: World, case: Case) -> None:
    """Whoever may complete a task does, until the case is over."""
    for _ in range(20):
        if not world.open_tasks(case):
            break
        task = world.open_tasks(case)[0]
        data: Mapping[str, object] = FILLED.get(task.form or "", {})
        assert any(_completed(world, name, task.id, data) for name in ("ben", "lia", "cor", "kim", "kit")), task
    assert instance(world, case).state == "completed"


def _completed(world: World, name: str, task_id: str, data: Mapping[str, object]) -> bool:
    try:
        with world.acting(name) as (uow, actor):
            user_tasks.complete(uow, actor, task_id, data)
    except ParleyError:
        return False
    return True


def foretold(case: CaseFate, *, stays: bool = False) -> dict[str, str]:
    """Where a rehearsal says that the instance's user tasks will stand, by their tokens."""
    tasks = [token for token in case.tokens if token.element_type == "userTask" and token.fate is not Fate.DROPPED]
    return {token.token_id: token.element_id if stays else token.to or token.element_id for token in tasks}


def standing(world: World, case: CaseFate) -> dict[str, str]:
    """Where its user tasks stand."""
    with world.store.reading() as uow:
        found = store.user_tasks.open_of_case(uow, case.case_id)
    return {task.token_id: task.element_id for task in found if task.instance_id == case.instance_id}


@pytest.mark.parametrize("seed", range(6))
def test_what_was_rehearsed_happens_and_undo_brings_the_same_hashes_back(either: Store, seed: int) -> None:
    random = Random(seed)
    world = cast(either, shelf.library())
    cases = [somewhere(world, random) for _ in range(6)]
    files = shelf.library()
    for change in random.sample(CHANGES, random.randint(1, 3)):
        files = change(files)
    world.deploy(files)
    before = [(crossing.digest(instance(world, case).state_blob), rows(world, case)) for case in cases]
    mapping: dict[str, str] | None = random.choice([None, {}])
    with world.reading("kim") as (uow, actor):
        rehearsed = rehearsals.rehearse(uow, actor, "loan", 1, 2, mapping).cases
    assert rehearsed is not None
    found = migrate(world, mapping)
    stranded = {one.instance_id for one in rehearsed if one.fate is Fate.STRANDED}
    went = progress(world, found).cases
    assert went is not None
    assert {one.instance_id for one in went if one.state is MigrationRowState.STRANDED} == stranded
    assert {one.state for one in went} <= {MigrationRowState.STRANDED, MigrationRowState.MIGRATED}
    for one in rehearsed:
        assert standing(world, one) == (foretold(one) if one.fate is not Fate.STRANDED else foretold(one, stays=True))
    undo(world, found)
    assert [(crossing.digest(instance(world, case).state_blob), rows(world, case)) for case in cases] == before
    migrate(world, mapping)
    for case in cases:
        finish(world, case)
    assert acts.chain_holds(world)
