"""What the map of a procedure shows: where tokens stand, and how long each step took; class C1, nothing of one case alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.deployments import Definition


@dataclass(frozen=True, slots=True)
class Passage:
    """One stay of a token at an element. `branch` tells tokens apart that stand there side by side: a participant, an item."""

    element_id: str
    instance_id: str
    branch: str
    entered: datetime
    left: datetime
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class StayFigures:
    """What many stays at one element have in common. Times are None where too few were counted to show them."""

    number: int = 0
    #: half of the stays took no longer
    median: timedelta | None = None
    #: nine of ten took no longer
    ninetieth: timedelta | None = None
    #: of how many had a due date, how many were left after it
    with_due: int = 0
    late: int = 0
    #: stays at which an instance was there again
    again: int = 0


@dataclass(frozen=True, slots=True)
class StepLine:
    """One element of a map. `level` is how long its median is beside the others', 0 (not known) to 4 (the longest)."""

    element_id: str
    name: str
    type: str
    standing: int
    overdue: int
    stays: StayFigures
    level: int = 0
    #: it is not in the drawing that is shown, an older version had it
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ProcedureMap:
    """One procedure: `definition` is what is drawn, `version` the one asked for (None: all together)."""

    key: str
    name: str
    definition: Definition
    versions: tuple[int, ...]
    version: int | None
    since: datetime
    until: datetime
    steps: tuple[StepLine, ...]
    #: fewer stays than this show no times
    fewest: int


@dataclass(frozen=True, slots=True)
class MapLine:
    """One procedure in the list of maps: how many of its tokens stand somewhere, and how many tasks are overdue."""

    key: str
    name: str
    standing: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A case after something moved in it: where its tokens stood, and what had just come or gone, as one sentence."""

    at: datetime
    told: str
    #: by instance and process, then by element
    tokens: Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A procedure that a case went through: the instance, and the version it is drawn by."""

    instance_id: str
    process_key: str
    name: str
    definition: Definition
    #: what its elements are called, by id
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """How a case went: its procedures in the order in which they began, and every moment at which tokens moved, oldest first."""

    case_id: str
    number: str
    drawings: tuple[Drawing, ...]
    moments: tuple[Moment, ...]
