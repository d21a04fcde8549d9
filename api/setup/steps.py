"""One step of set-up: said in a line, run quietly, and recorded by a fingerprint of what it was made from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

#: What a failed step shows of the tool's own output, in lines, and of each in characters.
_SHOWN_LINES, _SHOWN_WIDTH = 10, 160
#: A person's own settings that would make Python or pip inside `.venv` look elsewhere.
_LEAKS = frozenset({"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_CONSTRAINT"})


class SetupFailed(Exception):
    """Set-up could not be finished."""


def say(line: str) -> None:
    """One line of progress, on standard error, so that a command's own output stays clean."""
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say that something slow begins, and how many seconds it took."""
    say(f"{what} ...")
    began = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - began:.0f} s.")


def run(command: list[str], *, hint: str, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """Run a tool quietly and give its output; when it fails, raise SetupFailed with the hint and the output's end."""
    inherited = {name: value for name, value in os.environ.items() if name not in _LEAKS}
    # The tool's folder first: npm starts `node` by name, and the machine may have none or another.
    inherited["PATH"] = os.pathsep.join([str(Path(command[0]).parent), inherited.get("PATH") or os.defpath])
    outcome = subprocess.run(
        command, cwd=cwd, env={**inherited, **(environment or {})}, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )
    if outcome.returncode:
        last = [line[:_SHOWN_WIDTH] for line in outcome.stdout.strip().splitlines()[-_SHOWN_LINES:]]
        tool = " ".join([Path(command[0]).name, *command[1:4]])
        raise SetupFailed("\n    ".join([f"{hint} The end of what `{tool}` said:", *last]))
    return outcome.stdout


def fingerprint(paths: Iterable[Path], words: Iterable[str] = ()) -> str:
    """A hash of the files' names and bytes, and of further words that the result depends on. A missing file counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    for word in words:
        digest.update(f"{word}\0".encode())
    return digest.hexdigest()


def holds(stamp: Path, wanted: str) -> bool:
    """True when the stamp was written for this fingerprint; False when it is missing, older or unreadable."""
    try:
        return stamp.read_text(encoding="utf-8") == wanted
    except OSError:
        return False
