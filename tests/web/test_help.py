"""The help's pages about daily work: each step's picture is there, and an unknown page says so."""

from __future__ import annotations

from collections.abc import Callable

from api.web.help_guides import GUIDES
from tests.visiting import Visitor

Visit = Callable[[str], Visitor]


def test_every_page_about_daily_work_is_listed_and_shows_its_pictures(visit: Visit) -> None:
    lia = visit("lia")
    listed = lia.see("/help").xpath("//main//a/@href")
    for name, guide in GUIDES.items():
        assert f"/help/work/{name}" in listed
        pictures = lia.see(f"/help/work/{name}").xpath("//main//img/@src")
        assert len(pictures) == sum(bool(step.picture) for step in guide.steps)
        missing = [path for path in pictures if lia.client.get(path).status_code != 200]
        assert missing == [], "`PARLEY_PICTURES=1 python3 -m tests.stories` makes them"


def test_a_page_that_is_not_there_says_so(visit: Visit) -> None:
    visit("lia").see("/help/work/nothing-like-it", 404)
