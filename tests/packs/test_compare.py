"""Two versions of a pack, entry by entry."""

from __future__ import annotations

import pytest

from engine.model.compared import Facet, Mark
from engine.packs.compare import Unreadable, compare
from tests.world import ROOT

PACK = (ROOT / "tests/packs/library/pack.toml").read_bytes()


def changed(old: bytes, new: bytes) -> dict[str, tuple[Mark, tuple[Facet, ...]]]:
    assert old in PACK
    return {one.id: (one.mark, one.facets) for one in compare(PACK, PACK.replace(old, new, 1))}


def test_settings_roles_and_words_are_entries() -> None:
    assert changed(b'default = "P7D"', b'default = "P9D"') == {"settings.answerDue": (Mark.CHANGED, (Facet("default", "P7D", "P9D"),))}
    assert changed(b"approval = false", b"approval = true") == {"pack": (Mark.CHANGED, (Facet("policies.approval", "no", "yes"),))}


def test_a_rung_is_told_apart_by_what_it_does() -> None:
    assert changed(b'offset = "-P1D"', b'offset = "-P2D"') == {
        "deadline_rules.standard.remind assignee due-soon 1": (Mark.CHANGED, (Facet("offset", "-P1D", "-P2D"),))
    }
    found = changed(b'  { offset = "P3D", act = "notify", to = "role:keeper", notice = "overdue" },\n', b"")
    assert [(id, mark) for id, (mark, _) in found.items()] == [("deadline_rules.standard.notify role:keeper overdue 1", Mark.REMOVED)]


def test_comments_and_order_make_no_difference() -> None:
    assert compare(PACK, b"# more\n" + PACK) == ()


@pytest.mark.parametrize("data", [b"[", b"\xff", b"a = "])
def test_what_is_no_pack_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        compare(PACK, data)


@pytest.mark.parametrize(
    "data", [b"roles = 3\ndeadline_rules = 4\nsettings = []\n", b"[[deadline_rules]]\nrungs = [1]\n[settings]\na = 3\n"]
)
def test_a_pack_with_mistakes_is_compared_all_the_same(data: bytes) -> None:
    assert compare(PACK, data)
