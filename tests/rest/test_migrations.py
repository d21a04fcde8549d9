"""Running instances brought to another version, over REST."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.cases import Case
from tests.rest.calling import Rest
from tests.rest.conftest import LIBRARY
from tests.world import pack_files

KEY = "/process-definitions/loan"
BOTH = {"from_version": 1, "to_version": 2}


@pytest.fixture
def loan(rest: Rest) -> Case:
    """A loan of version 1; in version 2 its task has another id."""
    case = rest.loan()
    files = pack_files(LIBRARY, LIBRARY / "forms")
    for name in ("loan.bpmn", "pack.toml"):
        files[name] = files[name].replace(b"answer-terms", b"answer-now")
    rest.world.deploy(files)
    return case


def pinned(rest: Rest, case: Case) -> int:
    with rest.world.store.reading() as uow:
        return store.instances.of_case(uow, case.id)[0].definition_version


def test_a_rehearsal_tells_counts_to_who_draws_and_cases_to_who_controls_them(rest: Rest, loan: Case) -> None:
    told = rest["tom"].post(f"{KEY}/rehearsals", BOTH).json
    assert (told["counts"], told["mapping"], told["cases"]) == ({"moved": 1}, {"loan/answer-terms": "answer-now"}, None)
    assert [(line["name"], line["fate"], line["to"], line["number"]) for line in told["lines"]] == [
        ("Answer the terms", "moved", "answer-now", 1)
    ]
    assert [one["number"] for one in rest["kim"].post(f"{KEY}/rehearsals", BOTH).json["cases"]] == [loan.number]


def test_a_stranded_element_is_told_with_its_reason(rest: Rest, loan: Case) -> None:
    told = rest["tom"].post(f"{KEY}/rehearsals", {**BOTH, "mapping": {}}).json
    assert (told["counts"], told["lines"][0]["why"]) == ({"stranded": 1}, "gone")


def test_proposed_approved_by_another_done_and_undone(rest: Rest, loan: Case) -> None:
    made = rest["tom"].post(f"{KEY}/migrations", {**BOTH, "why": "Shorter"})
    assert (made.status_code, made.json["state"]) == (201, "proposed")
    place = f"/migrations/{made.json['id']}"
    assert rest["tom"].post(f"{place}/decision", {"approve": True}).status_code == 403
    assert rest["kim"].post(f"{place}/decision", {"approve": True}).status_code == 200
    rest.world.advance("PT0S")
    found = rest["kim"].get(place).json
    assert (found["state"], found["counts"], found["cases"][0]["state"]) == ("done", {"migrated": 1}, "migrated")
    assert rest["tom"].get(place).json["cases"] is None
    assert pinned(rest, loan) == 2
    assert rest["kim"].post(f"{place}/undo").status_code == 200
    rest.world.advance("PT0S")
    assert pinned(rest, loan) == 1
    assert rest["kim"].post(f"{place}/undo").status_code == 409
    assert [one["id"] for one in rest["tom"].get(f"{KEY}/migrations").json["items"]] == [made.json["id"]]


def test_a_stale_decision_and_a_repeated_proposal_are_refused(rest: Rest, loan: Case) -> None:
    made = rest["tom"].post(f"{KEY}/migrations", BOTH)
    assert rest["tom"].post(f"{KEY}/migrations", BOTH).status_code == 409
    place = f"/migrations/{made.json['id']}"
    tag = rest["kim"].get(place).headers["ETag"]
    assert rest["tom"].post(f"{place}/withdrawal").json["state"] == "withdrawn"
    assert rest["kim"].post(f"{place}/decision", {"approve": True}, headers={"If-Match": tag}).status_code == 412
    assert rest["kim"].post(f"{place}/decision", {"approve": True}).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"from_version": 1, "to_version": 1}, 409),
        ({"from_version": 1, "to_version": 99}, 404),
        ({"from_version": "1", "to_version": 2}, 422),
        ({"from_version": 1, "to_version": 2**40}, 422),
        ({**BOTH, "mapping": {"loan/nothing": "x"}}, 422),
        ({**BOTH, "mapping": {"loan/answer-terms": 3}}, 422),
        ({**BOTH, "mapping": ["a"]}, 422),
    ],
)
def test_what_makes_no_sense_is_told(rest: Rest, loan: Case, body: dict[str, object], status: int) -> None:
    for place in ("rehearsals", "migrations"):
        assert rest["tom"].post(f"{KEY}/{place}", body).status_code == status


def test_others_are_told_nothing(rest: Rest, loan: Case) -> None:
    made = rest["tom"].post(f"{KEY}/migrations", BOTH).json
    for name in ("lia", "ben"):
        assert rest[name].get(f"/migrations/{made['id']}").status_code == 403
        assert rest[name].post(f"{KEY}/rehearsals", BOTH).status_code == 403
    assert rest["kim"].get(f"/migrations/{'0' * 32}").status_code == 404
