"""Made-up cases: the same for the same seed, each act one that people could have done."""

from __future__ import annotations

from engine import store
from engine.model.states import CaseState
from engine.store import Store
from tests import synthetic

FEW = 12


def test_the_same_seed_gives_the_same_cases() -> None:
    first, second = (synthetic.play(FEW, seed=7) for _ in range(2))
    told = [_told(store.private(image.content)) for image in (first, second)]
    assert told[0] == told[1]
    assert len(told[0]) == FEW


def _told(opened: Store) -> dict[str, list[tuple[str, ...]]]:
    """By case number what happened when."""
    with opened.reading() as uow:
        (program,) = store.programs.all(uow)
        found = store.cases.list_(uow, program.id, limit=100).items
        chains = {case.number: store.audit.chain(uow, case.id) for case in found}
    opened.close()
    return {number: [(str(entry.at), entry.event, entry.element_id or "") for entry in chain] for number, chain in chains.items()}


def test_cases_end_in_many_ways_and_some_go_on() -> None:
    with synthetic.cases_played() as played, played.store.reading() as uow:
        found = store.cases.list_(uow, played.program.id, limit=100).items
        incidents = store.figures.open_incidents(uow)
    assert len(found) == synthetic.SOME
    assert len({case.outcome for case in found}) >= 5
    assert any(case.state is CaseState.OPEN for case in found)
    assert incidents == 0
