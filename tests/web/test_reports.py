"""The page of a report that leaves the program: the declared facts of the declared form, for who may read them."""

from __future__ import annotations

from collections.abc import Callable

from tests.operations import acts, notebook
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


def test_a_report_holds_what_is_declared_and_nothing_else(library: World, visit: Visit) -> None:
    case = acts.lent(library)
    path = f"/cases/{case.id}/reports/loan-request"
    lia = visit("lia")
    lia.see(path, 404)
    library.deploy(notebook.files())
    assert path in lia.see(f"/cases/{case.id}").xpath("//main//a/@href")
    lia.see(path)
    assert case.number in lia.text()
    assert "CANARY-wish" in lia.text()
    lia.see(f"/cases/{case.id}/reports/loan-terms", 404)


def test_who_may_not_read_it_does_not_learn_that_there_is_one(library: World, visit: Visit) -> None:
    case = acts.lent(library)
    library.deploy(notebook.files())
    visit("kim").see(f"/cases/{case.id}/reports/loan-request", 404)
    assert "reports/" not in str(visit("kim").see(f"/cases/{case.id}").xpath("//main//a/@href"))
