"""Elements of diagrams and their traits in words, for people who read what changed and what a procedure does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bpmn.drawn import Drawn
from engine.language import noted, say
from engine.operations import wording
from engine.operations.words import sentences
from engine.operations.words.sentences import Words

_KINDS = noted(
    {
        "userTask": "step",
        "manualTask": "step",
        "task": "step",
        "scriptTask": "automatic step",
        "businessRuleTask": "decision by table",
        "serviceTask": "automatic step",
        "sendTask": "message to send",
        "receiveTask": "wait for a message",
        "callActivity": "called procedure",
        "subProcess": "part",
        "exclusiveGateway": "choice",
        "inclusiveGateway": "choice of one or more",
        "parallelGateway": "split or meeting of parallel ways",
        "eventBasedGateway": "wait for whatever comes first",
        "startEvent": "start",
        "endEvent": "end",
        "intermediateCatchEvent": "wait",
        "intermediateThrowEvent": "event",
        "boundaryEvent": "what may happen meanwhile",
        "sequenceFlow": "way",
        "process": "procedure",
        "participant": "pool",
        "lane": "lane",
        "message": "message",
        "signal": "signal",
        "error": "error",
        "escalation": "escalation",
        "textAnnotation": "note in the drawing",
        "association": "line to a note",
        "dataObject": "variable in the drawing",
        "dataObjectReference": "variable in the drawing",
    }
)
_TRAITS = noted(
    {
        "name": "name",
        "kind": "type",
        "lane": "lane",
        "documentation": "notes",
        "own:role": "done by",
        "own:form": "form",
        "own:due": "due",
        "own:participant": "for",
        "own:assignee": "given to",
        "own:priority": "priority",
        "own:duty": "duty",
        "own:shows": "classes it opens",
        "own:milestone": "milestone",
        "own:discreet": "others are not told of it",
        "own:notice": "notice",
        "own:to": "sent to",
        "own:decision": "decision table",
        "own:result": "result goes to",
        "own:operation": "what is done",
        "own:job": "outside work",
        "timer": "time",
        "conditionExpression": "condition",
        "conditionalEventDefinition/condition": "condition",
        "sourceRef": "comes from",
        "targetRef": "leads to",
        "default": "way when no condition holds",
        "script": "works out",
        "calledElement": "procedure called",
        "attachedToRef": "happens during",
        "cancelActivity": "ends what it happens during",
        "messageEventDefinition messageRef": "message",
        "messageRef": "message",
        "signalEventDefinition signalRef": "signal",
        "errorEventDefinition errorRef": "error",
        "escalationEventDefinition escalationRef": "escalation",
        "terminateEventDefinition": "ends everything around it",
        "isExecutable": "can be run",
        "processRef": "procedure shown",
        "scriptFormat": "language of what it works out",
        "messageEventDefinition": "comes with a message",
        "signalEventDefinition": "comes with a signal",
        "errorEventDefinition": "comes with an error",
        "escalationEventDefinition": "comes with an escalation",
        "escalationCode": "name of the escalation",
        "errorCode": "name of the error",
        "multiInstanceLoopCharacteristics": "repeats for each of several",
        "standardLoopCharacteristics": "repeats",
        "multiInstanceLoopCharacteristics own:collection": "once for each of",
        "multiInstanceLoopCharacteristics own:elementVariable": "each one is called",
        "multiInstanceLoopCharacteristics own:outputCollection": "answers are collected in",
        "multiInstanceLoopCharacteristics own:outputElement": "of each is kept",
        "multiInstanceLoopCharacteristics isSequential": "one after the other",
        "multiInstanceLoopCharacteristics/completionCondition": "over early when",
        "standardLoopCharacteristics/loopCondition": "again while",
    }
)
_CONDITIONS = frozenset(
    {"conditionExpression", "conditionalEventDefinition/condition", "standardLoopCharacteristics/loopCondition"}
    | {"multiInstanceLoopCharacteristics/completionCondition"}
)
Names = Callable[[str], str]


def kind(name: str) -> str:
    """What an element is: "step", "choice", "wait"; the standard's own name for what is rare."""
    return say(_KINDS[name]) if name in _KINDS else name


def trait(key: str) -> str:
    """What a trait is called."""
    if key.startswith(("input ", "output ")):
        way, _, name = key.partition(" ")
        return say("is told {name}", name=name) if way == "input" else say("gives back {name}", name=name)
    return (
        say(_TRAITS[key])
        if key in _TRAITS
        else key.replace("own:", "").replace("other:", "").replace("extensionElements/", "").replace("/", ", ")
    )


def value(key: str, written: str, words: Words, names: Names) -> str:
    """A trait's value in words; `names` gives an element's name by its id."""
    if not written:
        return say("yes") if key.endswith("Definition") else say("nothing")
    match key:
        case "timer":
            return sentences.timer(written, words)
        case "own:due":
            return sentences.within(written, words)
        case "own:role":
            return words.role(written)
        case "own:form":
            return wording.quoted(words.forms.get(written, written))
        case "own:notice" if words.pack and written in words.pack.notices:
            return wording.quoted(words.pack.notices[written].title)
        case "own:milestone" if words.pack and written in words.pack.milestones:
            return words.pack.milestones[written]
        case "calledElement":
            return wording.quoted(words.processes.get(written, written))
        case "sourceRef" | "targetRef" | "default" | "attachedToRef":
            return wording.quoted(names(written))
        case "kind":
            return kind(written)
    if key in _CONDITIONS:
        return sentences.condition(written, words)
    return _plain(written)


def _plain(written: str) -> str:
    match written:
        case "true":
            return say("yes")
        case "false":
            return say("no")
        case _:
            return written.removeprefix("=")


def name(element: Drawn | None, elements: Mapping[str, Drawn], words: Words) -> str:
    """What people call an element: its name, a way by its ends, or what it is."""
    if element is None:
        return say("something that is not there")
    if element.name and element.kind != "sequenceFlow":
        return element.name
    if element.kind == "sequenceFlow":
        return _way(element, elements)
    if "timer" in element.traits:
        return f"{kind(element.kind)} {sentences.timer(element.traits['timer'], words)}"
    return f"{kind(element.kind)} ({element.id})"


def quoted(element: Drawn | None, elements: Mapping[str, Drawn], words: Words) -> str:
    """An element's name in quotes, or a way; with where it stands when others are called the same."""
    said = name(element, elements, words)
    if element is None or element.kind == "sequenceFlow":
        return said
    alike = sum(one.name == element.name for one in elements.values()) > 1 if element.name else False
    host = elements.get(element.traits.get("attachedToRef", "")) or elements.get(element.scope)
    if not alike or host is None:
        return wording.quoted(said)
    return say("“{name}” of “{host}”", name=said, host=name(host, elements, words))


def _way(flow: Drawn, elements: Mapping[str, Drawn]) -> str:
    ends = [elements.get(flow.traits.get(key, "")) for key in ("sourceRef", "targetRef")]
    start, end = (one.name or kind(one.kind) if one else "?" for one in ends)
    if flow.name:
        return say("the way “{name}” from “{start}” to “{end}”", name=flow.name, start=start, end=end)
    return say("the way from “{start}” to “{end}”", start=start, end=end)
