"""What a program asks of its own changes and of its procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Before:
    """What has to be done on every way to an element. Both are selectors, as in `Lint`."""

    element: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LintException:
    """A problem that a program allows at one place, and why. `at` is the problem's element, or the selector it names."""

    code: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lint:
    """What a program checks of its own procedures beyond what the engine needs.

    A selector means elements: `duty:NAME`, `form:KEY`, `calls:PROCESS` or `PROCESS/ELEMENT`.
    """

    #: code of a rule -> off, warn or refuse
    levels: Mapping[str, str] = field(default_factory=dict)
    #: selectors of what no change may take out
    required: tuple[str, ...] = ()
    before: tuple[Before, ...] = ()
    #: form -> the only fields that it may have, because it leaves the program
    reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exceptions: tuple[LintException, ...] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """What a program asks of its own changes."""

    #: a new deployment waits for a second person
    approval: bool
    #: how much of the diagrams scenarios have to walk before a change is sent, in percent
    coverage: int = 0
    lint: Lint = field(default_factory=Lint)
