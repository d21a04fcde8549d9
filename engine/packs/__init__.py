"""Packs: a program's own words and rules beside its diagrams, read from pack.toml and checked; pure."""

from engine.packs.checking import check, check_apart, grants, is_content, role_of
from engine.packs.lint import levelled, lint
from engine.packs.measures import AGGREGATE
from engine.packs.measures import asks_apart as measure_asks_apart
from engine.packs.measures import expressions as measure_expressions
from engine.packs.measures import names as measured_facts
from engine.packs.measures import standard as measure_standard
from engine.packs.reading import read
from engine.packs.surveys import rate as survey_rate
from engine.packs.tiles import length as tile_length
from engine.packs.translating import drawn_texts, fitting, languages, missing, say, texts, translated, unused
from engine.packs.values import (
    deadline_rule,
    has_type,
    is_code,
    role_of_lane,
    settings_values,
    typed,
    typed_variables,
    variable_problems,
)

__all__ = [
    "AGGREGATE",
    "measure_asks_apart",
    "measure_expressions",
    "measured_facts",
    "measure_standard",
    "read",
    "levelled",
    "lint",
    "check",
    "check_apart",
    "deadline_rule",
    "role_of",
    "role_of_lane",
    "settings_values",
    "survey_rate",
    "typed_variables",
    "variable_problems",
    "typed",
    "has_type",
    "is_code",
    "grants",
    "is_content",
    "fitting",
    "languages",
    "say",
    "translated",
    "texts",
    "tile_length",
    "drawn_texts",
    "unused",
    "missing",
]
