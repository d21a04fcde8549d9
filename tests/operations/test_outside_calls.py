"""Mail and webhooks by the server itself: taken in one transaction, called in none, answered in a second one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import clock, store
from engine.jobs import MailServer
from engine.model.cases import Case
from engine.model.errors import Forbidden, Invalid
from engine.model.outside import OutsideJob
from engine.operations.people import hosts
from engine.operations.rounds import sweeps
from engine.operations.running import outside_calls, outside_work
from engine.operations.running.outside_calls import Outlets
from engine.store import Store
from tests.bpmn.drawing import mapping
from tests.operations import acts, couriers
from tests.operations.conftest import cast
from tests.outlets import Hook, Post, hook, post
from tests.world import World


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def office() -> Iterator[Post]:
    with post() as made:
        yield made


def calling(opened: Store, there: Hook, *, allowed: bool = True, **about: Any) -> World:
    """A world with a webhook to call."""
    world = cast(opened, couriers.library(couriers.hook(there.url, **about)))
    if allowed:
        allow(world, there)
    return world


def allow(world: World, there: Hook, *, private: bool = True) -> None:
    with world.acting("ada") as (uow, actor):
        hosts.allow(uow, actor, "localhost", there.port, private=private)


def sweep(world: World, outlets: Outlets | None = None) -> int:
    """One tick of the sweep for outside work."""
    return outside_calls.run_due(world.store, outlets or Outlets())


def only(world: World) -> OutsideJob:
    with world.reading("ada") as (uow, actor):
        (job,) = outside_work.list_(uow, actor).items
        return outside_work.get(uow, actor, job.id)


def messages(world: World, case: Case) -> list[str]:
    return [one.message for one in acts.incidents(world, case)]


def test_a_webhook_is_called_and_its_answer_goes_on(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.answer = b'{"price": 12, "more": "not mapped"}'
    assert world.names(case) == []
    assert sweep(world) == 1
    assert world.names(case) == ["look"]
    assert acts.variables(world, "lia", acts.instance(world, case))["shelves"] == 12
    (heard,) = there.heard
    assert heard.body == {"case": case.number}
    assert heard.headers["Idempotency-Key"] == only(world).id
    assert (only(world).state, sweep(world)) == ("completed", 0)


def test_nothing_of_the_database_is_held_during_the_call(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    other = acts.loan(world)
    acts.started(world, "hook")
    there.meanwhile = lambda: world.complete("ben", other, "answer-terms", couriers.shelf.ACCEPT) and None
    there.answer = b'{"price": 1}'
    assert sweep(world) == 1
    assert only(world).state == "completed"
    assert "answer-terms" not in world.names(other)


def test_the_status_can_be_used_too(empty: Store, there: Hook) -> None:
    world = calling(empty, there, outputs={"shelves": "=status"})
    case = acts.started(world, "hook")
    there.answer, there.status = b"", 202
    sweep(world)
    assert acts.variables(world, "lia", acts.instance(world, case))["shelves"] == 202


def test_a_host_that_was_not_allowed_is_an_incident_that_says_what_to_do_and_a_retry_calls_it(empty: Store, there: Hook) -> None:
    world = calling(empty, there, allowed=False)
    case = acts.started(world, "hook")
    sweep(world)
    place = f"localhost:{there.port}"
    assert messages(world, case) == [f"Webhooks to {place} are not allowed; the administrator allows them with: parley host allow {place}"]
    assert there.heard == []
    allow(world, there)
    there.answer = b'{"price": 1}'
    acts.control(world, "kim", case, "retry")
    sweep(world)
    assert world.names(case) == ["look"]


def test_an_allowed_name_that_leads_to_this_machine_is_still_refused(empty: Store, there: Hook) -> None:
    world = calling(empty, there, allowed=False)
    allow(world, there, private=False)
    case = acts.started(world, "hook")
    sweep(world)
    assert "https only" in messages(world, case)[0]
    assert there.heard == []


def test_a_failing_host_is_tried_again_after_each_pause_and_then_is_an_incident(empty: Store, there: Hook) -> None:
    world = calling(empty, there, retries="3", backoff="PT10S PT1M")
    case = acts.started(world, "hook")
    there.status = 503
    for pause in (10, 60):
        assert (sweep(world), sweep(world)) == (1, 0)
        world.clock.advance(timedelta(seconds=pause))
    sweep(world)
    assert messages(world, case) == ["The host localhost answered 503."]
    assert len({heard.headers["Idempotency-Key"] for heard in there.heard}) == 1
    assert len(there.heard) == 3


def test_what_trying_again_cannot_mend_is_an_incident_at_once(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.status = 404
    sweep(world)
    assert (messages(world, case), len(there.heard)) == (["The host localhost answered 404."], 1)


def test_an_answer_that_does_not_fit_is_an_incident_that_names_the_variable_and_not_its_value(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.answer = b'{"price": "CANARY text"}'
    sweep(world)
    assert "shelves: This variable has to be a number." in messages(world, case)[0]
    assert "CANARY" not in messages(world, case)[0]
    assert acts.instance(world, case).state == "incident"


def test_what_a_server_took_before_it_died_is_called_when_the_hold_ends(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.answer = b'{"price": 1}'

    # The first transaction is on disk, and whoever made it is gone.
    with world.store.unit_of_work() as uow:
        (job,) = store.outside_jobs.to_take(uow, ["webhook"], clock.now(), 1)
        outside_work.take(uow, job, outside_calls.WORKER, "", timedelta(minutes=5))
        uow.commit()
    assert (world.names(case), sweep(world)) == ([], 0)
    world.clock.advance(timedelta(minutes=5))
    assert sweep(world) == 1
    assert (world.names(case), only(world).attempts) == (["look"], 2)


def test_an_answer_that_comes_after_the_case_moved_on_is_dropped(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.meanwhile = lambda: acts.control(world, "kim", case, "terminate", reason="Enough.") and None
    there.answer = b'{"price": 1}'
    assert sweep(world) == 1
    assert (only(world).state, world.names(case)) == ("cancelled", [])


def test_the_answer_for_a_procedure_that_was_suspended_meanwhile_is_fetched_again_when_it_goes_on(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.answer = b'{"price": 1}'
    there.meanwhile = lambda: acts.control(world, "kim", case, "suspend") and None
    sweep(world)
    there.meanwhile = None
    world.clock.advance(timedelta(hours=1))
    assert sweep(world) == 0
    acts.control(world, "kim", case, "resume")
    assert (sweep(world), world.names(case)) == (1, ["look"])


def test_a_case_that_changed_during_the_call_keeps_both(empty: Store, there: Hook) -> None:
    world = calling(empty, there)
    case = acts.started(world, "hook")
    there.answer = b'{"price": 1}'
    there.meanwhile = lambda: acts.started(world, "hook", case=case) and None
    sweep(world)
    assert world.names(case)[:1] == ["look"]


def test_a_mail_goes_to_whom_the_diagram_names_with_the_neutral_text_of_the_pack(empty: Store, office: Post) -> None:
    world = cast(empty, couriers.library(couriers.mail()))
    address(world, "ben", "ben@example.org")
    case = acts.started(world, "letter")
    sweep(world, Outlets(MailServer.read(office.url, "library@example.org")))
    ((to, text),) = office.mails
    assert to == "ben@example.org"
    assert "Subject: Overdue task" in text
    assert case.number in text
    assert world.names(case) == ["look"]


def test_without_a_mail_server_the_mail_is_an_incident_that_says_what_to_configure(empty: Store) -> None:
    world = cast(empty, couriers.library(couriers.mail()))
    address(world, "ben", "ben@example.org")
    case = acts.started(world, "letter")
    sweep(world)
    assert messages(world, case) == ["No mail server is configured: set PARLEY_SMTP and PARLEY_MAIL_FROM, then retry."]


def test_where_mail_is_only_recorded_it_is_kept_with_its_job(empty: Store) -> None:
    world = cast(empty, couriers.library(couriers.mail(to='=["case-role:borrower", "desk@example.org"]')))
    address(world, "ben", "ben@example.org")
    case = acts.started(world, "letter")
    sweeps.until_quiet(world.store, Outlets(recording=True))
    record = only(world).body["record"]
    assert isinstance(record, dict)
    assert (record["to"], record["subject"], record["sent"]) == (["ben@example.org", "desk@example.org"], "Overdue task", False)
    assert case.number in record["text"]
    assert world.names(case) == ["look"]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({}, "Nobody whom the mail is for has an e-mail address"),
        ({"to": "case-role:curator"}, "Nobody whom the mail is for has an e-mail address"),
        ({"to": "=null"}, "named nobody"),
        ({"to": "=[1]"}, "named nobody"),
        ({"to": "no address@x"}, "Nobody whom the mail is for has an e-mail address"),
    ],
)  # fmt: skip
def test_a_mail_to_nobody_is_an_incident(empty: Store, about: dict[str, str], said: str) -> None:
    world = cast(empty, couriers.library(couriers.mail(**about)))
    case = acts.started(world, "letter")
    sweep(world, Outlets(recording=True))
    assert said in messages(world, case)[0]


def test_a_mail_of_the_diagram_s_own_words(empty: Store) -> None:
    inner = mapping({"to": '="desk@example.org"', "subject": '="Case " + case.number', "text": '="Please look."'})
    files = couriers.library(couriers.delivery(inner, job="mail"))
    world = cast(empty, files)
    case = acts.started(world, "delivery")
    sweep(world, Outlets(recording=True))
    record = only(world).body["record"]
    assert isinstance(record, dict)
    assert (record["subject"], record["text"]) == (f"Case {case.number}", "Please look.")


def test_only_administrators_say_which_hosts_are_called(empty: Store) -> None:
    world = cast(empty, couriers.library())
    with world.acting("ada") as (uow, actor):
        made = hosts.allow(uow, actor, "Hooks.Example.org.")
        assert (made.name, made.port, made.private) == ("hooks.example.org", 443, False)
        assert hosts.allow(uow, actor, "hooks.example.org") == made
        changed = hosts.allow(uow, actor, "hooks.example.org", private=True)
        assert hosts.all(uow, actor) == (changed,)
        for name in ("https://x.org", "x.org/path", "", "a b", "-x.org", "x" * 300, "ä.org", "x..org"):
            with pytest.raises(Invalid):
                hosts.allow(uow, actor, name)
        with pytest.raises(Invalid):
            hosts.allow(uow, actor, "x.org", 70_000)
    with world.reading("lia") as (uow, actor):
        for act in (lambda: hosts.all(uow, actor), lambda: hosts.allow(uow, actor, "x.org"), lambda: hosts.forbid(uow, actor, changed.id)):
            with pytest.raises(Forbidden):
                act()
    with world.acting("ada") as (uow, actor):
        hosts.forbid(uow, actor, changed.id)
        assert hosts.all(uow, actor) == ()


def address(world: World, name: str, written: str) -> None:
    """Give somebody an e-mail address."""
    with world.store.unit_of_work() as uow:
        store.persons.update(uow, replace(store.persons.get(uow, world.people[name].id), email=written))
        uow.commit()


def test_a_slow_host_holds_up_no_other_call(tmp_path: Path, there: Hook) -> None:
    opened = store.open(f"sqlite:///{tmp_path / 'parley.sqlite'}")
    opened.migrate()
    world = calling(opened, there)
    first, second = acts.started(world, "hook"), acts.started(world, "hook")
    there.answer = b'{"price": 1}'
    both = threading.Barrier(2, timeout=10)
    there.meanwhile = lambda: both.wait() and None
    assert outside_calls.run_due(world.store, Outlets(), threads=4) == 2
    assert [world.names(case) for case in (first, second)] == [["look"], ["look"]]
    opened.close()
