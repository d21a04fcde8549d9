"""The list of all cases: read what is asked of it, answer it, keep questions under a name, take it out as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from engine import access, bpmn, feel, packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import BadRequest, Forbidden
from engine.model.inbox_views import SavedView
from engine.model.lists import Page
from engine.model.packs import Act, Pack, Relation, ValueType, VariableRule
from engine.model.states import CaseState, DeploymentState
from engine.model.tiles import CaseFilter, CaseQuestion, CaseSort, FactAsked, FactChoice, Operator
from engine.model.views import CaseLine
from engine.operations import live
from engine.operations.cases import cases
from engine.operations.supervision import tiles
from engine.operations.tasks import inbox_views
from engine.schemas import iso_date
from engine.store import UnitOfWork

#: under which saved views of this list are kept
PLACE = "cases"
#: identity and contact: who reads it of every case may find cases by people's names
_IDENTITY = "C2"
#: most facts asked at once, and most characters of a text
_MOST, _LONGEST = 6, 200
#: between key, operator and value of a fact
_SIGN = ":"
_ORDERED = frozenset({ValueType.NUMBER, ValueType.DATE, ValueType.DATETIME})
_EQUAL = (Operator.IS, Operator.IS_NOT)
#: what a fact of each type can be asked by
OPERATORS: Mapping[ValueType, tuple[Operator, ...]] = {
    ValueType.STRING: _EQUAL,
    ValueType.BOOLEAN: _EQUAL,
    ValueType.NUMBER: tuple(Operator),
    ValueType.DATE: tuple(Operator),
    ValueType.DATETIME: (Operator.IS, Operator.LESS, Operator.AT_MOST, Operator.AT_LEAST, Operator.MORE),
}


def question(given: Mapping[str, str], facts: Sequence[str] = ()) -> CaseQuestion:
    """What is asked, from the texts of an address; what is unknown asks for nothing. A fact is "KEY:OPERATOR:VALUE"."""
    bucket = given.get("bucket", "")
    tile, element = _cut(given.get("tile")), _cut(given.get("element"))
    usual = _usual_state(tile, element)
    state = given.get("state") or usual
    return CaseQuestion(
        state=state if state in tuple(CaseState) else None if "all" in (state, usual) else "open",
        text=_cut(given.get("q")),
        status=_cut(given.get("status")),
        element=element,
        facts=tuple(fact for text in facts[:_MOST] if (fact := _fact(text)) is not None),
        tile=tile,
        bucket=int(bucket) if bucket.isascii() and bucket.isdigit() and len(bucket) < 3 else None,
        sort=CaseSort(given["sort"]) if given.get("sort") in tuple(CaseSort) else CaseSort.URGENT,
        late=state == "late",
        place=_cut(given.get("for")),
    )


def _usual_state(tile: str, element: str) -> str:
    """The cases that are meant where no state is named: what a tile or a map counts may wait in a closed case too."""
    return "all" if tile or element else CaseState.OPEN.value


def check(given: Mapping[str, str]) -> None:
    """Raise BadRequest where an address asks for what there is not, and `question` would answer something else."""
    if given.get("state") not in (None, "", "all", "late", *CaseState):
        state = _cut(given["state"])
        raise BadRequest(say("Cases are not listed by the state “{state}”; choose one of those above the list.", state=state))
    if given.get("sort") not in (None, "", *CaseSort):
        order = _cut(given["sort"])
        raise BadRequest(say("Cases are not put in the order “{sort}”; choose one of those above the list.", sort=order))
    if given.get("bucket") and question(given).bucket is None:
        raise BadRequest(_no_group())


def _cut(text: str | None) -> str:
    return inbox_views.clean(text)[:_LONGEST]


def _fact(text: str) -> tuple[str, Operator, str] | None:
    key, _, rest = text.partition(_SIGN)
    operator, _, value = rest.partition(_SIGN)
    return (_cut(key), Operator(operator), _cut(value)) if operator in tuple(Operator) and key and value.strip() else None


def asked(question: CaseQuestion) -> dict[str, str | list[str]]:
    """A question as the texts of an address; `question` reads it again."""
    texts = {
        "state": "late" if question.late else question.state or "all",
        "q": question.text,
        "status": question.status,
        "element": question.element,
        "tile": question.tile,
        "bucket": "" if question.bucket is None else str(question.bucket),
        "sort": question.sort.value,
        "for": question.place,
    }
    usual = {"state": _usual_state(question.tile, question.element), "sort": CaseSort.URGENT.value}
    found: dict[str, str | list[str]] = {key: text for key, text in texts.items() if text and text != usual.get(key)}
    return found | ({"fact": [_SIGN.join(fact) for fact in question.facts]} if question.facts else {})


def answer(uow: UnitOfWork, actor: Actor, wanted: CaseQuestion, *, cursor: str | None = None, limit: int = 50) -> Page[CaseLine]:
    """The cases that a question asks for. Raises Forbidden for questions of those who list all cases, BadRequest for a wrong fact."""
    return cases.list_(
        uow,
        actor,
        state=wanted.state,
        text=wanted.text,
        also=_filter(uow, actor, wanted),
        named=findable(uow, actor),
        place=wanted.place,
        cursor=cursor,
        limit=limit,
    )


def findable(uow: UnitOfWork, actor: Actor) -> tuple[str, ...]:
    """The packs in whose cases the actor may find people by name: those where they read every identity."""
    return tuple(pack.key for pack in live.all_packs(uow, actor.program_id) if _reads_all(actor, pack))


def _reads_all(actor: Actor, pack: Pack) -> bool:
    held = (role for key, role in pack.roles.items() if key in actor.roles)
    return access.knows_all(actor, pack) and any(access.relation_to(role.read, _IDENTITY) is Relation.PROGRAM for role in held)


def narrowing(uow: UnitOfWork, actor: Actor, wanted: CaseQuestion) -> CaseFilter | None:
    """What a question asks of cases beside their state and number; None: nothing. Raises Forbidden and BadRequest as `answer`."""
    asks = wanted.late or wanted.status or wanted.element or wanted.facts or wanted.tile or wanted.bucket is not None
    return _filter(uow, actor, wanted) if asks else None


def _filter(uow: UnitOfWork, actor: Actor, wanted: CaseQuestion) -> CaseFilter:
    known = live.all_packs(uow, actor.program_id)
    shown = tuple(dict.fromkeys(pack.case.intensity for pack in known if pack.case.intensity and access.knows_all(actor, pack)))
    narrow = wanted.status or wanted.element or wanted.facts or wanted.tile or wanted.sort is CaseSort.INTENSITY
    if narrow and not live.program_may(uow, actor, Act.CASE_LIST):
        raise Forbidden(say("Only who looks after all cases can ask for this."))
    watched = None
    if wanted.bucket is not None and not wanted.tile:
        raise BadRequest(_no_group())
    if wanted.tile:
        pack, tile = tiles.find(uow, actor, wanted.tile)
        if wanted.bucket is not None and not (0 <= wanted.bucket <= len(tile.buckets)):
            raise BadRequest(_no_group())
        watched = tiles.watched(pack, tile, store.programs.get(uow, actor.program_id).timezone, wanted.bucket)
    return CaseFilter(
        late=wanted.late,
        status=wanted.status or None,
        places=_places(uow, actor, wanted.element) if wanted.element else (),
        facts=tuple(one for fact in wanted.facts for one in _compared(uow, actor, *fact)),
        watched=watched,
        sort=wanted.sort,
        intensity=shown[0] if shown else "",
        shown=shown,
    )


def _no_group() -> str:
    return say("There is no such group of days late; choose a number on the board.")


def _places(uow: UnitOfWork, actor: Actor, text: str) -> tuple[tuple[str, str], ...]:
    """The element, and of a sub-process as it is drawn now all that is drawn in it."""
    process, _, element = text.partition("/")
    drawn = next((row for row in store.definitions.versions(uow, actor.program_id, process) if row.state is DeploymentState.ACTIVE), None)
    if drawn is None:
        return ((process, element),)
    return tuple(sorted(bpmn.nesting(live.compiled(uow, drawn)).inside((process, element))))


def rules(uow: UnitOfWork, actor: Actor) -> dict[str, VariableRule]:
    """The facts that the actor can ask by, in the packs' order: of the packs whose cases they all know of."""
    spoken = (live.spoken(uow, actor, pack.key) for pack in live.all_packs(uow, actor.program_id))
    known = (pack for pack in spoken if pack is not None and access.knows_all(actor, pack))
    return {key: rule for pack in known for key, rule in pack.variables.items() if rule.fact and rule.type in OPERATORS}


