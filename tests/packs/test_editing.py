"""Changing pack.toml as a text: only what is meant changes, everything else stays byte for byte."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.errors import NotFound
from engine.packs import editing
from engine.packs.editing import Unreadable
from tests.world import ROOT

LIBRARY = (Path(__file__).parent / "library/pack.toml").read_text(encoding="utf-8")
PACKS = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("processes/*/pack.toml"))] + [LIBRARY]


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone and those that are new, each counted."""
    old, new = before.splitlines(), after.splitlines()
    gone = [line for line in old if line not in new]
    return gone, [line for line in new if line not in old]


def test_a_setting_gets_another_value_on_its_line_only() -> None:
    gone, new = lines_changed(LIBRARY, editing.set_setting(LIBRARY, "answerDue", "P9D"))
    assert (gone, new) == (['default = "P7D"'], ['default = "P9D"'])


def test_the_same_value_changes_not_a_byte() -> None:
    assert editing.set_setting(LIBRARY, "answerDue", "P7D") == LIBRARY
    raw = tomllib.loads(LIBRARY)
    for key, value in raw.items():
        assert editing.put(LIBRARY, (key,), value) == LIBRARY


def test_an_unknown_setting_is_told_where_it_can_be_added() -> None:
    with pytest.raises(NotFound, match="pack room"):
        editing.set_setting(LIBRARY, "nothing", "P9D")


def test_a_variable_is_declared_before_the_comment_of_the_next_section() -> None:
    text = '[variables]\na = { type = "string" } # why\n\n# ---- settings\n[settings]\n'
    after = editing.declare_variable(text, "b", "boolean", label="B", fact=True)
    assert after == (
        '[variables]\na = { type = "string" } # why\nb = { type = "boolean", label = "B", fact = true }\n\n# ---- settings\n[settings]\n'
    )


def test_declaring_again_changes_what_is_said_and_keeps_the_rest() -> None:
    text = '[variables]\na = { type = "string", staff = true, values = { x = "X" } }\n'
    assert editing.declare_variable(text, "a", "string", label="A") == (
        '[variables]\na = { type = "string", staff = true, values = { x = "X" }, label = "A" }\n'
    )


def test_the_first_of_its_kind_gets_a_section() -> None:
    after = editing.declare_variable('key = "x"\n', "a", "number")
    assert tomllib.loads(after) == {"key": "x", "variables": {"a": {"type": "number"}}}


def test_a_new_role_stands_after_the_last_one() -> None:
    after = editing.put(LIBRARY, ("roles", "guest"), {"label": "Guest", "kind": "case", "read": {"C1": "case"}})
    assert after.index("[roles.trustee]") < after.index("[roles.guest]") < after.index("[lanes]")
    assert '\n[roles.guest]\nlabel = "Guest"\nkind = "case"\nread = { C1 = "case" }\n\n[lanes]\n' in after


def test_a_rung_changes_without_touching_the_others() -> None:
    gone, new = lines_changed(LIBRARY, editing.put(LIBRARY, ("deadline_rules", 1, "rungs", 0, "offset"), "-P2D"))
    assert gone == ['  { offset = "-P1D", act = "remind", to = "assignee", notice = "due-soon" },']
    assert new == ['  { offset = "-P2D", act = "remind", to = "assignee", notice = "due-soon" },']


def test_a_rule_moves_with_its_comment() -> None:
    text = '[[deadline_rules]]\nkey = "a"\n\n# about b\n[[deadline_rules]]\nkey = "b"\n\n# ---- next\n[policies]\n'
    after = editing.move(text, "deadline_rules", 1, 0)
    assert after == '# about b\n[[deadline_rules]]\nkey = "b"\n\n[[deadline_rules]]\nkey = "a"\n\n# ---- next\n[policies]\n'
    assert editing.move(after, "deadline_rules", 0, 1) == text


def test_what_is_taken_away_takes_its_comment_with_it_and_no_other() -> None:
    text = '# about a\n[roles.a]\nlabel = "A"\n\n# about b\n[roles.b]\nlabel = "B"\n\n# ---- lanes\n[lanes]\nx = "a"\n'
    assert editing.remove(text, ("roles", "b")) == '# about a\n[roles.a]\nlabel = "A"\n\n# ---- lanes\n[lanes]\nx = "a"\n'
    assert editing.remove(text, ("roles", "a")) == '# about b\n[roles.b]\nlabel = "B"\n\n# ---- lanes\n[lanes]\nx = "a"\n'
    with pytest.raises(NotFound):
        editing.remove(text, ("roles", "c"))


