"""DMN decisions (DMN 1.5, chapters 6 to 8, boxed expressions of 10.2) over FEEL."""

from engine.dmn.errors import DecisionError
from engine.dmn.evaluation import DecisionModel, Outcome
from engine.dmn.model import Decision
from engine.dmn.reading import load
from engine.dmn.tables import Hits

__all__ = ["Decision", "DecisionError", "DecisionModel", "Hits", "Outcome", "load"]
