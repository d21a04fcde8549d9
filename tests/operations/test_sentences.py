"""Durations, times, who and conditions in a program's words."""

from __future__ import annotations

import re

import pytest

from engine.bpmn import drawn
from engine.forms.compare import compare as form_differences
from engine.operations.words import element_words, formula_words, pack_words, plain_view, sentences
from engine.operations.words.sentences import Words
from tests.operations import shelf
from tests.world import ROOT, pack_files

WORDS: Words = sentences.of_files(shelf.library())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P3D", "3 days"),
        ("-P1D", "1 day"),
        ("P1DT4H", "1 day and 4 hours"),
        ("P1Y2M", "1 year and 2 months"),
        ("PT0S", "no time"),
        ("soon", "soon"),
    ],
)
def test_durations_are_words(text: str, said: str) -> None:
    assert sentences.duration(text) == said


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("3 days", "P3D"),
        (" 2 Weeks ", "P14D"),
        ("1 day and 4 hours", "P1DT4H"),
        ("90 minutes", "PT90M"),
        ("1 year, 2 months", "P1Y2M"),
        ("p5d", "P5D"),
        ("1 month and 2 days", None),
        ("soon", None),
        ("", None),
        ("3", None),
        ("P", None),
    ],
)
def test_words_are_durations(said: str, text: str | None) -> None:
    assert sentences.read_duration(said) == text


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ("timeDuration|P3D", "after 3 days"),
        ("timeDuration|=settings.answerDue", "after 7 days (setting “The terms are to be answered within”)"),
        ("timeDuration|=settings.unknown", "after settings.unknown"),
        ("timeCycle|R3/P1D", "every day, 3 times"),
        ("timeCycle|=settings.answerDue", "every 7 days (setting “The terms are to be answered within”)"),
        ('timeDuration|=working duration("P5D", "office")', "after 5 working days"),
        (
            'timeDuration|=working duration(settings.answerDue, "office")',
            "after 7 working days (setting “The terms are to be answered within”)",
        ),
        ("timeCycle|R/P1W", "every 7 days"),
        ("timeDate|=sessionAt", "at sessionAt"),
        ("timeDate|", "at a time that is not given yet"),
    ],
)
def test_timers_say_when(trait: str, said: str) -> None:
    assert sentences.timer(trait, WORDS) == said


def test_due_times_say_within_what_or_by_when() -> None:
    assert sentences.within("P2D", WORDS) == "within 2 days"
    assert sentences.within("=settings.checkDue", WORDS) == "within 2 days (setting “Desk work is due within”)"
    assert sentences.within("=courtDate", WORDS) == "by courtDate"
    assert sentences.within("2026-03-01", WORDS) == "by 2026-03-01"


@pytest.mark.parametrize("text", ["count(", "for x in y return x", "a.b.c(1) > 2", "«»", ""])
def test_conditions_that_are_richer_than_words_stay_as_they_are_written(text: str) -> None:
    assert sentences.condition(text, WORDS) == text


def test_conditions_use_the_labels_of_the_pack() -> None:
    assert WORDS.pack is not None
    key, rule = next((key, rule) for key, rule in WORDS.pack.variables.items() if rule.values)
    code, label = next(iter(rule.values.items()))
    assert sentences.condition(f'{key} = "{code}"', WORDS) == f"{rule.label} is “{label}”"
    assert sentences.condition(f'={key} in ("{code}", "else")', WORDS) == f"{rule.label} is one of “{label}” or “else”"
    assert sentences.condition("unknown > 3 and other = null", WORDS) == "unknown is more than 3 and other has no answer"


def test_a_formula_names_what_it_is_about_in_the_words_of_the_pack() -> None:
    assert WORDS.pack is not None
    key, rule = next((key, rule) for key, rule in WORDS.pack.variables.items() if rule.label != key)
    assert sentences.condition(f'count({key}) > 1 and "{key}" = x.y', WORDS) == f'count(“{rule.label}”) > 1 and "{key}" = x.y'


def test_a_script_says_what_it_sets_and_what_it_works_out() -> None:
    assert WORDS.pack is not None
    key, rule = next((key, rule) for key, rule in WORDS.pack.variables.items() if rule.values)
    code, label = next(iter(rule.values.items()))
    script = f'={{{key}: "{code}", many: 3, on: true, gone: null, total: many + 1}}'
    assert list(formula_words.worked_out(script, WORDS)) == [
        ("Sets", f"“{rule.label}” to “{label}”; “many” to 3; “on” to yes; “gone” to nothing"),
        ("Works out", "“total”"),
    ]
    assert formula_words.has_formula(script)
    assert not formula_words.has_formula("={many: 3}")
    assert list(formula_words.worked_out("not {", WORDS)) == []
    assert formula_words.has_formula("not {")


def test_where_only_a_formula_says_it_the_plain_view_says_so_and_keeps_the_formula_beside_the_sentence() -> None:
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    words = sentences.of_files(files)
    drawn = [plain_view.read(files[name]) for name in ("agreement.bpmn", "consent-collection.bpmn")]
    found = [line for diagram in drawn for line in plain_view.tell(diagram, words)]
    over = next(line for line in found if ("Over early when", "a formula decides") in line.facts)
    assert over.formula.startswith("count(“Answers by party”")
    assert "If “yes” (a formula decides):" in [line.text for line in found if line.formula]
    said = [text for line in found for text in (line.text, *(words for _, words in line.facts))]
    assert not [text for text in said if "count(" in text or " satisfies " in text]


def test_who_is_the_role_or_that_of_the_lane() -> None:
    assert WORDS.pack is not None
    role = WORDS.pack.roles["keeper"]
    assert sentences.who("keeper", "", WORDS) == role.label
    assert sentences.who("", "No such lane", WORDS) == "No such lane"
    assert sentences.who("nobody", "", Words()) == "nobody"


def test_traits_that_whoever_approves_reads_are_words_and_no_codes() -> None:
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    diagrams = [drawn.read(content) for name, content in files.items() if name.endswith(".bpmn")]
    drawn_traits = {key for one in diagrams for element in one.elements.values() for key in element.traits}
    own = [key for key in drawn_traits if not key.startswith(("input", "output"))]
    forms = [form_differences(b"", content) for name, content in files.items() if name.endswith(".json")]
    of_forms = {facet.key for form in forms for one in form for facet in one.facets}
    asked = {key for key in of_forms if not key.startswith(("$", "x-version", "x-translations"))}
    said = [*map(element_words.trait, own), *map(pack_words.trait, asked)]
    assert [text for text in said if re.search(r"[a-z][A-Z]|[-/]if|^items ", text)] == []
    assert pack_words.coded("x-widget", "yes-no") == "yes or no"
    assert pack_words.coded("label", "text") == "text"
