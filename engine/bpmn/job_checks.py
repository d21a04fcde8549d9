"""What a service or send task needs whose work is done outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.bpmn import tries
from engine.bpmn.graph import Node
from engine.language import kept, reason

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
        yield (
            node.id,
            "service-what",
            kept("This step says twice what is done by itself: an act on the case and work outside (operation and job); keep one."),
        )
    elif "job" in own:
        yield from _job(node)
    elif not own.get("operation"):
        yield node.id, "operation-missing", kept("Nothing says what is done here by itself; choose an act on the case, or work outside.")
    else:
        yield from _idle(node)


def send(node: Node) -> Iterator[Found]:
    """What is wrong with a send task that has a job."""
    if node.events:
        yield node.id, "send-what", kept("This sends a message and has work done outside; keep one of the two.")
    elif ({"notice", "to"} & node.attributes.keys()) and node.attributes["job"] != "mail":
        yield (
            node.id,
            "send-what",
            kept("A notice and who gets it belong to the work “mail” only; tell this work its values line by line instead."),
        )
    else:
        yield from _job(node)


def _idle(node: Node) -> Iterator[Found]:
    for name in sorted(_TRIES.keys() & node.attributes.keys()):
        yield node.id, "unknown-attribute", kept("“{name}” means nothing here, as no work is done outside; remove it.", name=name)


def _job(node: Node) -> Iterator[Found]:
    own = node.attributes
    if not _TYPE.fullmatch(own["job"]):
        yield (
            node.id,
            "job-type",
            kept("The kind of outside work is a short name of letters, digits, dots and dashes, such as credit-check; correct it."),
        )
    for name, read in _TRIES.items():
        text = own.get(name)
        if text is not None and not text.startswith("="):
            try:
                read(text)
            except ValueError as wrong:
                yield node.id, f"{name}-invalid", reason(wrong)
    told = {line.target for line in node.inputs} | ({"notice", "to"} & own.keys())
    if own["job"] == "mail":
        yield from _built_in(node, told, _MAIL)
        if "to" not in told or ("notice" in told) == bool({"subject", "text"} & told) or len({"subject", "text"} & told) == 1:
            yield node.id, "mail-what", kept("A mail needs who gets it (to), and either a notice or a subject and a text; fill these in.")
    elif own["job"] == "webhook":
        yield from _built_in(node, told, _WEBHOOK)
        if "url" not in told:
            yield node.id, "webhook-url", kept('A webhook needs the address it goes to (url), such as "https://example.org/hook".')


def _built_in(node: Node, told: set[str], known: frozenset[str]) -> Iterator[Found]:
    for name in sorted(told - known):
        yield (
            node.id,
            "unknown-input",
            kept(
                "The job “{attributes}” is told nothing called “{name}”; it can be told: {list}.",
                attributes=node.attributes["job"],
                name=name,
                list=", ".join(sorted(known)),
            ),
        )
