"""Instances: turns, what outside did, messages, starts, deadlines."""
