"""The browser of the browser tests: the system's Chromium, or else one unpacked from an npm package, without root."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from api.setup import bundle, checkout
from api.setup.steps import SetupFailed, run, step

FOLDER = checkout.ROOT / "tests" / "browser"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_UNPACKED = FOLDER / "node_modules" / ".chromium"
#: The package unpacks its browser into the temporary folder; its answer is the path of the executable.
_UNPACK = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());"


def ensure() -> None:
    """Fetch axe-core, and Chromium where the system has none. Raises SetupFailed with a sentence."""
    node = bundle.node_under(checkout.VENV)
    bundle.install_packages(FOLDER, node, "--omit=optional" if _installed() else "--include=optional")
    if not _installed() and not _unpacked().is_file():
        _unpack(node)


def executable() -> Path:
    """The browser to start. Raises FileNotFoundError with a sentence when `python -m tests` has not fetched one yet."""
    found = _installed() or _unpacked()
    if not found.is_file():
        raise FileNotFoundError("No Chromium here yet; `python3 -m tests` fetches one.")
    return found


def _installed() -> Path | None:
    named = os.environ.get("PARLEY_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    return Path(found) if found else None


def _unpacked() -> Path:
    return _UNPACKED / "chromium"


def _unpack(node: Path) -> None:
    """Unpack beside the final place and move it there, so that a cut-off attempt leaves nothing that looks whole."""
    fresh = _UNPACKED.with_name(".chromium-new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    with step("Unpacking Chromium"):
        command = [str(node), "--input-type=module", "--eval", _UNPACK]
        run(command, cwd=FOLDER, hint="Chromium could not be unpacked.", environment={"TMPDIR": str(fresh)})
    if not (fresh / "chromium").is_file():
        raise SetupFailed("The package @sparticuz/chromium did not unpack a browser. Install Chromium and start again.")
    shutil.rmtree(_UNPACKED, ignore_errors=True)
    fresh.rename(_UNPACKED)