def test_a_text_that_looks_like_a_header_is_none() -> None:
    text = '[roles.a]\nlabel = """\n[roles.b]\n"""\n\n[roles.b]\nlabel = "B"\n'
    assert tomllib.loads(editing.remove(text, ("roles", "b"))) == {"roles": {"a": {"label": "[roles.b]\n"}}}


@pytest.mark.parametrize("text", ["[", "a = 1\na = 2", "x = [[", "\x00"])
def test_what_is_no_toml_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(Unreadable, match="Correct it as a text"):
        editing.put(text, ("key",), "x")


_LEAVES = st.one_of(st.text(max_size=12), st.integers(-99, 99), st.booleans(), st.lists(st.text(max_size=5), max_size=3))
_ENTRY = st.dictionaries(st.text(min_size=1, max_size=8), _LEAVES, max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PACKS), st.data())
def test_any_edit_gives_what_was_meant_and_keeps_every_comment(text: str, data: st.DataObject) -> None:
    raw: dict[str, Any] = tomllib.loads(text)
    table = data.draw(st.sampled_from(["roles", "lanes", "variables", "settings", "notices", "deadline_rules", "exclusions"]))
    if isinstance(raw[table], dict):
        key = data.draw(st.one_of(st.sampled_from(sorted(raw[table])), st.text(min_size=1, max_size=8)))
        value = data.draw(_ENTRY)
        raw[table][key] = value
        after = editing.put(text, (table, key), value)
    else:
        value = data.draw(_ENTRY)
        raw[table].append(value)
        after = editing.append(text, table, value)
    assert tomllib.loads(after) == raw
    assert [line for line in after.splitlines() if line.startswith("#")] == [line for line in text.splitlines() if line.startswith("#")]


NESTED = """\
# above
[telling]
due_title = "Due"

# the first kind
[[telling.kinds]]
key = "a"

[[telling.kinds]]
key = "b"  # beside

# the room
[[panels]]
key = "console"

[panels.balance]
limit = "most"

# why
[[panels.tells]]
form = "f"

[[panels.criteria]]
form = "f"

# after
[[panels]]
key = "other"
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("panels", 0, "tells"), [{"form": "g"}]),
        (("panels", 0, "tells"), [{"form": "f"}, {"form": "g", "when": "=true"}]),
        (("panels", 0, "criteria"), [{"form": "f", "records": ["x"]}, {"form": "g"}]),
        (("panels", 0, "balance"), {"limit": "least", "forms": ["f"]}),
        (("panels", 0, "staff"), True),
        (("panels", 1, "tells"), [{"form": "f", "when": "=true"}]),
        (("telling", "kinds", 1, "label"), "B"),
        (("telling", "quiet"), ["21:00", "07:00"]),
    ],
)
def test_tables_in_tables_are_changed_where_they_stand(path: tuple[str | int, ...], value: Any) -> None:
    after = editing.put(NESTED, path, value)
    assert editing.at(after, path) == value
    rest, before = tomllib.loads(after), tomllib.loads(NESTED)
    for holder in (rest, before):
        for part in path[:-1]:
            holder = holder[part]  # type: ignore[index]
        holder.pop(path[-1], None)  # type: ignore[call-overload]
    assert rest == before
    assert [line for line in after.splitlines() if line.startswith("#")] == [line for line in NESTED.splitlines() if line.startswith("#")]


def test_one_more_table_in_a_table_stands_after_the_last_one() -> None:
    after = editing.append(NESTED, ("telling", "kinds"), {"key": "c"})
    assert [one["key"] for one in tomllib.loads(after)["telling"]["kinds"]] == ["a", "b", "c"]
    assert after.index('key = "c"') < after.index("# the room")
    assert tomllib.loads(editing.append("", ("telling", "kinds"), {"key": "c"})) == {"telling": {"kinds": [{"key": "c"}]}}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PACKS), st.data())
def test_any_removal_takes_only_what_was_meant(text: str, data: st.DataObject) -> None:
    raw: dict[str, Any] = tomllib.loads(text)
    table = data.draw(st.sampled_from(["roles", "lanes", "variables", "settings", "notices", "deadline_rules", "exclusions", "panels"]))
    inner = raw[table]
    key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else list(range(len(inner)))))
    after = editing.remove(text, (table, key))
    del inner[key]
    assert {key: value for key, value in tomllib.loads(after).items() if value} == {key: value for key, value in raw.items() if value}
