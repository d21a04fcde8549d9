"""Values drawn at random from the distributions that a pack's file names, the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine import feel

#: names that expressions may use
Names: TypeAlias = dict[str, feel.Value]

#: the standard normal distribution's 90th percentile
_Z90 = 1.2816
#: in shares: whatever the others leave of 1
_REST = "rest"


class NotDrawable(Exception):
    """A distribution is not written as it has to be."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A named value to be drawn. `rules` are the kind of distribution and its numbers; with `by`, one for each value of that name."""

    name: str
    kind: str
    rules: Any
    by: str | None = None


def read(told: Mapping[str, Any]) -> Draw:
    """A draw as the file tells it: name, perhaps `by`, and one distribution. Raises NotDrawable."""
    kinds = [key for key in told if key in _KINDS]
    if len(kinds) != 1 or "name" not in told:
        raise NotDrawable(f"“{told.get('name', told)}” needs exactly one of: {', '.join(_KINDS)}.")
    return Draw(told["name"], kinds[0], told[kinds[0]], told.get("by"))


def draw(one: Draw, rng: random.Random, names: Names, plan: Names) -> feel.Value:
    """A value, with `names` for the expressions in it; `plan` has what was drawn before."""
    rules = one.rules
    if one.by is not None:
        chosen = plan[one.by]
        if chosen not in rules:
            raise NotDrawable(f"“{one.name}” says nothing for {one.by} = {chosen}.")
        rules = rules[chosen]
    return feel.from_plain(_KINDS[one.kind](rules, rng, names))


def value(told: Any, names: Names) -> Any:
    """What a file tells, with expressions (texts that begin with =) worked out and plain."""
    match told:
        case str() if told.startswith("="):
            return feel.plain(feel.compile(told).evaluate(names))
        case dict():
            return {key: value(one, names) for key, one in told.items()}
        case list():
            return [value(one, names) for one in told]
        case _:
            return told


def log_normal(rng: random.Random, median: float, p90: float) -> float:
    """A duration or size by its median and 90th percentile."""
    spread = math.log(p90 / median) / _Z90 if p90 > median else 0.0
    return rng.lognormvariate(math.log(median), spread)


def holds(told: Any, rng: random.Random, names: Names) -> bool:
    """Whether something happens that has a chance, a number or an expression."""
    return rng.random() < float(value(told, names))


def _shares(rules: Mapping[str, Any], rng: random.Random, names: Names) -> object:
    weights = {key: float(value(one, names)) for key, one in rules.items() if one != _REST}
    rest = [key for key, one in rules.items() if one == _REST]
    weights |= dict.fromkeys(rest, max(0.0, 1.0 - sum(weights.values())))
    return rng.choices(list(weights), list(weights.values()))[0]


def _log_normal(rules: Sequence[float], rng: random.Random, _names: Names) -> object:
    return round(log_normal(rng, *rules), 3)


def _normal(rules: Sequence[float], rng: random.Random, _names: Names) -> object:
    middle, deviation, least, most = rules
    return round(min(most, max(least, rng.gauss(middle, deviation))), 3)


def _value(rules: Any, _rng: random.Random, names: Names) -> object:
    return value(rules, names)


_KINDS: dict[str, Callable[[Any, random.Random, Names], object]] = {
    "shares": _shares,
    "log_normal": _log_normal,
    "normal": _normal,
    "chance": holds,
    "value": _value,
}
