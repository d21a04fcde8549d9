"""Units of work: what commits, what rolls back, and what happens when several write at once."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from engine import store as nouns
from engine.model.errors import BadRequest, Conflict, StaleVersion
from engine.model.ids import new_id
from engine.store import Store, count_statements
from tests.contracts.cast import START, World


def test_leaving_without_commit_rolls_back(store: Store, world: World) -> None:
    with store.unit_of_work() as uow:
        nouns.persons.insert(uow, world.person("Dora"))
    with store.reading() as uow:
        assert nouns.persons.search(uow, world.program.id, "dora") == ()


def test_an_error_rolls_back(store: Store, world: World) -> None:
    def insert_and_fail() -> None:
        with store.unit_of_work() as uow:
            nouns.persons.insert(uow, world.person("Dora"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        insert_and_fail()
    with store.reading() as uow:
        assert nouns.persons.search(uow, world.program.id, "dora") == ()


def test_a_commit_is_seen_by_the_next_reader_and_happens_once(store: Store, world: World) -> None:
    with store.unit_of_work() as uow:
        nouns.persons.insert(uow, world.person("Dora"))
        uow.commit()
        with pytest.raises(RuntimeError):
            uow.commit()
        with pytest.raises(RuntimeError):
            nouns.persons.search(uow, world.program.id, "dora")
    with store.reading() as uow:
        assert [person.name for person in nouns.persons.search(uow, world.program.id, "dora")] == ["Dora"]


def test_effects_run_after_the_commit_in_order_and_a_failing_one_breaks_nothing(
    store: Store, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    happened: list[object] = []

    def look() -> None:
        with store.reading() as other:
            happened.append([person.name for person in nouns.persons.search(other, world.program.id, "dora")])

    def fail() -> None:
        raise ZeroDivisionError

    with store.unit_of_work() as uow, caplog.at_level(logging.ERROR):
        nouns.persons.insert(uow, world.person("Dora"))
        for effect in (look, fail, lambda: happened.append("last")):
            uow.on_commit(effect)
        assert happened == []
        uow.commit()
    assert happened == [["Dora"], "last"]
    assert "effect failed" in caplog.text


def test_effects_do_not_run_without_a_commit(store: Store) -> None:
    happened: list[str] = []
    with store.unit_of_work() as uow:
        uow.on_commit(lambda: happened.append("effect"))
    assert happened == []


def test_a_reading_unit_of_work_can_neither_write_nor_commit(store: Store, world: World) -> None:
    with store.reading() as uow:
        with pytest.raises(RuntimeError):
            uow.commit()
        with pytest.raises(Exception, match=r"readonly|read-only"):
            nouns.meta.put(uow, "secret", "x")


def test_a_reader_sees_one_state_throughout_and_does_not_wait_for_a_writer(store: Store, world: World) -> None:
    with store.reading() as reader:
        before = nouns.cases.get(reader, world.case.id)
        with store.unit_of_work() as writer:
            nouns.cases.update(writer, replace(world.case, status="moved"))
            assert nouns.cases.get(reader, world.case.id) == before
            writer.commit()
        assert nouns.cases.get(reader, world.case.id) == before
    with store.reading() as later:
        assert nouns.cases.get(later, world.case.id).status == "moved"


def test_a_saved_instance_is_refused_over_a_version_that_is_gone(store: Store, world: World) -> None:
    with store.unit_of_work() as uow:
        nouns.instances.save(uow, replace(world.instance, version=2, state_blob=b"new"), 1)
        with pytest.raises(StaleVersion):
            nouns.instances.save(uow, replace(world.instance, version=2, state_blob=b"other"), 1)
        uow.commit()
    with store.reading() as uow:
        assert nouns.instances.get(uow, world.instance.id).state_blob == b"new"


def test_threads_that_read_and_write_one_instance_lose_no_update(store: Store, world: World) -> None:
    rounds, threads = 15, 4
    lost: list[BaseException] = []

    def work() -> None:
        done = 0
        while done < rounds and not lost:
            try:
                with store.unit_of_work() as uow:
                    seen = nouns.instances.get(uow, world.instance.id)
                    count = int(seen.state_blob.decode())
                    changed = replace(seen, version=seen.version + 1, state_blob=str(count + 1).encode())
                    nouns.instances.save(uow, changed, seen.version)
                    uow.commit()
                done += 1
            except StaleVersion:
                continue
            except BaseException as error:  # noqa: BLE001 - told to the test's thread
                lost.append(error)

    with store.unit_of_work() as uow:
        nouns.instances.save(uow, replace(world.instance, version=2, state_blob=b"0"), 1)
        uow.commit()
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert lost == []
    with store.reading() as uow:
        after = nouns.instances.get(uow, world.instance.id)
    assert (after.state_blob, after.version) == (b"60", 62)


def test_two_stores_on_one_database_lose_no_update_either(store: Store, world: World) -> None:
    """As two processes would: nothing in memory is shared between them."""
    other = nouns.open(store.url)
    failed: list[BaseException] = []

    def count_up(opened: Store) -> None:
        try:
            done = 0
            while done < 20:
                with opened.unit_of_work() as uow:
                    seen = nouns.instances.get(uow, world.instance.id)
                    try:
                        nouns.instances.save(uow, replace(seen, version=seen.version + 1), seen.version)
                    except StaleVersion:
                        continue
                    uow.commit()
                done += 1
        except BaseException as error:  # noqa: BLE001 - told to the test's thread
            failed.append(error)

    running = [threading.Thread(target=count_up, args=[opened]) for opened in (store, other)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    other.close()
    assert failed == []
    with store.reading() as uow:
        assert nouns.instances.get(uow, world.instance.id).version == 41


def test_serials_drawn_by_several_threads_are_all_different(store: Store, world: World) -> None:
    drawn: list[int] = []

    def draw() -> None:
        for _ in range(10):
            with store.unit_of_work() as uow:
                serial = nouns.cases.next_serial(uow, world.program.id, 2027)
                uow.commit()
            drawn.append(serial)

    running = [threading.Thread(target=draw) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert sorted(drawn) == list(range(1, 41))


def test_text_that_cannot_be_stored_is_a_bad_request(store: Store, world: World) -> None:
    for name in ("lone \ud800 surrogate",):
        with store.unit_of_work() as uow, pytest.raises(BadRequest):
            nouns.persons.insert(uow, world.person(name))


def test_a_broken_constraint_is_a_conflict(store: Store, world: World) -> None:
    with store.unit_of_work() as uow, pytest.raises(Conflict):
        nouns.cases.insert(uow, replace(world.case, id=new_id(START)))


def test_a_row_without_its_parent_is_refused(store: Store, world: World) -> None:
    with store.unit_of_work() as uow, pytest.raises(Conflict):
        nouns.instances.insert(uow, world.new_instance(case_id="nowhere"))


def test_statements_are_counted_and_a_batch_counts_once(store: Store, world: World) -> None:
    with store.unit_of_work() as uow, count_statements(store) as seen:
        nouns.user_tasks.insert_many(uow, [world.task() for _ in range(5)])
        nouns.user_tasks.open_of_instance(uow, world.instance.id)
        uow.commit()
    assert seen.count == 2
    with store.reading() as uow:
        nouns.programs.all(uow)
    assert seen.count == 2


def test_times_come_back_aware_in_utc_and_naive_ones_are_refused(store: Store, world: World) -> None:
    with store.reading() as uow:
        opened = nouns.cases.get(uow, world.case.id).opened_at
    assert opened == START
    assert opened.tzinfo is START.tzinfo
    with store.unit_of_work() as uow, pytest.raises(Exception, match="aware"):
        nouns.cases.update(uow, replace(world.case, opened_at=START.replace(tzinfo=None)))


def test_a_row_is_read_once_in_a_unit_of_work_until_that_writes_to_its_table(store: Store, world: World) -> None:
    with store.unit_of_work() as uow, count_statements(store) as seen:
        for _ in range(3):
            assert nouns.cases.get(uow, world.case.id).status is None
            assert nouns.participants.of_case(uow, world.case.id) == ()
        assert seen.count == 2
        nouns.cases.update(uow, replace(world.case, status="moved"))
        nouns.participants.insert(uow, world.participant(world.ana, "borrower"))
        assert nouns.cases.get(uow, world.case.id).status == "moved"
        assert len(nouns.participants.of_case(uow, world.case.id)) == 1


def test_locking_a_row_reads_it_anew(store: Store, world: World) -> None:
    with store.unit_of_work() as uow, count_statements(store) as seen:
        nouns.cases.get(uow, world.case.id)
        nouns.cases.lock(uow, world.case.id)
        assert seen.count == 2
