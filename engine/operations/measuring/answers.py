"""Figures of surveys: from how often each answer was given to items like those of cases. Pure.

An item stands for an answer that nobody can tell from the next one alike: which of them it is says nothing but how many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from engine import feel
from engine.model.measures import Item, Measure, Span
from engine.model.surveys import ANSWERED, INVITED, PEOPLE, Tally
from engine.operations.measuring import folding


def items(measure: Measure, tallies: Sequence[Tally], spans: Sequence[Span]) -> Iterator[Item]:
    """What a measure of answers counts in each span: those who were invited, or the answers to its question."""
    place = 0
    for tally, fitting in _counted(measure, tallies):
        within = [span.name for span in spans if span.name in (tally.month, tally.month.partition("-")[0])]
        groups = {folding.PARTS: tally.part} if measure.parts else {}
        for number in range(tally.count):
            for span in within:
                yield Item(span, groups, number < fitting, place=place)
            place += 1


def _counted(measure: Measure, tallies: Sequence[Tally]) -> Iterator[tuple[Tally, int]]:
    """Each tally that counts, and how many of it fit."""
    if measure.question:
        for tally in tallies:
            if tally.question == measure.question:
                answer = feel.from_plain(json.loads(tally.value))
                fits = feel.compile(measure.fits or "null").evaluate({"answer": answer}) is True
                yield tally, tally.count if fits else 0
        return
    answered = {(one.month, one.part): one.count for one in tallies if (one.question, one.value) == (PEOPLE, ANSWERED)}
    for tally in tallies:
        if (tally.question, tally.value) == (PEOPLE, INVITED):
            yield tally, answered.get((tally.month, tally.part), 0)
