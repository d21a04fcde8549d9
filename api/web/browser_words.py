"""What browser modules say: these sentences come with each page in its language. A test holds the lists against the modules.

What the rooms of diagrams and of decision tables say besides is much, and comes with these rooms alone: a sentence a line,
in `languages/rooms.txt` (our own, which `python -m tests.catalogs` writes) and in a file for what each room's libraries say.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.language import noted

_FOLDER = Path(__file__).parent / "languages"
#: room → the files that hold what is said there only
OF_ROOMS = {"diagram": ("rooms.txt", "diagram_library.txt"), "tables": ("rooms.txt", "tables_library.txt")}

IN_BROWSER = noted(
    (
        "Changed",
        "Fill it in",
        "Go on from there",
        "Go on with what is here",
        "Look at the other one",
        "Moment {number} of {all}",
        "New",
        "Not saved",
        "Not saved yet",
        "Not saved; it is tried again when you go on typing.",
        "On {when} you typed something here that could not be saved. It is kept in this browser, encrypted.",
        "Problem {n}",
        "Save now",
        "Sign in again",
        "Taken out",
        "The diagram could not be drawn. What it shows stands in words on this page.",
        "The board was brought up to date.",
        "The list was brought up to date.",
        "There is no connection. What you type is kept in this browser, encrypted, and saved as soon as the connection is back.",
        "There is no connection. What you typed stands on this page only; leave it open until it says that it was saved.",
        "This is too much to be saved as it is. Shorten it, or take out signs that you did not type.",
        "This task is no longer open, or no longer yours, so nothing is saved. Copy what you still need from here.",
        "Throw it away",
        "You went on with this form in another tab, and it was saved there.",
        "You were signed out after a time. What you typed stays here; sign in again in another tab and come back.",
        "{n} chosen",
        "{n} here now; overdue: {late}",
        "{n} overdue here",
        "{n} stopped by an error here",
        "{n} waiting here",
        "“{name}” cannot be taken. Choose one of: {kinds}.",
        "“{name}” is empty; choose another file.",
        "“{name}” is too large; a file has at most {size} MB here.",
    )
)


@cache
def in_room(room: str) -> tuple[str, ...]:
    """What is said in a room of the studio, `diagram` or `tables`, besides what every page says; in English."""
    return tuple(line for name in OF_ROOMS[room] for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines() if line)
