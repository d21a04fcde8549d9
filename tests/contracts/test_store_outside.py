"""Outside work and the hosts that webhooks may call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import store
from engine.model.errors import Conflict, NotFound
from engine.model.outside import Host, OutsideJob, OutsideState
from engine.model.states import InstanceState
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh

HOUR = timedelta(hours=1)


def job(world: World, **fields: Any) -> OutsideJob:
    made = OutsideJob(
        fresh(), world.program.id, world.case.id, world.instance.id, "library", fresh(), "lending", "Price", "Ask", "price",
        OutsideState.AVAILABLE, 3, 3, 0, "10 60", 300, START, START, {"inputs": {"a": "wörds"}},
    )  # fmt: skip
    return replace(made, **fields)


def taken(uow: UnitOfWork, now: datetime = START, **more: Any) -> list[str]:
    return [one.id for one in store.outside_jobs.to_take(uow, ["price"], now, 10, **more)]


def test_a_job_comes_back_whole(uow: UnitOfWork, world: World) -> None:
    made = job(world)
    store.outside_jobs.insert_many(uow, [made])
    assert store.outside_jobs.find(uow, made.id) == made
    held = replace(made, lock_owner="w", lock_person="p", locked_until=START + HOUR, due_at=START + HOUR, attempts=1, body={"note": "x"})
    store.outside_jobs.update(uow, held)
    assert store.outside_jobs.lock(uow, made.id) == held
    assert store.outside_jobs.find(uow, fresh()) is None
    with pytest.raises(NotFound):
        store.outside_jobs.update(uow, job(world))


def test_a_token_has_one_job(uow: UnitOfWork, world: World) -> None:
    made = job(world)
    store.outside_jobs.insert_many(uow, [made])
    with pytest.raises(Conflict):
        store.outside_jobs.insert_many(uow, [job(world, token_id=made.token_id)])


def test_only_what_is_due_and_available_can_be_taken_the_longest_due_first(uow: UnitOfWork, world: World) -> None:
    late, soon = job(world, due_at=START - HOUR), job(world)
    others = [job(world, due_at=START + HOUR), job(world, type="other"), *(job(world, state=state) for state in list(OutsideState)[1:])]
    store.outside_jobs.insert_many(uow, [soon, late, *others])
    assert taken(uow) == [late.id, soon.id]
    assert [one.id for one in store.outside_jobs.to_take(uow, ["price", "other"], START, 1)] == [late.id]
    assert store.outside_jobs.next_due_at(uow, ["price"]) == START - HOUR
    assert store.outside_jobs.next_due_at(uow, ["nothing"]) is None


def test_who_takes_gets_what_is_theirs(uow: UnitOfWork, world: World) -> None:
    own, bare = job(world), job(world, pack=None)
    store.outside_jobs.insert_many(uow, [own, bare])
    assert taken(uow, packs=["library"]) == [own.id]
    assert taken(uow, packs=[]) == []
    assert taken(uow, program_id="elsewhere") == []
    assert taken(uow, not_case_ids=[world.case.id]) == []
    assert len(taken(uow, program_id=world.program.id)) == 2


def test_jobs_of_a_suspended_instance_wait(uow: UnitOfWork, world: World) -> None:
    store.outside_jobs.insert_many(uow, [job(world)])
    paused = replace(world.instance, state=InstanceState.SUSPENDED, version=2)
    store.instances.save(uow, paused, 1)
    assert (taken(uow), store.outside_jobs.next_due_at(uow, ["price"])) == ([], None)


def test_jobs_are_listed_newest_first(uow: UnitOfWork, world: World) -> None:
    old, new = job(world), job(world, created_at=START + DAY, state=OutsideState.FAILED, type="other", pack=None)
    store.outside_jobs.insert_many(uow, [old, new])
    listed = store.outside_jobs.list_
    first = listed(uow, world.program.id, limit=1)
    assert first.items == (new,)
    assert listed(uow, world.program.id, cursor=first.next).items == (old,)
    assert listed(uow, world.program.id, state=OutsideState.FAILED, type="other", instance_id=world.instance.id).items == (new,)
    assert listed(uow, world.program.id, packs=["library"]).items == (old,)
    assert listed(uow, world.program.id, not_case_ids=[world.case.id]).items == ()
    assert listed(uow, "elsewhere").items == ()


def test_what_is_open_of_an_instance_is_cancelled_with_it_and_forgotten_later(uow: UnitOfWork, world: World) -> None:
    open_, failed, done = job(world), job(world, state=OutsideState.FAILED), job(world, state=OutsideState.COMPLETED, ended_at=START)
    store.outside_jobs.insert_many(uow, [open_, failed, done])
    assert {one.id for one in store.outside_jobs.open_of_instance(uow, world.instance.id)} == {open_.id, failed.id}
    assert store.outside_jobs.cancel_of_instance(uow, world.instance.id, START + DAY) == 2
    assert store.outside_jobs.open_of_instance(uow, world.instance.id) == ()
    assert store.outside_jobs.prune(uow, START + HOUR) == 1
    assert store.outside_jobs.prune(uow, START + 2 * DAY) == 2


def test_pauses_grow_as_said_and_the_last_one_stays(world: World) -> None:
    assert [job(world, retries=5, retries_left=left).pause().total_seconds() for left in (5, 4, 3, 1)] == [10, 60, 60, 60]
    assert job(world, backoff="").pause() == timedelta(0)


def test_hosts_are_kept_once_by_name_and_port(uow: UnitOfWork, world: World) -> None:
    host = Host(fresh(), world.program.id, "hooks.example.org", 443, False, START, None)
    store.hosts.insert(uow, host)
    other = replace(host, id=fresh(), port=8443)
    store.hosts.insert(uow, other)
    assert store.hosts.all(uow, world.program.id) == (host, other)
    assert store.hosts.find(uow, world.program.id, "hooks.example.org", 8443) == other
    assert store.hosts.find(uow, "elsewhere", "hooks.example.org", 443) is None
    assert store.hosts.get(uow, host.id) == host
    assert (store.hosts.delete(uow, host.id), store.hosts.delete(uow, host.id)) == (True, False)
    with pytest.raises(Conflict):
        store.hosts.insert(uow, replace(other, id=fresh()))
