"""The rules a program sets itself: each broken once, at its level, and by the rules of the pack that is live."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import bpmn, forms, packs
from engine.model.errors import Level, Problem
from engine.model.forms import Form
from engine.model.packs import Pack
from engine.model.policies import Before, Lint, LintException
from tests.bpmn.drawing import boundary, end, many, mapping, process, start, sub, tag, timer, user, xor
from tests.forms.building import form, text
from tests.world import ROOT, pack_files

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WISH = form({"wish": text(**{"x-class": "C4"})})
MEDIATION = ROOT / "processes/mediation"


def found(
    pack: Pack, *diagrams: bytes, made: Form = WISH, lint: Lint | None = None, active: Pack | None = None
) -> set[tuple[str | None, str]]:
    models = bpmn.read({f"{index}.bpmn": data for index, data in enumerate(diagrams)})
    assert models.problems == ()
    own = ruled(pack, lint or Lint())
    return {(one.element_id, one.code) for one in packs.lint(own, {made.key: made}, models.processes, NOW, active=active)}


def ruled(pack: Pack, lint: Lint) -> Pack:
    return replace(pack, policies=replace(pack.policies, lint=lint), case=replace(pack.case, process="p"))


def one(*elements: str, go: str) -> bytes:
    return process(start(), *elements, end(), go=go)


SOUND = one(user("a", due="P1D", role="librarian"), go="start > a > end")


def test_a_sound_drawing_breaks_no_rule(library: Pack) -> None:
    assert found(library, SOUND) == set()


@pytest.mark.parametrize(
    ("drawn", "at"),
    [
        (one(xor("x"), user("a"), go='start > x; x > a [wish = "x"]; x > end *; a > end'), "x_a"),
        (one(tag("scriptTask", "s", "<script>{ copied: wish }</script>"), go="start > s > end"), "s"),
        (one(user("a", assignee="=wish"), go="start > a > end"), "a"),
        (
            one(tag("serviceTask", "j", mapping({"url": '="https://example.org"', "body": "=wish"}), job="webhook"), go="start > j > end"),
            "j",
        ),
        (one(tag("sendTask", "m", mapping({"to": "=wish"}), job="mail", notice="overdue"), go="start > m > end"), "m"),
    ],
    ids=["condition", "script", "assignee", "webhook", "mail"],
)
def test_content_is_read_by_nothing_that_steers_or_sends(library: Pack, drawn: bytes, at: str) -> None:
    assert (at, "lint-content-read") in found(library, drawn)


def test_a_name_of_the_diagram_s_own_is_no_content(library: Pack) -> None:
    each = sub("each", many("=people", "wish"), start("s"), user("a", assignee="=wish"), end("e"), go="s > a > e")
    assert found(library, one(each, go="start > each > end")) == set()


def test_words_of_mail_are_not_made_of_data(library: Pack) -> None:
    mail = tag("sendTask", "m", mapping({"to": "=reader", "subject": '="Loan " + case.number', "text": '="Please come."'}), job="mail")
    assert found(library, one(mail, go="start > m > end")) == {("m", "lint-data-in-mail")}


def test_a_task_shows_only_what_its_role_may_read(library: Pack) -> None:
    drawn = one(user("a", role="librarian", shows="C2 C4"), go="start > a > end")
    assert found(library, drawn) == {("a", "lint-shows-nothing")}


OVER = "2026-03-01T00:00:00Z"
PAST_TIMER = timer(OVER)


def test_a_date_that_is_over_is_no_due_time(library: Pack) -> None:
    assert found(library, one(user("a", due=OVER), go="start > a > end")) == {("a", "lint-time-past")}
    late = one(user("b"), boundary("a", "b", PAST_TIMER), go="start > b > end; a > end")
    assert found(library, late) == {("a", "lint-time-past")}
    later = one(user("a", due="2026-03-03T00:00:00Z"), go="start > a > end")
    assert found(library, later) == set()


def test_everyone_is_asked_for_themselves(library: Pack) -> None:
    def asked(whom: str) -> bytes:
        each = sub("each", many("=readers", "reader"), start("s"), user("a", role="borrower", participant=whom), end("e"), go="s > a > e")
        return one(each, go="start > each > end")

    assert found(library, asked("=first")) == {("a", "lint-asks-another")}
    assert found(library, asked("=reader")) == set()


@pytest.mark.parametrize("selector", ["duty:check", "form:small", "calls:other", "p/gone"])
def test_what_a_program_requires_cannot_be_taken_out(library: Pack, selector: str) -> None:
    assert found(library, SOUND, lint=Lint(required=(selector,))) == {(selector, "lint-required-missing")}
    drawn = one(
        user("a", duty="check", form="small"),
        tag("callActivity", "c", calledElement_="other"),
        user("gone"),
        go="start > a > c > gone > end",
    )
    assert found(library, drawn, lint=Lint(required=(selector,))) == set()


def test_what_nothing_begins_counts_as_taken_out(library: Pack) -> None:
    aside = process(start(), user("a", duty="check"), end(), go="start > a > end", key="aside")
    assert found(library, SOUND, aside, lint=Lint(required=("duty:check",))) == {
        ("duty:check", "lint-required-missing"),
        ("aside", "lint-never-begun"),
    }


def aside() -> bytes:
    return process(start(), user("a"), end(), go="start > a > end", key="aside")


def test_a_procedure_that_nothing_begins_is_told_as_advice(library: Pack) -> None:
    assert found(library, SOUND, aside()) == {("aside", "lint-never-begun")}
    (told,) = packs.levelled([Problem("1.bpmn", "aside", "lint-never-begun", "…")], ruled(library, Lint()))
    assert told.level is Level.WARN


def test_what_is_called_or_starts_by_itself_is_begun(library: Pack) -> None:
    calling = one(tag("callActivity", "c", calledElement_="aside"), go="start > c > end")
    assert found(library, calling, aside()) == set()
    triggered = process(start("start", timer("P1D")), user("a"), end(), go="start > a > end", key="aside")
    assert found(library, SOUND, triggered) == set()


def test_of_procedures_that_call_one_another_only_the_outermost_is_told(library: Pack) -> None:
    outer = process(start(), tag("callActivity", "c", calledElement_="aside"), end(), go="start > c > end", key="outer")
    assert found(library, SOUND, outer, aside()) == {("outer", "lint-never-begun")}


def test_a_change_cannot_lower_the_bar_for_itself(library: Pack) -> None:
    active = ruled(library, Lint(required=("duty:check",)))
    assert found(library, SOUND, active=active) == {("duty:check", "lint-required-missing")}


def test_a_report_has_the_fields_of_its_list_and_no_other(library: Pack) -> None:
    lint = Lint(reports={"small": ("held",)})
    assert found(library, SOUND, lint=lint) == {("wish", "lint-report-field")}
    assert found(library, SOUND, lint=Lint(reports={"small": ("wish",)})) == set()
    wider = ruled(library, Lint(reports={"small": ("held",)}))
    assert found(library, SOUND, lint=Lint(reports={"small": ("wish",)}), active=wider) == {("wish", "lint-report-field")}


ASKED = Lint(before=(Before("form:small", ("duty:consent",)),))
CONSENT, ASK = user("consent", duty="consent"), user("ask", form="small")


@pytest.mark.parametrize(
    "drawn",
    [
        one(xor("x"), CONSENT, ASK, go="start > x; x > consent [a]; x > ask *; consent > ask > end"),
        one(CONSENT, ASK, boundary("late", "consent", timer("P1D")), go="start > consent > ask > end; late > ask"),
        one(
            sub("inner", start("s"), CONSENT, end("e"), go="s > consent > e"),
            ASK,
            boundary("late", "inner", timer("P1D")),
            go="start > inner > ask > end; late > ask",
        ),
        one(
            CONSENT,
            sub("aside", start("s", timer("P1D")), ASK, end("e"), go="s > ask > e", triggeredByEvent_="true"),
            go="start > consent > end",
        ),
    ],
    ids=["choice", "boundary", "sub-process", "event sub-process"],
)
def test_a_way_around_what_has_to_come_first_is_found(library: Pack, drawn: bytes) -> None:
    assert ("ask", "lint-way-around") in found(library, drawn, lint=ASKED)


@pytest.mark.parametrize(
    "drawn",
    [
        one(CONSENT, ASK, go="start > consent > ask > end"),
        one(sub("inner", start("s"), CONSENT, end("e"), go="s > consent > e"), ASK, go="start > inner > ask > end"),
    ],
    ids=["straight", "inside"],
)
def test_where_every_way_leads_through_it_nothing_is_said(library: Pack, drawn: bytes) -> None:
    assert found(library, drawn, lint=ASKED) == set()


def test_a_flow_that_somebody_looked_at_is_no_way_around(library: Pack) -> None:
    drawn = one(xor("x"), CONSENT, ASK, go="start > x; x > ask [agreed]; x > consent *; consent > ask > end")
    assert found(library, drawn, lint=ASKED) == {("ask", "lint-way-around")}
    allowed = replace(ASKED, exceptions=(LintException("lint-way-around", "x_ask", "Only who agreed."),))
    assert found(library, drawn, lint=allowed) == set()


MISSING = Problem("pack.toml", "duty:check", "lint-required-missing", "…")


def test_a_level_is_the_stricter_of_both_packs(library: Pack) -> None:
    def level(own: str | None, live: str | None) -> str:
        lints = [Lint(levels={MISSING.code: said} if said else {}) for said in (own, live)]
        given = packs.levelled([MISSING], ruled(library, lints[0]), ruled(library, lints[1]))
        return given[0].level.value if given else "off"

    assert level("off", "off") == "off"
    assert level("off", "warn") == "warn"
    assert level("warn", None) == "refuse"
    assert packs.levelled([MISSING], None)[0].level is Level.REFUSE


def test_an_exception_counts_at_its_place_and_nothing_else_is_touched(library: Pack) -> None:
    allowed = ruled(library, Lint(exceptions=(LintException(MISSING.code, "duty:check", "We are two."),)))
    other = replace(MISSING, element_id="duty:other")
    engine_s = Problem("a.bpmn", "duty:check", "no-way-out", "…")
    assert packs.levelled([MISSING, other, engine_s], allowed) == (other, engine_s)


def test_policies_are_read_and_their_mistakes_told(changed: Any) -> None:
    def put(raw: dict[str, Any]) -> None:
        raw["policies"]["lint"] = {
            "levels": {"no-due-date": "warn"},
            "required": ["duty:check"],
            "before": [{"element": "calls:x", "needs": ["form:y"]}],
            "reports": {"small": ["wish"]},
            "exceptions": [{"code": "no-due-date", "at": "a", "reason": "Because."}],
        }

    pack, problems = changed(put)
    assert problems == ()
    assert pack.policies.lint == Lint(
        {"no-due-date": "warn"},
        ("duty:check",),
        (Before("calls:x", ("form:y",)),),
        {"small": ("wish",)},
        (LintException("no-due-date", "a", "Because."),),
    )
    _, problems = changed(lambda raw: raw["policies"].update(lint={"levels": {"content-in-variable": "off"}, "required": ["check"]}))
    assert {one.element_id for one in problems} == {"policies.lint.levels.content-in-variable", "policies.lint.required.0"}


def shipped() -> tuple[dict[str, bytes], Pack]:
    files = pack_files(MEDIATION, ROOT / "forms/mediation")
    pack, problems = packs.read(files["pack.toml"], file="pack.toml")
    assert pack is not None
    assert problems == ()
    return files, pack


def judged(files: dict[str, bytes], pack: Pack) -> set[tuple[str | None, str]]:
    models = bpmn.read({name: data for name, data in files.items() if name.endswith(".bpmn")})
    assert models.problems == ()
    made = {one.key: one for name, data in files.items() if name.endswith(".json") and (one := forms.read(data, file=name)[0])}
    problems = packs.levelled(packs.lint(pack, made, models.processes, NOW), pack)
    return {(one.element_id, one.code) for one in problems}


def test_the_shipped_pack_keeps_all_rules() -> None:
    assert judged(*shipped()) == set()


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        ("intake-screening.bpmn", b' parley:duty="screening"', b"", ("duty:screening", "lint-required-missing")),
        (
            "mediation-case.bpmn",
            b'calledElement="conflict-assignment"',
            b'calledElement="session"',
            ("form:conflict-inquiry", "lint-required-missing"),
        ),
        ("referrer-report.json", b'"sessionHeld"', b'"whatWasSaid"', ("whatWasSaid", "lint-report-field")),
        (
            "mediation-case.bpmn",
            b'sourceRef="work_starts" targetRef="where_to_go_on"',
            b'sourceRef="work_starts" targetRef="case_planning"',
            ("hold_session", "lint-way-around"),
        ),
    ],
)
def test_what_protects_people_cannot_be_drawn_away(file: str, before: bytes, after: bytes, expected: tuple[str, str]) -> None:
    files, pack = shipped()
    assert before in files[file]
    changed_files = {**files, file: files[file].replace(before, after)}
    models = bpmn.read({name: data for name, data in changed_files.items() if name.endswith(".bpmn")})
    made = {one.key: one for name, data in changed_files.items() if name.endswith(".json") and (one := forms.read(data, file=name)[0])}
    problems = packs.lint(pack, made, models.processes, NOW)
    assert expected in {(one.element_id, one.code) for one in problems}


def test_the_exceptions_of_the_shipped_pack_say_why() -> None:
    raw = tomllib.loads((MEDIATION / "pack.toml").read_text(encoding="utf-8"))
    assert all(len(one["reason"]) > 20 for one in raw["policies"]["lint"]["exceptions"])
