"""Scenarios: a private store, virtual time, what happened and what must be true."""
