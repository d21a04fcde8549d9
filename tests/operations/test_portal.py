"""Participants without an account: a link or a code opens one visit, once, to their own tasks of one case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine import clock, store
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid, LinkGone, NotFound, TaskNotOpen, TooManyAttempts
from engine.model.portal import KeyKind, PortalKey
from engine.operations.cases import cases, portal
from engine.operations.mail import mailing
from engine.operations.people import attempts, link_requests, people, portal_keys, walls
from engine.operations.people.portal_keys import MadeKey
from engine.operations.running.outside_calls import Outlets
from engine.store import Store
from tests.bpmn.drawing import end, message, process, start, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.telling import told_by_mail
from tests.world import World

ASKED = """
[[messages]]
name = "Asked"
label = "Ask something"
roles = ["borrower"]
payload = { askerId = "self" }
of = "borrower"

[variables.askerId]
type = "string"
label = "Who asks"

"""
KEPT = Outlets(recording=True, address="https://library.example.org")


@pytest.fixture
def world(empty: Store) -> World:
    """The library with words for mail; ben has an address."""
    made = cast(empty, told_by_mail())
    with empty.unit_of_work() as uow:
        people.change(uow, made.system, made.people["ben"].id, email="ben@example.org", language="es")
        uow.commit()
    return made


def seat(world: World, case: Case, name: str) -> str:
    """The id of the participant that somebody is."""
    return next(iter(world.participant_ids(case, name)))


def made(world: World, case: Case, kind: KeyKind, *, by: str = "lia", name: str = "ben") -> MadeKey:
    """A new link or code for somebody."""
    participant = seat(world, case, name)
    with world.acting(by) as (uow, actor):
        return portal_keys.make(uow, actor, case.id, participant, kind)


def code(world: World, case: Case, name: str = "ben") -> str:
    """A new code."""
    told = made(world, case, KeyKind.CODE, name=name).code
    assert told is not None
    return told


def mailed(world: World) -> list[str]:
    """The secrets of the links that went out, oldest first."""
    mailing.run_due(world.store, KEPT)
    with world.store.reading() as uow:
        found = reversed(store.mails.list_(uow, world.program.id).items)
        texts = [one.record["text"] for one in found if one.kind == portal_keys.MAIL and isinstance(one.record, dict)]
    return [text.rpartition("/")[2] for text in texts]


def enter(world: World, secret: str) -> str:
    """Open the visit; gives the id of its key."""
    with world.store.unit_of_work() as uow:
        visit = portal.begin(uow, secret)
        uow.commit()
    return visit.key.id


def over(world: World, key_id: str) -> bool:
    """Whether a visit is over."""
    try:
        with world.store.reading() as uow:
            portal.resume(uow, key_id)
    except LinkGone:
        return True
    return False


def stored(world: World, key_id: str) -> PortalKey:
    """A key as it is stored."""
    with world.store.reading() as uow:
        found = store.portal_keys.find(uow, key_id)
    assert found is not None
    return found


def test_a_link_comes_by_mail_in_the_readers_language_and_opens_one_visit(world: World) -> None:
    case = acts.loan(world)
    assert made(world, case, KeyKind.LINK).code is None
    (secret,) = mailed(world)
    with world.store.reading() as uow:
        record = store.mails.list_(uow, world.program.id).items[0].record
    assert isinstance(record, dict)
    assert record["subject"] == "Su enlace"
    assert f"https://library.example.org/portal/enter/{secret}" in record["text"]
    assert not any(word in record["text"] for word in (case.number, "Ben", "CANARY"))
    key_id = enter(world, secret)
    assert secret not in str(stored(world, key_id))
    with pytest.raises(LinkGone):
        enter(world, secret)


def test_a_code_is_told_once_and_typed_as_it_was_heard(world: World) -> None:
    case = acts.loan(world)
    told = code(world, case)
    assert len(told) == 8
    assert not set(told) & set("0O1IL5S2Z8BUV")
    with world.reading("lia") as (uow, actor):
        assert told not in str(portal_keys.list_(uow, actor, case.id))
    assert portal_keys.cleaned(f" {told[:4].lower()}-{told[4:]} ") == told
    assert not over(world, enter(world, told))


@pytest.mark.parametrize("passed", ["PT1H", "P1D"])
def test_a_code_runs_out(world: World, passed: str) -> None:
    told = code(world, acts.loan(world))
    world.advance(passed)
    with pytest.raises(LinkGone):
        enter(world, told)


def test_a_visit_ends_by_itself(world: World) -> None:
    key_id = enter(world, code(world, acts.loan(world)))
    world.clock.advance(timedelta(hours=1, minutes=59))
    assert not over(world, key_id)
    world.clock.advance(timedelta(minutes=2))
    assert over(world, key_id)


def test_a_new_key_takes_the_place_of_one_that_was_not_used(world: World) -> None:
    case = acts.loan(world)
    first, second = code(world, case), code(world, case)
    with pytest.raises(LinkGone):
        enter(world, first)
    enter(world, second)


def test_what_was_never_made_looks_like_what_was_used(world: World) -> None:
    told = code(world, acts.loan(world))
    enter(world, told)
    said = set()
    for secret in (told, "ACEFGHJK", "x" * 43, "", "é\ud800", "A" * 5000):
        with pytest.raises(LinkGone) as refused:
            enter(world, secret)
        said.add(refused.value.message)
    assert said == {"This link or code no longer works; ask for a new one."}


def test_staff_end_links_codes_and_visits_at_once(world: World) -> None:
    case = acts.loan(world)
    key_id, waiting = enter(world, code(world, case)), code(world, case)
    ben = seat(world, case, "ben")
    with world.acting("lia") as (uow, actor):
        portal_keys.revoke(uow, actor, case.id, ben)
    assert over(world, key_id)
    with pytest.raises(LinkGone):
        enter(world, waiting)


def test_a_link_that_was_ended_is_not_mailed(world: World) -> None:
    case = acts.loan(world)
    made(world, case, KeyKind.LINK)
    code(world, case)
    assert mailed(world) == []


@pytest.mark.parametrize("how", ["wall", "role", "person"])
def test_whoever_leaves_the_case_is_out_at_once(world: World, how: str) -> None:
    case = acts.loan(world)
    key_id, waiting = enter(world, code(world, case)), code(world, case)
    ben, place = world.people["ben"], seat(world, case, "ben")
    with world.acting("lia" if how == "role" else "ada") as (uow, actor):
        if how == "wall":
            walls.build(uow, actor, case, ben.id, "conflict")
        elif how == "role":
            cases.end_participant(uow, actor, case.id, place)
        else:
            people.deactivate(uow, actor, ben.id)
    assert over(world, key_id)
    with pytest.raises(LinkGone):
        enter(world, waiting)


def test_only_who_says_who_takes_part_makes_and_sees_keys(world: World) -> None:
    case = acts.loan(world)
    for name in ("ben", "cor"):
        with pytest.raises((Forbidden, NotFound)):
            made(world, case, KeyKind.CODE, by=name)
        with pytest.raises((Forbidden, NotFound)), world.reading(name) as (uow, actor):
            portal_keys.list_(uow, actor, case.id)


def test_staff_get_no_key_and_a_link_needs_an_address(world: World) -> None:
    case = acts.loan(world)
    with pytest.raises(Forbidden):
        made(world, case, KeyKind.CODE, name="cor")
    other = acts.loan(world, ("borrower", "bea"), ("curator", "cor"))
    with pytest.raises(Invalid, match="read it out"):
        made(world, other, KeyKind.LINK, name="bea")
    bea = seat(world, other, "bea")
    with pytest.raises(NotFound), world.acting("lia") as (uow, actor):
        portal_keys.make(uow, actor, case.id, bea, KeyKind.CODE)
    with world.acting("lia") as (uow, actor):
        cases.end_participant(uow, actor, other.id, bea)
    with pytest.raises(Conflict):
        made(world, other, KeyKind.CODE, name="bea")


def test_a_visit_holds_the_own_tasks_of_one_case_and_nothing_else(world: World) -> None:
    case, again = acts.loan(world), acts.loan(world)
    others = acts.loan(world, ("borrower", "bea"), ("curator", "cor"))
    key_id = enter(world, code(world, case))
    own, *hidden = (world.task(one, "answer-terms").id for one in (case, again, others))
    with world.store.reading() as uow:
        visit = portal.resume(uow, key_id)
        assert [line.task.id for line in portal.home(uow, visit).open] == [own]
        for foreign in hidden:
            with pytest.raises(NotFound):
                portal.task(uow, visit, foreign)
        assert "CANARY" not in str(portal.home(uow, visit))


def test_what_everybody_on_the_case_may_read_is_read_there_and_what_is_private_is_not(world: World) -> None:
    case = acts.lent(world)
    key_id = enter(world, code(world, case))
    with world.store.reading() as uow:
        assert portal.home(uow, portal.resume(uow, key_id)).shared == ()
    world.complete("lia", case, "recall")
    world.complete("cor", case, "check-return", {"damaged": False, "handling": ["dry"], "thoughts": "CANARY-thoughts"})
    with world.store.reading() as uow:
        home = portal.home(uow, portal.resume(uow, key_id))
    assert [(one.form, one.cls) for one in home.shared] == [("loan-return", "C3")]
    assert "CANARY" not in str(home)


def test_an_answer_is_theirs_and_sending_it_again_says_that_it_came(world: World) -> None:
    case = acts.loan(world)
    task = world.task(case, "answer-terms")
    key_id = enter(world, code(world, case))
    for _ in range(2):
        try:
            with world.store.unit_of_work() as uow:
                portal.complete(uow, portal.resume(uow, key_id), task.id, shelf.ACCEPT)
                uow.commit()
        except TaskNotOpen:
            with world.store.reading() as uow:
                assert portal.done(uow, portal.resume(uow, key_id), task.id).completed_by == world.people["ben"].id
    entry = next(one for one in world.trail(case) if one.event == "user_task_completed")
    assert (entry.actor_id, entry.via) == (world.people["ben"].id, "portal")


def test_a_draft_waits_for_the_next_visit(world: World) -> None:
    case = acts.loan(world)
    task = world.task(case, "answer-terms")
    first = enter(world, code(world, case))
    with world.store.unit_of_work() as uow:
        portal.keep(uow, portal.resume(uow, first), task.id, {"comment": "half a"})
        portal.end(uow, portal.resume(uow, first))
        uow.commit()
    assert over(world, first)
    second = enter(world, code(world, case))
    with world.store.reading() as uow:
        assert portal.task(uow, portal.resume(uow, second), task.id).draft == {"comment": "half a"}


def asked(world: World, email: str = "Ben@Example.org ", number: str = "", sender: str = "192.0.2.1") -> list[str]:
    """The secrets of all links that went out, after somebody asked for one without an account."""
    with world.store.unit_of_work() as uow:
        link_requests.ask(uow, email, number, sender)
        uow.commit()
    return mailed(world)


def test_whoever_has_no_working_link_asks_for_one_and_it_goes_to_the_address_on_file(world: World) -> None:
    case, other = acts.loan(world), acts.loan(world)
    told = code(world, case)
    (secret,) = asked(world, number=f" {case.number.lower()}")
    assert stored(world, enter(world, secret)).case_id == case.id
    assert not over(world, enter(world, told)), "what staff made goes on"
    assert len(asked(world)) == 3, "without a number, one for each case"
    with world.reading("lia") as (uow, actor):
        assert [one.by for one in portal_keys.list_(uow, actor, other.id)] == [None]


@pytest.mark.parametrize(
    ("email", "number"), [("nobody@example.org", ""), ("", ""), ("ben@example.org", "L1999-0001"), ("lia@example.org", ""), ("%@%", "")]
)
def test_asking_for_what_is_not_there_gives_nothing_and_says_nothing(world: World, email: str, number: str) -> None:
    acts.loan(world)
    with world.store.unit_of_work() as uow:
        people.change(uow, world.system, world.people["lia"].id, email="lia@example.org")
        uow.commit()
    assert asked(world, email, number) == []


def test_who_left_the_case_or_stands_behind_a_wall_gets_no_link(world: World) -> None:
    case = acts.loan(world)
    with world.store.unit_of_work() as uow:
        walls.build(uow, world.system, case, world.people["ben"].id, "conflict")
        uow.commit()
    assert asked(world) == []


def test_asking_again_and_again_brings_no_flood_of_mail(world: World) -> None:
    case = acts.loan(world)
    for _ in range(link_requests.A_DAY):
        assert asked(world)
        world.clock.advance(timedelta(hours=1))
    before = mailed(world)
    assert asked(world) == before
    world.clock.advance(timedelta(days=1))
    assert len(asked(world)) == len(before) + 1
    assert case.number


def test_one_sender_and_one_address_may_ask_so_often_and_no_more(world: World) -> None:
    for number in range(attempts.PER_LOGIN):
        asked(world, "nobody@example.org", sender=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        asked(world, "Nobody@example.org", sender="192.0.2.99")
    for number in range(attempts.PER_ADDRESS):
        asked(world, f"n{number}@example.org", sender="198.51.100.1")
    with pytest.raises(TooManyAttempts):
        asked(world, "other@example.org", sender="198.51.100.1")
    with world.store.reading() as uow:
        attempts.check(uow, "ben", "198.51.100.1")  # signing in there goes on


def test_of_two_who_open_a_link_at_once_one_gets_in(world: World) -> None:
    told = code(world, acts.loan(world))

    def tried(_: int) -> bool:
        clock.use(world.clock)
        try:
            enter(world, told)
        except LinkGone:
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        assert sorted(pool.map(tried, range(3))) == [False, False, True]


def test_mail_tried_again_brings_a_link_that_works(world: World) -> None:
    case = acts.loan(world)
    made(world, case, KeyKind.LINK)
    with world.store.unit_of_work() as uow:
        mail = store.mails.list_(uow, world.program.id).items[0]
        key = store.portal_keys.of_mail(uow, mail.id)
        assert key is not None
        store.portal_keys.set_digest(uow, key.id, portal_keys.digest("the secret of a first try that got lost" * 2))
        uow.commit()
    (secret,) = mailed(world)
    enter(world, secret)


def test_asking_at_any_time_starts_a_procedure_whose_first_step_is_theirs(empty: Store) -> None:
    """What a pack needs for questions: a message of the participant that a procedure starts by."""
    ask = process(
        start("asked", message("Asked")),
        user("put", role="borrower", participant="=askerId", due="P2D", name_="Put a question"),
        user("reply", role="librarian", due="P2D", name_="Answer it"),
        end(),
        go="asked > put > reply > end",
        key="asking",
    )
    declared = {'[[panels]]\nkey = "terms"': ASKED + '[[panels]]\nkey = "terms"'}
    world = cast(empty, shelf.library(ask, changed=declared))
    case = acts.loan(world)
    key_id = enter(world, code(world, case))
    with world.store.unit_of_work() as uow:
        visit = portal.resume(uow, key_id)
        assert [one.name for one in portal.home(uow, visit).acts] == ["Asked"]
        portal.send(uow, visit, "Asked")
        uow.commit()
    world.advance("PT1M")
    with world.store.reading() as uow:
        assert "put" in [line.task.element_id for line in portal.home(uow, portal.resume(uow, key_id)).open]
