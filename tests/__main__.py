"""`python -m tests [pytest arguments]`: make a checkout ready with all that tests need, then run them."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the sentence is for the older Python that starts this
    sys.exit(f"Parley needs Python 3.11 or newer; this is Python {sys.version_info[0]}.{sys.version_info[1]}. Start it with a newer one.")

import os
from importlib import import_module

from api.setup import checkout
from api.setup.steps import SetupFailed
from tests import chromium


def main() -> None:
    """Set up, re-start inside `.venv` where needed, and run pytest. Exit code: pytest's."""
    os.chdir(checkout.ROOT)
    checkout.run_inside("tests", sys.argv[1:], extras=("test",))
    try:
        chromium.ensure()
    except SetupFailed as failure:
        sys.exit(f"Set-up stopped: {failure}")
    # Imported by name and late: set-up has just installed it.
    sys.exit(import_module("pytest").main(sys.argv[1:] or _everything()))


def _everything() -> list[str]:
    """The whole suite takes all cores, up to four; a file stays with one of them, so that its fixtures are made once."""
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]


if __name__ == "__main__":
    main()
