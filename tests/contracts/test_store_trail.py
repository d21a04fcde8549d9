"""The audit trail, seals, idempotency keys and what the installation remembers."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from engine import store
from engine.model.errors import Conflict
from engine.model.trail import AuditEntry, Seal
from engine.store import UnitOfWork
from engine.store.audit import Head
from tests.contracts.cast import DAY, START, World, fresh


def _entry(world: World, seq: int, **fields: Any) -> AuditEntry:
    made = AuditEntry(
        fresh(), world.program.id, world.case.id, seq, START, "element_completed", world.ana.id, None, "web",
        world.case.id, world.instance.id, None, "lending", "Check", None, {"fields": ["a"]}, b"salt", "digest",
        f"hash-{seq - 1}" if seq > 1 else None, f"hash-{seq}",
    )  # fmt: skip
    return replace(made, **fields)


def test_a_chain_goes_on_from_its_head(uow: UnitOfWork, world: World) -> None:
    assert store.audit.head(uow, world.program.id, world.case.id) is None
    entries = [_entry(world, 1), _entry(world, 2)]
    store.audit.append(uow, entries)
    assert store.audit.head(uow, world.program.id, world.case.id) == Head(world.case.id, 2, "hash-2")
    assert store.audit.chain(uow, world.case.id) == tuple(entries)
    outside = _entry(world, 1, chain=world.program.id, case_id=None, hash="p")
    store.audit.append(uow, [outside])
    assert set(store.audit.heads(uow, world.program.id)) == {Head(world.program.id, 1, "p"), Head(world.case.id, 2, "hash-2")}


def test_nobody_links_to_the_same_head_twice(uow: UnitOfWork, world: World) -> None:
    store.audit.append(uow, [_entry(world, 1)])
    assert not store.audit.append(uow, [_entry(world, 1), _entry(world, 2)])
    assert [entry.seq for entry in store.audit.chain(uow, world.case.id)] == [1]


def test_entries_are_listed_by_instance_case_and_event(uow: UnitOfWork, world: World) -> None:
    entered = _entry(world, 1, event="element_entered", instance_id=None)
    done, again = _entry(world, 2), _entry(world, 3, element_id="Other")
    store.audit.append(uow, [entered, done, again])
    listed = store.audit.list_
    first = listed(uow, world.program.id, case_id=world.case.id, limit=2)
    assert first.items == (entered, done)
    assert listed(uow, world.program.id, case_id=world.case.id, cursor=first.next).items == (again,)
    assert listed(uow, world.program.id, instance_id=world.instance.id).items == (done, again)
    assert listed(uow, world.program.id, event="element_entered").items == (entered,)
    assert listed(uow, world.program.id, newest_first=True, limit=1).items == (again,)
    assert store.audit.completed_elements(uow, world.instance.id) == {("lending", "Check"), ("lending", "Other")}


def test_threads_that_append_to_one_chain_make_one_chain(database: store.Store, world: World) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        for _ in range(10):
            try:
                with database.unit_of_work() as uow:
                    head = store.audit.head(uow, world.program.id, world.case.id)
                    store.audit.append(uow, [_entry(world, head.seq + 1 if head else 1)])
                    uow.commit()
            except BaseException as error:  # noqa: BLE001 - told to the test's thread
                failed.append(error)

    running = [threading.Thread(target=work) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert failed == []
    with database.reading() as uow:
        entries = store.audit.chain(uow, world.case.id)
    assert [(entry.seq, entry.previous) for entry in entries[1:]] == [(n, f"hash-{n - 1}") for n in range(2, 41)]


def test_seals_count_on(uow: UnitOfWork, world: World) -> None:
    seals = [Seal(fresh(), world.program.id, seq, START, [["c", "h"]], None, "s") for seq in (1, 2)]
    assert store.seals.latest(uow, world.program.id) is None
    for seal in seals:
        store.seals.insert(uow, seal)
    assert store.seals.latest(uow, world.program.id) == seals[1]
    assert store.seals.list_(uow, world.program.id) == tuple(seals)


def test_an_idempotency_key_has_one_answer_until_it_is_forgotten(uow: UnitOfWork, world: World) -> None:
    store.idempotency.put(uow, "k", "account", "print", 201, {"id": "x"}, START)
    answer = store.idempotency.get(uow, "k", "account")
    assert answer is not None
    assert (answer.fingerprint, answer.status, answer.body, answer.at) == ("print", 201, {"id": "x"}, START)
    assert store.idempotency.get(uow, "k", "another") is None
    assert store.idempotency.prune(uow, START) == 0
    assert store.idempotency.prune(uow, START + DAY) == 1
    assert store.idempotency.get(uow, "k", "account") is None


def test_an_idempotency_key_is_not_answered_twice(uow: UnitOfWork, world: World) -> None:
    store.idempotency.put(uow, "k", "account", "print", 201, None, START)
    with pytest.raises(Conflict):
        store.idempotency.put(uow, "k", "account", "print", 201, None, START)


def test_the_installation_remembers_texts(uow: UnitOfWork, world: World) -> None:
    assert store.meta.get(uow, "secret") is None
    assert store.meta.put_new(uow, "secret", "a") == "a"
    assert store.meta.put_new(uow, "secret", "b") == "a"
    store.meta.put(uow, "secret", "c")
    assert store.meta.get(uow, "secret") == "c"
