"""Roles of a pack in words: what they may do, what they read and write and in which cases, and what changed in that. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.language import noted, say
from engine.model.compared import Difference, Mark
from engine.model.packs import Act, Relation, RoleKind
from engine.operations.wording import listed
from engine.operations.words.sentences import Words

RELATIONS: Mapping[str, str] = noted(
    {
        Relation.AUTHOR: "what they wrote themselves",
        Relation.SELF: "what is their own, as a participant",
        Relation.TASK: "while they have a task of the case",
        Relation.CASE: "on cases they take part in",
        Relation.PROGRAM: "on every case of the program",
    }
)
ACTS: Mapping[str, str] = noted(
    {
        Act.CASE_OPEN: "Open cases",
        Act.CASE_VIEW: "See the cases they have to do with",
        Act.CASE_LIST: "See the list of all cases",
        Act.CASE_EXPORT: "Take the list of cases out as a file",
        Act.CASE_PARTICIPANTS: "Add people to a case and take them out",
        Act.TASK_WORK: "Do the tasks offered to this role",
        Act.TASK_ASSIGN: "Give tasks to people",
        Act.TASK_COMPLETE_FOR: "Enter an answer for a participant",
        Act.INSTANCE_CONTROL: "Suspend, resume and end procedures of a case",
        Act.MESSAGE_SEND: "Send the messages of a case",
        Act.PERSON_MANAGE: "Look after people and accounts",
        Act.DEFINITION_VIEW: "See the procedures",
        Act.DEFINITION_DEPLOY: "Change the procedures",
        Act.DEFINITION_APPROVE: "Approve changes of others",
        Act.AUDIT_VIEW: "Read the audit trail",
        Act.NOTICE_VIEW: "Get notices",
        Act.WALL_MANAGE: "Keep people away from cases (walls)",
        Act.JOB_WORK: "Do outside work, as a program",
    }
)
_KINDS: Mapping[str, str] = noted(
    {
        RoleKind.PROGRAM: "for the whole program",
        RoleKind.CASE: "on single cases",
        RoleKind.BOTH: "in the program and on single cases",
    }
)
_VERBS: Mapping[str, str] = noted({"read": "reads {what}", "write": "writes {what}"})
#: (what, before, after)
Said = tuple[str, str | None, str | None]


def told(one: Difference, after: Words) -> Iterator[Said]:
    """The sentences about a role that is new, gone or different."""
    quoted = say("Role “{name}”", name=one.name)
    if one.mark is Mark.REMOVED:
        yield quoted, None, say("taken out")
    elif one.mark is Mark.ADDED:
        yield quoted, None, "; ".join(_whole({facet.key: facet.after or "" for facet in one.facets}, after))
    else:
        for facet in one.facets:
            verb, _, cls = facet.key.partition(".")
            what = say(_VERBS[verb], what=_class(cls, after)) if verb in _VERBS and cls else _trait(facet.key)
            yield f"{quoted}, {what}", _value(facet.key, facet.before), _value(facet.key, facet.after)


_TRAITS = noted({"may": "may", "kind": "held", "staff": "works for the program", "eligible": "given only to who is", "label": "called"})


def _trait(key: str) -> str:
    return say(_TRAITS[key]) if key in _TRAITS else key


def _whole(facts: Mapping[str, str], words: Words) -> Iterator[str]:
    held = say(_KINDS[facts["kind"]]) if facts.get("kind") in _KINDS else ""
    if facts.get("staff") == "no":
        yield say("new, held {how}, from outside the program", how=held)
    else:
        yield say("new, held {how}", how=held)
    if facts.get("may"):
        yield say("may {acts}", acts=_acts(facts["may"]))
    for verb in _VERBS:
        by: dict[str, list[str]] = {}
        for key, relation in facts.items():
            if key.startswith(f"{verb}."):
                by.setdefault(relation, []).append(_class(key.removeprefix(f"{verb}."), words))
        if by:
            said = _joined(f"{listed(classes, most=12)} {_relation(relation)}" for relation, classes in by.items())
            yield say(_VERBS[verb], what=said)
    if facts.get("eligible"):
        yield say("given only to who is {role}", role=words.role(facts["eligible"]))


def _joined(parts: Iterable[str]) -> str:
    return say(", and ").join(parts)


def _class(cls: str, words: Words) -> str:
    label = words.pack.classes.get(cls, "") if words.pack else ""
    return say("“{label}” ({cls})", label=label, cls=cls) if label else say("class {cls}", cls=cls)


def _acts(text: str) -> str:
    said = [say(ACTS.get(one.strip(), one.strip())) for one in text.split(",")]
    return listed([f"{one[:1].lower()}{one[1:]}" for one in said], most=len(ACTS))


def _value(key: str, text: str | None) -> str:
    if not text:
        return say("nothing")
    if key == "may":
        return _acts(text)
    if key == "kind":
        return say(_KINDS[text]) if text in _KINDS else text
    return text if key == "staff" else _relation(text)


def _relation(name: str) -> str:
    return say(RELATIONS[name]) if name in RELATIONS else name
