"""Rounds: what the clock brings."""
