"""`.venv` of a checkout: made, filled and entered.

What is ready is recorded as a fingerprint of what it was made from, so that a later start reads a few small files and
goes on. Every step may be cut off at any moment: its fingerprint is written last, and the next start does the step
again and removes what was left half done. An installed copy has no pyproject.toml beside it and skips all of this.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from api.setup import bundle
from api.setup.steps import SetupFailed, fingerprint, holds, run, say, step

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"

_PYPROJECT = ROOT / "pyproject.toml"
_CONSTRAINTS = ROOT / ".constraints.txt"
_WINDOWS = os.name == "nt"
_PYTHON = VENV / ("Scripts/python.exe" if _WINDOWS else "bin/python")
_NO_VENV = ".venv could not be made. On Debian and Ubuntu it takes the package python3-venv (apt install python3-venv); then start again."
_NOT_OURS = "This checkout could not be installed into .venv."
_NO_NETWORK = "Packages could not be installed. That needs the network once; pip's own settings for a proxy or a mirror apply."


def run_inside(module: str, arguments: list[str], extras: tuple[str, ...] = ()) -> None:
    """Make everything ready, then go on as `python -m module arguments` inside `.venv`.

    `extras` are groups of pyproject's optional dependencies. Comes back only when this process already runs there, or
    in an installed copy. A failed set-up ends the process with a sentence that says what to do.
    """
    if not (_PYPROJECT.is_file() and _CONSTRAINTS.is_file()):
        return
    try:
        ensure(extras)
    except SetupFailed as failure:
        sys.exit(f"Set-up stopped: {failure}")
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted; the next start goes on from there.")
    if Path(sys.prefix).resolve() != VENV.resolve():
        _become([str(_PYTHON), "-m", module, *arguments])


def ensure(extras: tuple[str, ...] = ()) -> None:
    """Bring `.venv` and the front end up to date. Raises SetupFailed with a sentence for a person."""
    if _is_ready(extras):
        return
    with _alone():
        _ensure_venv()
        _ensure_packages(extras)
        if not bundle.is_current(ROOT):
            bundle.build(ROOT, bundle.node_under(VENV))


def _is_ready(extras: tuple[str, ...]) -> bool:
    return holds(_stamp(extras), _of_packages(extras)) and _PYTHON.exists() and bundle.is_current(ROOT)


def _stamp(extras: tuple[str, ...]) -> Path:
    return VENV / "-".join([".parley-ready", *extras])


def _of_packages(extras: tuple[str, ...]) -> str:
    # The folder counts: in a checkout that was moved or copied, .venv still points to the old place.
    return fingerprint([_PYPROJECT, _CONSTRAINTS], [str(ROOT), *extras])


def _ensure_venv() -> None:
    if _venv_is_sound():
        return
    with step("Making .venv"):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], cwd=ROOT, hint=_NO_VENV)


def _venv_is_sound() -> bool:
    """True when its interpreter starts, is new enough, and has a whole pip."""
    if not _PYTHON.exists():
        return False
    probe = [str(_PYTHON), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    starts = subprocess.run(probe, capture_output=True, check=False).returncode == 0
    return starts and any((pip / "RECORD").is_file() for site in _site_packages() for pip in site.glob("pip-*.dist-info"))


def _ensure_packages(extras: tuple[str, ...]) -> None:
    if holds(_stamp(extras), _of_packages(extras)):
        return
    _forget_half_installed()
    pip = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    with step("Installing packages"):
        run([*pip, "--constraint", str(_CONSTRAINTS), *_requirements(extras)], cwd=ROOT, hint=_NO_NETWORK)
        run([*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)], cwd=ROOT, hint=_NOT_OURS)
    for done in {(), extras}:
        _stamp(done).write_text(_of_packages(done), encoding="utf-8")


def _requirements(extras: tuple[str, ...]) -> list[str]:
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    return [*project["dependencies"], *(line for group in ("build", *extras) for line in groups[group])]


def _forget_half_installed() -> None:
    """Drop the metadata of packages whose installation was cut off, so that pip installs them anew.

    pip writes RECORD last; without it other files may be missing although pip takes the package for installed.
    """
    for site in _site_packages():
        for metadata in site.glob("*.dist-info"):
            if not (metadata / "RECORD").is_file():
                shutil.rmtree(metadata)


def _site_packages() -> list[Path]:
    return [*VENV.glob("lib/python*/site-packages"), *VENV.glob("Lib/site-packages")]


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the set-up of this checkout against a second start at the same time; a dead holder holds nothing."""
    if _WINDOWS:
        yield
        return
    import fcntl  # only POSIX has it

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is setting up this checkout; waiting for it ...")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _become(command: list[str]) -> NoReturn:
    if _WINDOWS:  # exec there gives the prompt back before the new process is done
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)
