"""What is printed: nothing that a page draws with a class of its own is hidden by the rules that leave the frame out."""

from __future__ import annotations

import re

from tests.world import ROOT

_BASE = ROOT / "api/web/src/css/base.css"
_DRAWN = ROOT / "api/web/templates/components/figures.html"


def test_the_bars_of_a_chart_are_printed_although_the_bar_of_the_page_is_not() -> None:
    printed = _BASE.read_text().partition("@media print {")[2].partition("display: none !important")[0]
    left_out = {one.strip(" ,{\n") for one in printed.split("}")[-1].splitlines() if one.strip(" ,{")}
    drawn = {name for names in re.findall(r'<(?:rect|text|line|svg) class="([a-z -]+)', _DRAWN.read_text()) for name in names.split()}
    assert "header.bar" in left_out
    assert "bar" in drawn
    assert left_out.isdisjoint(f".{name}" for name in drawn)
