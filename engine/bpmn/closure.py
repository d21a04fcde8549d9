"""What a process needs from outside its file: called processes, decisions, forms; and that calls come to an end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.language import kept
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
                kept("There is no form “{form}”; choose another one, or build it (file {form}.json).", form=form),
            )
        if decision is not None and decision not in decisions:
            yield Problem(
                model.file,
                element.id,
                "decision-missing",
                kept("There is no decision table “{decision}”; choose another one, or write it.", decision=decision),
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
            kept("There is no procedure “{called}”; choose another one, or draw it.", called=called),
        )
    elif not target.executable:
        yield Problem(
            model.file,
            element.id,
            "callee-not-executable",
            kept("The procedure “{called}” is kept and not run; set in its diagram that it can be run, or choose another.", called=called),
        )
    elif not target.plain_start:
        yield Problem(
            model.file,
            element.id,
            "callee-start",
            kept("The procedure “{called}” has no plain start, so it cannot be begun from here; draw one in it.", called=called),
        )
    elif target.interface is not None:
        yield from _interface(model, element, target, target.interface)


def _interface(model: ProcessModel, element: Element, target: ProcessModel, said: Interface) -> Iterator[Problem]:
    # BPMN 2.0, 10.4.2: what a call passes has to match the inputs and outputs of what it calls.
    for name in sorted(element.gives - said.inputs):
        yield Problem(
            model.file,
            element.id,
            "input-unknown",
            kept("The procedure “{key}” takes nothing called “{name}”; correct what it is told.", key=target.key, name=name),
        )
    for name in sorted(said.required - element.gives):
        yield Problem(
            model.file,
            element.id,
            "input-missing",
            kept("The procedure “{key}” has to be told “{name}”; add that here, or make it optional there.", key=target.key, name=name),
        )
    for name in sorted(element.takes - said.outputs - said.inputs):
        yield Problem(
            model.file,
            element.id,
            "output-unknown",
            kept(
                "The procedure “{key}” gives nothing back that is called “{name}”; correct what is taken from it.",
                key=target.key,
                name=name,
            ),
        )


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
                kept(
                    "The procedure “{key}” calls itself, directly or through others, and would never end; lead a way "
                    "back to an earlier step instead.",
                    key=key,
                ),
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
