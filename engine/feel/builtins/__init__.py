"""FEEL's built-in functions (DMN 1.5, 10.3.4), declared by being imported."""

from engine.feel.builtins import contexts, conversion, lists, numbers, patterns, ranges, strings, temporal

__all__ = ["contexts", "conversion", "lists", "numbers", "patterns", "ranges", "strings", "temporal"]
