"""What many stays at one step have in common: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from engine.model.maps import Passage, StayFigures

#: levels of heat
LEVELS = 4
#: what takes less is passed, not stayed at
_MOMENT = timedelta(seconds=1)


def rank(ordered: Sequence[timedelta], percent: int) -> timedelta:
    """The percentile by nearest rank: the smallest value that so many percent are not above. `ordered` has at least one."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def fold(passages: Iterable[Passage], fewest: int) -> Mapping[str, StayFigures]:
    """The figures of each element that a token ever stayed at; those with fewer stays than `fewest` come without times and shares."""
    by_element: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_element[passage.element_id].append(passage)
    return {element: _figures(listed, fewest) for element, listed in by_element.items() if any(map(_lasted, listed))}


def _lasted(passage: Passage) -> bool:
    return passage.left - passage.entered >= _MOMENT


def _figures(listed: Sequence[Passage], fewest: int) -> StayFigures:
    if len(listed) < fewest:
        return StayFigures(len(listed))
    lengths = sorted(one.left - one.entered for one in listed)
    due = [one for one in listed if one.due is not None]
    return StayFigures(
        number=len(listed),
        median=rank(lengths, 50),
        ninetieth=rank(lengths, 90),
        with_due=len(due),
        late=sum(1 for one in due if one.due is not None and one.left > one.due),
        again=len(listed) - len({(one.instance_id, one.branch) for one in listed}),
    )


def levels(found: Mapping[str, StayFigures]) -> Mapping[str, int]:
    """How warm each element is beside the others of its map: 1 to 4 by its median's share of the longest one; 0 where none is told."""
    longest = max((one.median for one in found.values() if one.median is not None), default=timedelta())
    return {element: _level(one.median, longest) for element, one in found.items()}


def _level(median: timedelta | None, longest: timedelta) -> int:
    if median is None or not longest:
        return 0
    return min(LEVELS, 1 + int(median / longest * LEVELS))
