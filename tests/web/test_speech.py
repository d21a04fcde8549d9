"""Pages in the reader's language: nothing that people read is outside a catalog, and a page says which language it is in."""

from __future__ import annotations

import json
import re
import tomllib
from calendar import month_name
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask
from lxml import etree

from api.web.browser_words import OF_ROOMS, in_room
from api.web.help_guides import GUIDES
from api.web.studio.pack_parts import PARTS
from engine import clock, language, store
from engine.language import Book, Pattern
from engine.model.cases import Case
from engine.model.content import Record
from engine.model.ids import new_id
from engine.model.packs import ValueType
from engine.operations.content import entries
from engine.operations.content.entries import Asked
from engine.operations.drafting import change_files, changes
from engine.operations.people import accounts
from engine.operations.telling import surveys
from tests import catalogs
from tests.bpmn.drawing import end, message, process, start, user
from tests.operations import notebook
from tests.operations.conftest import cast
from tests.visiting import Visitor
from tests.web.test_portal import code, enter, from_now_on
from tests.world import ROOT, World

_ODD = "qps"
#: names of things in the world around, not sentences; what packs, forms and people bring is told by `_data`
_NAMES = ("Parley", "bpmn.io", "Ctrl", "Delete", "UTC", "English", "Español", "Deutsch", "Français", "Português")
_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "data-label")


_PLURALS = {one: many for folder in catalogs.CATALOGS for one, many in catalogs.wanted(folder).items() if many}
_MONTHS = "|".join(month_name[1:])
_DATES = re.compile(
    rf"\b(?:[A-Z][a-z]+day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)?,? ?\d{{1,2}} [A-Z][a-z]{{2,8}}(?: \d{{4}})?\b"
    rf"|\b(?:{_MONTHS})(?: \d{{4}})?\b"
)


#: whoever borrows may ask for the recall, too, so that there is something to send
_BY_BORROWERS = ('name = "BookRecalled"\nlabel = "Recall the book"\nroles = ["librarian"', ', "borrower"')


def _files() -> dict[str, bytes]:
    """The library with panels, and with a procedure that is started by hand or by a message."""
    starts, go = (start(), start("asked", message("BookRecalled"))), "start > fetch > end; asked > fetch"
    files = notebook.files(process(*starts, user("fetch", role="librarian", due="P1D"), end(), go=go, key="recall"))
    pack = files["pack.toml"].decode()
    assert _BY_BORROWERS[0] in pack
    return {**files, "pack.toml": pack.replace(_BY_BORROWERS[0], "".join(_BY_BORROWERS)).encode()}


@pytest.fixture(scope="module")
def library() -> Iterator[World]:
    """The library of these files with its cast."""
    opened = store.open("sqlite://")
    opened.migrate()
    yield cast(opened, _files())
    opened.close()


@pytest.fixture
def odd() -> Iterator[None]:
    """A language that puts every sentence in brackets, so that what is not said through a catalog stands out."""
    language.teach(_ODD, Book("⟦odd⟧", "en", _bracketed, lambda number: 0 if number == 1 else 1))
    yield
    language.forget(_ODD)


def _bracketed(text: str) -> str | tuple[str, ...]:
    if text in set(Pattern):
        return text
    return (f"⟦{text}⟧", f"⟦{_PLURALS[text]}⟧") if text in _PLURALS else f"⟦{text}⟧"


@pytest.fixture(scope="module")
def data(library: World) -> list[str]:
    """What the library's pack, forms, diagrams and people are called and say, the longest first."""
    found = {person.name for person in library.people.values()} | {*library.people, "ada", "Administrator", "A program", "CANARY-wish"}
    for name, content in sorted(_files().items()):
        if name.endswith(".bpmn"):
            root = etree.fromstring(content)
            found |= {value for node in root.iter() for value in (*map(str, node.attrib.values()), node.text or "")}
        else:
            found |= set(_strings(tomllib.loads(content.decode()) if name.endswith(".toml") else json.loads(content)))
    said = {" ".join(part.split()) for text in found for part in text.split("\n\n")}
    return sorted((text for text in said if re.match(r"[A-Z]|[a-z]{3}", text)), key=len, reverse=True)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in _strings(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _strings(inner))


