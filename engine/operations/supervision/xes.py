"""Logs as XES, the standard for process mining (IEEE 1849): text in parts, so that no log is ever held as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from engine.model.event_logs import LogEvent, Trace

_SPACE = "http://www.xes-standard.org/"
_EXTENSIONS = ("concept", "time", "lifecycle", "org")
_TITLES = {"concept": "Concept", "time": "Time", "lifecycle": "Lifecycle", "org": "Organizational"}
#: what XML has no way to write
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: what stands in for a value that is not given, as the standard asks for each attribute that every event has
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

FOOT = "</log>\n"


def head(name: str) -> str:
    """What stands before the traces."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<log xes.version="1849-2016" xes.features="" xmlns="{_SPACE}">',
        *(f'  <extension name="{_TITLES[one]}" prefix="{one}" uri="{_SPACE}{one}.xesext"/>' for one in _EXTENSIONS),
        '  <global scope="trace">',
        _string("concept:name", "", 4),
        "  </global>",
        '  <global scope="event">',
        _string("concept:name", "", 4),
        _string("lifecycle:transition", "complete", 4),
        _date("time:timestamp", _NEVER, 4),
        "  </global>",
        '  <classifier name="Step" keys="concept:name"/>',
        '  <classifier name="Step and what happened" keys="concept:name lifecycle:transition"/>',
        _string("concept:name", name, 2),
        _string("lifecycle:model", "standard", 2),
        "",
    ]
    return "\n".join(lines)


def trace(found: Trace) -> str:
    """One case."""
    lines = ["  <trace>", _string("concept:name", found.name, 4)]
    for event in found.events:
        lines += ["    <event>", *_event(event), "    </event>"]
    return "\n".join([*lines, "  </trace>", ""])


def _event(event: LogEvent) -> Iterator[str]:
    yield _string("concept:name", event.name, 6)
    yield _string("concept:instance", str(event.instance), 6)
    yield _string("lifecycle:transition", event.transition, 6)
    yield _date("time:timestamp", event.at, 6)
    if event.resource:
        yield _string("org:resource", event.resource, 6)
    if event.role:
        yield _string("org:role", event.role, 6)
    yield _string("process", event.process, 6)
    yield _string("element", event.element_id, 6)
    yield _string("type", event.type, 6)


def _string(key: str, value: str, indent: int) -> str:
    return f'{" " * indent}<string key="{key}" value={quoteattr(_UNWRITABLE.sub("", value), {chr(10): "&#10;"})}/>'


def _date(key: str, at: datetime, indent: int) -> str:
    return f'{" " * indent}<date key="{key}" value="{at.astimezone(UTC).isoformat(timespec="milliseconds")}"/>'
