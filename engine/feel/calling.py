"""Calling function values: choosing the signature that fits, converting arguments, and declaring built-in functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from engine.feel.limits import Run
from engine.feel.types import midnight
from engine.feel.values import Function, Kind, Parameter, Signature, Value, kind
from engine.language import kept

#: A body takes the run and the converted arguments; it is declared by `builtin`, which says their kinds in words.
Declared = TypeVar("Declared", bound=Callable[..., Value])


def call(run: Run, function: Function, positional: Sequence[Value], named: Mapping[str, Value] | None = None) -> Value:
    """What a function gives; null with a reason when no signature takes these arguments."""
    for signature in function.signatures:
        arguments = _ordered(signature, positional, named)
        if arguments is None:
            continue
        try:
            converted = _converted(signature, arguments)
        except TypeError:
            continue
        run.touch(*converted)
        return signature.body(run, *converted)
    given = [kind(value) for value in (positional if named is None else named.values())]
    names = "" if named is None else f" named {', '.join(named)}"
    return run.null(
        kept("{name}() does not take ({list}){names}.", name=function.name or kept("The function"), list=", ".join(given), names=names)
    )


def _ordered(signature: Signature, positional: Sequence[Value], named: Mapping[str, Value] | None) -> list[Value] | None:
    parameters = signature.parameters
    if named is not None:
        if signature.rest or named.keys() - {parameter.name for parameter in parameters}:
            return None
        positional = []
        for parameter in parameters:
            if parameter.name not in named:
                break
            positional.append(named[parameter.name])
        if len(positional) < len(named):
            return _with_gaps(parameters, named)
    if len(positional) < signature.needed or (len(positional) > len(parameters) and not signature.rest):
        return None
    return list(positional)


def _with_gaps(parameters: Sequence[Parameter], named: Mapping[str, Value]) -> list[Value] | None:
    """Arguments by name where an optional one in the middle was left out: null stands in for it."""
    if any(parameter.name not in named and not parameter.optional for parameter in parameters):
        return None
    return [named.get(parameter.name) for parameter in parameters]


def _converted(signature: Signature, arguments: list[Value]) -> list[Value]:
    if len(arguments) == 1:
        return [signature.parameters[0].convert(arguments[0])]
    last = len(signature.parameters) - 1
    return [signature.parameters[min(place, last)].convert(argument) for place, argument in enumerate(arguments)]


#: The functions declared so far, by name.
BUILT_IN: dict[str, Function] = {}


def builtin(name: str, *parameters: str) -> Callable[[Declared], Declared]:
    """Declares a built-in function, or one more signature of it. Signatures are tried in the order they are declared.

    A parameter is `name: kind`, several kinds joined by `|`; `?` behind it makes it optional, `...` takes one or more,
    and `?...` none or more.
    """

    def declare(body: Declared) -> Declared:
        known = BUILT_IN.get(name, Function(name, ()))
        BUILT_IN[name] = Function(name, (*known.signatures, signature(parameters, body)))
        return body

    return declare


def host_function(name: str, parameters: Sequence[str], body: Callable[..., Value]) -> Function:
    """A function that the host puts into a context: `body` takes the converted arguments only.

    `parameters` are written as for `builtin`. The body says "no result" by giving None.
    """

    def without_run(_run: Run, *arguments: Value) -> Value:
        return body(*arguments)

    return Function(name, (signature(parameters, without_run),))


def signature(parameters: Sequence[str], body: Callable[..., Value]) -> Signature:
    """A signature from its parameters in words."""
    rest = bool(parameters) and parameters[-1].endswith("...")
    found = tuple(_parameter(words) for words in parameters)
    return Signature(found, body, sum(not parameter.optional for parameter in found), rest)


def _parameter(words: str) -> Parameter:
    name, _, kinds = words.removesuffix("...").partition(": ")
    wanted = frozenset(kinds.removesuffix("?").split("|"))
    return Parameter(name, _converter(wanted), optional=kinds.endswith("?"))


def _converter(wanted: frozenset[str]) -> Callable[[Value], Value]:
    anything = "any" in wanted

    def convert(value: Value) -> Value:
        found = kind(value)
        if found in wanted or anything:
            return value
        if found is Kind.LIST and isinstance(value, list) and len(value) == 1 and kind(value[0]) in wanted:
            return value[0]
        if Kind.LIST in wanted and value is not None:
            return [value]
        if Kind.DATE_TIME in wanted and type(value) is date:
            return midnight(value)
        raise TypeError(f"{found} is not {' or '.join(sorted(wanted))}")

    return convert
