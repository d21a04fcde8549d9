"""People and roles that a diagram names and nobody knows: refused with a pack, said without one."""

from __future__ import annotations

from tests.bpmn.drawing import end, process, start, user
from tests.operations import shelf
from tests.operations.test_deployments import refused
from tests.world import World


def drawn(**who: str) -> bytes:
    return process(start(), user("a", **who), end(), go="start > a > end", key="errand")


def warned(world: World, **who: str) -> list[tuple[str | None, str]]:
    return [(one.element_id, one.code) for one in world.deploy({"errand.bpmn": drawn(**who)}, by="ada").warnings]


def test_without_a_pack_a_role_a_person_or_a_participant_that_nobody_is_is_said(library: World) -> None:
    assert warned(library, role="scribe") == [("a", "unknown-role")]
    assert warned(library, assignee="kim") == [("a", "unknown-person")]
    assert warned(library, participant="borrower") == [("a", "unknown-participant")]
    assert warned(library, assignee="=who", participant="=whose") == []


def test_a_person_that_is_there_is_no_stranger(library: World) -> None:
    assert warned(library, assignee=library.people["kim"].id) == []


def test_with_a_pack_they_are_refused(library: World) -> None:
    own = {"role": "librarian", "due": "P1D"}
    assert ("a", "unknown-person") in refused(library, shelf.library(drawn(assignee="kim", **own)))
    assert ("a", "unknown-participant") in refused(library, shelf.library(drawn(participant="borrower", **own)))
    assert ("a", "unknown-role") in refused(library, shelf.library(drawn(participant="=case.participants.scribe[1]", **own)))
