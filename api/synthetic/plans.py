"""What a pack's `synthetic.toml` tells: who works there, what is drawn for each case, and how people act in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.synthetic import draws
from api.synthetic.draws import Draw, Names
from engine import feel


class PlanWrong(Exception):
    """The file of made-up cases does not fit its procedures."""


@dataclass(frozen=True, slots=True)
class Cast:
    """People who work for the program in one role: one for so many cases, at least so many."""

    role: str
    cases_each: int
    least: int = 1
    #: cases that one of them has at a time, at most; None: any number
    cap: int | None = None
    #: they act in office hours only
    office: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody does when a task opens at an element: the first rule of an element that fits counts, and all `beside`."""

    at: str
    #: condition over the case, and the chance that it is so
    when: str | None = None
    chance: Any = 1
    #: a role of the cast, or the role that the task's participant has
    by: str | None = None
    #: days until they act, as median and 90th percentile; or an expression for the moment
    after: Any = (0.1, 0.5)
    #: the time is stretched by the case's pace
    paced: bool = False
    #: answers that these add to
    like: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "self"
    #: a message that is sent instead
    send: str | None = None
    #: an entry of a panel that is written instead, and its form
    adds: str | None = None
    form: str | None = None
    #: a panel whose entries with a date, as far as something is left to do, are changed instead; `data` stands for what changes
    changes: str | None = None
    #: the cast's role whose member has done with the case then
    frees: str | None = None
    #: nobody does anything
    never: bool = False
    #: besides the rule that counts
    beside: bool = False
    #: with dice of its own, so that all else in the case comes out as it would without it
    own: bool = False
    #: the task's deadline is waived instead, for the `reason` in `data`
    waives: bool = False
    #: values drawn when they act
    rolls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """How people answer a survey of the pack: what share of those invited, after how long, and what."""

    chance: Any
    #: median and 90th percentile in days
    after: Sequence[float]
    data: Mapping[str, Any]
    rolls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it."""

    pack: str
    folder: Path
    spread: timedelta
    #: months (1 to 12) and weekdays (0 to 6) with how many open in them, beside the others
    months: Mapping[str, float]
    weekdays: tuple[float, ...]
    #: first and last hour of work, and the last hour of those who are not staff
    hours: tuple[int, int, int]
    #: so many cases that open within an hour, and their share of all
    rush: tuple[int, float]
    cast: tuple[Cast, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    draws: tuple[Draw, ...]
    rolls: Mapping[str, Draw]
    tables: Names
    answers: Mapping[str, Mapping[str, Any]]
    opening: Mapping[str, Any]
    rules: Mapping[str, tuple[Rule, ...]]
    #: by the survey's key
    surveys: Mapping[str, Answering]


def read(folder: Path) -> Plan:
    """A pack's plan. Raises PlanWrong."""
    told = tomllib.loads((folder / "synthetic.toml").read_text(encoding="utf-8"))
    pack = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))["key"]
    rules: dict[str, tuple[Rule, ...]] = {}
    for one in told["acts"]:
        rule = Rule(**{**one, "rolls": tuple(one.get("rolls", ()))})
        if rule.like is not None and rule.like not in told["answers"]:
            raise PlanWrong(f"{rule.at}: there are no answers “{rule.like}”.")
        rules[rule.at] = (*rules.get(rule.at, ()), rule)
    spread = feel.iso_duration(told["set"]["spread"])
    if not isinstance(spread, feel.DaysTime):
        raise PlanWrong("The spread is a duration in days.")
    return Plan(
        pack=pack,
        folder=folder,
        spread=spread.delta,
        months=told["set"]["months"],
        weekdays=tuple(told["set"]["weekdays"]),
        hours=(told["set"]["hours"][0], told["set"]["hours"][1], told["set"]["hours"][2]),
        rush=(told["set"]["rush"]["size"], told["set"]["rush"]["share"]),
        cast=tuple(Cast(**one) for one in told["cast"]),
        first_names=tuple(told["names"]["first"]),
        last_names=tuple(told["names"]["last"]),
        draws=tuple(draws.read(one) for one in told["draws"]),
        rolls={one["name"]: draws.read(one) for one in told.get("rolls", ())},
        tables=told.get("tables", {}),
        answers=told.get("answers", {}),
        opening=told["opening"],
        rules=rules,
        surveys={key: Answering(**{**one, "rolls": tuple(one.get("rolls", ()))}) for key, one in told.get("surveys", {}).items()},
    )
