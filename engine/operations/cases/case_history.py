"""How a case went: where its tokens stood at any past moment, from what its trail says came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from engine import access, store
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import Forbidden
from engine.model.maps import CaseHistory, Drawing, Moment
from engine.model.packs import Act, Pack
from engine.model.trail import AuditEntry
from engine.operations import live, ties, wording
from engine.operations.discretion import Discretion
from engine.operations.people import standing_in
from engine.operations.scope import within
from engine.store import UnitOfWork

_ENTERED, _LEFT = "element_entered", ("element_completed", "element_cancelled")
#: what ends an instance without its tokens going one by one
_OVER = ("instance_terminated", "instance_superseded", "instance_completed")
#: what one act writes is not further apart than this
_MOMENT = timedelta(seconds=1)

_Where = tuple[str, str]


def of_case(uow: UnitOfWork, actor: Actor, case_id: str) -> CaseHistory:
    """The history of a case for its staff. Raises NotFound; Forbidden for who takes part from outside."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    actor = standing_in.for_case(uow, actor, case, Act.CASE_VIEW)
    subject, pack = ties.to_case(uow, actor, case), live.spoken(uow, actor, case.pack)
    access.require(actor, Act.CASE_VIEW, subject, pack)
    discretion = Discretion(uow, actor, case, subject, pack)
    if discretion.outside:
        raise Forbidden(say("How a case went step by step is shown to those who work on it."))
    chain = [entry for entry in store.audit.chain(uow, case.id) if not discretion.hides_entry(entry, None)]
    moves = [entry for entry in chain if entry.instance_id and (entry.event in (_ENTERED, *_LEFT, *_OVER))]
    moments = tuple(_moments(moves, pack))
    return CaseHistory(case.id, case.number, tuple(_drawings(uow, moments, pack)), moments)


def _moments(moves: Sequence[AuditEntry], pack: Pack | None) -> Iterator[Moment]:
    """One after each act."""
    standing: dict[_Where, Counter[str]] = {}
    for listed in _acts(moves):
        for entry in listed:
            _move(standing, entry)
        yield Moment(listed[-1].at, _told(listed, pack), {where: dict(+counts) for where, counts in standing.items() if +counts})


def _acts(moves: Sequence[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """The entries of each act: an act writes them within a moment."""
    listed: list[AuditEntry] = []
    for entry in moves:
        if listed and entry.at - listed[-1].at >= _MOMENT:
            yield listed
            listed = []
        listed.append(entry)
    if listed:
        yield listed


def _move(standing: dict[_Where, Counter[str]], entry: AuditEntry) -> None:
    instance = entry.instance_id or ""
    if entry.event in _OVER:
        for where in [where for where in standing if where[0] == instance]:
            del standing[where]
        return
    change = 1 if entry.event == _ENTERED else -1
    counts = standing.setdefault((instance, entry.process_key or ""), Counter())
    counts[entry.element_id or ""] = max(0, counts[entry.element_id or ""] + change)


def _told(entries: Sequence[AuditEntry], pack: Pack | None) -> str:
    came = _names([entry for entry in entries if entry.event == _ENTERED], pack)
    done = _names([entry for entry in entries if entry.event == "element_completed" and _type(entry) not in _SILENT], pack)
    begun = [name for name in came if name not in done] or came
    done = [name for name in done if name not in came] or done
    if came and done:
        return say("Done: {done}. Begun: {begun}.", done=wording.listed(done), begun=wording.listed(begun))
    if came:
        return say("Begun: {begun}.", begun=wording.listed(came))
    return say("Done: {done}.", done=wording.listed(done)) if done else say("It ended.")


#: of no interest when they are done
_SILENT = frozenset({"sequenceFlow", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "startEvent"})


def _names(entries: Sequence[AuditEntry], pack: Pack | None) -> list[str]:
    named = (str(_details(entry).get("name") or "") for entry in entries if _type(entry) not in _SILENT)
    return list(dict.fromkeys(wording.of_pack(pack, name) for name in named if name))


def _type(entry: AuditEntry) -> str:
    return str(_details(entry).get("type", ""))


def _details(entry: AuditEntry) -> Mapping[str, object]:
    return entry.details if isinstance(entry.details, dict) else {}


def _drawings(uow: UnitOfWork, moments: Sequence[Moment], pack: Pack | None) -> Iterator[Drawing]:
    for instance_id, process_key in dict.fromkeys(where for moment in moments for where in moment.tokens):
        root = store.definitions.get(uow, store.instances.get(uow, instance_id).definition_id)
        pinned = live.manifest(root)["processes"].get(process_key)
        if pinned is not None:
            drawn = store.definitions.get(uow, str(pinned))
            yield Drawing(instance_id, process_key, wording.of_pack(pack, drawn.name or process_key), drawn, _called(drawn, pack))


def _called(drawn: Definition, pack: Pack | None) -> Mapping[str, str]:
    elements = live.manifest(drawn)["elements"].get(drawn.key, {})
    assert isinstance(elements, dict)
    return {id: wording.of_pack(pack, str(element["name"])) for id, element in elements.items() if element.get("name")}
