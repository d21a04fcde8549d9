"""What was answered and what is known of a case, in the reader's language where no form gives words."""

from __future__ import annotations

from engine import language
from engine.operations import labels
from engine.operations.tasks import task_lists
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast

_KNOWN = {'type = "date"\nlabel = "Due back"': 'type = "date"\nfact = true\nlabel = "Due back"'}


def test_yes_and_no_are_said_in_the_language_of_who_reads() -> None:
    with language.speaking("es"):
        assert labels.labelled(None, {"agreed": True, "late": False}) == (("agreed", "Sí"), ("late", "No"))


def test_a_day_that_is_known_of_a_case_is_written_as_the_reader_s_language_writes_days(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=_KNOWN))
    case = acts.lent(world)
    task = world.task(case, "recall")
    with language.speaking("es"), world.reading("lia") as (uow, actor):
        told = dict(task_lists.page(uow, actor, task.id).facts)
    assert told["Due back"] == "1 abr 2026"
