"""Which elements of the diagrams a selector of a pack's policies means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.language import kept
from engine.model.execution import Element, ProcessModel


def elements(selector: str, processes: Sequence[ProcessModel]) -> Iterator[tuple[ProcessModel, Element]]:
    """The elements that `duty:NAME`, `form:KEY`, `calls:PROCESS` or `PROCESS/ELEMENT` means."""
    for process in processes:
        for element in process.elements:
            if means(selector, process.key, element):
                yield process, element


def means(selector: str, process: str, element: Element) -> bool:
    """Whether a selector means an element of a process."""
    kind, colon, name = selector.partition(":")
    if not colon:
        return selector == f"{process}/{element.id}"
    return name == (element.called if kind == "calls" else element.attributes.get(kind))


def words(selector: str) -> str:
    """A selector for people."""
    kind, colon, name = selector.partition(":")
    if not colon:
        return kept("the element {selector}", selector=selector)
    return {
        "duty": kept("a task with the duty “{name}”", name=name),
        "form": kept("a task with the form “{name}”", name=name),
        "calls": kept("a call of “{name}”", name=name),
    }[kind]
