"""What entries of panels come to over all cases, counted from the rows themselves."""

from __future__ import annotations

from datetime import datetime

from engine import clock, store
from engine.store import UnitOfWork


def owed(uow: UnitOfWork, begin: datetime, end: datetime) -> list[tuple[int, int]]:
    """Of each agreement signed between two moments whose last day is over: obligations with a day, and those done by then."""
    found = []
    for case in uow.execute(store.tables.cases.select()).mappings():
        signed = [one.at for one in store.milestones.of_case(uow, case["id"]) if one.code == "signed"]
        newest = {one.entry: one.id for one in store.entries.of_case(uow, case["id"]) if one.panel == "obligations"}
        said = [one.body for one in store.records.of_case(uow, case["id"], form="obligation") if one.entry_id in newest.values()]
        dated = [one for one in said if isinstance(one, dict) and one.get("obligationBy")]
        counted = [one for one in dated if one["obligationState"] not in ("waived", "replaced")]
        over = counted and max(one["obligationBy"] for one in counted) < clock.now().date().isoformat()
        if signed and begin <= signed[0] < end and over:
            in_time = [one for one in counted if one["obligationState"] == "done" and one["obligationDoneOn"] <= one["obligationBy"]]
            found.append((len(counted), len(in_time)))
    return found


def uneven(uow: UnitOfWork, end: datetime) -> set[str]:
    """Cases that were open at a moment with one party contacted two times more than another."""
    found = set()
    for case in uow.execute(store.tables.cases.select()).mappings():
        if not (case["opened_at"] < end and (case["closed_at"] is None or case["closed_at"] >= end)):
            continue
        newest = {one.entry: one for one in store.entries.of_case(uow, case["id"]) if one.form in ("contact-entry", "private-meeting")}
        about = [one.participant_id for one in newest.values() if one.at <= end]
        parties = [one.id for one in store.participants.of_case(uow, case["id"], at=end) if one.role == "party"]
        numbers = [about.count(party) for party in parties]
        if numbers and max(numbers) - min(numbers) >= 2:
            found.add(case["id"])
    return found
