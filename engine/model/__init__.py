"""Frozen values, states and errors shared by every part of the engine. Imports nothing of ours."""
