"""People and roles at the pages."""

from __future__ import annotations

from collections.abc import Callable

from engine.operations.people import people
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


def test_a_person_is_added_with_roles_and_an_account(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see("/people/new")
    typed = {"name": "Rosa Example", "email": "rosa@example.org", "staff": "1", "roles": ["keeper"], "login": "rosa"}
    visitor.submit("Add the person", typed)
    assert "Added." in visitor.text()
    assert "Signs in as rosa." in visitor.text()
    assert "Keeper" in visitor.text()


def test_mistakes_stand_at_their_fields_and_nothing_is_added(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see("/people/new")
    page = visitor.submit("Add the person", {"name": "Half", "email": "nowhere", "login": "x y", "password": "short"}, status=422)
    assert page.get_element_by_id("f-email").get("aria-invalid") == "true"
    assert page.get_element_by_id("f-name").value == "Half"
    with library.reading("ada") as (uow, actor):
        assert people.search(uow, actor, "Half") == ()


def test_a_bad_account_adds_no_person_either(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see("/people/new")
    visitor.submit("Add the person", {"name": "Lost Example", "login": "lost", "password": "short"}, status=422)
    with library.reading("ada") as (uow, actor):
        assert people.search(uow, actor, "Lost") == ()


def test_roles_are_given_and_ended(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see(f"/people/{library.people['tia'].id}")
    visitor.submit("Give role", {"role": "librarian"})
    assert "librarian" in library.actor("tia").roles
    visitor.send(f"/people/{library.people['tia'].id}/roles/librarian/end")
    assert "librarian" not in library.actor("tia").roles


def test_contacts_are_changed_and_cleared(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see(f"/people/{library.people['bea'].id}")
    visitor.submit("Save", {"email": "bea@example.org", "phone": "555-0188"})
    page = visitor.submit("Save", {"email": ""})
    assert page.get_element_by_id("f-email").value in (None, "")
    assert page.get_element_by_id("f-phone").value == "555-0188"


def test_deactivating_ends_a_session_at_once(library: World, visit: Visit) -> None:
    somebody, admin = visit("tia"), visit("ada")
    somebody.see("/inbox")
    admin.see(f"/people/{library.people['tia'].id}")
    admin.submit("Deactivate")
    assert somebody.client.get("/inbox").status_code == 303
    admin.submit("Let them sign in again")
    assert "Active again." in admin.text()


def test_nobody_deactivates_themselves(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    me = library.actor("ada").person_id
    visitor.send(f"/people/{me}/deactivation", status=409)
    assert "You cannot deactivate yourself" in visitor.text()


def test_a_role_that_does_not_exist_is_refused(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.send(f"/people/{library.people['tia'].id}/roles", {"role": "king"}, status=422)
    assert "Choose one of the program's roles." in visitor.text()


def test_somebody_is_let_in_later_and_given_a_new_password(library: World, visit: Visit) -> None:
    visitor = visit("ada")
    visitor.see("/people/new")
    visitor.submit("Add the person", {"name": "Late Example"})
    page = visitor.submit("Let them sign in", {"login": "lia", "password": "a long enough one"}, status=422)
    assert "is taken" in page.get_element_by_id("f-login-error").text_content()
    visitor.submit("Let them sign in", {"login": "late", "password": "a long enough one"})
    assert "Signs in as late." in visitor.text()
    visitor.submit("Set the password", {"password": "short"}, status=422)
    visitor.submit("Set the password", {"password": "another long one"})
    assert "Saved; the person signs in with it" in visitor.text()
