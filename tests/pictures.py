"""`python -m tests.pictures`: make the pictures of the help anew, by walking the page "Change a procedure" in a browser.

The pictures show made-up people at a made-up time, so that they differ only when the pages do.
"""

import os
import sys

from tests.__main__ import main

#: the variable that tells the walk to keep what it sees
WANTED = "PARLEY_PICTURES"

if __name__ == "__main__":
    os.environ[WANTED] = "1"
    sys.argv[1:] = ["tests/browser/test_change_a_procedure.py", *sys.argv[1:]]
    main()
