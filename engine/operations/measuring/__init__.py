"""Figures: what a pack measures, counted over its cases, with cells that are too small withheld."""
