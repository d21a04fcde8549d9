"""What has to be there before an entry of a panel can be added: a pack's entry criteria, worked out for one case."""

from __future__ import annotations

from datetime import datetime

from engine import store
from engine.model.packs import Criterion, Pack, Panel
from engine.store import UnitOfWork


def first(uow: UnitOfWork, case_id: str, pack: Pack, panel: Panel, form: str) -> str:
    """What has to be done before `form` can be filled in, in the pack's words; "" when nothing is missing.

    It is told to who adds, and says only that something was not written yet, never what was.
    """
    unmet = (one for one in panel.criteria if one.form == form and not _is_met(uow, case_id, pack, one))
    return next((one.label for one in unmet), "")


def _is_met(uow: UnitOfWork, case_id: str, pack: Pack, criterion: Criterion) -> bool:
    since = None
    if criterion.since is not None:
        began = store.records.of_case(uow, case_id, form=criterion.since)
        if not began:
            return False
        since = began[-1].at
    written = (record.at for form in criterion.records for record in store.records.of_case(uow, case_id, form=form))
    return any(_follows(at, since) for at in written) or _each(uow, case_id, pack, criterion.each, since)


def _each(uow: UnitOfWork, case_id: str, pack: Pack, form: str | None, since: datetime | None) -> bool:
    """Whether an entry is there about everybody who takes part now in the role that the form is about."""
    roles = {panel.about[form] for panel in pack.panels if form in panel.about} if form else set()
    asked = {one.id for one in store.participants.of_case(uow, case_id) if one.role in roles}
    answers = {one.participant_id for one in store.entries.of_case(uow, case_id) if one.form == form and _follows(one.at, since)}
    return bool(asked) and asked <= answers


def _follows(at: datetime, since: datetime | None) -> bool:
    return since is None or at >= since
