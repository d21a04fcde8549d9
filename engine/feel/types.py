"""`instance of`, and fitting a value to a type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from engine.feel.nodes import ContextOf, FunctionOf, ListOf, Literal, Node, TypeName
from engine.feel.values import Function, Kind, Range, Value, kind

_ALIASES = {
    "dayTimeDuration": Kind.DAYS,
    "yearMonthDuration": Kind.MONTHS,
    "dateTime": Kind.DATE_TIME,
    "days and time duration": Kind.DAYS,
    "years and months duration": Kind.MONTHS,
}


def known_type(name: str) -> bool:
    """Whether this is a name of a FEEL type."""
    return name in _ALIASES or name == "Any" or name in list(Kind)


def instance_of(value: Value, wanted: TypeName) -> bool:
    """Whether a value is of a type. Null is of type Null alone."""
    if value is None:
        return wanted.name == "Null"
    if wanted.name == "Any":
        return True
    if kind(value) != _ALIASES.get(wanted.name, wanted.name):
        return False
    return not (wanted.inner or wanted.result) or _holds(value, wanted)


def _holds(value: Value, wanted: TypeName) -> bool:
    match value:
        case list():
            return all(item is None or instance_of(item, wanted.inner[0]) for item in value)
        case Range():
            ends = [end for end in (value.low, value.high) if end is not None]
            return all(instance_of(end, wanted.inner[0]) for end in ends)
        case dict():
            return all(
                key in value and (value[key] is None or instance_of(value[key], inner))
                for key, inner in zip(wanted.names, wanted.inner, strict=True)
            )
        case Function():
            if value.definition is not None:
                return conforms(_type_of(value.definition), wanted)
            return any(len(signature.parameters) == len(wanted.inner) for signature in value.signatures)
        case _:
            return False


_ANY = TypeName("Any")
#: What a part of an expression gives when only its values will tell: taken to conform to anything.
_UNKNOWN = TypeName("?")


def conforms(given: TypeName, wanted: TypeName) -> bool:
    """Whether every value of one type is one of another (DMN 1.5, 10.3.2.9.3): elements, entries and results may say more
    than is wanted, parameters may ask for less than is given."""
    if wanted.name == "Any" or given.name in ("?", "Null"):
        return True
    if _ALIASES.get(given.name, given.name) != _ALIASES.get(wanted.name, wanted.name):
        return False
    match wanted.name:
        case "list" | "range":
            return not wanted.inner or conforms(given.inner[0] if given.inner else _ANY, wanted.inner[0])
        case "context":
            known = dict(zip(given.names, given.inner, strict=True))
            entries = zip(wanted.names, wanted.inner, strict=True)
            return all(name in known and conforms(known[name], inner) for name, inner in entries)
        case "function":
            return wanted.result is None or _takes_and_gives(given, wanted)
        case _:
            return True


def _takes_and_gives(given: TypeName, wanted: TypeName) -> bool:
    same = len(given.inner) == len(wanted.inner)
    takes = same and all(conforms(theirs, ours) for theirs, ours in zip(wanted.inner, given.inner, strict=True))
    return takes and conforms(given.result or _UNKNOWN, wanted.result or _ANY)


def _type_of(node: Node) -> TypeName:
    """The type of what an expression gives, as far as it can be told without evaluating it."""
    match node:
        case Literal(value):
            return TypeName(kind(value))
        case ContextOf(entries):
            return TypeName("context", tuple(_type_of(item) for _, item in entries), tuple(name for name, _ in entries))
        case ListOf(items):
            found = {_type_of(item) for item in items}
            return TypeName("list", (found.pop() if len(found) == 1 else _UNKNOWN,))
        case FunctionOf(parameters, body):
            return TypeName("function", tuple(wanted or _ANY for _, wanted in parameters), result=_type_of(body))
        case _:
            return _UNKNOWN


def fit(value: Value, wanted: TypeName | None) -> Value:
    """A value made to fit a type by the standard's implicit conversions (DMN 1.5, 10.3.2.9.4): a list of one becomes its
    element, an element a list of one, a date its midnight in UTC. Raises TypeError when it does not fit, or holds what is
    not allowed."""
    if wanted is None or value is None:
        return value
    fitted = _fitted(value, wanted)
    if not _allowed(fitted, wanted):
        raise TypeError(f"a value is not allowed for {wanted.name}")
    return fitted


def _allowed(value: Value, wanted: TypeName) -> bool:
    """Whether a value of a type, and all it holds, is among the values that the types allow."""
    if value is None:
        return True
    if wanted.allows is not None and not wanted.allows(value):
        return False
    if isinstance(value, list) and wanted.inner:
        return all(_allowed(item, wanted.inner[0]) for item in value)
    if isinstance(value, dict):
        return all(_allowed(value.get(name), inner) for name, inner in zip(wanted.names, wanted.inner, strict=True))
    return True


def _fitted(value: Value, wanted: TypeName) -> Value:
    if instance_of(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and instance_of(value[0], wanted):
        return value[0]
    if wanted.name == "list" and not isinstance(value, list) and instance_of([value], wanted):
        return [value]
    if wanted.name in ("date and time", "dateTime") and type(value) is date:
        return midnight(value)
    raise TypeError(f"{kind(value)} is not {wanted.name}")


def midnight(day: date) -> datetime:
    """The start of a date in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)
