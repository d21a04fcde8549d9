"""What a file of a pack may be called: one name for everything that takes files in, copies or renames them. Pure."""

from __future__ import annotations

#: characters of a name
LONGEST = 200
_SHOWN = 60
#: what the files of a pack are called
ENDINGS = "A name ends with .bpmn, .dmn or .json, is pack.toml, or is scenarios/ with a name that ends with .toml."


def wrong(name: str) -> str | None:
    """What is wrong with a file's name, in a sentence that says what to do; None when it can be used.

    Whether its ending is one of a pack's files is for `bundles.wrong_name` to say too.
    """
    quoted = f"“{shown(name)}”"
    if not name.strip():
        return f"A file needs a name. {ENDINGS}"
    if len(name) > LONGEST:
        return f"{quoted} is too long; a file's name has at most {LONGEST} characters."
    if not name.isprintable():
        return f"{quoted} has characters in its name that cannot be seen; take them out of it."
    parts = name.split("/")
    if "\\" in name or any(not part.strip(". ") for part in parts) or _is_drive(parts[0]):
        return f"{quoted} names a place outside the pack; give just the file's name, without “..”, “\\” or a drive."
    stem, _, ending = parts[-1].rpartition(".")
    if not stem.strip(". ") and ending:
        return f"{quoted} is only an ending; put a name before the “.{ending}”."
    if any(part != part.strip() for part in parts):
        return f"{quoted} begins or ends with a space; take it away."
    return None


def shown(name: str) -> str:
    """A name as it can stand in a sentence, whatever is in it."""
    return "".join(one if one.isprintable() else "�" for one in name[:_SHOWN]) + ("…" if len(name) > _SHOWN else "")


def _is_drive(part: str) -> bool:
    return len(part) >= 2 and part[1] == ":" and part[0].isalpha()
