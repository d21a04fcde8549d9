"""A procedure as numbered sentences, for those who do not read diagrams: who does what by when, what then, and what otherwise. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import drawn
from engine.bpmn.drawn import Diagram, Drawn
from engine.bpmn.outline import Entry, EntryKind, outline
from engine.bpmn.xml import Unreadable
from engine.language import noted, say
from engine.model.errors import Invalid
from engine.operations.wording import listed, quoted
from engine.operations.words import element_words, formula_words, sentences
from engine.operations.words.sentences import Timing, Words

_HUMAN = frozenset({"userTask", "manualTask", "task"})
#: what is done in a procedure, beside what is waited for, chosen and worked out
DONE = _HUMAN | {"serviceTask", "sendTask", "businessRuleTask", "callActivity"}
_OPERATIONS = noted(
    {
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
)
_EVENTS = noted({"message": "the message", "signal": "the signal", "error": "the error", "escalation": "the escalation"})
_NAMED_EVENTS = noted(
    {
        "message": "the message “{name}”",
        "signal": "the signal “{name}”",
        "error": "the error “{name}”",
        "escalation": "the escalation “{name}”",
    }
)

#: what a trigger is: something that comes, or something that becomes so
_COMES, _IS_SO = "comes", "is so"


class NotDrawn(Invalid):
    """This file cannot be read as a diagram, so that it cannot be told in words; upload it again or restore it."""

    code = "not-drawn"


#: traits that are conditions
_CONDITIONS = (
    "conditionExpression",
    "conditionalEventDefinition/condition",
    "standardLoopCharacteristics/loopCondition",
    "multiInstanceLoopCharacteristics/completionCondition",
)


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
    #: what only a formula says, with the pack's words in it; empty where the sentence says it all
    formula: str = ""


def read(content: bytes) -> Diagram:
    """The diagram of a file. Raises NotDrawn."""
    try:
        return drawn.read(content)
    except Unreadable as wrong:
        raise NotDrawn(say("This file cannot be told in words: {problem}", problem=wrong.message)) from wrong


def tell(diagram: Diagram, words: Words) -> tuple[Sentence, ...]:
    """The whole diagram in sentences, in the order of its flow."""
    return tuple(_sentence(entry, diagram, words) for entry in outline(diagram))


def title(diagram: Diagram) -> str:
    """What the procedure is called."""
    return listed([one.name or one.id for one in diagram.processes]) or say("A diagram without a procedure")


def _sentence(entry: Entry, diagram: Diagram, words: Words) -> Sentence:
    element = entry.element
    assert element is not None
    if entry.kind is EntryKind.WAY and entry.flow is not None:
        said = _way(entry.flow, element, words)
        return Sentence(entry.flow.id, "sequenceFlow", entry.depth, None, said, then=_then(entry), formula=_formula(entry.flow, words))
    text = _told(element, diagram, words)
    notes = element.traits.get("documentation", "")
    facts = tuple(_facts(element, words))
    reached = entry.kind is not EntryKind.UNREACHED
    return Sentence(
        element.id, element.kind, entry.depth, entry.number, text, facts, notes, _then(entry), not reached, _formula(element, words)
    )


def _decided(condition: str, words: Words) -> str:
    return sentences.in_words(condition, words) or say("a formula decides")


def _formula(element: Drawn, words: Words) -> str:
    """What of an element is richer than words can say."""
    traits = element.traits
    found = [traits[key] for key in _CONDITIONS if key in traits and sentences.in_words(traits[key], words) is None]
    if "script" in traits and formula_words.has_formula(traits["script"]):
        found.append(traits["script"])
    if sentences.is_worked_out(traits.get("timer", "")):
        found.append(traits["timer"].partition("|")[2])
    return "; ".join(sentences.labelled(text.strip().removeprefix("=").strip(), words) for text in found)


def _then(entry: Entry) -> str:
    if entry.jumps:
        return say("Goes on at {steps}.", steps=listed([str(number) for number in entry.jumps], most=9))
    kind = entry.element.kind if entry.element else ""
    return say("This way is over here.") if entry.over and kind != "endEvent" and kind not in ("subProcess", "boundaryEvent") else ""


def _way(flow: Drawn, source: Drawn, words: Words) -> str:
    condition = flow.traits.get("conditionExpression", "")
    label = f", {quoted(flow.name)}" if flow.name else ""
    if source.kind == "parallelGateway":
        return say("At the same time{label}:", label=label)
    if source.kind == "eventBasedGateway":
        return say("If this comes first{label}:", label=label)
    if not condition:
        return say("Otherwise{label}:", label=label) if source.traits.get("default") == flow.id else say("Also{label}:", label=label)
    said = _decided(condition, words)
    return say("If “{name}” ({condition}):", name=flow.name, condition=said) if flow.name else say("If {condition}:", condition=said)


def _told(element: Drawn, diagram: Diagram, words: Words) -> str:
    name = element.name
    match element.kind:
        case kind if kind in _HUMAN:
            doer = sentences.who(element.traits.get("own:role", ""), element.lane, words)
            return f"{doer}: {name or say('a step without a name')}" if doer else name or say("A step without a name")
        case "startEvent":
            return _with_name(_begins(element, words), name)
        case "endEvent":
            return _with_name(_ends(element), name)
        case "boundaryEvent":
            return _meanwhile(element, words)
        case "intermediateCatchEvent" | "receiveTask":
            return _with_name(_waits(element, words), name)
        case "subProcess" | "transaction" | "adHocSubProcess":
            return f"{name or say('A part')}{_repeats(element, words)}"
        case "callActivity":
            called = element.traits.get("calledElement", "")
            said = say("Runs the procedure “{name}”", name=words.processes.get(called, called))
            return _with_name(f"{said}{_repeats(element, words)}", name)
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
            return _with_name(say("Waits until all ways have come here"), element.name)
        case "parallelGateway", True:
            return _with_name(say("All of this at the same time"), element.name)
        case "eventBasedGateway", _:
            return _with_name(say("Waits for whatever comes first"), element.name)
        case "inclusiveGateway", True:
            return _with_name(say("One or more of these"), element.name)
        case _, True:
            return _with_name(say("A choice"), element.name)
        case _:
            return _with_name(say("The ways come together"), element.name)


def _automatic(element: Drawn, words: Words) -> str:
    traits = element.traits
    if "own:notice" in traits:
        notice = words.pack.notices.get(traits["own:notice"]) if words.pack else None
        return _with_name(say("Sends the notice “{name}”", name=notice.title if notice else traits["own:notice"]), element.name)
    if "own:decision" in traits:
        return _with_name(say("Decides by the table “{name}”", name=traits["own:decision"]), element.name)
    if "own:operation" in traits:
        done = traits["own:operation"]
        return _with_name(say(_OPERATIONS[done]) if done in _OPERATIONS else say("Does {what}", what=done), element.name)
    if "own:job" in traits:
        return _with_name(say("Has outside work done ({what})", what=traits["own:job"]), element.name)
    if "script" in traits:
        return _with_name(say("Works something out"), element.name)
    if (trigger := _trigger(element, words)) is not None:
        said = say("Sends {what}", what=trigger[1]) if trigger[0] == _COMES else say("Sends until {what}", what=trigger[1])
        return _with_name(said, element.name)
    return element.name or element_words.kind(element.kind).capitalize()


def _trigger(element: Drawn, words: Words) -> tuple[str, str] | None:
    """What an event waits for: that something comes ("the message …"), or that something is so ("the end of 3 days")."""
    traits = element.traits
    if "timer" in traits:
        how, said = sentences.timing(traits["timer"], words)
        if sentences.is_worked_out(traits["timer"]):
            return _IS_SO, say("the moment that a formula gives")
        if how is Timing.AFTER:
            return _IS_SO, say("the end of {length}", length=said)
        return _IS_SO, said if how is Timing.AT else say("it is {time}", time=said)
    for kind in _EVENTS:
        name = traits.get(f"{kind}EventDefinition {kind}Ref") or (traits.get("messageRef") if kind == "message" else None)
        if name or f"{kind}EventDefinition" in traits:
            return _COMES, say(_NAMED_EVENTS[kind], name=name) if name else say(_EVENTS[kind])
    if condition := traits.get("conditionalEventDefinition/condition"):
        return _IS_SO, _decided(condition, words)
    link = next((value for key, value in traits.items() if key.startswith("linkEventDefinition")), None)
    return (_COMES, say("the link “{name}”", name=link or element.name)) if link is not None else None


def _waits(element: Drawn, words: Words) -> str:
    trigger = _trigger(element, words)
    if trigger is None:
        return say("Waits for something")
    how, what = trigger
    return say("Waits for {what}", what=what) if how == _COMES else say("Waits until {what}", what=what)


def _begins(element: Drawn, words: Words) -> str:
    if "timer" in element.traits:
        return say("It begins by itself, {time}", time=sentences.timer(element.traits["timer"], words))
    trigger = _trigger(element, words)
    if trigger is None:
        return say("It begins")
    how, what = trigger
    return say("It begins with {what}", what=what) if how == _COMES else say("It begins as soon as {what}", what=what)


def _ends(element: Drawn) -> str:
    traits = element.traits
    if "terminateEventDefinition" in traits:
        return say("End, and everything that is still open around it ends too")
    for kind, named in _NAMED_EVENTS.items():
        if f"{kind}EventDefinition" in traits or f"{kind}EventDefinition {kind}Ref" in traits:
            return say("End, with {what}", what=say(named, name=traits.get(f"{kind}EventDefinition {kind}Ref") or kind))
    return say("End")


def _meanwhile(element: Drawn, words: Words) -> str:
    traits = element.traits
    stops = traits.get("cancelActivity") not in ("false", "0")
    then = say("it stops, and instead") if stops else say("it stays open, and besides")
    if "timer" in traits:
        how, _ = sentences.timing(traits["timer"], words)
        said = sentences.timer(traits["timer"], words)
        start = say("If it is not done {time}", time=said) if how is Timing.AFTER else say("If it is still open {time}", time=said)
    else:
        how_far, what = _trigger(element, words) or (_IS_SO, "")
        start = say("When {what} comes", what=what) if how_far == _COMES else say("As soon as {what}", what=what)
    return _with_name(f"{start}, {then}", element.name)


def _repeats(element: Drawn, words: Words) -> str:
    traits = element.traits
    collection = traits.get("multiInstanceLoopCharacteristics own:collection")
    if collection or "multiInstanceLoopCharacteristics" in traits:
        listed_by = words.name((collection or "").removeprefix("=").strip()) if collection else say("several")
        if traits.get("multiInstanceLoopCharacteristics isSequential") == "true":
            return " " + say("(once for each of “{list}”, one after the other)", list=listed_by)
        return " " + say("(once for each of “{list}”, at the same time)", list=listed_by)
    if loop := traits.get("standardLoopCharacteristics/loopCondition"):
        return " " + say("(again while {condition})", condition=_decided(loop, words))
    return ""


def _facts(element: Drawn, words: Words) -> list[tuple[str, str]]:
    traits = element.traits
    found: list[tuple[str, str]] = []
    for label, key in ((say("Form"), "own:form"), (say("Due"), "own:due"), (say("Milestone"), "own:milestone")):
        if key in traits:
            found.append((label, element_words.value(key, traits[key], words, str).strip("“”«»")))
    if "own:participant" in traits:
        found.append((say("For"), words.name(traits["own:participant"].removeprefix("=").strip())))
    if "own:to" in traits:
        found.append((say("To{whom}", whom=""), words.name(traits["own:to"].removeprefix("=").strip())))
    if traits.get("own:discreet") == "true":
        found.append((say("Kept quiet"), say("only who works it is told of it")))
    if "script" in traits:
        found.extend(formula_words.worked_out(traits["script"], words))
    over = traits.get("multiInstanceLoopCharacteristics/completionCondition")
    return [*found, *([(say("Over early when"), _decided(over, words))] if over else [])]
