"""A procedure as numbered sentences, for those who do not read diagrams: who does what by when, what then, and what otherwise. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import drawn
from engine.bpmn.drawn import Diagram, Drawn
from engine.bpmn.outline import Entry, EntryKind, outline
from engine.bpmn.xml import Unreadable
from engine.model.errors import Invalid
from engine.operations import element_words, formula_words, sentences
from engine.operations.sentences import Words
from engine.operations.wording import listed

_HUMAN = frozenset({"userTask", "manualTask", "task"})
#: what is done in a procedure, beside what is waited for, chosen and worked out
DONE = _HUMAN | {"serviceTask", "sendTask", "businessRuleTask", "callActivity"}
_OPERATIONS = {
    "participant.add": "Somebody is given a part in the case",
    "participant.end": "Somebody's part in the case ends",
    "case.status": "The status of the case changes",
    "case.close": "The case is closed",
    "user-task.reassign": "An open task is given to somebody else",
    "user-task.due": "An open task gets another due time",
    "user-task.waive": "An open task is no longer needed",
    "notice.send": "A notice is sent",
    "wall.add": "Somebody is kept from the case for good",
}


class NotDrawn(Invalid):
    """This file cannot be read as a diagram, so that it cannot be told in words; upload it again or restore it."""

    code = "not-drawn"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the plain view. `id` is the element's, or the way's for a branch; `facts` are (what, words) below it.

    `number` is None for branches; `then` says where it goes on when that is not the next line.
    """

    id: str
    kind: str
    depth: int
    number: int | None
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    then: str = ""
    unreached: bool = False


def read(content: bytes) -> Diagram:
    """The diagram of a file. Raises NotDrawn."""
    try:
        return drawn.read(content)
    except Unreadable as wrong:
        raise NotDrawn(f"This file cannot be told in words: {wrong.message}") from wrong


def tell(diagram: Diagram, words: Words) -> tuple[Sentence, ...]:
    """The whole diagram in sentences, in the order of its flow."""
    return tuple(_sentence(entry, diagram, words) for entry in outline(diagram))


def title(diagram: Diagram) -> str:
    """What the procedure is called."""
    return listed([one.name or one.id for one in diagram.processes]) or "A diagram without a procedure"


def _sentence(entry: Entry, diagram: Diagram, words: Words) -> Sentence:
    element = entry.element
    assert element is not None
    if entry.kind is EntryKind.WAY and entry.flow is not None:
        return Sentence(entry.flow.id, "sequenceFlow", entry.depth, None, _way(entry.flow, element, words), then=_then(entry))
    text = _told(element, diagram, words)
    notes = element.traits.get("documentation", "")
    facts = tuple(_facts(element, words))
    reached = entry.kind is not EntryKind.UNREACHED
    return Sentence(element.id, element.kind, entry.depth, entry.number, text, facts, notes, _then(entry), not reached)


def _then(entry: Entry) -> str:
    if entry.jumps:
        return f"Goes on at {listed([str(number) for number in entry.jumps], most=9)}."
    kind = entry.element.kind if entry.element else ""
    return "This way is over here." if entry.over and kind != "endEvent" and kind not in ("subProcess", "boundaryEvent") else ""


def _way(flow: Drawn, source: Drawn, words: Words) -> str:
    condition = flow.traits.get("conditionExpression", "")
    label = f"“{flow.name}”" if flow.name else ""
    if source.kind == "parallelGateway":
        return f"At the same time{', ' + label if label else ''}:"
    if source.kind == "eventBasedGateway":
        return f"If this comes first{', ' + label if label else ''}:"
    if not condition:
        return (
            f"Otherwise{', ' + label if label else ''}:"
            if source.traits.get("default") == flow.id
            else f"Also{', ' + label if label else ''}:"
        )
    said = sentences.condition(condition, words)
    return f"If {label} ({said}):" if label else f"If {said}:"


def _told(element: Drawn, diagram: Diagram, words: Words) -> str:
    name = element.name
    match element.kind:
        case kind if kind in _HUMAN:
            doer = sentences.who(element.traits.get("own:role", ""), element.lane, words)
            return f"{doer}: {name or 'a step without a name'}" if doer else name or "A step without a name"
        case "startEvent":
            return _with_name(f"It begins{_begins(element, words)}", name)
        case "endEvent":
            return _with_name(f"End{_ends(element)}", name)
        case "boundaryEvent":
            return _meanwhile(element, words)
        case "intermediateCatchEvent" | "receiveTask":
            return _with_name(f"Waits{_trigger(element, words) or ' for something'}", name)
        case "subProcess" | "transaction" | "adHocSubProcess":
            return f"{name or 'A part'}{_repeats(element, words)}"
        case "callActivity":
            called = element.traits.get("calledElement", "")
            return _with_name(f"Runs the procedure “{words.processes.get(called, called)}”{_repeats(element, words)}", name)
        case kind if kind.endswith("Gateway"):
            return _gateway(element, diagram)
        case _:
            return _automatic(element, words)


def _with_name(text: str, name: str) -> str:
    return f"{text}: {name}" if name else f"{text}."


