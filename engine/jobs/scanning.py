"""Looking for harm in files that people give: a program the administrator names, or one that only knows the test file."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

_BLOCK = 1024 * 1024
#: the harmless text that every scanner has to find (EICAR), in two pieces so that no scanner finds it here
_TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
#: what clamscan, clamdscan and their like end with
_CLEAN, _HARMFUL = 0, 1


class Verdict(StrEnum):
    """What a scanner says. unknown: it could not look, so the file is not taken."""

    CLEAN = "clean"
    HARMFUL = "harmful"
    UNKNOWN = "unknown"


class Scanner(Protocol):
    """Looks at the content of a file."""

    def scan(self, content: BinaryIO) -> Verdict:
        """What is to be said of a file's content; it is read from its beginning and left there."""
        ...


@dataclass(frozen=True, slots=True)
class CommandScanner:
    """A program that is given the path of a copy and ends with 0 for clean, 1 for harmful, as clamdscan does."""

    command: tuple[str, ...]
    seconds: float = 60.0

    def scan(self, content: BinaryIO) -> Verdict:
        """Raises nothing: whatever keeps the program from answering makes the verdict unknown."""
        with tempfile.NamedTemporaryFile(prefix="parley-scan-") as copy:
            content.seek(0)
            while block := content.read(_BLOCK):
                copy.write(block)
            content.seek(0)
            copy.flush()
            try:
                done = subprocess.run(  # noqa: S603 - the administrator's own words, no shell
                    [*self.command, copy.name], capture_output=True, timeout=self.seconds, check=False
                )
            except (OSError, subprocess.SubprocessError):
                return Verdict.UNKNOWN
        return {_CLEAN: Verdict.CLEAN, _HARMFUL: Verdict.HARMFUL}.get(done.returncode, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class EicarScanner:
    """Knows nothing but the test file; for demonstrations and tests."""

    def scan(self, content: BinaryIO) -> Verdict:
        """Harmful when the test file's text is among the first bytes."""
        content.seek(0)
        found = _TEST_FILE in content.read(_BLOCK)
        content.seek(0)
        return Verdict.HARMFUL if found else Verdict.CLEAN
