"""What each role is answered about a case over HTTP, by a real server: its own, and nothing that was said to somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import store
from engine.model.cases import Case
from engine.operations import sealing
from tests.processes import answers, telling
from tests.rest.afar import FORMS, PACK, Afar, asked, canaries, refused
from tests.world import pack_files


@pytest.fixture(scope="module")
def private(afar: Afar) -> Case:
    """A case in which ana told something that is for nobody else's eyes than hers and the one who leads it."""
    case = asked(afar)
    telling.consent(afar, case)
    secret = answers.GOALS_OF_PARTY | {"hopes": "CANARY-of-ana-alone"}
    afar.complete("ana", case, "say_what_matters", secret, of="ana")
    afar.complete("ben", case, "say_what_matters", answers.GOALS_OF_PARTY, of="ben")
    afar.complete("mira", case, "assess_priorities", answers.ASSESSMENT)
    return case


def test_what_a_party_said_in_private_is_read_by_them_and_nobody_who_should_not(afar: Afar, private: Case) -> None:
    readers = set()
    for name in (*telling.CAST, *telling.OUTSIDE):
        answer = afar.call(name, "GET", f"/cases/{private.id}/records")
        assert answer.status in (200, 403, 404)
        readers |= {name} if "CANARY-of-ana-alone" in answer.text else set()
    assert readers == {"ana", "mira"}
    everybody_else = [text for name, heard in afar.heard.items() if name not in readers for text in heard]
    assert "CANARY-of-ana-alone" not in "".join(everybody_else)


def test_a_party_reaches_nothing_of_another_party_s_task(afar: Afar) -> None:
    case = asked(afar)
    task = afar.task("ana", case, "answer_consent_request", of="ana")
    draft = afar.call("ana", "PUT", f"/user-tasks/{task}/draft", {"data": {"question": "CANARY-draft-of-ana"}})
    assert draft.status == 200
    refused(afar.call("ben", "GET", f"/user-tasks/{task}/draft"), 404)
    refused(afar.call("ben", "PUT", f"/user-tasks/{task}/draft", {"data": {}}), 404)
    refused(afar.call("ben", "POST", f"/user-tasks/{task}/completion", {"data": answers.AGREED}), 404)
    assert afar.get("ana", f"/user-tasks/{task}/draft")["data"] == {"question": "CANARY-draft-of-ana"}
    holders = {name for name, heard in afar.heard.items() if "CANARY-draft-of-ana" in "".join(heard)}
    assert holders == {"ana"}


def test_somebody_who_has_no_part_in_a_case_does_not_learn_that_it_exists(afar: Afar, private: Case) -> None:
    instance = afar.instance(private)
    paths = [f"/cases/{private.id}{part}" for part in ("", "/timeline", "/records", "/participants")]
    paths += [f"/process-instances/{instance}{part}" for part in ("", "/variables", "/explanation")]
    paths += [f"/audit-entries?case={private.id}", f"/audit-entries?instance={instance}"]
    for name in ("cem", "noor"):
        assert {afar.call(name, "GET", path).status for path in paths} == {404}
        listed = afar.call(name, "GET", "/cases")
        assert private.id not in listed.text
    assert afar.every("cem", "/user-tasks", instance=instance) == []


def test_a_program_manager_changes_procedures_and_sees_no_case(afar: Afar, private: Case) -> None:
    again = afar.deploy("pam", pack_files(PACK, FORMS))
    assert again.status == 201
    assert {one["version"] for one in again.json["definitions"]} == {1}
    for path in ("/cases", "/process-instances", "/audit-entries"):
        refused(afar.call("pam", "GET", path), 403)
    for path in (f"/cases/{private.id}", f"/process-instances/{afar.instance(private)}/variables"):
        refused(afar.call("pam", "GET", path), 404)
    assert afar.every("pam", "/user-tasks") == []
    assert canaries(*afar.heard["pam"]) == set()


def test_a_supervisor_sees_every_case_and_nothing_that_was_said_in_one(afar: Afar, private: Case) -> None:
    listed = {one["id"] for one in afar.every("sam", "/cases", limit=100)}
    assert private.id in listed
    for part in ("", "/timeline", "/records", "/participants"):
        afar.get("sam", f"/cases/{private.id}{part}")
    afar.every("sam", "/audit-entries", case=private.id, limit=100)
    afar.every("sam", "/user-tasks", instance=afar.instance(private))
    for task in afar.every("sam", "/user-tasks", instance=afar.instance(private), state="completed"):
        afar.get("sam", f"/user-tasks/{task['id']}")
    assert canaries(*afar.heard["sam"]) == set()
    assert "Ana Example" not in "".join(afar.heard["sam"])


def test_nothing_that_was_written_is_in_any_list_notice_or_variable_of_anybody(afar: Afar, private: Case) -> None:
    paths = ["/cases", "/notices", "/user-tasks", "/process-instances", f"/cases/{private.id}/timeline"]
    paths += [f"/process-instances/{afar.instance(private)}/{part}" for part in ("variables", "explanation")]
    for name in (*telling.CAST, *telling.OUTSIDE):
        answers_of = [afar.call(name, "GET", path) for path in paths]
        assert {answer.status for answer in answers_of} <= {200, 403, 404}
        assert canaries(*(answer.text for answer in answers_of)) == set(), name
    assert afar.every("ana", "/notices") != []


def test_whoever_has_no_token_or_a_wrong_one_is_not_told_anything(afar: Afar, private: Case) -> None:
    afar.tokens["nobody"] = "no-such-token"
    for name in (None, "nobody"):
        told = afar.call(name, "GET", f"/cases/{private.id}")
        refused(told, 401)
        assert told.headers["WWW-Authenticate"] == "Bearer"


def test_the_trail_of_all_that_holds_and_tells_nothing_confidential(afar: Afar, data: Path, private: Case) -> None:
    entries = afar.every("sue", "/audit-entries", case=private.id, limit=50)
    assert [one["seq"] for one in entries] == list(range(1, len(entries) + 1))
    assert canaries(str(entries)) == set()
    (path,) = data.glob("*/*.sqlite")
    opened = store.open(f"sqlite:///{path}")
    try:
        with opened.reading() as uow:
            (program,) = {store.cases.get(uow, private.id).program_id}
            assert sealing.verify(uow, program) == ()
    finally:
        opened.close()


def test_the_server_writes_nothing_that_was_said_where_its_keepers_would_read_it(afar: Afar, private: Case) -> None:
    refused(
        afar.call("ana", "POST", f"/cases/{private.id}/messages", b'{"name": "CANARY-of-a-broken-body', Content_Type="application/json"),
        400,
    )
    refused(afar.call("ana", "POST", f"/cases/{private.id}/messages", {"name": "CANARY-of-no-message"}), 403)
    task = afar.task("mira", private, "set_goals")
    refused(afar.call("mira", "POST", f"/user-tasks/{task}/completion", {"data": {"goals": "CANARY-of-a-wrong-form"}}), 422)
    assert "CANARY-of-ana-alone" in "".join(afar.heard["ana"])
    assert len(afar.written) == 2
    assert canaries(*(path.read_text() for path in afar.written)) == set()
