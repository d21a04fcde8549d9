"""How a process starts by itself, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from api.web import rhythm
from engine import clock, store
from engine.model.starts import Start, StartKind, StartState
from tests.bpmn.drawing import end, process, signal, start, timer, user
from tests.operations import shelf
from tests.visiting import Visitor
from tests.world import World

VIENNA = ZoneInfo("Europe/Vienna")
#: a Monday, 08:00 in Vienna
DUE = datetime(2026, 3, 9, 7, tzinfo=UTC)
WEEKLY = Start(
    "id", "program", "definition", None, "p", "s", StartKind.TIMER, None, "R/P7D", "R/P7D", StartState.WAITING, DUE, DUE, DUE, None, 1
)


@pytest.mark.parametrize(
    ("resolved", "words"),
    [
        ("R/P7D", "every Monday at 08:00"),
        ("R/2026-03-02T08:00:00@Europe/Vienna/P1W", "every Monday at 08:00"),
        ("R/P2W", "every 2 weeks on Monday at 08:00"),
        ("R/P1D", "every day at 08:00"),
        ("R/P10D", "every 10 days at 08:00"),
        ("R/P1M", "every month on day 9 at 08:00"),
        ("R/P3M", "every 3 months on day 9 at 08:00"),
        ("R/P1Y", "every year on 9 March at 08:00"),
        ("R/PT1H", "every hour"),
        ("R/PT36H", "every 36 hours"),
        ("R/PT90M", "every 90 minutes"),
    ],
)
def test_a_cycle_is_told_as_people_say_it(resolved: str, words: str) -> None:
    assert rhythm.phrase(replace(WEEKLY, resolved=resolved), VIENNA) == words


def test_other_starts_in_words() -> None:
    other = replace(WEEKLY, step=None)
    assert rhythm.phrase(replace(WEEKLY, remaining=2), VIENNA) == "every Monday at 08:00, 2 more times"
    assert rhythm.phrase(other, VIENNA) == "once"
    assert rhythm.phrase(replace(other, state=StartState.SPENT, due_at=None), VIENNA) == "no more: its time had passed"
    spent = replace(other, state=StartState.SPENT, due_at=None, last_at=DUE)
    assert rhythm.phrase(spent, VIENNA) == "no more: it did so as often as it was to"
    assert rhythm.phrase(replace(other, kind=StartKind.SIGNAL, name="Bell"), VIENNA) == "when the signal “Bell” comes"
    assert "“Call”" in rhythm.phrase(replace(other, kind=StartKind.MESSAGE, name="Call"), VIENNA)
    assert rhythm.phrase(replace(other, kind=StartKind.CONDITIONAL, rule="=a > 1"), VIENNA) == "when this becomes true: a > 1"


@pytest.fixture
def visit() -> Iterator[Callable[[str], Visitor]]:
    """A library that makes its rounds by itself."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = World(opened)
    round_ = user("round", role="librarian", due="P5D")
    drawn = process(
        start("s", timer("R/2026-03-02T10:00:00Z/P7D")),
        start("b", signal("Bell")),
        round_,
        end(),
        go="s > round > end; b > round",
        key="rounds",
    )
    world.deploy(shelf.library(drawn))
    world.person("tom", "trustee")
    app: Flask = create_app(opened, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    app.testing = False
    clock.use(world.clock)
    yield lambda name: Visitor(app.test_client()).sign_in_as(world, name)
    opened.close()


def test_a_procedure_says_how_it_starts_by_itself(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("tom")
    page = visitor.see("/procedures/rounds")
    assert "Starts by itself every Monday at 10:00; next Mon 2 Mar, 10:00." in visitor.text()
    assert "Starts by itself when the signal “Bell” comes." in visitor.text()
    assert page.xpath("//div[@class='starts']//time/@datetime") == ["2026-03-02T10:00:00+00:00"]
    visitor.see("/procedures/loan")
    assert "Starts by itself" not in visitor.text()
