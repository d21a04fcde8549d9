"""Programs, persons, accounts, tokens and roles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.errors import BadRequest, Conflict, NotFound
from engine.model.people import Token
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def test_a_program_is_found_by_id_and_key(uow: UnitOfWork, world: World) -> None:
    assert store.programs.get(uow, world.program.id) == world.program
    assert store.programs.get_by_key(uow, world.program.key) == world.program
    assert store.programs.get_by_key(uow, "none") is None
    assert world.program in store.programs.all(uow)


def test_what_is_not_there_is_not_found(uow: UnitOfWork, world: World) -> None:
    assert store.persons.find(uow, "nobody") is None
    for get in (store.persons.get, store.cases.get, store.instances.get, store.user_tasks.get, store.records.get):
        with pytest.raises(NotFound):
            get(uow, "nothing")
    with pytest.raises(NotFound):
        store.persons.update(uow, world.person("Nobody"))


def test_persons_are_found_by_part_of_name_or_address_whatever_the_case(uow: UnitOfWork, world: World) -> None:
    for text in ("ÄTHER", "äth", "ana@example", "ana  äther"):
        assert [person.id for person in store.persons.search(uow, world.program.id, text)] == [world.ana.id]
    assert store.persons.search(uow, world.program.id, "%") == ()
    assert store.persons.search(uow, "elsewhere", "ana") == ()
    store.persons.update(uow, replace(world.ana, deactivated_at=START))
    assert store.persons.search(uow, world.program.id, "ana") == ()


def test_a_changed_name_is_found_by_the_new_one(uow: UnitOfWork, world: World) -> None:
    store.persons.update(uow, replace(world.ana, name="Anna Zeder", email=None))
    assert store.persons.search(uow, world.program.id, "äther") == ()
    assert [person.name for person in store.persons.search(uow, world.program.id, "zeder")] == ["Anna Zeder"]


def test_persons_alike_share_name_address_or_number_however_written(uow: UnitOfWork, world: World) -> None:
    program = world.program.id
    assert store.persons.alike(uow, program, name=" ana ÄTHER ") == (world.ana,)
    assert store.persons.alike(uow, program, name="x", email="BEN@example.org") == (world.ben,)
    assert store.persons.alike(uow, program, phone="1 555 0102") == (world.ben,)
    assert store.persons.alike(uow, program, name="Ana") == ()
    assert store.persons.alike(uow, program) == ()


def test_persons_are_listed_in_pages_by_name(uow: UnitOfWork, world: World) -> None:
    names, cursor = [], None
    for _ in range(3):
        page = store.persons.list_(uow, world.program.id, cursor=cursor, limit=1)
        names += [person.name for person in page.items]
        cursor = page.next
    assert names == ["Ana Äther", "Ben Brook", "Cleo Crane"]
    assert cursor is None
    assert [p.name for p in store.persons.list_(uow, world.program.id, staff=False).items] == ["Cleo Crane"]
    assert [p.name for p in store.persons.list_(uow, world.program.id, text="bro").items] == ["Ben Brook"]


def test_deactivated_persons_are_listed_on_request(uow: UnitOfWork, world: World) -> None:
    store.persons.update(uow, replace(world.ana, deactivated_at=START))
    assert len(store.persons.list_(uow, world.program.id).items) == 2
    assert len(store.persons.list_(uow, world.program.id, include_deactivated=True).items) == 3


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "bnVsbA", "W10", "WzEsMl0", "eyJhIjoxfQ", "é"])
def test_a_bad_cursor_is_a_bad_request(uow: UnitOfWork, world: World, cursor: str) -> None:
    with pytest.raises(BadRequest):
        store.persons.list_(uow, world.program.id, cursor=cursor)
    with pytest.raises(BadRequest):
        store.cases.overview(uow, world.program.id, cursor=cursor)


def test_get_many_leaves_out_the_unknown(uow: UnitOfWork, world: World) -> None:
    found = store.persons.get_many(uow, [world.ana.id, "nobody", world.ben.id])
    assert found == {world.ana.id: world.ana, world.ben.id: world.ben}
    assert store.persons.get_many(uow, []) == {}


def test_a_login_is_taken_whatever_its_case(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "Ana@Example.org")
    store.accounts.insert(uow, account)
    assert store.accounts.get_by_login(uow, " aNA@example.ORG ") == account
    assert store.accounts.get_by_login(uow, "ben@example.org") is None
    assert store.accounts.get_by_person(uow, world.ana.id) == account
    store.accounts.update(uow, replace(account, session_epoch=1))
    assert store.accounts.list_(uow, world.program.id) == (replace(account, session_epoch=1),)
    with pytest.raises(Conflict):
        store.accounts.insert(uow, world.account(world.ben, "ana@example.org"))


def test_a_token_is_found_by_digest_and_revoked_once(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "ana")
    store.accounts.insert(uow, account)
    token = Token(fresh(), world.program.id, account.id, "digest", "laptop", START)
    store.tokens.insert(uow, token)
    assert store.tokens.get_by_digest(uow, "digest") == token
    assert store.tokens.revoke(uow, token.id, START)
    assert not store.tokens.revoke(uow, token.id, START + DAY)
    assert store.tokens.list_(uow, account.id) == (replace(token, revoked_at=START),)


def test_a_membership_holds_from_its_start_until_its_end(uow: UnitOfWork, world: World) -> None:
    held = world.membership(world.ana, "clerk", from_at=START)
    store.memberships.insert(uow, held)
    current = store.memberships.current
    assert current(uow, world.program.id, world.ana.id, START - DAY) == ()
    assert current(uow, world.program.id, world.ana.id, START) == (held,)
    assert store.memberships.end(uow, held.id, START + DAY)
    assert not store.memberships.end(uow, held.id, START + 2 * DAY)
    assert current(uow, world.program.id, world.ana.id, START + DAY) == ()
    assert len(store.memberships.list_(uow, world.program.id)) == 1
    assert store.memberships.list_(uow, world.program.id, at=START + DAY) == ()


def test_holders_of_a_role_can_sign_in(uow: UnitOfWork, world: World) -> None:
    for person in (world.ana, world.ben, world.cleo):
        store.memberships.insert(uow, world.membership(person, "clerk"))
    store.accounts.insert(uow, world.account(world.ana, "ana"))
    ben = world.account(world.ben, "ben")
    store.accounts.insert(uow, ben)
    assert store.memberships.holders(uow, world.program.id, "clerk", START) == (world.ana, world.ben)
    everyone = [world.ana.id, world.ben.id, world.cleo.id]
    assert store.persons.with_account(uow, world.program.id, everyone) == (world.ana, world.ben)
    store.accounts.update(uow, replace(ben, deactivated_at=START))
    assert store.memberships.holders(uow, world.program.id, "clerk", START) == (world.ana,)
    store.persons.update(uow, replace(world.ana, deactivated_at=START))
    assert store.memberships.holders(uow, world.program.id, "clerk", START) == ()
