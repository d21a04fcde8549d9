"""Made-up cases: the same for the same seed, each act one that people could have done, nothing lost on the way."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from api import cli
from api.synthetic import progress
from api.synthetic.draws import Draw
from api.synthetic.plans import Rule
from engine import bpmn, clock, store
from engine.model.cases import Case
from engine.model.instances import Rung, places_read
from engine.model.states import CaseState, InstanceState, TimerKind, UserTaskState
from engine.operations import live
from engine.operations.rounds import sweeps
from engine.operations.running import surroundings, turns
from engine.store import Store, UnitOfWork
from tests import synthetic
from tests.synthetic import Image, Played

FEW = 8
KILLS = 50
#: how closed cases end (a few cases go other ways than drawn), and how far 300 of them may lie aside
_SHARES = {
    "full_agreement": 0.27,
    "partial_agreement": 0.04,
    "no_agreement": 0.15,
    "declined": 0.18,
    "no_response": 0.12,
    "presettled": 0.07,
    "withdrawn_party": 0.065,
    "no_show": 0.05,
    "screened_out": 0.038,
    "out_of_scope": 0.02,
    "terminated_mediator": 0.009,
}
_ASIDE = 0.06
#: nobody does anything for so long
ALONE = timedelta(days=21)


class Killed(BaseException):
    """The process ends here, without another word."""


# ------------------------------------------------------------------------------------------------------------ how they are made


def test_the_same_seed_gives_the_same_cases_whatever_is_written_in_them() -> None:
    plain, marked = synthetic.play(FEW, seed=7), synthetic.play(FEW, seed=7, mark="CANARY")
    assert _told(plain) == _told(marked)
    assert len(_told(plain)) == FEW
    assert b"CANARY-0-" in marked.content
    assert b"CANARY-0-" not in plain.content


def test_another_seed_gives_other_cases() -> None:
    assert _told(synthetic.play(1, seed=7)) != _told(synthetic.play(1, seed=8))


def test_what_nobody_in_particular_has_to_do_is_done_by_the_first_who_has_not_left() -> None:
    plan = synthetic.the_plan()
    sure: Mapping[str, object] = {"size": "3", "course": "met", "category": "neighbours", "risk": "r0", "language": "en"}
    drawn = tuple(Draw(one.name, "value", sure[one.name]) if one.name in sure else one for one in plan.draws)
    refusing = Rule("answer_consent_request", when="=party.number = 1", by="party", like="consent", data={"voluntary": "refuse"})
    consenting = Rule("answer_consent_request", by="party", like="consent")
    leaving = Rule("schedule_session", by="party", send="ConsentWithdrawn")
    rules = {**plan.rules, refusing.at: (refusing, consenting), leaving.at: (leaving,)}
    opened = store.private(synthetic.play(1, seed=7, plan=replace(plan, draws=drawn, rules=rules)).content)
    with opened.reading() as uow:
        (program,) = store.programs.all(uow)
        (case,) = store.cases.list_(uow, program.id, limit=100).items
        sent = [one.details["participant"] for one in store.audit.chain(uow, case.id) if one.event == "message_sent"]
        assert [store.participants.get(uow, one).position for one in sent] == [2]
    opened.close()


def _told(image: Image) -> dict[str, list[tuple[str, ...]]]:
    """By case number what happened when."""
    opened = store.private(image.content)
    with opened.reading() as uow:
        found = store.cases.list_(uow, image.program.id, limit=100).items
        chains = {case.number: store.audit.chain(uow, case.id) for case in found}
    opened.close()
    return {number: [(str(entry.at), entry.event, entry.element_id or "") for entry in chain] for number, chain in chains.items()}


def test_many_cases_are_not_added_to_a_demo_that_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo.sqlite").write_bytes(b"")
    assert cli.main(["demo", "--cases", "5", "--data", str(tmp_path), "--port", "0"]) == 1
    assert "There is a demo in" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-3", "100001", "many"])
def test_how_many_cases_is_a_number_within_reason(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["demo", f"--cases={number}"])
    assert "--cases" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------------- what they are like


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """Some cases, only read."""
    with synthetic.cases_played() as found:
        yield found


def test_cases_end_in_many_ways_and_some_go_on(played: Played) -> None:
    with played.store.reading() as uow:
        found = store.cases.list_(uow, played.program.id, limit=100).items
        incidents = store.figures.open_incidents(uow)
    assert len(found) == synthetic.SOME
    assert len({case.outcome for case in found}) >= 5
    assert any(case.state is CaseState.OPEN for case in found)
    assert incidents == 0


def test_every_token_that_waits_has_its_row_and_every_row_its_token(played: Played) -> None:
    with played.store.reading() as uow, clock.within(played.clock):
        waiting = Counter[str]()
        for case in store.cases.list_(uow, played.program.id, limit=100).items:
            tasks, timers = store.user_tasks.open_of_case(uow, case.id), store.timers.of_case(uow, case.id)
            for instance in store.instances.of_case(uow, case.id):
                runs = instance.state is InstanceState.RUNNING
                loaded = turns.load(uow, played.program.id, instance.id)
                env = surroundings.env(uow, loaded.definition, loaded.case, instance.id)
                standing = bpmn.restore(live.compiled(uow, loaded.definition), env, instance.state_blob).standing()
                rows = {one.token_id for one in tasks if one.instance_id == instance.id}
                assert rows == (set(standing.tasks) if runs else set())
                due = {one.token_id: one.due_at for one in timers if one.instance_id == instance.id and one.kind is TimerKind.EVENT}
                assert due == (dict(standing.timers) if runs else {})
                stand = bpmn.places_of(live.compiled(uow, loaded.definition), env, instance.state_blob)
                assert not runs or places_read(instance.places or "") == stand
                waiting.update(task.element_id for task in tasks if task.instance_id == instance.id)
    assert waiting.total() > 5


# ------------------------------------------------------------------------------------------------------------------ being killed


def test_each_rung_fires_once_although_the_process_is_killed_again_and_again() -> None:
    with synthetic.cases_played() as undisturbed:
        sweeps.advance(undisturbed.store, undisturbed.clock, ALONE)
        expected, told = Counter(_places(undisturbed.store)), _notices(undisturbed.store)
    with synthetic.cases_played() as played:
        assert _advance_while_killed(played, clock.now() + ALONE) == 0
        assert Counter(_places(played.store)) == expected
        assert _notices(played.store) == told
        fired = Counter((rung.task_id, rung.position, rung.due_at) for rung in _rungs(played.store))
    assert set(fired.values()) == {1}


def _advance_while_killed(played: Played, end: datetime) -> int:
    """Let time pass up to a moment; gives how many of the kills are left. What was committed is all that the next process finds."""
    rng, left = random.Random(1), KILLS
    while clock.now() < end:
        try:
            with _killed(played.store, rng, left):
                sweeps.advance(played.store, played.clock, end - clock.now())
        except Killed:
            left -= 1
            image = played.store.image()
            played.store.close()
            played.store = store.private(image)
    return left


@contextmanager
def _killed(opened: Store, rng: random.Random, left: int) -> Iterator[None]:
    """At one of the next moments the process ends: when a transaction begins, or right before its commit."""
    (engine,) = opened.engines
    countdown = rng.randrange(1, 12) if left else -1

    def reached(_connection: object) -> None:
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            raise Killed

    for moment in ("begin", "commit"):
        event.listen(engine, moment, reached)
    try:
        yield
    finally:
        for moment in ("begin", "commit"):
            event.remove(engine, moment, reached)


def _rungs(opened: Store) -> list[Rung]:
    """Each rung that acted or was passed over."""
    with opened.reading() as uow:
        (program,) = store.programs.all(uow)
        return [rung for case in store.cases.list_(uow, program.id, limit=100).items for rung in store.rungs.of_case(uow, case.id)]


def _places(opened: Store) -> list[tuple[str, ...]]:
    """The same by case, step and moment; tasks of several people at one step are told together."""
    rungs = _rungs(opened)
    with opened.reading() as uow:
        elements = {rung.task_id: store.user_tasks.get(uow, rung.task_id).element_id for rung in rungs}
    return [(one.case_id, elements[one.task_id], one.rule, str(one.position), str(one.due_at), one.state) for one in rungs]


def _notices(opened: Store) -> Counter[tuple[str, ...]]:
    """What people were told, and when."""
    with opened.reading() as uow:
        (program,) = store.programs.all(uow)
        found = [notice for case in store.cases.list_(uow, program.id, limit=100).items for notice in store.notices.of_case(uow, case.id)]
    return Counter((one.case_id or "", one.recipient_id, one.template, str(one.at)) for one in found)


# -------------------------------------------------------------------------------------------------------------- the whole set


def test_the_whole_set_ends_in_the_shares_and_times_that_programs_publish() -> None:
    with synthetic.cases_played(synthetic.ALL) as played, played.store.reading() as uow:
        found = [case for page in _pages(uow, played) for case in page]
        met = {case.id for case in found if "first_session" in {one.code for one in store.milestones.of_case(uow, case.id)}}
        reviews = [
            task
            for case in found
            for task in store.user_tasks.of_case(uow, case.id, state=UserTaskState.COMPLETED)
            if task.element_id == "review_case"
        ]
    closed = [case for case in found if case.state is CaseState.CLOSED]
    shares = {outcome: count / len(closed) for outcome, count in Counter(case.outcome for case in closed).items()}
    assert len(found) == synthetic.ALL
    assert 10 <= len(found) - len(closed) <= 60
    assert shares.keys() == _SHARES.keys()
    assert {outcome: share for outcome, share in shares.items() if abs(share - _SHARES[outcome or ""]) > _ASIDE} == {}
    agreed = sum(case.outcome in ("full_agreement", "partial_agreement") for case in closed) / sum(case.id in met for case in closed)
    assert 0.58 <= agreed <= 0.76
    late = sum(task.ended_at > task.due_at for task in reviews if task.ended_at and task.due_at) / len(reviews)
    assert 0.04 <= late <= 0.2


def _pages(uow: UnitOfWork, played: Played) -> Iterator[tuple[Case, ...]]:
    cursor = None
    while True:
        page = store.cases.list_(uow, played.program.id, limit=200, cursor=cursor)
        yield page.items
        cursor = page.next
        if cursor is None:
            return


def test_where_there_is_no_terminal_a_line_now_and_then_tells_how_far_it_is() -> None:
    out = io.StringIO()
    with progress.shown("Playing", 40, out) as tell:
        for done in range(41):
            tell(done)
    lines = out.getvalue().splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("Playing: 0 of 40", "Playing: 40 of 40", 21)
