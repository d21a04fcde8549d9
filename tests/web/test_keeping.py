"""The pages about walls and absences: put up and taken down by two, away with who stands in, X for Y."""

from __future__ import annotations

from collections.abc import Callable

from engine import store
from tests.operations import acts
from tests.visiting import Visitor
from tests.world import World


def test_a_wall_is_put_up_and_the_case_is_gone_for_that_person(library: World, visit: Callable[[str], Visitor]) -> None:
    case = acts.lent(library)
    lia, ada = visit("lia"), visit("ada")
    lia.see(f"/cases/{case.id}")
    (watched,) = lia.document().xpath("//main/@data-still")
    assert lia.client.get(watched).status_code == 204
    gone = lia.see("/cases/" + "0" * 32, 404).text_content()
    ada.see("/walls/new")
    ada.submit("Go on", {"case": "nothing like it"}, 422)
    assert "There is no case with this number" in ada.text()
    ada.see(f"/walls/new?case={case.number}")
    ada.submit("Put up the wall", {}, 422)
    assert "Choose who is kept away" in ada.text()
    ada.submit("Put up the wall", {"person_id": library.people["lia"].id, "reason": "personal-tie", "until": "soon"}, 422)
    assert "Enter a date" in ada.text()
    ada.submit("Put up the wall", {"until": ""})
    assert "Lia Example" in ada.text()
    assert lia.see(f"/cases/{case.id}", 404).text_content() == gone
    assert lia.see(f"/tasks/{library.task(case, 'recall').id}", 404).text_content() == gone
    assert lia.client.get(watched).status_code == 404, "an open tab is told within half a minute"
    ada.see("/walls")
    assert [cell.text.strip() for cell in ada.document().xpath("//td[@data-label='Tries']")] == ["1"]
    ada.submit("Ask to take it down")
    assert "asks to take it down" in ada.text()
    assert "Agree" not in ada.text()
    ada.submit("Let it stand")
    ada.see("/people/" + library.people["ben"].id)
    ada.see(f"/walls/new?other={library.people['ben'].id}")
    ada.submit("Put up the wall", {"person_id": library.people["tom"].id, "reason": "other"})
    assert "Ben Example" in ada.text()
    ada.see(f"/walls/new?case={acts.loan(library).number}")
    ada.submit("Put up the wall", {"person_id": library.people["lia"].id, "reason": "other", "since": "2026-01-01"}, 422)
    assert "Choose today or a day to come" in ada.text()
    ada.submit("Put up the wall", {"since": "2026-03-20"})
    assert "Not yet: from then on" in ada.text()
    lia.see("/walls", 403)


def test_who_stands_in_finds_the_tasks_and_does_them_for_the_other(library: World, visit: Callable[[str], Visitor]) -> None:
    case = acts.lent(library)
    library.person("lou")
    lia, lou = visit("lia"), visit("lou")
    lia.see("/away")
    lia.submit("Keep it", {"last": "2026-03-01", "person-0": library.people["lou"].id}, 422)
    assert "not before the first" in lia.text()
    lia.submit("Keep it", {"last": "2026-03-06", "person-0": library.people["lou"].id})
    assert "Lou Example" in lia.text()
    lou.see("/inbox")
    assert "For Lia Example" in lou.text()
    lou.see(f"/inbox?tab=for-{library.people['lia'].id}")
    assert "In the place of Lia Example" in lou.text()
    task = library.task(case, "recall")
    lou.see(f"/tasks/{task.id}")
    assert "You do this in the place of Lia Example" in lou.text()
    lou.submit("Take it")
    lou.see(f"/cases/{case.id}?tab=timeline")
    assert "Lou Example for Lia Example" in lou.text()
    lia.see("/away")
    lia.submit("End it")
    lou.see(f"/tasks/{task.id}", 404)
    lou.see(f"/inbox?tab=for-{library.people['lia'].id}", 404)
    with library.store.reading() as uow:
        assert store.user_tasks.get(uow, task.id).assignee_id == library.people["lia"].id


def test_the_list_of_cases_says_for_whom_it_shows_a_case(library: World, visit: Callable[[str], Visitor]) -> None:
    case = acts.lent(library)
    library.person("cas", "curator")
    cor, cas = visit("cor"), visit("cas")
    cas.see("/cases")
    assert "For Cor Example" not in cas.text()
    cor.see("/away")
    cor.submit("Keep it", {"last": "2026-03-06", "person-0": library.people["cas"].id})
    for address in ("/cases", f"/cases?for={library.people['cor'].id}"):
        cas.see(address)
        assert (case.number in cas.text(), "For Cor Example" in cas.text()) == (True, True)
    library.advance("P7D")
    cas.see(f"/cases?for={library.people['cor'].id}", 404)
