"""Running cases at the pages: rehearsed with counts and reasons, proposed by one, approved by another, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import store
from engine.model.cases import Case
from engine.operations.releasing import migration
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
LIBRARY = ROOT / "tests/packs/library"
PAGE = "/procedures/loan/migrate"


@pytest.fixture
def version(library: World) -> int:
    """A new version in which the terms are answered at an element of another id, whatever is live."""
    with library.store.reading() as uow:
        found = store.definitions.latest(uow, library.program.id, "loan")
    assert found is not None
    files = pack_files(LIBRARY, LIBRARY / "forms")
    for name in ("loan.bpmn", "pack.toml"):
        files[name] = files[name].replace(b"answer-terms", f"answer-{found.version}".encode())
    library.deploy(files)
    return found.version


def pinned(world: World, case: Case) -> int:
    with world.store.reading() as uow:
        return store.instances.of_case(uow, case.id)[0].definition_version


def rehearsal(old: int) -> str:
    return f"{PAGE}?from={old}&to={old + 1}"


def propose(visitor: Visitor, old: int) -> str:
    visitor.see(rehearsal(old))
    visitor.submit("Propose it", {"why": "Another id"})
    assert visitor.answer is not None
    return visitor.answer.request.path


def test_a_rehearsal_says_in_words_what_happens_where(loan: Case, visit: Visit, version: int) -> None:
    tom = visit("tom")
    page = tom.see(rehearsal(version))
    assert "1 case goes to another step" in tom.text()
    assert page.xpath("//tr[contains(., 'Answer the terms')][contains(., 'Goes to “Answer the terms”')]")
    assert loan.number not in tom.text()


def test_an_unmapped_element_strands_with_the_reason_and_a_choice(loan: Case, visit: Visit, version: int) -> None:
    tom = visit("tom")
    page = tom.see(f"{rehearsal(version)}&mapped=1&map.loan/answer-{'terms' if version == 1 else version - 1}=")
    row = page.xpath("//tr[contains(., 'Answer the terms')]")[0].text_content()
    assert f"Stays on version {version}" in row
    assert "The other version has no such step." in row
    assert page.xpath("//select[starts-with(@name, 'map.loan/')]")


def test_one_proposes_another_approves_and_the_cases_go_over_and_back(library: World, loan: Case, visit: Visit, version: int) -> None:
    tom, kim = visit("tom"), visit("kim")
    path = propose(tom, version)
    assert "Approve: bring" not in tom.text()
    assert "Who decides: Keeper." in tom.text()
    assert "Decide: Loan from version" in " ".join(kim.see("/inbox").text_content().split())
    kim.see(path)
    assert "Clocks that already run keep the time they have left" in kim.text()
    assert loan.number in kim.text()
    kim.submit("Approve: bring the cases over")
    assert pinned(library, loan) == version + 1
    page = kim.see(path)
    assert page.xpath(f"//tr[contains(., '{loan.number}')][contains(., 'Went over')]")
    assert not tom.see(path).xpath(f"//tr[contains(., '{loan.number}')]")
    kim.see(path)
    kim.submit("Undo: bring the cases back")
    assert pinned(library, loan) == version
    assert kim.see(path).xpath(f"//tr[contains(., '{loan.number}')][contains(., 'Came back')]")


def test_progress_is_asked_for_again_only_while_it_goes_on(library: World, loan: Case, visit: Visit, version: int) -> None:
    tom, kim = visit("tom"), visit("kim")
    path, actor = propose(tom, version), library.actor("kim")
    with library.store.unit_of_work() as uow:
        migration.decide(uow, actor, path.rsplit("/", 1)[1], True)
        uow.commit()
    assert kim.see(f"{path}/progress").get("hx-get") == f"{path}/progress"
    assert "case waits for its turn" in " ".join(kim.document().text_content().split())
    library.advance("PT0S")
    assert kim.see(f"{path}/progress").get("hx-get") is None
    assert kim.answer is not None
    assert kim.answer.headers["HX-Refresh"] == "true"


def test_a_rejection_needs_a_reason_and_a_proposal_can_be_taken_back(loan: Case, visit: Visit, version: int) -> None:
    tom, kim = visit("tom"), visit("kim")
    path = propose(tom, version)
    kim.see(path)
    kim.submit("Reject", status=422)
    assert "Say why it is rejected." in kim.text()
    kim.submit("Reject", {"reason": "Not before Monday"})
    assert "Reason: Not before Monday" in kim.text()
    path = propose(tom, version)
    tom.submit("Take back")
    assert "Taken back" in tom.text()


def test_bad_addresses_are_told_not_broken(visit: Visit, version: int) -> None:
    tom = visit("tom")
    tom.see("/procedures/nothing/migrate", 404)
    for query in ("from=1&to=999", "from=1&to=1", f"from=1&to={version}&map.loan/nothing=x", "from=x&to=y"):
        tom.see(f"{PAGE}?{query}", 200 if query == "from=x&to=y" else 422)
    tom.see("/procedures/migrations/nothing", 404)
    tom.send(PAGE, {"from": "1", "to": "999"}, 404)


def test_pages_are_for_who_draws_or_controls(loan: Case, visit: Visit, version: int) -> None:
    path = propose(visit("tom"), version)
    for name in ("lia", "ben"):
        visit(name).see(path, 403)
        visit(name).see(PAGE, 403)
    visit("tom").send(f"{path}/decision", {"decision": "approve"}, 403)
