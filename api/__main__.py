"""`python -m api`: make a checkout ready when it is not, then hand over to the command line."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the sentence is for the older Python that starts this
    sys.exit(f"Parley needs Python 3.11 or newer; this is Python {sys.version_info[0]}.{sys.version_info[1]}. Start it with a newer one.")

from importlib import import_module

from api.setup import checkout


def main() -> None:
    """Set up, re-start inside `.venv` where needed, and run the command. Exit code: the command's."""
    checkout.run_inside("api", sys.argv[1:])
    # Imported by name and late: it needs the packages that set-up has just installed.
    sys.exit(import_module("api.cli").main(sys.argv[1:]))


if __name__ == "__main__":
    main()
