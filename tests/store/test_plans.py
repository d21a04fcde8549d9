"""Questions about a whole program are answered from the small indexes made for them, not by reading every task it ever had."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from engine import store

#: what is asked → the index that holds little else
_PLANS = {
    "nobody IS NOT NULL": "ix_user_tasks_stuck",
    "follow_up_at IS NOT NULL AND follow_up_at < 'x'": "ix_user_tasks_follow_up",
    "due_key < 'x'": "ix_user_tasks_due",
    "assignee_id IS NULL AND role = 'x'": "ix_user_tasks_role",
}


@pytest.mark.parametrize(("asked", "index"), list(_PLANS.items()))
def test_open_tasks_of_a_program_are_found_by_what_is_asked_of_them(asked: str, index: str) -> None:
    opened = store.open("sqlite://")
    opened.migrate()
    with opened.reading() as uow:
        question = f"SELECT case_id FROM user_tasks WHERE program_id = 'p' AND state = 'open' AND {asked}"
        plan = " ".join(str(row[-1]) for row in uow.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    opened.close()
    assert index in plan
