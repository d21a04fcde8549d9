"""Patterns that engines which try one way after the other can need exponential time for: those that read one text in ever more ways.

A pattern becomes an automaton whose states are its signs (Glushkov). It is exponentially ambiguous when, going round in a
loop, some text leads from a state back to it in two ways (Weber and Seidl, On the degree of ambiguity of finite automata).
What reads a text at all is left out, so (a+)+ alone is called ambiguous too.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

import regex

from engine.feel.builtins.patterns import compiled, pieces

_State = TypeVar("_State")
#: signs that sets of signs are told apart by; those of the pattern itself come to them
_SIGNS = string.printable + "éßЖ語\u00a0"
_BOUND = regex.compile(r"\{(\d+)(,?)(\d*)\}")
#: how often something that repeats a given number of times is written out; more tells nothing new
_COPIES = 4
#: signs of a pattern, written out, above which nothing is said: far more than any pattern of a form has
_MOST = 120
#: what stands for no sign of the text
_EMPTY = ("^", "$")


@dataclass(slots=True)
class _Part:
    """A piece of the automaton: whether it reads the empty text, and the states it can begin and end with."""

    empty: bool = True
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


def is_ambiguous(pattern: str) -> bool:
    """Whether some text can be read in exponentially many ways. False for what is no pattern."""
    try:
        compiled(pattern, "")
        made = _Automaton(pattern)
    except (ValueError, _TooLarge):
        return False
    return any(made.forks(loop) for loop in made.loops())


class _TooLarge(Exception):
    """The pattern has too many signs when it is written out."""


class _Automaton:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.signs: list[frozenset[str]] = []
        #: how many ways lead from one state straight to another
        self.ways: Counter[tuple[int, int]] = Counter()
        self.tokens = list(_tokens(pattern))
        self._either(0)

    def _either(self, place: int) -> tuple[_Part, int]:
        """Alternatives from a sign on, until the group ends."""
        found = _Part(empty=False)
        while True:
            part, place = self._row(place)
            found = _Part(found.empty or part.empty, found.first + part.first, found.last + part.last)
            if place >= len(self.tokens) or self.tokens[place] == ")":
                return found, place
            place += 1

    def _row(self, place: int) -> tuple[_Part, int]:
        found = _Part()
        while place < len(self.tokens) and self.tokens[place] not in (")", "|"):
            began, (part, place) = place, self._atom(place)
            least: int = 1
            most: int | None = 1
            if place < len(self.tokens) and (bounds := _bounds(self.tokens[place])):
                least, most = bounds
                place += 1
            found = self._joined(found, self._times(part, began, least, most))
            while place < len(self.tokens) and self.tokens[place] in ("?", "+"):
                place += 1
        return found, place

    def _atom(self, place: int) -> tuple[_Part, int]:
        sign = self.tokens[place]
        if sign == "(":
            part, place = self._either(place + 1)
            return part, place + 1
        if sign in _EMPTY or (sign[0] == "\\" and sign[1:].isdigit()):
            return _Part(), place + 1
        if len(self.signs) >= _MOST:
            raise _TooLarge
        made = compiled(sign, "")
        self.signs.append(frozenset(one for one in _SIGNS + self.pattern if made.fullmatch(one)))
        return _Part(False, [len(self.signs) - 1], [len(self.signs) - 1]), place + 1

    def _times(self, part: _Part, began: int, least: int, most: int | None) -> _Part:
        if most is None or most > _COPIES:
            loops = most is None or self._turns(part)
            if loops:
                self.ways.update(product(part.last, part.first))
            return _Part(part.empty or least == 0, part.first, part.last)
        found = _Part()
        for number in range(most):
            copy = part if number == 0 else self._atom(began)[0]
            found = self._joined(found, _Part(copy.empty or number >= least, copy.first, copy.last))
        return found

    def _turns(self, part: _Part) -> bool:
        """Whether something goes round within a part, so that doing it many times multiplies the ways."""
        return any((state, other) in self.ways for state, other in product(part.last, part.first))

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self.ways.update(product(one.last, other.first))
        first = one.first + (other.first if one.empty else [])
        return _Part(one.empty and other.empty, first, other.last + (one.last if other.empty else []))

    def loops(self) -> Iterator[frozenset[int]]:
        """States that lead to each other."""
        after: dict[int, set[int]] = {state: set() for state in range(len(self.signs))}
        for one, other in self.ways:
            after[one].add(other)
        reached = {state: _reached(after[state], after) for state in after}
        seen: set[int] = set()
        for state, others in reached.items():
            if state in others and state not in seen:
                loop = frozenset(other for other in others if state in reached[other])
                seen |= loop
                yield loop

    def forks(self, loop: frozenset[int]) -> bool:
        """Whether a text leads round in a loop in two ways."""
        inside = {way: number for way, number in self.ways.items() if loop.issuperset(way)}
        if any(number > 1 for number in inside.values()):
            return True
        after = {state: [other for one, other in inside if one == state] for state in loop}
        both = {
            (one, other): {(a, b) for a, b in product(after[one], after[other]) if self.signs[a] & self.signs[b]}
            for one, other in product(loop, loop)
        }
        before: dict[tuple[int, int], set[tuple[int, int]]] = {pair: set() for pair in both}
        for pair, following in both.items():
            for other in following:
                before[other].add(pair)
        start = (state := min(loop), state)
        ahead, behind = _reached(both[start], both), _reached(before[start], before)
        return any(one != other for one, other in ahead & behind)


def _reached(first: Iterable[_State], after: Mapping[_State, set[_State]]) -> set[_State]:
    seen: set[_State] = set()
    todo = list(first)
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(after[one])
    return seen


def _bounds(written: str) -> tuple[int, int | None] | None:
    match written:
        case "*":
            return 0, None
        case "+":
            return 1, None
        case "?":
            return 0, 1
    found = _BOUND.fullmatch(written)
    if found is None:
        return None
    least = int(found[1])
    return least, (int(found[3]) if found[3] else None) if found[2] else least


def _tokens(pattern: str) -> Iterator[str]:
    """Signs, whole sets of signs, groups' ends and quantifiers; marks of groups that are not kept are left out."""
    depth, whole = 0, ""
    skip = 0
    for place, piece in pieces(pattern):
        if place < skip:
            continue
        depth += (piece == "[") - (piece == "]" and depth > 0)
        whole += piece
        if depth:
            continue
        if whole == "{" and (found := _BOUND.match(pattern, place)):
            whole, skip = found[0], found.end()
        if whole == "(" and pattern.startswith("?:", place + 1):
            skip = place + 3
        yield whole
        whole = ""