def _unsaid(visitor: Visitor, data: list[str]) -> set[str]:
    """The words of the page that is open which stand outside brackets and are no data."""
    page = visitor.document()
    for hidden in page.xpath("//script | //style | //textarea | //svg | //template"):
        hidden.drop_tree()
    # A sentence may hold marked parts, so brackets are looked for across elements.
    whole = "\x1f".join(page.xpath("//text()"))
    whole = "\x1f".join([whole, *(value for name in _ATTRIBUTES for value in page.xpath(f"//@{name}"))])
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", whole)) != whole:
        whole = inner
    return {left for text in whole.split("\x1f") if (left := _outside(" ".join(text.split()), data))}


@cache
def _any_of(data: tuple[str, ...]) -> re.Pattern[str]:
    """Any of what is data, the longest first."""
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, (*data, *_NAMES)))})(?![A-Za-z])")


def _outside(text: str, data: list[str]) -> str:
    left = _any_of(tuple(data)).sub("", text)
    return text if re.search(r"[A-Za-z]{2,}", _DATES.sub("", left)) else ""


def _odd_visit(app: Flask, library: World, name: str | None) -> Visitor:
    visitor = Visitor(app.test_client())
    if name:
        visitor.sign_in_as(library, name)
    with visitor.client.session_transaction() as session:
        session["language"] = _ODD
    return visitor


#: rooms of the studio, whose pages the test of the studio reads
_STUDIO = {
    "changes", "compare", "diagram_room", "files", "form_room", "knowledge", "model_folders", "pack_calendar_days", "pack_room", "plain",
    "running_cases", "scenario_mending", "scenario_room", "scenario_writing", "studio", "translations",
}  # fmt: skip
#: pages that are no pages of sentences, that are written once for each language, or whose content is made up for who draws pages
_NO_SENTENCES = {
    "assets.file", "draft.key", "entry_draft.key_change", "entry_draft.key_new", "files.get", "health.metrics",
    "help.about", "help.components", "help.picture",
    "inbox.mark", "board.mark", "figure_pages.report", "figure_pages.table", "figure_pages.dictionary", "keeping.still",
    "model_folders.download", "outgoing.show", "telling_page.calendar", "upload.get", "portal.open_file", "web.home", "web.icon",
}  # fmt: skip


