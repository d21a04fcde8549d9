"""User tasks, a person's own list of them, and the list of all cases with what each waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import store
from engine.model.cases import Wall
from engine.model.instances import UserTask
from engine.model.lists import InboxFilter, InboxSort
from engine.model.people import Account
from engine.model.states import CaseState, InstanceState, TimerKind, UserTaskState
from engine.store import UnitOfWork, count_statements
from engine.store.inbox import Waiting
from tests.contracts.cast import DAY, START, World, fresh


def _put(uow: UnitOfWork, *tasks: UserTask) -> None:
    store.user_tasks.insert_many(uow, tasks)


def _inbox(uow: UnitOfWork, world: World, roles: set[str] | None = None, **options: object) -> list[str]:
    page = store.user_tasks.inbox(uow, world.program.id, world.ana.id, roles or set(), **options)  # type: ignore[arg-type]
    return [row.task.name for row in page.items]


def test_tasks_are_listed_soonest_due_first_then_by_priority(uow: UnitOfWork, world: World) -> None:
    _put(
        uow,
        world.task(name="whenever"),
        world.task(name="later", due_at=START + 2 * DAY),
        world.task(name="plain", due_at=START + DAY),
        world.task(name="urgent", due_at=START + DAY, priority=90),
        world.task(name="ended", due_at=START, state=UserTaskState.COMPLETED),
    )
    names, cursor = [], None
    for _ in range(4):
        page = store.user_tasks.list_(uow, world.program.id, cursor=cursor, limit=1)
        names += [task.name for task in page.items]
        cursor = page.next
    assert names == ["urgent", "plain", "later", "whenever"]
    assert cursor is None
    listed = store.user_tasks.list_
    assert [t.name for t in listed(uow, world.program.id, due_before=START + DAY).items] == []
    assert [t.name for t in listed(uow, world.program.id, state=UserTaskState.COMPLETED).items] == ["ended"]
    assert len(listed(uow, world.program.id, state=None).items) == 5
    assert listed(uow, world.program.id, role="other").items == ()
    assert listed(uow, "elsewhere").items == ()


def test_an_inbox_holds_what_is_assigned_bound_or_claimable(uow: UnitOfWork, world: World) -> None:
    borrower = world.participant(world.ana, "borrower")
    other = world.participant(world.cleo, "borrower", position=2)
    for one in (borrower, other):
        store.participants.insert(uow, one)
    _put(
        uow,
        world.task(name="mine", assignee_id=world.ana.id, role="director", due_at=START),
        world.task(name="my role", role="clerk", due_at=START + DAY),
        world.task(name="my case role", role="borrower", due_at=START + 2 * DAY),
        world.task(name="bound to me", role="borrower", participant_id=borrower.id, due_at=START + 3 * DAY),
        world.task(name="bound to another", role="borrower", participant_id=other.id),
        world.task(name="about me, for the desk", role="desk", participant_id=borrower.id),
        world.task(name="taken", role="clerk", assignee_id=world.ben.id),
        world.task(name="another role", role="director"),
        world.task(name="done", role="clerk", state=UserTaskState.COMPLETED),
        world.task(name="no role", role=None),
    )
    assert _inbox(uow, world, {"clerk"}) == ["mine", "my role", "my case role", "bound to me"]
    assert _inbox(uow, world) == ["mine", "my case role", "bound to me"]
    assert _inbox(uow, world, {"desk"}, filter=InboxFilter(unclaimed=True)) == ["my case role", "about me, for the desk"]
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(mine=True)) == ["mine", "bound to me"]
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(unclaimed=True)) == ["my role", "my case role"]
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(mine=True, unclaimed=True)) == []
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(due_before=START + DAY)) == ["mine"]
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(case_id="other")) == []
    assert store.user_tasks.waiting(uow, world.program.id, world.ana.id, {"clerk"}) == Waiting(2, 2, 0)


def test_a_case_role_that_ended_gives_no_tasks(uow: UnitOfWork, world: World) -> None:
    borrower = world.participant(world.ana, "borrower")
    store.participants.insert(uow, borrower)
    _put(uow, world.task(role="borrower"), world.task(role="borrower", participant_id=borrower.id))
    assert len(_inbox(uow, world)) == 2
    store.participants.end(uow, borrower.id, START)
    assert _inbox(uow, world) == []


def test_a_walled_case_is_in_no_inbox_nor_its_counts(uow: UnitOfWork, world: World) -> None:
    _put(uow, world.task(role="clerk"), world.task(assignee_id=world.ana.id))
    store.walls.insert(uow, Wall(fresh(), world.program.id, world.case.id, world.ana.id, "related", START))
    assert _inbox(uow, world, {"clerk"}) == []
    assert store.user_tasks.waiting(uow, world.program.id, world.ana.id, {"clerk"}) == Waiting(0, 0, 0)


def test_an_inbox_is_searched_by_title_and_case_number(uow: UnitOfWork, world: World) -> None:
    _put(uow, world.task(name="Return the book"), world.task(name="100% sure"))
    assert _inbox(uow, world, {"clerk"}, text="BOOK") == ["Return the book"]
    assert len(_inbox(uow, world, {"clerk"}, text="2026-0001")) == 2
    assert _inbox(uow, world, {"clerk"}, text="0% s") == ["100% sure"]
    assert _inbox(uow, world, {"clerk"}, text="0%s") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("2026-0017", True), ("17", True), ("0017", True), ("no. 17", False), ("2025-0017", False), ("7", False), ("9" * 30, False)],
)
def test_a_case_is_found_by_its_number_or_the_figures_of_it(uow: UnitOfWork, world: World, text: str, found: bool) -> None:
    for _ in range(17):
        serial = store.cases.next_serial(uow, world.program.id, 2026)
    case = world.new_case(serial, year=2026)
    instance = world.new_instance(case_id=case.id)
    store.cases.insert(uow, case)
    store.instances.insert(uow, instance)
    at = {"case_id": case.id, "instance_id": instance.id}
    _put(uow, world.task(name="of the role", role="clerk", **at), world.task(name="own", assignee_id=world.ana.id, **at))
    assert sorted(_inbox(uow, world, {"clerk"}, text=text)) == (["of the role", "own"] if found else [])


def test_a_title_that_many_tasks_have_is_found_in_the_order_asked_for(
    uow: UnitOfWork, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(uow, *(world.task(name=name, role="clerk", priority=n) for n, name in enumerate(["Return it", "Buy it", "Return this", "Look"])))
    wanted = ["Return this", "Buy it", "Return it"]
    for many in (1000, 1):
        monkeypatch.setattr("engine.store.inbox_search._MANY", many)
        assert _inbox(uow, world, {"clerk"}, text="return", titles=("Buy it",), sort=InboxSort.PRIORITY) == wanted


def test_an_inbox_pages_through_every_task_once(uow: UnitOfWork, world: World) -> None:
    store.participants.insert(uow, world.participant(world.ana, "clerk"))
    due = [None, START, START, START + DAY]
    tasks = [world.task(due_at=due[n % 4], priority=10 * (n % 3)) for n in range(20)]
    _put(uow, *tasks)
    seen, cursor = [], None
    while True:
        page = store.user_tasks.inbox(uow, world.program.id, world.ana.id, {"clerk"}, cursor=cursor, limit=3)
        seen += [row.task for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    last = START + 1000 * DAY
    assert seen == sorted(tasks, key=lambda task: (task.due_at or last, -task.priority, task.id))


def test_an_inbox_is_one_statement_and_says_the_case(database: store.Store, world: World) -> None:
    with database.unit_of_work() as uow:
        _put(uow, world.task(), world.task())
        uow.commit()
    with database.reading() as uow, count_statements(database) as seen:
        page = store.user_tasks.inbox(uow, world.program.id, world.ana.id, {"clerk", "director"})
    assert seen.count == 1
    assert [row.case_number for row in page.items] == ["2026-0001"] * 2


def test_the_roles_of_the_open_tasks_a_person_has_or_could_claim_and_what_they_show(uow: UnitOfWork, world: World) -> None:
    shown = store.user_tasks.open_shown
    _put(uow, world.task(role="clerk"), world.task(role="director", assignee_id=world.ben.id, shows="C2"))
    _put(uow, world.task(role=None, assignee_id=world.ben.id))
    assert shown(uow, world.case.id, world.ben.id, []) == {("director", "C2"), ("", "")}
    assert shown(uow, world.case.id, world.ana.id, ["clerk", "director"]) == {("clerk", "")}
    assert shown(uow, world.case.id, world.ana.id, []) == frozenset()
    assert shown(uow, "other", world.ben.id, ["clerk"]) == frozenset()


def _doubtful(uow: UnitOfWork, world: World) -> bool:
    found = store.user_tasks.doubtful_cases(uow, world.program.id, START)
    assert found <= {world.case.id}
    return bool(found)


@pytest.fixture
def clerk(uow: UnitOfWork, world: World) -> Account:
    """Ana is a clerk, Cleo borrows; both have accounts."""
    store.memberships.insert(uow, world.membership(world.ana, "clerk"))
    store.participants.insert(uow, world.participant(world.cleo, "borrower", id="cleo"))
    store.accounts.insert(uow, world.account(world.cleo, "cleo"))
    account = world.account(world.ana, "ana")
    store.accounts.insert(uow, account)
    return account


def test_a_case_whose_tasks_all_have_somebody_is_certain(uow: UnitOfWork, world: World, clerk: Account) -> None:
    _put(
        uow,
        world.task(role="clerk"),
        world.task(role="clerk", assignee_id=world.ana.id),
        world.task(role="borrower"),
        world.task(role="borrower", assignee_id=world.cleo.id),
        world.task(role="borrower", participant_id="cleo"),
        world.task(role="director", state=UserTaskState.COMPLETED),
    )
    assert not _doubtful(uow, world)
    store.accounts.update(uow, replace(clerk, deactivated_at=START))
    assert _doubtful(uow, world)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "director"},
        {"role": None},
        {"role": "clerk", "duty": "check"},
        {"role": "clerk", "nobody": "Nobody."},
        {"role": "clerk", "assignee_id": "gone"},
        {"role": "borrower", "participant_id": "gone"},
    ],
    ids=lambda fields: " ".join(fields),
)
def test_a_case_is_doubtful_by_one_task(uow: UnitOfWork, world: World, clerk: Account, fields: dict[str, str]) -> None:
    _put(uow, world.task(role="clerk"), world.task(**fields))
    assert _doubtful(uow, world)


def test_a_case_is_doubtful_when_its_assignee_lost_the_role(uow: UnitOfWork, world: World, clerk: Account) -> None:
    _put(uow, world.task(role="borrower", assignee_id=world.cleo.id))
    assert not _doubtful(uow, world)
    store.participants.end(uow, "cleo", START)
    assert _doubtful(uow, world)


def test_a_walled_case_is_doubtful_until_the_wall_is_cleared(uow: UnitOfWork, world: World, clerk: Account) -> None:
    _put(uow, world.task(role="clerk"))
    wall = Wall(fresh(), world.program.id, world.case.id, world.ben.id, "related", START)
    store.walls.insert(uow, wall)
    assert _doubtful(uow, world)
    store.walls.clear(uow, wall.id, START)
    assert not _doubtful(uow, world)


def test_why_nobody_can_do_a_task_is_said_of_open_ones(uow: UnitOfWork, world: World) -> None:
    task, done = world.task(), world.task(state=UserTaskState.COMPLETED)
    _put(uow, task, done)
    store.user_tasks.set_nobody(uow, {task.id: "Nobody is a clerk.", done.id: "Nobody."})
    assert store.user_tasks.get(uow, task.id).nobody == "Nobody is a clerk."
    assert store.user_tasks.get(uow, done.id).nobody is None


def test_a_change_of_a_person_touches_the_cases_of_their_tasks(uow: UnitOfWork, world: World) -> None:
    touching = store.user_tasks.case_ids_touching
    _put(uow, world.task(role="clerk", assignee_id=world.ben.id))
    assert touching(uow, world.program.id, world.ana.id) == frozenset()
    assert touching(uow, world.program.id, world.ben.id) == {world.case.id}
    store.memberships.insert(uow, world.membership(world.ana, "clerk", to_at=START))
    assert touching(uow, world.program.id, world.ana.id) == {world.case.id}


@pytest.fixture
def cases(uow: UnitOfWork, world: World) -> dict[str, str]:
    """Cases by why they are where they are in the overview, given in another order than theirs there."""
    made = {}
    for serial, name in enumerate(("idle", "later", "overdue", "incident", "stuck", "newer"), 2):
        case = world.new_case(serial, opened_at=START + timedelta(hours=serial))
        instance = world.new_instance(case_id=case.id)
        store.cases.insert(uow, case)
        store.instances.insert(uow, instance)
        at = {"case_id": case.id, "instance_id": instance.id}
        made[name] = case.id
        if name in ("later", "overdue"):
            due = START + 9 * DAY if name == "later" else START - DAY
            _put(uow, world.task(due_at=due, **at), world.task(due_at=due + DAY, **at), world.task(**at))
        if name == "incident":
            store.incidents.insert(uow, world.incident(**at))
        if name == "stuck":
            _put(uow, world.task(nobody="Nobody is a clerk.", due_at=START, **at))
    store.cases.update(uow, replace(world.case, state=CaseState.CLOSED, closed_at=START))
    return made


_ORDER = ["incident", "stuck", "overdue", "later", "newer", "idle"]


def test_the_overview_puts_stuck_cases_first_then_by_due_date_then_the_newest(uow: UnitOfWork, world: World, cases: dict[str, str]) -> None:
    names = {id: name for name, id in cases.items()}
    rows = store.cases.overview(uow, world.program.id).items
    assert [names[row.case.id] for row in rows] == _ORDER
    seen, cursor = [], None
    while True:
        page = store.cases.overview(uow, world.program.id, cursor=cursor, limit=1)
        seen += [names[row.case.id] for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == _ORDER


def test_the_overview_keeps_to_what_is_asked(uow: UnitOfWork, world: World, cases: dict[str, str]) -> None:
    overview = store.cases.overview
    closed = overview(uow, world.program.id, state=CaseState.CLOSED)
    assert [row.case.id for row in closed.items] == [world.case.id]
    assert len(overview(uow, world.program.id, state=None).items) == 7
    assert [row.case.number for row in overview(uow, world.program.id, text="0003").items] == ["2026-0003"]
    for name in ("idle", "stuck"):
        store.participants.insert(uow, world.participant(world.cleo, "borrower", case_id=cases[name]))
    left = world.participant(world.cleo, "borrower", case_id=cases["later"])
    store.participants.insert(uow, left)
    store.participants.end(uow, left.id, START)
    store.walls.insert(uow, Wall(fresh(), world.program.id, cases["stuck"], world.cleo.id, "reason", START))
    own = overview(uow, world.program.id, of_person=world.cleo.id)
    assert [row.case.id for row in own.items] == [cases["stuck"], cases["idle"]]
    seen = overview(uow, world.program.id, of_person=world.cleo.id, unseen_by=world.cleo.id)
    assert [row.case.id for row in seen.items] == [cases["idle"]]
    assert overview(uow, world.program.id, of_person=world.ben.id).items == ()
    assert overview(uow, "elsewhere").items == ()


def test_the_overview_finds_participants_by_name_only_when_names_may_be_seen(uow: UnitOfWork, world: World) -> None:
    store.participants.insert(uow, world.participant(world.cleo, "borrower"))
    assert store.cases.overview(uow, world.program.id, text="cleo").items == ()
    assert len(store.cases.overview(uow, world.program.id, text="cleo", names=True).items) == 1


def test_the_overview_brings_all_that_a_case_waits_for_in_three_statements(database: store.Store, world: World) -> None:
    task = world.task(assignee_id=world.ana.id)
    soon, late, rung = world.timer(), world.timer(due_at=START + 3 * DAY), world.timer(kind=TimerKind.RUNG)
    subscription, incident = world.subscription(), world.incident()
    suspended = world.new_instance(state=InstanceState.SUSPENDED, suspended_at=START)
    with database.unit_of_work() as uow:
        _put(uow, task)
        store.timers.replace(uow, [late, soon, rung], [])
        store.subscriptions.replace(uow, [subscription], [])
        store.incidents.insert(uow, incident)
        store.instances.insert(uow, suspended)
        store.instances.insert(uow, world.new_instance(state=InstanceState.COMPLETED))
        uow.commit()
    with database.reading() as uow, count_statements(database) as seen:
        (row,) = store.cases.overview(uow, world.program.id).items
    assert seen.count == 3
    assert (row.case, row.tasks, row.timers) == (world.case, (task,), (soon, rung, late))
    assert (row.subscriptions, row.incidents) == ((subscription,), (incident,))
    assert [(one.id, one.state, one.suspended_at) for one in row.instances] == [
        (world.instance.id, InstanceState.RUNNING, None),
        (suspended.id, InstanceState.SUSPENDED, START),
    ]
    assert row.names == {world.ana.id: "Ana Äther"}


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (InboxSort.DUE, ["soon", "high", "old", "new"]),
        (InboxSort.PRIORITY, ["high", "soon", "old", "new"]),
        (InboxSort.AGE, ["old", "new", "high", "soon"]),
        (InboxSort.CASE, ["soon", "high", "old", "new"]),
    ],
)
def test_an_inbox_is_sorted_as_asked_and_goes_on_in_that_order(uow: UnitOfWork, world: World, sort: InboxSort, names: list[str]) -> None:
    _put(
        uow,
        world.task(name="old", role="clerk"),
        world.task(name="new", role="clerk"),
        world.task(name="high", role="clerk", due_at=START + 2 * DAY, priority=90),
        world.task(name="soon", role="clerk", due_at=START + DAY),
    )
    found, cursor = [], None
    for _ in range(2):
        page = store.user_tasks.inbox(uow, world.program.id, world.ana.id, {"clerk"}, sort=sort, cursor=cursor, limit=2)
        found += [row.task.name for row in page.items]
        cursor = page.next
    assert (found, cursor) == (names, None)


def test_an_inbox_is_narrowed_to_what_is_urgent_or_to_be_followed_up(uow: UnitOfWork, world: World) -> None:
    _put(
        uow,
        world.task(name="plain", role="clerk"),
        world.task(name="high", role="clerk", priority=80),
        world.task(name="looked at again", role="clerk", follow_up_at=START - DAY),
        world.task(name="later", role="clerk", follow_up_at=START + DAY),
    )
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(least_priority=75)) == ["high"]
    assert _inbox(uow, world, {"clerk"}, filter=InboxFilter(follow_up_before=START)) == ["looked at again"]
