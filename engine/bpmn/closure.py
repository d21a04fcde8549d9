"""What a process needs from outside its file: called processes, decisions, forms; and that calls come to an end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.model.errors import Problem
from engine.model.execution import Element, Interface, ProcessModel


def check_closure(
    processes: Mapping[str, ProcessModel], known_decisions: Collection[str], known_forms: Collection[str]
) -> tuple[Problem, ...]:
    """What is missing between these processes, by process key. Every executable process is looked at."""
    found: list[Problem] = []
    for model in processes.values():
        if model.executable:
            found += _missing(model, processes, known_decisions, known_forms)
    found += _cycles(processes)
    return tuple(found)


def _missing(
    model: ProcessModel, processes: Mapping[str, ProcessModel], decisions: Collection[str], forms: Collection[str]
) -> Iterator[Problem]:
    for element in model.elements:
        form, decision = element.attributes.get("form"), element.attributes.get("decision")
        if form is not None and form not in forms:
            yield Problem(
                model.file,
                element.id,
                "form-missing",
                f"The form {form} is not part of this deployment; add {form}.json or correct the name.",
            )
        if decision is not None and decision not in decisions:
            yield Problem(
                model.file,
                element.id,
                "decision-missing",
                f"The decision {decision} is not part of this deployment; add its .dmn file or correct the id.",
            )
        called = element.called
        if called is not None:
            yield from _callee(model, element, called, processes)


def _callee(model: ProcessModel, element: Element, called: str, processes: Mapping[str, ProcessModel]) -> Iterator[Problem]:
    target = processes.get(called)
    if target is None:
        yield Problem(
            model.file,
            element.id,
            "callee-missing",
            f"The process {called} is not part of this deployment; add its file or correct the id.",
        )
    elif not target.executable:
        yield Problem(
            model.file,
            element.id,
            "callee-not-executable",
            f"The process {called} is not marked as executable; mark it in its diagram, or call another.",
        )
    elif not target.plain_start:
        yield Problem(
            model.file,
            element.id,
            "callee-start",
            f"The process {called} has no start event without a trigger, so it cannot be called; draw one.",
        )
    elif target.interface is not None:
        yield from _interface(model, element, target, target.interface)


def _interface(model: ProcessModel, element: Element, target: ProcessModel, said: Interface) -> Iterator[Problem]:
    # BPMN 2.0, 10.4.2: what a call passes has to match the inputs and outputs of what it calls.
    for name in sorted(element.gives - said.inputs):
        yield Problem(model.file, element.id, "input-unknown", f"The process {target.key} has no data input {name}; correct the mapping.")
    for name in sorted(said.required - element.gives):
        yield Problem(
            model.file, element.id, "input-missing", f"The process {target.key} needs the data input {name}; map it, or make it optional."
        )
    for name in sorted(element.takes - said.outputs - said.inputs):
        yield Problem(model.file, element.id, "output-unknown", f"The process {target.key} has no data output {name}; correct the mapping.")


def _cycles(processes: Mapping[str, ProcessModel]) -> Iterator[Problem]:
    for key, model in processes.items():
        if key in _called_from(key, processes):
            element = next(
                e for e in model.elements if e.called is not None and (e.called == key or key in _called_from(e.called, processes))
            )
            yield Problem(
                model.file,
                element.id,
                "cyclic-call",
                f"The process {key} calls itself, directly or by others, and would never end; use a loop.",
            )


def _called_from(key: str, processes: Mapping[str, ProcessModel]) -> set[str]:
    seen: set[str] = set()
    todo = [key]
    while todo:
        model = processes.get(todo.pop())
        for called in model.calls if model else ():
            if called not in seen:
                seen.add(called)
                todo.append(called)
    return seen


def closure_keys(key: str, processes: Mapping[str, ProcessModel]) -> tuple[str, ...]:
    """A process and all it calls, directly or by others, in alphabetical order."""
    return tuple(sorted({key} | _called_from(key, processes)))
