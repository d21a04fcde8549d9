"""A person reads forms, tasks and notices in their language, where the program is kept in it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from engine import clock, store
from engine.model.cases import Case
from tests.visiting import Visitor
from tests.web.conftest import LIBRARY
from tests.world import World, pack_files

Visit = Callable[[str], Visitor]
IN_FORM = {
    "Terms of the loan": "Condiciones del préstamo",
    "Do you accept the terms?": "¿Acepta usted las condiciones?",
    "Yes": "Sí",
    "Back on": "Se devuelve el",
    "From": "Desde",
    "The book comes back after it was lent.": "El libro se devuelve después de prestarse.",
}
IN_PACK = {"Answer the terms": "Responder a las condiciones", "Borrower": "Prestatario", "Opened": "Abierto"}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library, kept in Spanish too; bea reads Spanish."""
    files = pack_files(LIBRARY, LIBRARY / "forms")
    table = "\n".join(f"{json.dumps(text)} = {json.dumps(said)}" for text, said in IN_PACK.items())
    files["pack.toml"] = b'languages = ["en", "es"]\n' + files["pack.toml"] + f"\n[translations.es]\n{table}\n".encode()
    terms = json.loads(files["loan-terms.json"])
    files["loan-terms.json"] = json.dumps({**terms, "x-translations": {"es": IN_FORM}}).encode()
    return files


@pytest.fixture(scope="module")
def app(library: World) -> Flask:
    made = create_app(library.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    made.testing = False
    return made


@pytest.fixture
def loan(library: World) -> Case:
    clock.use(library.clock)
    return library.open_case("lia", "library", [("borrower", "bea"), ("curator", "cor")], {"bookClass": "fragile"})


def reads(visitor: Visitor, language: str) -> None:
    visitor.send("/account/language", {"language": language})


def test_who_chose_spanish_reads_task_and_form_in_it_and_is_corrected_in_it(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("bea")
    reads(visitor, "es")
    visitor.see("/inbox")
    assert "Responder a las condiciones" in visitor.text()
    visitor.see(f"/tasks/{library.task(loan, 'answer-terms').id}")
    assert "¿Acepta usted las condiciones?" in visitor.text()
    assert "Do you accept" not in visitor.text()
    visitor.submit("Enviar", {"answer": "yes", "from": "2026-04-02", "dueBack": "2026-04-01"}, status=422)
    assert "Se devuelve el: El libro se devuelve después de prestarse." in visitor.text()
    visitor.submit("Enviar", {"answer": "yes", "from": "2026-04-02", "dueBack": "2026-04-09"})
    assert "answer-terms" not in library.names(loan)
    visitor.see(f"/cases/{loan.id}?tab=people")
    assert "Prestatario" in visitor.text()
    reads(visitor, "en")


def test_others_on_the_case_go_on_reading_theirs(library: World, loan: Case, visit: Visit) -> None:
    reads(visit("bea"), "es")
    cor = visit("cor")
    cor.see(f"/cases/{loan.id}?tab=people")
    assert "Borrower" in cor.text()
    assert "Prestatario" not in cor.text()
    reads(visit("bea"), "en")


def test_what_the_browser_asks_for_counts_where_the_program_does_not_speak_a_person_s_language(
    library: World, loan: Case, app: Flask
) -> None:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr, es-MX;q=0.8, en;q=0.5"
    visitor = Visitor(client).sign_in_as(library, "bea")
    task = f"/tasks/{library.task(loan, 'answer-terms').id}"
    visitor.see(task)
    assert "Do you accept the terms?" in visitor.text(), "their own choice, English, comes first"
    with library.store.unit_of_work() as uow:
        person = store.persons.get(uow, library.people["bea"].id)
        store.persons.update(uow, type(person)(**{**{name: getattr(person, name) for name in person.__slots__}, "language": "zh"}))
        uow.commit()
    visitor.see(task)
    assert "¿Acepta usted las condiciones?" in visitor.text()
    reads(visitor, "en")


def test_a_language_that_the_program_is_not_kept_in_cannot_be_chosen(visit: Visit) -> None:
    visitor = visit("cor")
    page = visitor.see("/account")
    assert [one.get("value") for one in page.xpath("//select[@name='language']/option")] == ["en", "es"]
    visitor.submit("Use this language", {"language": "xx"}, status=422)
    assert "Choose one of the languages of this program." in visitor.text()
