"""The test suite. Kept free of imports so that `python3 -m tests` can set itself up first."""