def choices(uow: UnitOfWork, actor: Actor) -> tuple[FactChoice, ...]:
    """The same for a page."""
    return tuple(FactChoice(key, rule.label, rule.values, str(rule.type)) for key, rule in rules(uow, actor).items())


def _compared(uow: UnitOfWork, actor: Actor, key: str, operator: Operator, text: str) -> tuple[FactAsked, ...]:
    rule = rules(uow, actor).get(key)
    if rule is None:
        raise BadRequest(say("There is no fact “{key}” that the list can be asked by.", key=key))
    if operator not in OPERATORS[rule.type]:
        raise BadRequest(say("“{fact}” cannot be compared like this.", fact=rule.label))
    if rule.type is ValueType.DATETIME:
        return _within(key, operator, _day(rule, text))
    value = _value(rule, text)
    comparable = store.facts.comparable(feel.to_json(value))
    return (FactAsked(key, operator, comparable or ""),)


def _value(rule: VariableRule, text: str) -> feel.Value:
    """What was typed, or the code whose word it is, as a value of the fact's type."""
    wanted = next((code for code, word in rule.values.items() if word.casefold() == text.casefold()), text)
    if rule.type is ValueType.STRING:
        return wanted
    if rule.type is ValueType.BOOLEAN:
        yes = {"true", "yes", say("Yes").casefold()}
        return wanted.casefold() in yes
    raw: object = feel.from_plain(_number(wanted, rule)) if rule.type is ValueType.NUMBER else wanted
    value = packs.typed(rule.type, raw)
    if not packs.has_type(rule.type, value):
        raise BadRequest(_wrong(rule))
    return value


