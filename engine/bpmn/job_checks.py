"""What a service or send task needs whose work is done outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.bpmn import tries
from engine.bpmn.graph import Node

Found = tuple[str, str, str]

_TRIES: dict[str, Callable[[str], object]] = {"retries": tries.retries, "backoff": tries.pauses, "timeout": tries.hold}
#: Extension attributes of outside work.
ATTRIBUTES = frozenset({"job", *_TRIES})
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: What the built-in types are told.
_MAIL = frozenset({"to", "notice", "subject", "text"})
_WEBHOOK = frozenset({"url", "body"})


def service(node: Node) -> Iterator[Found]:
    """What is wrong with a service task."""
    own = node.attributes
    if "job" in own and own.get("operation"):
        yield node.id, "service-what", "A service task has either parley:operation or parley:job; remove one."
    elif "job" in own:
        yield from _job(node)
    elif not own.get("operation"):
        yield node.id, "operation-missing", "A service task needs parley:job (outside work) or parley:operation (an act of the engine)."
    else:
        yield from _idle(node)


def send(node: Node) -> Iterator[Found]:
    """What is wrong with a send task that has a job."""
    if node.events:
        yield node.id, "send-what", "A send task has either a message or parley:job; remove one."
    elif ({"notice", "to"} & node.attributes.keys()) and node.attributes["job"] != "mail":
        yield node.id, "send-what", "parley:notice and parley:to go with the job “mail” only; use an input mapping."
    else:
        yield from _job(node)


def _idle(node: Node) -> Iterator[Found]:
    for name in sorted(_TRIES.keys() & node.attributes.keys()):
        yield node.id, "unknown-attribute", f"parley:{name} has no effect without parley:job; remove it."


def _job(node: Node) -> Iterator[Found]:
    own = node.attributes
    if not _TYPE.fullmatch(own["job"]):
        yield node.id, "job-type", "The type of a job has letters, digits, dots, dashes and underscores, at most 100, such as credit-check."
    for name, read in _TRIES.items():
        text = own.get(name)
        if text is not None and not text.startswith("="):
            try:
                read(text)
            except ValueError as wrong:
                yield node.id, f"{name}-invalid", str(wrong)
    told = {line.target for line in node.inputs} | ({"notice", "to"} & own.keys())
    if own["job"] == "mail":
        yield from _built_in(node, told, _MAIL)
        if "to" not in told or ("notice" in told) == bool({"subject", "text"} & told) or len({"subject", "text"} & told) == 1:
            yield node.id, "mail-what", "The job “mail” needs to, and either notice (a text of the pack) or subject and text."
    elif own["job"] == "webhook":
        yield from _built_in(node, told, _WEBHOOK)
        if "url" not in told:
            yield node.id, "webhook-url", "The job “webhook” needs the input url, such as \"https://example.org/hook\"."


def _built_in(node: Node, told: set[str], known: frozenset[str]) -> Iterator[Found]:
    for name in sorted(told - known):
        yield node.id, "unknown-input", f"The job “{node.attributes['job']}” takes no input {name}; it takes {', '.join(sorted(known))}."
