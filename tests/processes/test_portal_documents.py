"""Documents that parties and staff bring into a case: who opens them without an account, and who does not."""

from __future__ import annotations

from io import BytesIO

import pytest

from api.app import create_app
from engine import store
from engine.model.cases import Case
from engine.model.portal import KeyKind
from engine.operations.content import files
from engine.operations.people import portal_keys
from tests.processes import answers, telling
from tests.processes.test_portal import CONFIG
from tests.visiting import Visitor
from tests.world import World

ORDER, LEASE = b"%PDF-1.4 the order", b"%PDF-1.4 the lease"


def bring(world: World, case: Case, by: str, element: str, field: str, content: bytes, *, of: str | None = None) -> dict[str, object]:
    """The rows of a form with a document in its only one."""
    task = world.task(case, element, of=of)
    with world.acting(by) as (uow, actor):
        kept = files.add(uow, actor, task.id, f"{field}-0-document", ("paper.pdf", BytesIO(content)), scanned=True)
    return {field: [{"documentKind": "contract", "document": kept.id}]}


@pytest.fixture
def brought(world: World) -> Case:
    """A case with an order that intake attached for all, and a lease of ben's for himself and who leads the case."""
    case = telling.open_case(world)
    order = bring(world, case, "ida", "record_request", "documents", ORDER)
    world.complete("ida", case, "record_request", answers.REQUEST | order)
    telling.go_on(world, case)
    telling.appoint(world, case)
    telling.consent(world, case)
    lease = bring(world, case, "ben", "say_what_matters", "partyDocuments", LEASE, of="ben")
    world.complete("ben", case, "say_what_matters", answers.GOALS_OF_PARTY | lease, of="ben")
    return case


def enter(world: World, case: Case, name: str) -> Visitor:
    """A browser in which somebody typed in a code."""
    with world.acting("ida") as (uow, actor):
        code = portal_keys.make(uow, actor, case.id, next(iter(world.participant_ids(case, name))), KeyKind.CODE).code
    visitor = Visitor(create_app(world.store, CONFIG).test_client())
    visitor.see("/portal")
    visitor.submit("Go on", {"code": code or ""})
    return visitor


def test_what_all_may_read_is_opened_by_each_and_what_is_one_partys_by_them_alone(world: World, brought: Case) -> None:
    with world.store.reading() as uow:
        ids = {one.cls: one.id for one in store.files.sent(uow, brought.id)}
    assert ids.keys() == {"C3", "C4"}
    for name, lease in (("ana", 404), ("ben", 200)):
        phone = enter(world, brought, name)
        shown = phone.document().xpath("//a/@href[contains(., '/files/')]")
        assert shown == [f"/portal/files/{ids['C3']}"]
        assert phone.client.get(shown[0]).data == ORDER
        answer = phone.client.get(f"/portal/files/{ids['C4']}")
        assert (answer.status_code, LEASE in answer.data) == (lease, lease == 200)
    with world.reading("mira") as (uow, actor):
        assert {one.cls for one in files.of_case(uow, actor, brought.id)} == {"C3", "C4"}
    with world.reading("ida") as (uow, actor):
        assert {one.cls for one in files.of_case(uow, actor, brought.id)} == {"C3"}, "what they wrote themselves"


def test_a_party_sees_who_leads_when_they_meet_and_where(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.schedule(world, case)
    phone = enter(world, case, "ana")
    said = phone.document().xpath("string(//main)")
    assert "CANARY-C3-place" in phone.document().xpath("string(//h2[.='Appointments']/following-sibling::ul[1])")
    assert f"{world.people['mira'].name}, Mediator" in " ".join(said.split())
    assert world.people["ben"].name not in said, "of the other parties the first page names none"
