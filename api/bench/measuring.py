"""Samples of both sides by turns, so that whatever else the machine does falls on both alike.

A step waits for nothing, so its processor time is what it takes on a quiet machine; what others take meanwhile does not count.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from time import get_clock_info, perf_counter, process_time

from api.bench.models import Data, Drawn, Own, Side
from api.bench.report import Timing, timing
from engine.bpmn.plain import Plain

#: Processor time, where the system counts it finely enough.
_stopwatch = process_time if get_clock_info("process_time").resolution <= 1e-6 else perf_counter


class OtherWay(Exception):
    """The two sides did not walk the same way, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Walked:
    """One walk through a process: seconds of each step, the largest state, what was open before each step, what was completed."""

    seconds: tuple[float, ...]
    largest: int
    open: tuple[tuple[str, ...], ...]
    completed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the engine and of the plain library; text where the library has none."""

    own: Timing
    plain: Timing | str
    own_size: int
    plain_size: int = 0

    @property
    def ratio(self) -> float | None:
        """How many times faster the engine is."""
        return None if isinstance(self.plain, str) else self.plain.median / self.own.median


def sides(drawn: Drawn) -> tuple[Own, Plain]:
    """The process ready to run on both sides."""
    return Own(drawn.read(plain=False), drawn.key), Plain(drawn.read(plain=True), drawn.key)


def handle(side: Side, element: str) -> object:
    """The handle of one open task of an element. Raises OtherWay when none is open."""
    for name, found in side.open():
        if name == element:
            return found
    raise OtherWay(f"{element} should be open and is not.")


def walk(side: Side, first: Data, steps: Sequence[tuple[str, Data]]) -> Walked:
    """One instance from its start to its end, each step timed."""
    side.begin(first)
    seconds, largest, seen = [], side.size(), []
    for element, data in steps:
        seen.append(tuple(sorted(name for name, _ in side.open())))
        task = handle(side, element)
        begun = _stopwatch()
        side.step(task, data)
        seconds.append(_stopwatch() - begun)
        largest = max(largest, side.size())
    if not side.says_completed():
        raise OtherWay("The last step should have ended the instance and did not.")
    return Walked(tuple(seconds), largest, tuple(seen), frozenset(side.completed()))


def walks(drawn: Drawn, first: Data, steps: Sequence[tuple[str, Data]], rounds: int) -> Pair:
    """Walk by turns, after one walk each that is not counted: the mean step of each walk is a sample. Raises OtherWay."""
    own, plain = sides(drawn)
    one, other = walk(own, first, steps), walk(plain, first, steps)
    if (one.open, one.completed) != (other.open, other.completed):
        raise OtherWay(f"The two sides walked {drawn.key} by different ways.")
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for side, samples in ((own, found[0]), (plain, found[1])):
            gc.collect()  # what one side left behind is not cleared away in the time of the other
            samples.append(sum(walk(side, first, steps).seconds) / len(steps))
    return Pair(timing(found[0]), timing(found[1]), one.largest, other.largest)


@dataclass(frozen=True, slots=True)
class Round:
    """A process that goes round: what it starts with, the tasks of one turn, and what each of them is given."""

    drawn: Drawn
    first: Data
    tasks: tuple[str, ...]
    data: Data


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a measurement may cost."""

    rounds: int  #: samples of each figure, at most
    seconds: float  #: after which the plain library is not waited for any longer, on the way to a mark and at it


def marks(going: Round, at: Sequence[int], effort: Effort) -> dict[int, Pair]:
    """The last step of a turn after so many turns. The engine's marks are all sampled by turns."""
    reached = {mark: _reached(going, mark) for mark in at}
    samples: dict[int, list[float]] = {mark: [] for mark in at}
    for _ in range(effort.rounds):
        for mark, side in reached.items():
            samples[mark].append(_timed(side, going))
    others = _plainly(going, at, effort)
    return {mark: Pair(timing(samples[mark]), others[mark][0], reached[mark].size(), others[mark][1]) for mark in at}


def _reached(going: Round, turns: int) -> Own:
    side = Own(going.drawn.read(plain=False), going.drawn.key)
    side.begin(going.first)
    for _ in range(turns):
        for task in going.tasks:
            side.advance(handle(side, task), going.data)
    _all_but_last(side, going)
    return side


def _plainly(going: Round, at: Sequence[int], effort: Effort) -> dict[int, tuple[Timing | str, int]]:
    """The same of the plain library, driven in memory to each mark, as far as it comes in the time it has."""
    plain = Plain(going.drawn.read(plain=True), going.drawn.key)
    plain.begin(going.first)
    found: dict[int, tuple[Timing | str, int]] = {}
    done, why, until = 0, "", perf_counter() + effort.seconds
    for mark in sorted(at):
        while not why and done < mark:
            why = _turn(plain, going, done)
            done += 1
            if not why and done < mark and perf_counter() > until:
                why = f"not reached in {effort.seconds:g} s: {done} turns"
        if not why:
            found[mark] = _measured(plain, going, effort)
            why = _turn(plain, going, done, last_only=True)
            done += 1
        found.setdefault(mark, (why, 0))
    return found


def _turn(plain: Plain, going: Round, done: int, *, last_only: bool = False) -> str:
    """One turn of the plain library in memory; why it could not be taken, or nothing."""
    try:
        for task in going.tasks[-1:] if last_only else going.tasks:
            plain.advance(handle(plain, task), going.data)
    except RecursionError:
        return f"fails after {done} turns: RecursionError"
    except OtherWay:
        return f"stuck after {done} turns" + (", says it is completed" if plain.says_completed() else "")
    return ""


def _measured(plain: Plain, going: Round, effort: Effort) -> tuple[Timing, int]:
    """The last step of the next turn, from the saved state."""
    _all_but_last(plain, going)
    plain.save()
    samples, until = [_timed(plain, going)], perf_counter() + effort.seconds / 4
    while len(samples) < effort.rounds and perf_counter() < until:
        samples.append(_timed(plain, going))
    return timing(samples), plain.size()


def _all_but_last(side: Side, going: Round) -> None:
    for task in going.tasks[:-1]:
        side.advance(handle(side, task), going.data)


def _timed(side: Side, going: Round) -> float:
    task = handle(side, going.tasks[-1])
    begun = _stopwatch()
    side.rehearse(task, going.data)
    return _stopwatch() - begun
