"""Scenarios: readable files that say how a procedure is meant to go. Read and written here, run by operations."""

from engine.scenarios.model import Expectation, Opening, Scenario, Step, StepKind
from engine.scenarios.reading import Reading, name_of, read

__all__ = ["Expectation", "Opening", "Reading", "Scenario", "Step", "StepKind", "name_of", "read"]