def _pages(library: World, loan: Case) -> dict[str | None, tuple[str, ...]]:
    task, case = library.open_tasks(loan)[0], f"/cases/{loan.id}"
    with library.store.reading() as uow:
        (running,) = store.instances.of_case(uow, loan.id)
    control = f"{case}/procedures/{running.id}"
    about = next(iter(library.participant_ids(loan, "ben")))
    with library.acting("ben") as (uow, actor):
        entry = entries.add(uow, actor, Asked(loan.id, "wishes", "wish", about), {"wished": "CANARY-wish"})
    wish = f"{case}/panels/wishes/entries/{entry}"
    code(library, loan)
    return {
        None: ("/sign-in",),
        "lia": (
            "/inbox", "/inbox?tab=roles", "/inbox?tab=all", "/inbox?q=nothing-like-it", "/inbox?due=late", "/inbox/views?due=late",
            "/notices", "/cases", "/cases?q=zz", "/cases/new", "/account",
            "/telling", "/away", f"/cases/tasks/assignment?case={loan.id}", "/help", *(f"/help/work/{name}" for name in GUIDES),
            "/help/keyboard", "/help/change-a-procedure",
            case, *(f"{case}?tab={tab}" for tab in ("tasks", "milestones", "timeline", "people", "records")),
            f"{case}/reports/loan-request",
            f"{case}/participants/new?q=zz", f"{case}/participants/{about}/entry", f"{case}/messages/BookRecalled",
            f"/tasks/{task.id}", f"/tasks/{task.id}?mode=on-behalf",
            f"/tasks/{task.id}/priority", *(f"/inbox/batch?act={act}&task={task.id}" for act in ("claim", "hand-over", "follow-up")),
        ),
        "ben": (f"/tasks/{task.id}", case, f"{case}/panels/wishes", f"{wish}/change", f"{wish}/release",
                f"/surveys/{_invited(library, loan)}"),
        "cor": (
            f"{case}/papers/{_record(library, loan)}",
            f"/tasks/{task.id}", *(f"{case}/panels/{key}" for key in ("calls", "wishes", "promises", "desk")), f"{wish}/release",
            f"{case}/panels/calls/new/call", f"{case}/panels/promises/new/promise", f"{case}/panels/desk/new/thought",
        ),
        "kim": (
            "/figures", "/figures/library/out?period=2026", "/caseload", f"/caseload?case={loan.number}",
            "/board", "/cases?tile=library/late", "/cases?fact=bookClass:is:fragile&state=late", "/cases/views?state=all", "/ladders",
            "/map", "/map/loan?days=365", f"{case}/history", f"/ladders/{task.id}/steps/1/waiver", case,
            f"{case}/start", f"{control}/correct", f"{case}/acts",
            *(f"{case}/acts/{act}?instance={running.id}" for act in ("back", "terminate")),
            *(f"{case}/acts/{act}?task={task.id}" for act in ("due", "waive")),
        ),
        "ada": ("/people", "/people/new", f"/people/{library.people['ben'].id}", "/walls", "/walls/new"),
    }  # fmt: skip


def test_people_read_nothing_that_is_outside_a_catalog(app: Flask, library: World, loan: Case, odd: None, data: list[str]) -> None:
    found: dict[str, set[str]] = {}
    for name, pages in _pages(library, loan).items():
        visitor = _odd_visit(app, library, name)
        for path in pages:
            visitor.see(path)
            if unsaid := _unsaid(visitor, data):
                found[f"{name} {path}"] = unsaid
    visitor = _odd_visit(app, library, "lia")
    visitor.see("/nothing-there", status=404)
    found |= {"404": unsaid} if (unsaid := _unsaid(visitor, data)) else {}
    assert found == {}, "\n".join(f"{path}: {sorted(texts)}" for path, texts in found.items())


def _visit_pages(library: World, loan: Case, secret: str) -> tuple[str, ...]:
    task = f"/portal/tasks/{library.task(loan, 'answer-terms').id}"
    asking = ("/portal/link", "/portal/link/asked")
    copy = f"/portal/papers/{_record(library, loan)}"
    also = (f"/portal/surveys/{_invited(library, loan)}", *asking)
    return ("/portal", f"/portal/enter/{secret}", "/portal/sent", "/portal/send/BookRecalled", task, f"{task}/done", copy, *also)


def _invited(library: World, loan: Case) -> str:
    """The survey that ben may answer."""
    with library.store.unit_of_work() as uow:
        surveys.invite(uow, loan, library.people["ben"].id, "opinion-asked")
        (invited,) = store.surveys.of_case(uow, loan.id)
        uow.commit()
    return invited.id


def _record(library: World, loan: Case) -> str:
    """Something that ben wrote for himself and the curator."""
    (about,) = library.participant_ids(loan, "ben")
    with library.store.unit_of_work() as uow:
        written = Record(new_id(clock.now()), loan.program_id, loan.id, None, None, "loan-terms", "C4", about, None, None, {}, clock.now())
        store.records.insert_many(uow, [written])
        uow.commit()
    return written.id


