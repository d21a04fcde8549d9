"""What a pack says at run time: roles of lanes, deadline rules, settings as FEEL values, variables that may exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.feel import DaysTime, Value, YearsMonths, from_plain, iso_datetime, iso_duration
from engine.language import kept
from engine.model.errors import FieldError, Invalid
from engine.model.packs import DeadlineRule, Pack, Role, SettingRule, ValueType
from engine.packs.references import in_bounds
from engine.schemas import is_storable, iso_date, pointer, safe, with_seconds

#: A variable is a fact, not a text: the longest string in one, in characters.
MAX_STRING = 200
#: The most values in one variable, counted through lists and contexts.
MAX_VALUES = 1000
_MAX_DEPTH = 8

_WORDS: Mapping[ValueType, str] = {
    ValueType.STRING: kept("a text"),
    ValueType.NUMBER: kept("a number"),
    ValueType.BOOLEAN: kept("true or false"),
    ValueType.DATE: kept("a date like 2026-11-30"),
    ValueType.DATETIME: kept("a date and time like 2026-11-30T14:00:00Z"),
    ValueType.DURATION: kept("a duration like P3D"),
    ValueType.LIST: kept("a list"),
    ValueType.CONTEXT: kept("a table of names and values"),
}


def role_of_lane(pack: Pack, lane: str | None) -> Role | None:
    """The role that does the tasks in a lane; None for a lane that the pack does not name."""
    key = pack.lanes.get(lane) if lane is not None else None
    return pack.roles.get(key) if key is not None else None


def deadline_rule(pack: Pack, process_key: str, element_id: str) -> DeadlineRule | None:
    """The first rule in the file that stands on an element; None when no ladder does."""
    wanted = {"*", f"{process_key}/{element_id}"}
    return next((rule for rule in pack.deadline_rules if wanted.intersection(rule.applies_to)), None)


def settings_values(pack: Pack, overrides: Mapping[str, object] | None = None) -> dict[str, Value]:
    """Every setting as a FEEL value: the program's own value where it has one, else the default.

    Raises Invalid for a value of the wrong type or out of bounds, or for a name that is no setting.
    """
    chosen = overrides or {}
    unknown = [key for key in chosen if key not in pack.settings]
    errors = [FieldError(pointer((key,)), "unknown-setting", kept("There is no setting of this name.")) for key in unknown]
    values: dict[str, Value] = {}
    for key, rule in pack.settings.items():
        value = _setting_value(rule, chosen.get(key, rule.default))
        if value is None:
            errors.append(FieldError(pointer((key,)), "bad-setting", _setting_sentence(rule)))
        values[key] = value
    if errors:
        raise Invalid(errors=tuple(errors))
    return values


def _setting_value(rule: SettingRule, raw: object) -> Value:
    value = typed(rule.type, raw)
    if not has_type(rule.type, value):
        return None
    bounds = [None if bound is None else typed(rule.type, bound) for bound in (rule.least, rule.most)]
    if any(bound is not None and type(bound) is not type(value) for bound in bounds):
        return None
    return value if in_bounds(value, *bounds) else None


def _setting_sentence(rule: SettingRule) -> str:
    least = kept(", at least {least}", least=rule.least) if rule.least is not None else ""
    most = kept(", at most {most}", most=rule.most) if rule.most is not None else ""
    return kept("“{label}” has to be {words}{least}{most}.", label=rule.label, words=_WORDS[rule.type], least=least, most=most)


def typed(kind: ValueType | str, raw: object) -> Value:
    """Outside JSON as a FEEL value of a type: text becomes a date, date and time or duration where that is meant.

    What cannot be that type is given back as FEEL text, number, list or context; `has_type` tells.
    """
    readers: Mapping[str, Callable[[str], Value]] = {
        ValueType.DATE: iso_date,
        ValueType.DATETIME: lambda text: iso_datetime(with_seconds(text)),
        ValueType.DURATION: iso_duration,
    }
    if isinstance(raw, str) and kind in readers:
        try:
            return readers[kind](raw)
        except ValueError:
            return raw
    return from_plain(raw)


def has_type(kind: ValueType | str, value: object) -> bool:
    """Whether a FEEL value is of a type. Null is of none."""
    match kind:
        case ValueType.STRING:
            return isinstance(value, str)
        case ValueType.NUMBER:
            return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        case ValueType.BOOLEAN:
            return isinstance(value, bool)
        case ValueType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case ValueType.DATETIME:
            return isinstance(value, datetime)
        case ValueType.DURATION:
            return isinstance(value, DaysTime | YearsMonths | timedelta)
        case ValueType.LIST:
            return isinstance(value, list | tuple)
        case _:
            return kind == ValueType.CONTEXT and isinstance(value, Mapping)


def typed_variables(pack: Pack, plain: Mapping[str, object]) -> dict[str, Value]:
    """Variables from outside JSON as FEEL values of their declared types.

    Raises Invalid with a path for each that is not declared, has another type or holds long text.
    """
    values: dict[str, Value] = {}
    errors: list[FieldError] = []
    for name, raw in plain.items():
        rule = pack.variables.get(name)
        try:
            values[name] = typed(rule.type, raw) if rule is not None else None
        except (ValueError, ArithmeticError, RecursionError):
            errors.append(FieldError(safe(pointer((name,))), "bad-value", kept("This is not a value that can be kept; send plain JSON.")))
    errors += variable_problems(pack, values)
    if errors:
        raise Invalid(errors=tuple(errors))
    return values


def variable_problems(pack: Pack, variables: Mapping[str, object]) -> tuple[FieldError, ...]:
    """What must not become a variable: undeclared names and codes, other types, free text (it would be content, no fact)."""
    errors: list[FieldError] = []
    for name, value in variables.items():
        path = safe(pointer((name,)))
        rule = pack.variables.get(name)
        if rule is None:
            errors.append(FieldError(path, "undeclared-variable", kept("The pack declares no variable of this name, so it cannot exist.")))
        elif value is not None and not has_type(rule.type, value):
            errors.append(FieldError(path, "variable-type", kept("This variable has to be {words}.", words=_WORDS[rule.type])))
        elif not _is_short(value):
            errors.append(
                FieldError(
                    path,
                    "variable-too-long",
                    kept("A variable holds facts: plain texts of at most {max_string} characters.", max_string=MAX_STRING),
                )
            )
        elif rule.values and isinstance(value, str) and value not in rule.values:
            errors.append(FieldError(path, "variable-code", kept("Use one of: {list}.", list=", ".join(rule.values))))
        elif not all(map(is_code, _texts(value))):
            errors.append(FieldError(path, "variable-free-text", kept("A variable holds facts: use codes, ids and dates, no free text.")))
    return tuple(errors)


def is_code(text: str) -> bool:
    """Whether a text can be a code, id, date or address, and not a sentence: no white space in it."""
    return not any(sign.isspace() for sign in text)


def _texts(value: object) -> list[str]:
    """Every text in a value, names of entries included."""
    if isinstance(value, str):
        return [value]
    return [text for inner in _inside(value) for text in _texts(inner)]


def _is_short(value: object) -> bool:
    level: list[object] = [value]
    count = 0
    for _ in range(_MAX_DEPTH):
        if any(isinstance(entry, str) and (len(entry) > MAX_STRING or not is_storable(entry)) for entry in level):
            return False
        count += len(level)
        if count > MAX_VALUES:
            return False
        level = [inner for entry in level for inner in _inside(entry)]
        if not level:
            return True
    return False


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list | tuple) else []
