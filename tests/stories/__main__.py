"""`python3 -m tests.stories [D1 …]`: walk the stories of the demo in a browser; those named, or all of them.

With PARLEY_PICTURES=1 it makes the pictures of the help's pages for the workplace anew.
"""

import sys

from tests.__main__ import main

if __name__ == "__main__":
    names = [one.upper() for one in sys.argv[1:] if not one.startswith("-")]
    rest = [one for one in sys.argv[1:] if one.startswith("-")]
    sys.argv[1:] = ["tests/browser/walk_stories.py", *(["-k", " or ".join(names)] if names else []), *rest]
    main()
