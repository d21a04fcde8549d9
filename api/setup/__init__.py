"""Makes a clean checkout ready to run, with the standard library only: `.venv`, packages, front end.

Nothing here imports anything else of ours; it runs before any package is there.
"""
