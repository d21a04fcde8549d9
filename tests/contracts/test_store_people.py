"""Programs, persons, accounts, tokens and roles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.errors import BadRequest, Conflict, NotFound
from engine.model.people import Token
from engine.store import UnitOfWork, count_statements
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


def test_a_token_is_revoked_once(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "ana")
    store.accounts.insert(uow, account)
    token = Token(fresh(), world.program.id, account.id, "digest", "laptop", START)
    store.tokens.insert(uow, token)
    assert store.tokens.get(uow, token.id) == token
    assert store.tokens.revoke(uow, token.id, START)
    assert not store.tokens.revoke(uow, token.id, START + DAY)
    assert store.tokens.list_(uow, account.id) == (replace(token, revoked_at=START),)


def test_a_token_s_account_stands_until_the_token_is_revoked_or_expires(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "ana")
    store.accounts.insert(uow, account)
    token = Token(fresh(), world.program.id, account.id, "digest", "laptop", START, expires_at=START + DAY)
    store.tokens.insert(uow, token)
    found = store.standings.of_token(uow, "digest", START)
    assert found == store.standings.of_account(uow, account.id, START)
    assert found is not None
    assert (found.account, found.person, found.roles) == (account, world.ana, frozenset())
    assert store.standings.of_token(uow, "another", START) is None
    assert store.standings.of_token(uow, "digest", START + DAY) is None
    store.tokens.revoke(uow, token.id, START)
    assert store.standings.of_token(uow, "digest", START) is None
    assert store.standings.of_account(uow, world.ana.id, START) is None


def test_a_standing_holds_the_roles_of_that_instant(uow: UnitOfWork, world: World) -> None:
    account = world.account(world.ana, "ana")
    store.accounts.insert(uow, account)
    ended = world.membership(world.ana, "keeper")
    for one in (world.membership(world.ana, "clerk"), ended, world.membership(world.ana, "guard", from_at=START + DAY)):
        store.memberships.insert(uow, one)
    store.memberships.insert(uow, world.membership(world.ben, "director"))
    store.memberships.end(uow, ended.id, START)
    found = [store.standings.of_account(uow, account.id, at) for at in (START - DAY, START, START + DAY)]
    assert [one.roles if one else None for one in found] == [{"clerk", "keeper"}, {"clerk"}, {"clerk", "guard"}]


def test_all_that_a_request_begins_with_is_read_in_one_statement(database: store.Store, world: World) -> None:
    with database.unit_of_work() as uow:
        account = world.account(world.ana, "ana")
        store.accounts.insert(uow, account)
        uow.commit()
    with database.reading() as uow, count_statements(database) as seen:
        store.standings.of_account(uow, account.id, START)
        assert store.programs.get(uow, world.program.id) == world.program
        assert store.persons.get(uow, world.ana.id) == world.ana
        assert store.accounts.get(uow, account.id) == account
        assert store.deployments.active_packs(uow, world.program.id) == {"library": world.deployment.id}
    assert seen.count == 1


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
