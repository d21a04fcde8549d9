"""Scenario files as text: begin one, put steps in and take them out. What is there already stays as it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from engine.language import say
from engine.scenarios import steps
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
    return insert_step(text, len(_raw(text).get("steps", [])) + 1, step)


def insert_step(text: str, number: int, step: Mapping[str, object], *, takes_over: bool = False) -> str:
    """The file with one more step, which gets this number; those behind it move on by one.

    `takes_over`: what had to be true after the step before it has to be true after the new one instead; a step that only
    looked stands behind the new one then.
    Raises Wrong when the steps are not written as [[steps]].
    """
    if takes_over and number > 1 and "expect" in (before := _raw(text)["steps"][number - 2]):
        if len(before) == 1:
            return insert_step(text, number - 1, step)
        step = {**step, "expect": before["expect"]}
        text = expecting(text, number - 1, None)
    wanted = _raw(text)
    spans = steps.spans(text)
    wanted.setdefault("steps", []).insert(number - 1, dict(step))
    written = _written(step)
    if number <= len(spans):
        at = spans[number - 1][0]
        return _meant(text[:at] + written + "\n" + text[at:], wanted)
    head, tail = text[: spans[-1][1]] if spans else text, text[spans[-1][1] :] if spans else ""
    return _meant(head.rstrip("\n") + "\n\n" + written + ("\n" + tail.lstrip("\n") if tail.strip() else ""), wanted)


def without_last_step(text: str) -> str:
    """The file without its last step, as it is when it has none."""
    last = len(_raw(text).get("steps", []))
    return without_step(text, last) if last else text


def without_step(text: str, number: int) -> str:
    """The file without one of its steps and the comments above it. Raises Wrong when it has no such step."""
    wanted, spans = _raw(text), steps.spans(text)
    if not 0 < number <= len(spans):
        raise Wrong(say("The file has no step {number}; look at the scenario again.", number=number))
    start, end = spans[number - 1]
    del wanted["steps"][number - 1]
    if not wanted["steps"]:
        del wanted["steps"]
    return _meant((text[:start].rstrip("\n") + "\n\n" + text[end:].lstrip("\n")).rstrip("\n") + "\n", wanted)


def expecting(text: str, number: int, expect: Mapping[str, object] | None) -> str:
    """The file with what has to be true after a step said anew; None takes it out. Raises Wrong as `without_step`."""
    wanted, spans = _raw(text), steps.spans(text)
    if not 0 < number <= len(spans):
        raise Wrong(say("The file has no step {number}; look at the scenario again.", number=number))
    step = wanted["steps"][number - 1]
    step.pop("expect", None)
    if expect is not None:
        step["expect"] = dict(expect)
    start, end = spans[number - 1]
    said = steps.with_value(text[start:end], "expect", value(expect) if expect is not None else None)
    return _meant(text[:start] + said + text[end:], wanted)


def _raw(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise Wrong(say("The scenario cannot be read; correct its text.")) from wrong


def _meant(text: str, wanted: Mapping[str, object]) -> str:
    """The text when it says what it should, else Wrong: no layout that we did not foresee may change what a file means."""
    found = _raw(text) if steps.can_be_read(text) else None
    if found != wanted:
        raise Wrong(say("The steps of this file are written in a way that only its text can be changed; write them as [[steps]]."))
    return text


def _written(step: Mapping[str, object]) -> str:
    lines = ["[[steps]]", *(f"{key(name)} = {value(one)}" for name, one in step.items() if not _is_long(name, one))]
    for name, one in step.items():
        if _is_long(name, one) and isinstance(one, Mapping):
            lines += [f"[steps.{key(name)}]", *(f"{key(inner)} = {value(found)}" for inner, found in one.items())]
    return "\n".join(lines) + "\n"


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
