"""pack.toml: every contradiction is a problem that names its place and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import packs
from engine.model.errors import Problem
from engine.model.packs import Pack, Relation, RoleKind

Changed = Callable[[Callable[[dict[str, Any]], object]], tuple[Pack | None, tuple[Problem, ...]]]


def put(*path: str | int, value: object) -> Callable[[dict[str, Any]], object]:
    def change(raw: dict[str, Any]) -> None:
        place: Any = raw
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return change


def test_a_sound_pack_is_read_whole(library: Pack) -> None:
    assert library.roles["curator"].kind is RoleKind.BOTH
    assert library.roles["curator"].read["C5.handling"] is Relation.CASE
    assert library.roles["borrower"].staff is False
    assert library.exclusions[0].partner("return-sign-off") == "curator"
    assert library.exclusions[0].partner("curator") == "return-sign-off"
    assert library.exclusions[0].partner("librarian") is None
    assert list(library.milestones) == ["lent", "returned"]
    assert [rung.number for rung in library.deadline_rules[1].rungs] == [1, 2]
    assert library.policies.approval is False


def test_four_eyes_hold_unless_the_pack_says_otherwise(changed: Changed) -> None:
    pack, problems = changed(lambda raw: raw.pop("policies"))
    assert problems == ()
    assert pack is not None
    assert pack.policies.approval is True


@pytest.mark.parametrize(
    ("change", "element", "code"),
    [
        (put("colour", value="blue"), "colour", "unknown-key"),
        (put("roles", "curator", "reads", value={}), "roles.curator.reads", "unknown-key"),
        (lambda raw: raw.pop("title"), "title", "missing-key"),
        (put("key", value="Not A Key"), "key", "bad-value"),
        (put("roles", "curator", "kind", value="sometimes"), "roles.curator.kind", "bad-value"),
        (put("roles", "curator", "read", "C3", value="friend"), "roles.curator.read.C3", "bad-value"),
        (put("roles", "curator", "read", "C9", value="case"), "roles.curator.read.C9", "bad-name"),
        (put("roles", "curator", "may", value=["fly"]), "roles.curator.may.0", "bad-value"),
        (put("roles", "curator", "eligible", value="nobody"), "roles.curator.eligible", "unknown-role"),
        (put("roles", "curator", "eligible", value="borrower"), "roles.curator.eligible", "not-a-program-role"),
        (put("roles", "librarian", "read", "C1", value="case"), "roles.librarian.read.C1", "relation-never-holds"),
        (put("roles", "borrower", "read", "C1", value="program"), "roles.borrower.read.C1", "relation-never-holds"),
        (put("lanes", "Attic", value="ghost"), "lanes.Attic", "unknown-role"),
        (put("case", "number", value="{year}"), "case.number", "bad-number-format"),
        (put("case", "number", value="{serial.__class__}"), "case.number", "bad-number-format"),
        (put("case", "number", value="{serial:0999999999d}"), "case.number", "bad-number-format"),
        (put("case", "number", value="{serial"), "case.number", "bad-number-format"),
        (put("case", "required_participants", value={"keeper": 1}), "case.required_participants.keeper", "not-a-case-role"),
        (put("settings", "answerDue", "default", value="P90D"), "settings.answerDue.default", "default-out-of-bounds"),
        (put("settings", "answerDue", "default", value="soon"), "settings.answerDue.default", "bad-value"),
        (put("settings", "answerDue", "default", value=7), "settings.answerDue.default", "bad-value"),
        (put("settings", "answerDue", "max", value="P1M"), "settings.answerDue", "bad-value"),
        (put("settings", "answerDue", value={"type": "boolean", "default": True, "min": 1}), "settings.answerDue.min", "bad-value"),
        (put("notices", "overdue", "text", value="Your fight with {person}"), "notices.overdue.text", "bad-placeholder"),
        (put("deadline_rules", 1, "rungs", 0, "offset", value="tomorrow"), "deadline_rules.1.rungs.0.offset", "bad-duration"),
        (put("deadline_rules", 1, "rungs", 0, "percentage", value=50), "deadline_rules.standard.rungs.1", "rung-time"),
        (put("deadline_rules", 1, "rungs", 0, "notice", value="nothing"), "deadline_rules.standard.rungs.1", "unknown-notice"),
        (put("deadline_rules", 1, "rungs", 1, "to", value="role:ghost"), "deadline_rules.standard.rungs.2", "unknown-role"),
        (put("deadline_rules", 1, "rungs", 1, "to", value="everybody"), "deadline_rules.1.rungs.1.to", "bad-value"),
        (put("deadline_rules", 1, "rungs", 1, "act", value="start"), "deadline_rules.standard.rungs.2", "missing-key"),
        (put("deadline_rules", 1, "key", value="terms"), "deadline_rules.terms", "duplicate-key"),
        (put("messages", 0, "roles", value=["ghost"]), "messages.BookRecalled", "unknown-role"),
        (put("messages", 0, "payload", value={"who": "self"}), "messages.BookRecalled", "missing-key"),
        (put("exclusions", 0, "between", value=["curator"]), "exclusions.0.between", "bad-value"),
        (put("retention", "C6", value="soon"), "retention.C6", "bad-duration"),
    ],
)
def test_a_contradiction_is_a_problem_at_its_place(
    changed: Changed, change: Callable[[dict[str, Any]], object], element: str, code: str
) -> None:
    _, problems = changed(change)
    assert (element, code) in {(problem.element_id, problem.code) for problem in problems}
    assert all(problem.message.endswith((".", "?")) for problem in problems)


def test_malformed_toml_is_one_problem_with_its_line() -> None:
    pack, problems = packs.read(b'key = "a"\ntitle = \n', file="pack.toml")
    assert pack is None
    assert [problem.code for problem in problems] == ["malformed-toml"]
    assert "line 2" in problems[0].message


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\xff\xfe", "not-utf-8"), (b"#" * 600_000, "too-large"), (b"a = " + b"[" * 9000, "malformed-toml")],
)
def test_a_file_that_is_no_pack_is_one_problem(data: bytes, code: str) -> None:
    assert [problem.code for problem in packs.read(data, file="pack.toml")[1]] == [code]
