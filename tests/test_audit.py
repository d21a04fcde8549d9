"""The audit chain: any change of what was stored is found, and erasing details keeps the chain whole."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from engine import audit
from engine.model.audit import AuditFacts, BreakKind, Head
from engine.model.trail import AuditEntry

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"


def facts(seq: int, **changes: Any) -> AuditFacts:
    base = AuditFacts("program", "case", seq, AT + timedelta(minutes=seq), "task_completed", "ana", None, "page", case_id="case")
    return replace(base, element_id=f"step-{seq}", details={"fields": ["a", "b"], "count": seq}, **changes)


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    previous = None
    for seq in range(1, length + 1):
        entry = facts(seq)
        linked = audit.link(previous, entry, SALT)
        links = {"details_digest": linked.details_digest, "previous": previous, "hash": linked.hash}
        entries.append(AuditEntry(id=f"e{seq}", salt=SALT, **links, **asdict(entry)))
        previous = linked.hash
    return entries


def kinds(entries: list[AuditEntry], head: Head | None = None) -> set[BreakKind]:
    return {found.kind for found in audit.verify(entries, head)}


def test_a_chain_as_stored_holds() -> None:
    entries = chain(5)
    assert audit.verify(entries, Head(5, entries[-1].hash)) == ()
    assert audit.verify([]) == ()


@pytest.mark.parametrize("name", [name for name in AuditFacts.__dataclass_fields__ if name not in ("seq", "at", "details")])
def test_a_change_of_any_fact_is_found_at_its_entry(name: str) -> None:
    entries = chain(5)
    entries[2] = replace(entries[2], **{name: "forged"})  # type: ignore[arg-type]  # test data
    assert [(found.seq, found.kind) for found in audit.verify(entries)] == [(3, BreakKind.CHANGED)]


def test_a_change_of_time_place_or_details_is_found() -> None:
    for changes, kind in [
        ({"at": AT}, BreakKind.CHANGED),
        ({"details": {"fields": []}}, BreakKind.DETAILS),
        ({"details": None}, BreakKind.DETAILS),
        ({"hash": "0" * 64}, BreakKind.CHANGED),
    ]:
        entries = chain(5)
        entries[2] = replace(entries[2], **changes)  # type: ignore[arg-type]  # test data
        assert kind in kinds(entries)


def test_a_forger_who_links_anew_is_found_by_the_next_entry() -> None:
    entries = chain(5)
    forged = replace(facts(3), actor_id="bo")
    linked = audit.link(entries[1].hash, forged, SALT)
    entries[2] = replace(entries[2], actor_id="bo", hash=linked.hash)
    assert [(found.seq, found.kind) for found in audit.verify(entries)] == [(4, BreakKind.PREVIOUS)]


def test_insertion_deletion_and_another_order_are_found() -> None:
    whole = chain(5)
    assert BreakKind.MISSING in kinds(whole[:2] + whole[3:])
    assert BreakKind.ORDER in kinds([*whole[:3], whole[2], *whole[3:]])
    assert BreakKind.ORDER in kinds([whole[0], whole[2], whole[1], *whole[3:]])
    assert BreakKind.MISSING in kinds(whole[1:])


def test_an_end_that_was_cut_off_is_found_by_the_head() -> None:
    whole = chain(5)
    head = Head(5, whole[-1].hash)
    assert kinds(whole[:4]) == set()
    assert kinds(whole[:4], head) == {BreakKind.LOST}
    assert kinds([], head) == {BreakKind.LOST}
    assert kinds(whole, Head(3, whole[2].hash)) == set()


def test_a_chain_written_anew_from_its_beginning_is_found_by_a_link_known_from_a_seal() -> None:
    assert kinds(chain(5), Head(3, "0" * 64)) == {BreakKind.LOST}


def test_details_and_salt_may_be_erased_together() -> None:
    entries = chain(3)
    entries[1] = replace(entries[1], details=None, salt=b"")
    assert audit.verify(entries) == ()


def test_the_salt_hides_equal_details() -> None:
    first = audit.details_digest({"a": 1}, SALT)
    assert first != audit.details_digest({"a": 1}, SALT[::-1])
    assert first == audit.details_digest({"a": 1}, SALT)


def test_the_same_instant_in_another_zone_is_the_same_link() -> None:
    there = replace(facts(1), at=facts(1).at.astimezone(timezone(timedelta(hours=5))))
    assert audit.link(None, there, SALT) == audit.link(None, facts(1), SALT)


def test_a_short_salt_and_a_naive_time_are_refused() -> None:
    with pytest.raises(ValueError, match="salt"):
        audit.link(None, facts(1), b"short")
    with pytest.raises(ValueError, match="aware"):
        audit.link(None, replace(facts(1), at=datetime(2026, 3, 1)), SALT)  # noqa: DTZ001 - a naive time is the point


def test_the_format_never_changes_unseen() -> None:
    linked = audit.link(None, facts(1), SALT)
    assert linked.details_digest == GOLDEN_DETAILS
    assert linked.hash == GOLDEN_HASH


def test_a_seal_covers_every_head_and_the_seal_before() -> None:
    heads = {"a": Head(3, "h1"), "b": Head(1, "h2")}
    made = audit.seal(None, AT, heads)
    assert made == audit.seal(None, AT, dict(reversed(heads.items())))
    others = [
        audit.seal("x", AT, heads),
        audit.seal(None, AT + timedelta(seconds=1), heads),
        audit.seal(None, AT, {**heads, "b": Head(1, "h3")}),
        audit.seal(None, AT, {**heads, "b": Head(2, "h2")}),
        audit.seal(None, AT, {"a": heads["a"]}),
    ]
    assert len({made, *others}) == 6


# Worked out once with the standard library from the description of the format; a stored chain of format 1 has to verify for ever.
GOLDEN_DETAILS = "1ae9ecaeb15e62c14603e19d2c36dc140c3757f837d2a16af6f8cf18150330c2"
GOLDEN_HASH = "f448df5084235ff0fd83f3dee4eb4aaf7adb0e244ed72d87734a875e434c5fae"
