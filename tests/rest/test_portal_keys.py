"""Links and codes for participants without an account, by REST."""

from __future__ import annotations

from tests.rest.calling import Rest


def test_a_code_is_told_once_listed_without_it_and_ended(rest: Rest) -> None:
    case = rest.loan()
    (participant,) = rest.world.participant_ids(case, "ben")
    path = f"/cases/{case.id}/participants/{participant}/portal-keys"
    made = rest["lia"].post(path, {"kind": "code"}, headers={"Idempotency-Key": "one"})
    assert (made.status_code, made.json["kind"], made.json["state"], len(made.json["code"])) == (201, "code", "waiting", 8)
    again = rest["lia"].post(path, {"kind": "code"}, headers={"Idempotency-Key": "one"})
    assert (again.json["id"], "code" in again.json) == (made.json["id"], False)
    listed = rest["lia"].get(f"/cases/{case.id}/portal-keys")
    assert [one["id"] for one in listed.json["items"]] == [made.json["id"]]
    assert made.json["code"] not in listed.text
    assert rest["lia"].call("DELETE", path).status_code == 204
    assert rest["lia"].get(f"/cases/{case.id}/portal-keys").json["items"][0]["state"] == "ended"


def test_who_may_not_and_what_cannot_be_is_refused_in_words(rest: Rest) -> None:
    case = rest.loan()
    (ben,), (cor,) = rest.world.participant_ids(case, "ben"), rest.world.participant_ids(case, "cor")
    path = f"/cases/{case.id}/participants/{ben}/portal-keys"
    link = rest["lia"].post(path, {"kind": "link"})
    assert (link.status_code, link.json["errors"][0]["path"]) == (422, "/kind")
    assert rest["lia"].post(path, {"kind": "shout"}).status_code == 422
    assert rest["lia"].post(f"/cases/{case.id}/participants/{cor}/portal-keys", {"kind": "code"}).status_code == 403
    assert rest["ben"].post(path, {"kind": "code"}).status_code in (403, 404)
    assert rest["bea"].get(f"/cases/{case.id}/portal-keys").status_code == 404
    assert rest["lia"].post(f"/cases/{case.id}/participants/{'0' * 32}/portal-keys", {"kind": "code"}).status_code == 404
