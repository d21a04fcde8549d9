"""By which ways a participant can be reached safely: what was last written down about them in the form that the pack names.

The rule is content (such as class C5). It is read here to keep mail back and is told to nobody.
"""

from __future__ import annotations

from engine import store
from engine.model.telling import ContactRule
from engine.store import UnitOfWork


def may_mail(uow: UnitOfWork, case_id: str, person_id: str, rule: ContactRule | None) -> bool:
    """Whether nothing that was written down keeps mail from a person; where no way was chosen every way is safe."""
    if rule is None:
        return True
    own = {one.id for one in store.participants.history_for_person(uow, case_id, person_id)}
    if not own:
        return True
    said = [
        record.body[rule.field]
        for record in store.records.of_case(uow, case_id, form=rule.form)
        if record.participant_id in own and isinstance(record.body, dict) and rule.field in record.body
    ]
    return not said or not said[-1] or (isinstance(said[-1], list) and rule.mail in said[-1])
