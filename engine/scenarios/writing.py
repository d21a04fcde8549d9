"""Scenario files as text: begin one, add a step to it. What is there already stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.language import say
from engine.scenarios.shape import Wrong

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def begin(title: str, people: Mapping[str, Sequence[str]], *, continues: str = "", opening: Mapping[str, object] | None = None) -> str:
    """A new file with its head and no steps."""
    lines = [f"title = {value(title)}"]
    if continues:
        lines.append(f"continues = {value(continues)}")
    if people:
        lines += ["", "[people]"]
        lines += [f"{key(name)} = {value(roles[0] if len(roles) == 1 else list(roles))}" for name, roles in people.items()]
    if opening is not None:
        lines += ["", "[opening]", *(f"{key(name)} = {value(one)}" for name, one in opening.items())]
    return "\n".join(lines) + "\n"


def add_step(text: str, step: Mapping[str, object]) -> str:
    """The file with one more step as its last. Raises Wrong when its steps are not written as [[steps]]."""
    if re.search(r"(?m)^\s*steps\s*=", text):
        raise Wrong(say("The steps of this file are written as one list; write them as [[steps]], then steps can be added here."))
    lines = ["", "[[steps]]", *(f"{key(name)} = {value(one)}" for name, one in step.items() if not _is_long(name, one))]
    for name, one in step.items():
        if _is_long(name, one) and isinstance(one, Mapping):
            lines += [f"[steps.{key(name)}]", *(f"{key(inner)} = {value(found)}" for inner, found in one.items())]
    added = "\n".join(lines) + "\n"
    # Tables of the top may follow the steps; a step has to stand before them or after, TOML takes both.
    return text.rstrip("\n") + "\n" + added


def without_last_step(text: str) -> str:
    """The file without the step that was written last, when nothing but steps stands behind it."""
    at = text.rfind("\n[[steps]]")
    if at < 0:
        return text
    behind = re.sub(r"(?m)^\[steps\..*$", "", text[at + len("\n[[steps]]") :])
    if re.search(r"(?m)^\s*\[", behind):
        raise Wrong(say("Other parts of the file stand behind its last step; take the step out in the text."))
    return text[:at].rstrip("\n") + "\n"


def _is_long(name: str, one: object) -> bool:
    return isinstance(one, Mapping) and name in ("with", "gives") and len(one) > 3


def key(name: str) -> str:
    """A key, in quotes where TOML wants them."""
    return name if _BARE.fullmatch(name) else value(name)


def value(found: Any) -> str:
    """A value in one line. Raises Wrong for what a scenario cannot hold."""
    match found:
        case bool():
            return "true" if found else "false"
        case int() | float():
            return str(found)
        case str():
            return '"' + "".join(_escaped(letter) for letter in found) + '"'
        case Mapping():
            inner = ", ".join(f"{key(str(name))} = {value(one)}" for name, one in found.items() if one is not None)
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(value(one) for one in found)}]"
        case _:
            raise Wrong(say("A scenario holds texts, numbers, true and false, lists and tables only."))


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter
