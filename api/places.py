"""Where things are on this machine: the data folder with database and keys, and the files of a pack."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
import tomllib
from pathlib import Path

from engine.jobs import CommandScanner, MailServer, Scanner

ROOT = Path(__file__).resolve().parents[1]
DATABASE_VARIABLE = "PARLEY_DATABASE"
SCAN_VARIABLE = "PARLEY_SCAN"
MAIL_VARIABLE, SENDER_VARIABLE = "PARLEY_SMTP", "PARLEY_MAIL_FROM"

_KEPT = (".bpmn", ".dmn", ".json")
_PACK = "pack.toml"
_SCENARIOS = "scenarios"


class BadMailServer(Exception):
    """The mail server is not written as it has to be."""


class NoSuchFolder(Exception):
    """This folder does not exist."""


def data_folder(given: str | None, name: str) -> Path:
    """The folder for data: as given, in a checkout `data/NAME`, otherwise where the system keeps a user's data."""
    if given is not None:
        return Path(given).expanduser().resolve()
    if (ROOT / "pyproject.toml").is_file():
        return ROOT / "data" / name
    return _user_data() / "parley" / name


def _user_data() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")


def database_url(folder: Path) -> str:
    """The database: PostgreSQL when the environment names one, otherwise SQLite in the data folder."""
    return os.environ.get(DATABASE_VARIABLE) or f"sqlite:///{folder / 'parley.sqlite'}"


def has_database(folder: Path) -> bool:
    """Whether a program's database is there already, as far as a look at the folder tells."""
    return DATABASE_VARIABLE in os.environ or (folder / "parley.sqlite").is_file()


def mail_server() -> MailServer | None:
    """The mail server that the environment names; None: mail waits as an incident. Raises BadMailServer."""
    url, sender = os.environ.get(MAIL_VARIABLE), os.environ.get(SENDER_VARIABLE)
    if not url:
        return None
    try:
        return MailServer.read(url, sender or "")
    except ValueError as wrong:
        raise BadMailServer(f"{MAIL_VARIABLE} and {SENDER_VARIABLE} cannot be used. {wrong}") from wrong


def scanner() -> Scanner | None:
    """The program that checks files for harm, as the environment names it with its options; None: files are not checked."""
    words = shlex.split(os.environ.get(SCAN_VARIABLE, ""))
    return CommandScanner(tuple(words)) if words else None


def session_secret(folder: Path) -> bytes:
    """What signs sessions, made once and readable by its owner only."""
    path = folder / "keys" / "session"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
        except FileExistsError:  # another process of the same data folder was quicker
            return path.read_bytes()
    return path.read_bytes()


def pack_files(folder: Path) -> dict[str, bytes]:
    """The files of a pack by name: diagrams, decisions and scenarios beside pack.toml, and the forms it points to.

    Raises NoSuchFolder. A pack.toml that cannot be read is passed on as it is: checking it says what is wrong.
    """
    if not folder.is_dir():
        raise NoSuchFolder(f"There is no folder {folder}.")
    found = _in(folder)
    pack = folder / _PACK
    if pack.is_file():
        found[_PACK] = pack.read_bytes()
        found |= {f"{_SCENARIOS}/{path.name}": path.read_bytes() for path in sorted((folder / _SCENARIOS).glob("*.toml"))}
        forms = _forms_folder(folder, found[_PACK])
        if forms is not None:
            found |= _in(forms)
    return found


def _forms_folder(folder: Path, pack: bytes) -> Path | None:
    try:
        named = tomllib.loads(pack.decode("utf-8")).get("forms")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    forms = folder / named if isinstance(named, str) else folder
    return forms if forms.is_dir() else None


def _in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _KEPT and path.is_file()}