def _visited(phone: Visitor, pages: tuple[str, ...], secret: str) -> Iterator[str]:
    """Walk through the room of participants without an account; stops wherever a page is to be read, with a name of it."""
    home, link, sent, ask, task, done, copy, survey, *asking = pages
    for path in (*asking, link, sent, home):
        phone.see(path)
        yield f"{path} before the visit"
    phone.submit("Go on", {"code": "AAAAAAAA"}, status=422)
    yield "a wrong code"
    enter(phone, secret)
    yield home
    for path in (copy, survey, ask, task):
        phone.see(path)
        yield path
    phone.submit("Go on", {"answer": "yes"})
    yield "the fields that come next"
    phone.submit("Send", {"dueBack": "tomorrow"}, status=422)
    yield "a mistake"
    phone.submit("Keep it for later")
    yield "kept"
    phone.see(task)
    phone.submit("Send", {"dueBack": "2026-04-01"})
    yield done
    phone.see("/portal/send/Nothing", status=404)
    yield "nothing to send"
    phone.see(home)
    yield "after the answer"
    phone.submit("Leave")
    yield "left"
    phone.see(done, status=404)
    yield "gone"


def test_a_visit_without_an_account_reads_nothing_that_is_outside_a_catalog(
    app: Flask, library: World, loan: Case, odd: None, data: list[str]
) -> None:
    from_now_on(app)
    phone, secret = _odd_visit(app, library, None), code(library, loan)
    pages = _visit_pages(library, loan, secret)
    found, opened = {}, []
    for name in _visited(phone, pages, secret):
        opened.append(phone.answer.request.path if phone.answer else "")
        if unsaid := _unsaid(phone, data):
            found[name] = unsaid
    assert set(pages) <= set(opened)
    assert phone.document().get("lang") == _ODD
    assert found == {}, "\n".join(f"{name}: {sorted(texts)}" for name, texts in found.items())


def test_the_studio_says_nothing_that_is_outside_a_catalog(app: Flask, library: World, odd: None, data: list[str]) -> None:
    with library.acting("ada") as (uow, actor):
        change = f"/procedures/changes/{changes.start(uow, actor, 'More time', pack='library').id}"
    texts = [content.decode() for name, content in _files().items() if not name.endswith(".bpmn")]
    codes = {one for text in texts for one in re.findall(r"\b[a-z]+[A-Z]\w*|“{task}[^\"]*", text)} | {
        "trustee",
        "C5.part",
        "More time",
        "decision",
        "shelves",
    }
    codes |= {"findings.what", "place.climate", *map(str, ValueType), *_files()}
    known = sorted({*data, *codes}, key=len, reverse=True)
    visitor = _odd_visit(app, library, "ada")
    parts = (f"{change}/pack/{key}" for key in PARTS)
    new_entries = (f"{change}/pack/{key}/new" for key, part in PARTS.items() if not part.whole)
    of_change = ("", "/compare", "/scenarios", "/plain/loan.bpmn", "/pack", "/pack-translations", "/forms/new", "/form/loan-return.json")
    rooms = ("/diagram/loan.bpmn", "/form-fields/loan-return.json?field=damaged", "/form-translations/loan-return.json")
    of_all = ("", "/changes/new", "/changes/new-procedure", "/upload", "/models", "/loan", "/loan/plain", "/loan/compare", "/loan/migrate")
    paths = (*(f"/procedures{path}" for path in of_all), *(change + path for path in (*of_change, *rooms)), *parts, *new_entries)
    found = {path: unsaid for path in paths if visitor.see(path) is not None and (unsaid := _unsaid(visitor, known))}
    assert found == {}, "\n".join(f"{path}: {sorted(texts)}" for path, texts in found.items())


def test_every_page_is_read_by_a_test_above_or_is_of_the_studio(app: Flask, library: World, loan: Case) -> None:
    where = app.url_map.bind("localhost")
    of_visits = _visit_pages(library, loan, "secret")
    read = {where.match(path.partition("?")[0])[0] for pages in (*_pages(library, loan).values(), of_visits) for path in pages}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/health/"))]
    rest = {rule.endpoint for rule in rules if rule.endpoint.split(".")[0] not in _STUDIO} - read - _NO_SENTENCES
    assert sorted(rest) == []


