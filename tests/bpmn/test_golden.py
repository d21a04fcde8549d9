"""States written by released versions stay readable. Never change a golden file: add one for each format."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import compile, restore, waits
from engine.model.execution import Closure, Env, RunStatus
from tests.bpmn.drawing import START

GOLDEN = Path(__file__).parent / "golden"
FORMATS = sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_a_state_of_an_earlier_version_is_read_and_runs_to_its_end(name):
    """The golden process holds one of everything that a state can remember."""
    folder = GOLDEN / name
    sources = {path.stem: path.read_bytes() for path in folder.glob("*.bpmn")}
    compiled = compile(Closure("main", f"golden {name}", sources))
    env = Env(START, {"case": {"id": "case-1"}}, max_seconds=60)
    state = (folder / "state.json").read_bytes()
    found = sorted((wait.element_id, str(wait.kind)) for wait in waits(compiled, env, state))
    assert found == [
        ("again", "user_task"),
        ("ask", "user_task"),
        ("ask", "user_task"),
        ("board", "timer"),
        ("each", "user_task"),
        ("es", "signal"),
        ("gate", "event_gateway"),
        ("hello", "message"),
        ("join", "join"),
        ("late", "timer"),
        ("slow", "timer"),
        ("stuck", "incident"),
        ("when", "condition"),
    ]
    execution = restore(compiled, env, state)
    execution.set_variables({"way": True})
    execution.retry()
    turn = execution.turn()
    while turn.status == RunStatus.RUNNING:
        execution = restore(compiled, env, turn.state)
        message = next((s for s in turn.subscriptions if s.name == "hello"), None)
        if message is not None:
            execution.deliver(message.token_id, {"greeting": "hi"})
        elif turn.tasks:
            execution.complete(turn.tasks[0].token_id, {"n": 9})
        else:
            execution.fire_timer(turn.timers[0].token_id)
        turn = execution.turn()
    assert (str(turn.status), turn.end_event) == ("completed", "end")
    assert turn.variables["answers"] == [1, 2, 3]
    assert turn.variables["greeting"] == "hi"


JOBS = Path(__file__).parent / "golden-jobs"


@pytest.mark.parametrize("name", sorted(path.name for path in JOBS.iterdir()))
def test_outside_work_that_an_earlier_version_left_is_answered_by_this_one(name):
    folder = JOBS / name
    compiled = compile(Closure("main", f"golden jobs {name}", {"main": (folder / "main.bpmn").read_bytes()}))
    env = Env(START, {"case": {"id": "case-1"}}, max_seconds=60)
    execution = restore(compiled, env, (folder / "state.json").read_bytes())
    execution.retry()
    turn = execution.turn()
    left = {job.element_id: job for job in turn.jobs}
    assert (left["price"].inputs, left["price"].retries, left["price"].item) == ({"shelf": 2}, 2, 2)
    assert (left["lost"].inputs, left["lost"].retries, left["lost"].item) == ({"n": 7}, 3, None)
    for job, found in ((left["price"], {"price": "b"}), (left["lost"], {"m": 1})):
        execution.complete_job(job.token_id, found)
    ended = execution.turn()
    assert (ended.status, ended.variables["prices"], ended.variables["m"]) == (RunStatus.COMPLETED, ["a", "b"], 1)
