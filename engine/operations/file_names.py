"""What a file of a pack may be called: one name for everything that takes files in, copies or renames them. Pure."""

from __future__ import annotations

from engine.language import noted, say

#: characters of a name
LONGEST = 200
_SHOWN = 60
#: what the files of a pack are called
ENDINGS = noted("A name ends with .bpmn, .dmn or .json, is pack.toml, or is scenarios/ with a name that ends with .toml.")


def wrong(name: str) -> str | None:
    """What is wrong with a file's name, in a sentence that says what to do; None when it can be used.

    Whether its ending is one of a pack's files is for `bundles.wrong_name` to say too.
    """
    quoted = say("“{name}”", name=shown(name))
    if not name.strip():
        return say("A file needs a name. {endings}", endings=say(ENDINGS))
    if len(name) > LONGEST:
        return say("{quoted} is too long; a file's name has at most {longest} characters.", quoted=quoted, longest=LONGEST)
    if not name.isprintable():
        return say("{quoted} has characters in its name that cannot be seen; take them out of it.", quoted=quoted)
    parts = name.split("/")
    if "\\" in name or any(not part.strip(". ") for part in parts) or _is_drive(parts[0]):
        return say("{quoted} names a place outside the pack; give just the file's name, without “..”, “\\” or a drive.", quoted=quoted)
    stem, _, ending = parts[-1].rpartition(".")
    if not stem.strip(". ") and ending:
        return say("{quoted} is only an ending; put a name before the “.{ending}”.", quoted=quoted, ending=ending)
    if any(part != part.strip() for part in parts):
        return say("{quoted} begins or ends with a space; take it away.", quoted=quoted)
    return None


def shown(name: str) -> str:
    """A name as it can stand in a sentence, whatever is in it."""
    return "".join(one if one.isprintable() else "�" for one in name[:_SHOWN]) + ("…" if len(name) > _SHOWN else "")


def _is_drive(part: str) -> bool:
    return len(part) >= 2 and part[1] == ":" and part[0].isalpha()