def test_a_visit_is_read_in_the_language_chosen_before_signing_in_until_the_person_chooses_for_good(app: Flask, library: World) -> None:
    with library.acting("lia") as (uow, actor):
        accounts.set_password(uow, actor, actor.account_id or "", "a long enough password")
    visitor = Visitor(app.test_client())
    visitor.see("/sign-in")
    page = visitor.submit("Español")
    assert (page.get("lang"), page.get("dir")) == ("es", "ltr")
    page = visitor.submit("Iniciar sesión", {"login": "lia", "password": "a long enough password"})
    assert page.get("lang") == "es"
    assert "Bandeja de entrada" in visitor.text()
    visitor.see("/account")
    page = visitor.submit("Usar este idioma", {"language": "en"})
    assert page.get("lang") == "en"
    assert "Your language was changed." in visitor.text()


def test_the_browser_s_language_counts_before_signing_in_and_a_program_is_answered_in_what_it_accepts(app: Flask) -> None:
    client = app.test_client()
    spanish = {"Accept-Language": "fr, es-AR;q=0.9"}
    assert "Iniciar sesión" in client.get("/sign-in", headers=spanish).text
    assert "Aquí no hay nada" in client.get("/nothing-there", headers=spanish).text
    told = client.get("/api/v1/user-tasks", headers=spanish)
    assert (told.json or {})["detail"] == "Primero inicie sesión."
    assert (told.headers["Content-Language"], told.vary.as_set()) == ("es", {"accept-language", "cookie"})
    assert (client.get("/api/v1/user-tasks").json or {})["detail"] == "Sign in first."


def test_a_wrong_answer_is_corrected_in_the_reader_s_language(app: Flask, library: World, loan: Case) -> None:
    visitor = Visitor(app.test_client()).sign_in_as(library, "ben")
    with visitor.client.session_transaction() as session:
        session["language"] = "es"
    visitor.see(f"/tasks/{library.task(loan, 'answer-terms').id}")
    visitor.submit("Enviar", status=422)
    assert "Hay un problema" in visitor.text()


def test_a_problem_that_was_found_for_everybody_is_told_to_each_reader_in_their_language(app: Flask, library: World) -> None:
    visitor = Visitor(app.test_client()).sign_in_as(library, "ada")
    with library.acting("ada") as (uow, actor):
        change = changes.start(uow, actor, "Less", pack="library")
        change_files.remove(uow, actor, change.id, "loan-return.json")
    english = visitor.see(f"/procedures/changes/{change.id}").text_content()
    assert "There is no form “loan-return”; choose another one, or build it" in english
    with visitor.client.session_transaction() as session:
        session["language"] = "es"
    spanish = visitor.see(f"/procedures/changes/{change.id}").text_content()
    assert "No hay ningún formulario «loan-return»; elija otro, o hágalo" in spanish
    assert "There is no form" not in spanish


def test_a_page_brings_what_browser_modules_say(app: Flask) -> None:
    in_scripts = {text for path in (ROOT / "api/web/src").rglob("*.js") for text in catalogs.of_script(path.read_text(encoding="utf-8"))}
    of_rooms = catalogs.of_rooms()
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    told = json.loads(Visitor(client).see("/sign-in").get_element_by_id("words").text)
    assert told.keys() == in_scripts - set(of_rooms), "what the rooms of the studio say comes with these only"
    for room in OF_ROOMS:
        assert set(of_rooms) <= set(in_room(room)), "`python -m tests.catalogs` writes rooms.txt"
    assert told["Taken out"] == "Quitado"
    assert 'id="words"' not in app.test_client().get("/sign-in").text, "English is what they say by themselves"