def _number(text: str, rule: VariableRule) -> float | int:
    try:
        found = float(text)
    except ValueError:
        raise BadRequest(_wrong(rule)) from None
    if not abs(found) < 1e15:
        raise BadRequest(_wrong(rule))
    return int(found) if found.is_integer() else found


def _wrong(rule: VariableRule) -> str:
    if rule.type is ValueType.NUMBER:
        return say("“{fact}” is compared with a number; write one, such as 2.", fact=rule.label)
    return say("“{fact}” is compared with a day; write it as 2026-11-30.", fact=rule.label)


def _day(rule: VariableRule, text: str) -> tuple[str, str]:
    """A day, and the one after it."""
    try:
        day = iso_date(text)
        return day.isoformat(), (day + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        raise BadRequest(_wrong(rule)) from None


def _within(key: str, operator: Operator, day: tuple[str, str]) -> tuple[FactAsked, ...]:
    """A date and time compared with a whole day."""
    first, after = (FactAsked(key, Operator.AT_LEAST, day[0]), FactAsked(key, Operator.LESS, day[1]))
    match operator:
        case Operator.LESS:
            return (FactAsked(key, Operator.LESS, day[0]),)
        case Operator.AT_MOST:
            return (after,)
        case Operator.AT_LEAST:
            return (first,)
        case Operator.MORE:
            return (FactAsked(key, Operator.AT_LEAST, day[1]),)
        case _:
            return (first, after)


def statuses(uow: UnitOfWork, actor: Actor) -> tuple[str, ...]:
    """The statuses that cases have, for who lists them all."""
    return store.case_filters.statuses(uow, actor.program_id) if live.program_may(uow, actor, Act.CASE_LIST) else ()


def views(uow: UnitOfWork, actor: Actor) -> tuple[SavedView, ...]:
    """The actor's own views of the list, and those shared with a role that they hold; for who lists all cases."""
    return inbox_views.seen(uow, actor, PLACE) if live.program_may(uow, actor, Act.CASE_LIST) else ()


def of_view(view: SavedView) -> CaseQuestion:
    """The question that a view keeps."""
    kept = {key: str(text) for key, text in view.question.items() if key != "fact"}
    facts = view.question.get("fact")
    return question(kept, [str(one) for one in facts] if isinstance(facts, list) else ())


def save(uow: UnitOfWork, actor: Actor, name: str, wanted: CaseQuestion, role: str | None = None) -> SavedView:
    """Keep a question under a name, whoever's place it was asked in; raises as `inbox_views.keep`."""
    return inbox_views.keep(uow, actor, name, asked(replace(wanted, place="")), role, PLACE)
