"""Every figure of the program counted a second time, plainly, from the audit entries and rows of many played cases."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from api.reporting import files, tables, words
from engine import feel, store
from engine.model.measures import Cell, Figure, MeasureKind
from engine.operations.measuring import figures
from engine.store import UnitOfWork
from tests import synthetic
from tests.papers import text_of
from tests.processes import panel_recount
from tests.processes.survey_figures import ANSWERS, RATE
from tests.synthetic import Played

YEAR = "2025"
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_FACTS = ("consentResult", "intakeOutcome", "hoursSpent", "referralSource", "categoryCode", "mode", "minutesMet", "benchmarksMet")
_ASKED_AFTER = {"30": 1, "90": 2, "180": 3}
_FOLLOWED = tuple(f"followUp{what}{number}" for number in _ASKED_AFTER.values() for what in ("Asked", "Reached", "Holding"))
_AGREED = ("full_agreement", "partial_agreement")


@dataclass
class Plain:
    """What the audit entries say of one case."""

    opened: datetime = BEGIN
    closed: datetime | None = None
    outcome: str | None = None
    #: milestone -> when first
    reached: dict[str, datetime] = field(default_factory=dict)
    #: "PROCESS/ELEMENT" of a user task -> when people completed it
    done: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def met(self) -> datetime | None:
        return self.reached.get("first_session")


@dataclass(frozen=True)
class Told:
    """The figures of the year and the plain cases."""

    figures: dict[str, Figure]
    cases: list[Plain]
    tasks: list[tuple[str, str, datetime, datetime | None, datetime | None]]
    written: dict[str, bytes]
    #: user tasks of reviews whose deadline was waived -> when first
    waived: dict[str, datetime]
    #: of each agreement signed in the year whose last day is over: obligations with a day, and those done by then
    owed: list[tuple[int, int]]
    #: cases open at the end of the year with one party contacted two times more than another
    uneven: set[str]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with synthetic.cases_played(synthetic.ALL) as played:
        supervisor = played.actor("supervisor")
        with played.store.reading() as uow:
            found = figures.list_(uow, supervisor, YEAR)
            written = {name: made() for name, made in files.of(uow, supervisor, YEAR).items()}
            by_key = {one.measure.key: one for one in found}
            counted = panel_recount.owed(uow, BEGIN, END), panel_recount.uneven(uow, END)
            yield Told(by_key, _plain(uow, played), _tasks(uow), written, _reviews_waived(uow, played), *counted)


def _plain(uow: UnitOfWork, played: Played) -> list[Plain]:
    cases: dict[str, Plain] = defaultdict(Plain)
    cursor = None
    while True:
        page = store.audit.list_(uow, played.program.id, cursor=cursor, limit=1000)
        for entry in page.items:
            case, details = cases[entry.case_id or ""], entry.details if isinstance(entry.details, dict) else {}
            place = f"{entry.process_key}/{entry.element_id}"
            if entry.event == "case_opened":
                case.opened = entry.at
            elif entry.event == "case_closed":
                case.closed, case.outcome = entry.at, details["outcome"]
            elif entry.event == "user_task_completed":
                case.done[place].append(entry.at)
            elif entry.event == "element_completed" and "milestone" in details:
                case.reached.setdefault(details["milestone"], entry.at)
        cursor = page.next
        if cursor is None:
            break
    cases.pop("", None)
    for fact in store.facts.of_cases(uow, cases.keys(), (*_FACTS, *_FOLLOWED)):
        cases[fact.case_id].facts[fact.key] = feel.from_json(fact.value)
    return list(cases.values())


def _tasks(uow: UnitOfWork) -> list[tuple[str, str, datetime, datetime | None, datetime | None]]:
    t = store.tables.user_tasks.c
    rows = uow.execute(
        store.tables.user_tasks.select().with_only_columns(t.process_key, t.element_id, t.state, t.created_at, t.due_at, t.ended_at)
    )
    return [(f"{row[0]}/{row[1]}", str(row[2]), row[3], row[4], row[5]) for row in rows]


def _reviews_waived(uow: UnitOfWork, played: Played) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    a = store.tables.audit_entries
    for task, at, place in uow.execute(
        a.select()
        .with_only_columns(a.c.task_id, a.c.at, a.c.element_id)
        .where(a.c.program_id == played.program.id, a.c.event == "user_task_deadline_waived")
        .order_by(a.c.at)
    ):
        if place == "review_case":
            found.setdefault(task, at)
    return found


def _days(pairs: list[tuple[datetime | None, datetime | None]]) -> list[float]:
    return sorted((end - start) / _DAY for start, end in pairs if start is not None and end is not None and end >= start)


def _of(kind: str) -> Callable[[Plain], bool]:
    def within(case: Plain) -> bool:
        moment = case.opened if kind == "opened" else case.closed
        return moment is not None and BEGIN <= moment < END

    return within


opened, closed = _of("opened"), _of("closed")


def _first(case: Plain, place: str) -> datetime | None:
    return min(case.done[place], default=None)


def _last(case: Plain, place: str) -> datetime | None:
    return max(case.done[place], default=None)


def _open_at(case: Plain, at: datetime) -> bool:
    return case.opened < at and (case.closed is None or case.closed >= at)


def _consented_in_time(case: Plain) -> bool:
    return "consented" in case.reached and case.reached["consented"] - case.reached["assigned"] <= timedelta(days=14)


def _said(case: Plain, what: str) -> int:
    """What was counted at a follow-up of an agreement signed in the year; of others nothing."""
    signed = case.reached.get("signed")
    return int(str(case.facts.get(f"followUp{what}") or 0)) if signed is not None and BEGIN <= signed < END else 0


def _anybody(what: str) -> Callable[[Plain], bool]:
    return lambda case: _said(case, what) > 0


def _all_hold(number: int) -> Callable[[Plain], bool]:
    return lambda case: _said(case, f"Holding{number}") == _said(case, f"Reached{number}")


COUNTS: dict[str, Callable[[Plain], bool]] = {
    "opened": opened,
    "closed": closed,
    "court-grid": closed,
    "pending-begin": lambda case: _open_at(case, BEGIN),
    "pending-end": lambda case: _open_at(case, END),
    "incidents": lambda case: opened(case) and bool(case.done["safety-incident/decide_after_incident"]),
    "ties-disclosed": lambda case: opened(case) and bool(case.done["conflict-assignment/approve_with_disclosure"]),
}
_CONTACT = "intake-screening/contact_parties"
#: which are counted, which of them fit
SHARES: dict[str, tuple[Callable[[Plain], bool], Callable[[Plain], bool]]] = {
    "convened": (opened, lambda case: case.met is not None),
    "silent": (lambda case: opened(case) and bool(case.done[_CONTACT]), lambda case: case.outcome == "no_response"),
    "answered": (
        lambda case: opened(case) and bool(case.done[_CONTACT]),
        lambda case: case.facts.get("intakeOutcome") not in ("declined", "no_response"),
    ),
    "withdrawn": (opened, lambda case: case.outcome == "withdrawn_party"),
    "consent-refused": (
        lambda case: opened(case) and case.facts.get("consentResult") is not None,
        lambda case: case.facts["consentResult"] == "refused",
    ),
    "consent-expired": (
        lambda case: opened(case) and case.facts.get("consentResult") is not None,
        lambda case: case.facts["consentResult"] == "expired",
    ),
    "settled": (lambda case: closed(case) and case.met is not None, lambda case: case.outcome in _AGREED),
    "settled-full": (lambda case: closed(case) and case.met is not None, lambda case: case.outcome == "full_agreement"),
    "screened": (
        lambda case: opened(case) and case.met is not None,
        lambda case: case.met is not None and case.reached.get("screened", END) <= case.met,
    ),
    "consented": (
        lambda case: opened(case) and case.facts.get("consentResult") is not None,
        lambda case: case.facts["consentResult"] in ("all", "sufficient") and _consented_in_time(case),
    ),
    "complete": (
        closed,
        lambda case: None not in [case.facts.get(key) for key in ("categoryCode", "referralSource", "mode")]
        and case.outcome is not None
        and (case.met is None or case.facts.get("hoursSpent") is not None),
    ),
    "benchmarks": (
        lambda case: closed(case) and bool(case.done["case-review/review_case"]) and case.facts.get("benchmarksMet") != "na",
        lambda case: case.facts["benchmarksMet"] == "yes",
    ),
    "self-referred": (opened, lambda case: case.facts["referralSource"] == "self"),
    **{f"durability-cases-{days}": (_anybody(f"Reached{number}"), _all_hold(number)) for days, number in _ASKED_AFTER.items()},
}
#: of agreements signed in the year: how many parties are counted, how many of them fit
PARTIES = {f"durability-{days}": (f"Reached{number}", f"Holding{number}") for days, number in _ASKED_AFTER.items()} | {
    f"followed-up-{days}": (f"Asked{number}", f"Reached{number}") for days, number in _ASKED_AFTER.items()
}
#: which are counted, from and to
TIMES: dict[str, tuple[Callable[[Plain], bool], Callable[[Plain], tuple[datetime | None, datetime | None]]]] = {
    "to-contact": (opened, lambda case: (case.opened, _first(case, _CONTACT))),
    "to-decision": (opened, lambda case: (case.opened, _first(case, "intake-screening/decide_suitability"))),
    "to-assignment": (opened, lambda case: (_first(case, "intake-screening/decide_suitability"), case.reached.get("assigned"))),
    "to-consent": (opened, lambda case: (case.reached.get("assigned"), case.reached.get("consented"))),
    "to-session": (opened, lambda case: (case.opened, case.met)),
    "backlog": (lambda case: _open_at(case, END) and (case.met is None or case.met > END), lambda case: (case.opened, END)),
    "to-outcome": (lambda case: closed(case) and case.met is not None, lambda case: (case.opened, _last(case, "closure/sign_off_outcome"))),
    "to-ending": (
        lambda case: closed(case) and case.met is None,
        lambda case: (case.opened, _last(case, "closure/record_ending") or _last(case, "closure/sign_off_outcome")),
    ),
    "to-closed": (closed, lambda case: (case.opened, case.closed)),
}
TASKS = {"reviews-in-time": "case-review/review_case", "summaries-in-time": "session/write_joint_summary", "tasks-in-time": ""}
#: user tasks that were open and late when the year ended
LATE = {"reviews-late": "case-review/review_case", "tasks-late": ""}
#: of closed cases with a session, a number of each
AMOUNTS: dict[str, Callable[[Plain], float]] = {
    "sessions": lambda case: float(len(case.done["session/write_joint_summary"])),
    "hours": lambda case: float(str(case.facts["hoursSpent"])),
    "session-minutes": lambda case: float(str(case.facts["minutesMet"])) / len(case.done["session/write_joint_summary"]),
}


@pytest.mark.parametrize("key", sorted(COUNTS))
def test_counts_are_those_of_the_audit_entries(told: Told, key: str) -> None:
    _same(told.figures[key].total, n=sum(COUNTS[key](case) for case in told.cases))


def _same(cell: Cell, n: int, **numbers: float) -> None:
    """Equal, or withheld; days and amounts are told without how many they are where that would give others away."""
    if not cell.hidden:
        found = {"n": n if cell.n is None else cell.n} | {name: getattr(cell, name) for name in numbers}
        assert found == {"n": n} | numbers


@pytest.mark.parametrize("key", sorted(SHARES))
def test_shares_are_those_of_the_audit_entries(told: Told, key: str) -> None:
    counts, fits = SHARES[key]
    behind = [fits(case) for case in told.cases if counts(case)]
    _same(told.figures[key].total, n=len(behind), share=int(100 * sum(behind) / len(behind) + 0.5))


@pytest.mark.parametrize("key", sorted(SHARES))
def test_no_share_counts_a_few(told: Told, key: str) -> None:
    counts, fits = SHARES[key]
    behind = [fits(case) for case in told.cases if counts(case)]
    few = 0 < sum(behind) < 10 or 0 < len(behind) - sum(behind) < 10
    assert told.figures[key].total.hidden or not few


@pytest.mark.parametrize("key", sorted(PARTIES))
def test_what_parties_said_later_is_counted_by_party_and_never_of_a_few(told: Told, key: str) -> None:
    counts, fits = PARTIES[key]
    many, fitting = (sum(_said(case, what) for case in told.cases) for what in (counts, fits))
    assert many > 0
    _same(told.figures[key].total, n=many, share=int(100 * fitting / many + 0.5))
    few = 0 < fitting < 10 or 0 < many - fitting < 10 or sum(_said(case, counts) > 0 for case in told.cases) < 10
    assert told.figures[key].total.hidden or not few


def test_obligations_kept_in_time_are_those_of_what_was_noted(told: Told) -> None:
    many, fitting = (sum(numbers) for numbers in zip(*told.owed, strict=True))
    assert 0 < fitting < many
    _same(told.figures["obligations"].total, n=many, share=int(100 * fitting / many + 0.5))


@pytest.mark.parametrize("key", sorted(TIMES))
def test_days_are_those_of_the_audit_entries(told: Told, key: str) -> None:
    counts, ends = TIMES[key]
    days = _days([ends(case) for case in told.cases if counts(case)])
    figure = told.figures[key]
    _same(figure.total, n=len(days), median=round(median(days), 1), p90=_nearest(days))
    if figure.total.within is not None:
        assert figure.total.within == int(100 * sum(one <= (figure.standard_days or 0) for one in days) / len(days) + 0.5)


def _nearest(values: list[float]) -> float:
    rank = next(place for place in range(1, len(values) + 1) if place * 10 >= len(values) * 9)
    return round(values[rank - 1], 1)


@pytest.mark.parametrize("key", sorted(AMOUNTS))
def test_amounts_are_those_of_the_audit_entries(told: Told, key: str) -> None:
    values = sorted(AMOUNTS[key](case) for case in told.cases if closed(case) and case.met is not None)
    _same(told.figures[key].total, n=len(values), median=round(median(values), 1), p90=_nearest(values))


@pytest.mark.parametrize("key", sorted(TASKS))
def test_what_was_done_in_time_is_that_of_the_tasks(told: Told, key: str) -> None:
    due = [
        (ended or synthetic.NOW) <= due_at
        for place, state, _, due_at, ended in told.tasks
        if TASKS[key] in ("", place) and state != "cancelled" and due_at is not None and BEGIN <= due_at < END
    ]
    _same(told.figures[key].total, n=len(due), share=int(100 * sum(due) / len(due) + 0.5))


@pytest.mark.parametrize("key", sorted(LATE))
def test_what_was_late_at_the_end_is_that_of_the_tasks(told: Told, key: str) -> None:
    late = [
        place
        for place, _, created, due_at, ended in told.tasks
        if LATE[key] in ("", place) and due_at is not None and created < END and due_at < END and (ended is None or ended >= END)
    ]
    _same(told.figures[key].total, n=len(late))


def test_waived_reviews_are_those_of_the_audit_entries(told: Told) -> None:
    found = told.figures["reviews-waived"].total
    many = sum(BEGIN <= at < END for at in told.waived.values())
    assert (found.hidden, found.n or None) == (False, many)


def test_cases_with_uneven_contacts_are_those_of_the_entries(told: Told) -> None:
    many = told.figures["contact-balance"].total.n
    assert 0 < len(told.uneven) == many < sum(_open_at(case, END) for case in told.cases)


def test_agreements_are_split_by_how_they_ended_as_referrers_are_told(told: Told) -> None:
    cells = {cell.key: cell.n for cell in told.figures["court-grid"].splits[0].cells if not cell.hidden}
    settled = sum(closed(case) and case.met is not None and case.outcome == "full_agreement" for case in told.cases)
    assert cells.get("settled", settled) == settled
    assert any(cells.values())
    assert all(number == 0 or number >= 10 for number in cells.values() if number is not None)


def test_most_figures_of_a_year_are_told(told: Told) -> None:
    measured = [figure for figure in told.figures.values() if figure.measure.kind is not MeasureKind.UNMEASURED]
    # of so few agreements too few do not hold to be told: six of these are withheld for that alone
    assert sum(figure.total.hidden for figure in measured) <= len(measured) // 3


def test_every_figure_is_counted_again_here_or_says_that_nothing_measures_it(told: Told) -> None:
    measured = {key for key, figure in told.figures.items() if figure.measure.kind is not MeasureKind.UNMEASURED}
    known = {"reviews-waived", "contact-balance", "obligations", *RATE, *ANSWERS}
    assert measured - known == COUNTS.keys() | SHARES.keys() | PARTIES.keys() | TIMES.keys() | AMOUNTS.keys() | TASKS.keys() | LATE.keys()


def test_no_cell_tells_of_fewer_than_the_limit(told: Told) -> None:
    cells: list[Cell] = [
        cell for one in told.figures.values() for cell in (one.total, *one.months, *(c for s in one.splits for c in s.cells))
    ]
    assert all(cell.n == 0 or cell.n >= 10 for cell in cells if cell.n is not None)
    assert all(cell.n is None and cell.share is None and cell.median is None and cell.p90 is None for cell in cells if cell.hidden)


def test_the_files_hold_the_same_figures(told: Told) -> None:
    lines = list(csv.DictReader(io.StringIO(told.written[f"figures-{YEAR}.csv"].decode())))
    whole = {line["figure"]: line for line in lines if not line["split_by"]}
    for key, figure in told.figures.items():
        if figure.measure.kind is MeasureKind.UNMEASURED:
            continue
        line, cell = whole[f"mediation/{key}"], figure.total
        assert (line["withheld"], line["n"], line["percent"]) == ("yes" if cell.hidden else "no", _text(cell.n), _text(cell.share))
        assert (line["median"], line["p90"]) == (_text(cell.median), _text(cell.p90))
    said = list(csv.DictReader(io.StringIO(told.written["figures-dictionary.csv"].decode())))
    assert {line["name"] for line in said if line["kind"] == "column"} == set(tables.COLUMNS)
    assert {line["name"] for line in said if line["kind"] != "column"} == {f"mediation/{key}" for key in told.figures}
    assert told.written[f"figures-{YEAR}.pdf"].startswith(b"%PDF-")


def _text(number: float | None) -> str:
    return "" if number is None else str(number)


def test_the_report_says_each_figure_as_the_page_does(told: Told) -> None:
    written = text_of(told.written[f"figures-{YEAR}.pdf"])
    for figure in told.figures.values():
        if figure.measure.kind is not MeasureKind.UNMEASURED and not figure.total.hidden:
            assert words.value(figure.measure, figure.total) in written, figure.key
    assert "Time to first session" in written
