"""Sentences: what elements, formulas, roles, due times and problems are called for people who do not draw."""