def _gateway(element: Drawn, diagram: Diagram) -> str:
    out = sum(flow.traits.get("sourceRef") == element.id for flow in diagram.flows(element.scope))
    match element.kind, out > 1:
        case "parallelGateway", False:
            return _with_name("Waits until all ways have come here", element.name)
        case "parallelGateway", True:
            return _with_name("All of this at the same time", element.name)
        case "eventBasedGateway", _:
            return _with_name("Waits for whatever comes first", element.name)
        case "inclusiveGateway", True:
            return _with_name("One or more of these", element.name)
        case _, True:
            return _with_name("A choice", element.name)
        case _:
            return _with_name("The ways come together", element.name)


def _automatic(element: Drawn, words: Words) -> str:
    traits = element.traits
    if "own:notice" in traits:
        notice = words.pack.notices.get(traits["own:notice"]) if words.pack else None
        return _with_name(f"Sends the notice “{notice.title if notice else traits['own:notice']}”", element.name)
    if "own:decision" in traits:
        return _with_name(f"Decides by the table “{traits['own:decision']}”", element.name)
    if "own:operation" in traits:
        return _with_name(_OPERATIONS.get(traits["own:operation"], f"Does {traits['own:operation']}"), element.name)
    if "own:job" in traits:
        return _with_name(f"Has outside work done ({traits['own:job']})", element.name)
    if "script" in traits:
        return _with_name("Works something out", element.name)
    if trigger := _trigger(element, words):
        return _with_name(f"Sends{trigger.removeprefix(' for')}", element.name)
    return element.name or element_words.kind(element.kind).capitalize()


def _trigger(element: Drawn, words: Words) -> str:
    """What an event waits for, as " for the message …"."""
    traits = element.traits
    if "timer" in traits:
        said = sentences.timer(traits["timer"], words)
        return (
            f" until {said.removeprefix('at ')}"
            if said.startswith("at ")
            else f" until it is {said}".replace("it is after ", "the end of ")
        )
    for kind in ("message", "signal", "error", "escalation"):
        name = traits.get(f"{kind}EventDefinition {kind}Ref") or (traits.get("messageRef") if kind == "message" else None)
        if name or f"{kind}EventDefinition" in traits:
            return f" for the {kind}{f' “{name}”' if name else ''}"
    if condition := traits.get("conditionalEventDefinition/condition"):
        return f" until {sentences.condition(condition, words)}"
    link = next((value for key, value in traits.items() if key.startswith("linkEventDefinition")), None)
    return f" for the link “{link or element.name}”" if link is not None else ""


def _begins(element: Drawn, words: Words) -> str:
    if "timer" in element.traits:
        return f" by itself, {sentences.timer(element.traits['timer'], words)}"
    trigger = _trigger(element, words)
    return f" with{trigger.removeprefix(' for')}" if trigger.startswith(" for") else trigger.replace(" until", " as soon as")


def _ends(element: Drawn) -> str:
    traits = element.traits
    if "terminateEventDefinition" in traits:
        return ", and everything that is still open around it ends too"
    for kind in ("message", "signal", "error", "escalation"):
        if f"{kind}EventDefinition" in traits or f"{kind}EventDefinition {kind}Ref" in traits:
            return f", with the {kind} “{traits.get(f'{kind}EventDefinition {kind}Ref') or kind}”"
    return ""


def _meanwhile(element: Drawn, words: Words) -> str:
    traits = element.traits
    stops = traits.get("cancelActivity") not in ("false", "0")
    if "timer" in traits:
        said = sentences.timer(traits["timer"], words)
        start = f"If it is not done {said}" if said.startswith("after ") else f"If it is still open {said}"
    else:
        trigger = _trigger(element, words)
        start = f"When{trigger.removeprefix(' for')} comes" if trigger.startswith(" for") else f"As soon as{trigger.removeprefix(' until')}"
    return _with_name(f"{start}, {'it stops, and instead' if stops else 'it stays open, and besides'}", element.name)


def _repeats(element: Drawn, words: Words) -> str:
    traits = element.traits
    collection = traits.get("multiInstanceLoopCharacteristics own:collection")
    if collection or "multiInstanceLoopCharacteristics" in traits:
        order = "one after the other" if traits.get("multiInstanceLoopCharacteristics isSequential") == "true" else "at the same time"
        listed_by = words.name((collection or "").removeprefix("=").strip()) if collection else "several"
        return f" (once for each of “{listed_by}”, {order})"
    if loop := traits.get("standardLoopCharacteristics/loopCondition"):
        return f" (again while {sentences.condition(loop, words)})"
    return ""


def _facts(element: Drawn, words: Words) -> list[tuple[str, str]]:
    traits = element.traits
    found: list[tuple[str, str]] = []
    for label, key in (("Form", "own:form"), ("Due", "own:due"), ("Milestone", "own:milestone")):
        if key in traits:
            found.append((label, element_words.value(key, traits[key], words, str).strip("“”")))
    if "own:participant" in traits:
        found.append(("For", words.name(traits["own:participant"].removeprefix("=").strip())))
    if "own:to" in traits:
        found.append(("To", words.name(traits["own:to"].removeprefix("=").strip())))
    if traits.get("own:discreet") == "true":
        found.append(("Kept quiet", "only who works it is told of it"))
    if "script" in traits:
        found.extend(formula_words.worked_out(traits["script"], words))
    over = traits.get("multiInstanceLoopCharacteristics/completionCondition")
    return [*found, *([("Over early when", sentences.condition(over, words))] if over else [])]
