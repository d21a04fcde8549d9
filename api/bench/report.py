"""How figures are printed: the machine, tables of medians with their spread, and what of the budgets was met."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """What samples of one figure say, in seconds."""

    median: float
    low: float  #: a quarter of the samples is below
    high: float  #: a quarter of the samples is above

    def __str__(self) -> str:
        return f"{milliseconds(self.median)} ({milliseconds(self.low)}–{milliseconds(self.high)})"


def timing(samples: Sequence[float]) -> Timing:
    """Median and quartiles of samples in seconds; at least one."""
    if len(samples) < 2:
        return Timing(samples[0], samples[0], samples[0])
    low, middle, high = statistics.quantiles(samples, n=4, method="inclusive")
    return Timing(middle, low, high)


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds with three significant digits."""
    value = seconds * 1000
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"


def kilobytes(size: int) -> str:
    """Bytes as kilobytes of 1,000."""
    return f"{size / 1000:,.1f} KB"


@dataclass(frozen=True, slots=True)
class Budget:
    """A figure with its bound. One that is not `gated` is a goal for a quiet machine and fails nothing."""

    what: str
    figure: float
    bound: float
    at_least: bool = False  #: the figure has to reach the bound; otherwise it may not exceed it
    unit: str = ""
    gated: bool = True

    @property
    def met(self) -> bool:
        """Whether the figure keeps to the bound."""
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def __str__(self) -> str:
        state = "met" if self.met else f"missed by {abs(self.figure - self.bound):,.4g}{self.unit}"
        word = "at least" if self.at_least else "at most"
        goal = "" if self.gated else "; a goal for a quiet machine"
        return f"{state:<18} {self.what}: {self.figure:,.4g}{self.unit}, {word} {self.bound:,.4g}{self.unit}{goal}"


def machine() -> str:
    """Python, cores and how busy the machine is, in one line."""
    load = " ".join(f"{one:.2f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load average {load}"


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header; the first column to the left, the others to the right."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n{title}")
    for line in lines:
        first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        print("  " + "  ".join((first.strip().ljust(widths[0]), *others)).rstrip(), flush=True)


def verdict(budgets: Sequence[Budget]) -> int:
    """Print what was met and what was missed; 1 when a gated budget was missed, otherwise 0."""
    print("\nBudgets")
    for one in budgets:
        print(f"  {one}")
    print(f"\nAt the end: {machine()}", flush=True)
    return 0 if all(one.met for one in budgets if one.gated) else 1
