"""Messages to a case by REST are what the page's buttons say, and no more."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid, NotFound
from engine.operations.running import messages
from tests.processes import telling
from tests.world import World

WITHDRAWN = "ConsentWithdrawn"


def _send(world: World, by: str, case: Case, payload: dict[str, object]) -> None:
    with world.acting(by) as (uow, actor):
        messages.send(uow, actor, WITHDRAWN, case.id, payload)


def test_a_party_withdraws_for_themselves_only(underway: tuple[World, Case]) -> None:
    world, case = underway
    bens = next(iter(world.participant_ids(case, "ben")))
    with pytest.raises(Forbidden):
        _send(world, "ana", case, {"withdrawnId": bens})
    with pytest.raises(Forbidden):
        _send(world, "ana", case, {"withdrawnId": "CANARY free text"})
    with pytest.raises(Invalid) as wrong:
        _send(world, "ana", case, {"outcomeCode": "full_agreement"})
    assert [error.path for error in wrong.value.errors] == ["/outcomeCode"]
    assert [p.to_at for p in world.page("ida", case).participants if p.role == "party"] == [None, None]


def test_a_withdrawal_is_taken_once_and_nothing_lies_in_wait(underway: tuple[World, Case]) -> None:
    world, case = underway
    _send(world, "ana", case, {})
    with pytest.raises((Conflict, NotFound)):
        _send(world, "ana", case, {})
    ended = [p.to_at is not None for p in world.page("ida", case).participants if p.role == "party"]
    assert sorted(ended) == [False, True]


def test_intake_says_for_whom(underway: tuple[World, Case]) -> None:
    world, case = underway
    with pytest.raises(Invalid):
        _send(world, "ida", case, {})
    _send(world, "ida", case, {"withdrawnId": next(iter(world.participant_ids(case, "ben")))})
    assert telling.end_event(world, case) is None


def test_a_second_party_withdraws_while_the_others_are_asked_whether_to_go_on(world: World) -> None:
    parties = ("ana", "ben", "cem")
    case = telling.in_mediation(world, parties)
    world.send("ana", case, WITHDRAWN)
    assert world.names(case).count("agree_to_go_on") == 2
    assert [act.name for act in world.page("ben", case).acts] == [WITHDRAWN, "PartyAsks", "SafetyConcern"]
    world.send("ben", case, WITHDRAWN)
    ended = {p.who.label for p in world.page("ida", case).participants if p.role == "party" and p.to_at}
    assert ended == {"Ana Example", "Ben Example"}
    assert "agree_to_go_on" not in world.names(case)
