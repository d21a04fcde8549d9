"""Conditions that people build are FEEL, and come back as they were."""

from __future__ import annotations

import html
import random
from decimal import Decimal

import pytest

from engine import feel
from engine.feel.conditions import Condition, Group, Incomplete, Moment, Op, Operand, Other, Row, read, write
from tests.world import ROOT

TABLE = [
    ('answer = "yes"', Row("answer", Op.EQUAL, "yes")),
    ('=answer != "no"', Row("answer", Op.UNEQUAL, "no")),
    ("rounds < settings.rounds", Row("rounds", Op.LESS, Other("settings.rounds"))),
    ("level >= 2", Row("level", Op.AT_LEAST, Decimal(2))),
    ("level > -1.5", Row("level", Op.MORE, Decimal("-1.5"))),
    ('code in ("a", "b")', Row("code", Op.ONE_OF, ("a", "b"))),
    ('not(code in ("a", "b"))', Row("code", Op.NONE_OF, ("a", "b"))),
    ("done", Row("done", Op.TRUE)),
    ("done = true", Row("done", Op.TRUE)),
    ("not(done = true)", Row("done", Op.NOT_TRUE)),
    ("done = false", Row("done", Op.EQUAL, False)),
    ("who = null", Row("who", Op.EMPTY)),
    ('on <= @"2026-03-01"', Row("on", Op.AT_MOST, Moment("2026-03-01"))),
    ('on = date("2026-03-01")', Row("on", Op.EQUAL, Moment("2026-03-01"))),
    ('a = "x" and b', Group("and", (Row("a", Op.EQUAL, "x"), Row("b", Op.TRUE)))),
    ("a and b or c", Group("or", (Group("and", (Row("a", Op.TRUE), Row("b", Op.TRUE))), Row("c", Op.TRUE)))),
    ("a or b or c", Group("or", (Row("a", Op.TRUE), Row("b", Op.TRUE), Row("c", Op.TRUE)))),
]
RICHER = ["count(a) = 2", "some x in a satisfies x", "a[item = 1] = 2", "a + 1 = 2", "if a then b else c", 'not(a = "x")', "1 = a"]


@pytest.mark.parametrize(("text", "condition"), TABLE)
def test_what_a_person_could_have_built_is_read(text: str, condition: Condition) -> None:
    assert read(text) == condition


@pytest.mark.parametrize(("_text", "condition"), TABLE)
def test_what_is_written_is_read_back(_text: str, condition: Condition) -> None:
    assert read(write(condition)) == condition


@pytest.mark.parametrize("text", RICHER)
def test_what_is_richer_stays_feel(text: str) -> None:
    assert read(text) is None


def test_a_text_with_quotes_and_backslashes_comes_back() -> None:
    row = Row("name", Op.EQUAL, 'a "b" \\ c\n')
    assert read(write(row)) == row


@pytest.mark.parametrize(
    "row",
    [Row("", Op.TRUE), Row("a", Op.EQUAL), Row("a", Op.ONE_OF, ()), Group("and", ()), Group("xor", (Row("a", Op.TRUE),))],
)
def test_an_incomplete_row_says_what_is_missing(row: Condition) -> None:
    with pytest.raises(Incomplete):
        write(row)


def _built(dice: random.Random, depth: int = 0) -> Condition:
    if depth < 2 and dice.random() < 0.4:
        join = "and" if depth % 2 == 0 else "or"
        return Group(join, tuple(_built(dice, depth + 1) for _ in range(dice.randint(2, 3))))
    op = dice.choice(list(Op))
    values: tuple[Operand, ...] = ("x", Decimal(3), Decimal("0.5"), Other("settings.most"), Moment("P3D"))
    match op:
        case Op.TRUE | Op.NOT_TRUE | Op.EMPTY:
            return Row("a", op)
        case Op.ONE_OF | Op.NONE_OF:
            return Row("b", op, ("x", Decimal(2)))
        case _:
            return Row("c.d", op, dice.choice(values))


def test_whatever_is_built_comes_back_and_means_the_same() -> None:
    dice = random.Random(4)
    context = {"a": True, "b": "x", "c": {"d": Decimal(3)}, "settings": {"most": Decimal(2)}}
    for _ in range(500):
        condition = _built(dice)
        again = read(write(condition))
        assert again == condition
        assert feel.evaluate(write(condition), context) == feel.evaluate(write(again), context)


def test_most_conditions_of_the_shipped_procedures_can_be_built() -> None:
    texts = []
    for path in (ROOT / "processes").glob("*/*.bpmn"):
        for part in path.read_text().split("<bpmn:conditionExpression")[1:]:
            texts.append(html.unescape(part.partition(">")[2].partition("<")[0]))
    built = [text for text in texts if read(text) is not None]
    assert len(built) / len(texts) > 0.75
