"""Variables as they lie in a state: each is decoded when it is first read, and encoded again only when it was written.

Most steps read and write few of a case's variables, so most of what a state holds passes through a step untouched.
Values are never changed in place: FEEL has no means to, and what comes from outside is taken over as FEEL values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Mapping, MutableMapping
from typing import Any

from engine import feel
from engine.model.execution import Value

#: Stands for the JSON of a variable that was written and not yet encoded.
_WRITTEN = object()
_CONTEXT = "$context"


class Variables(MutableMapping[str, Value]):
    """The variables of one scope, in the order they were first set."""

    __slots__ = ("_json", "_values")

    def __init__(self, values: Mapping[str, Value] = {}) -> None:  # read only
        self._values: dict[str, Value] = dict(values)
        self._json: dict[str, Any] = dict.fromkeys(self._values, _WRITTEN)

    @classmethod
    def stored(cls, data: object) -> Variables:
        """Those that `to_json` gave; none when it is no object."""
        made = cls.__new__(cls)
        made._values, made._json = {}, data if isinstance(data, dict) else {}
        if len(made._json) == 1 and isinstance(made._json.get(_CONTEXT), dict):
            made._json = made._json[_CONTEXT]
        return made

    def to_json(self) -> dict[str, Any]:
        """As `feel.to_json` of a dict, but only what is new is encoded. Raises ValueError for a function."""
        found = self._json
        for key, raw in found.items():
            if raw is _WRITTEN:
                found[key] = feel.to_json(self._values[key])  # type: ignore[arg-type]  # FEEL values only
        return {_CONTEXT: found} if len(found) == 1 and next(iter(found)).startswith("$") else found

    def copy(self) -> Variables:
        """The same as it is now, to be read later."""
        made = Variables.__new__(Variables)
        made._values, made._json = self._values.copy(), self._json.copy()
        return made

    def __getitem__(self, key: str) -> Value:
        values = self._values
        if key in values:
            return values[key]
        value = values[key] = feel.from_json(self._json[key])
        return value

    def __setitem__(self, key: str, value: Value) -> None:
        self._values[key] = value
        self._json[key] = _WRITTEN

    def __delitem__(self, key: str) -> None:
        del self._json[key]
        self._values.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._json

    def __iter__(self) -> Iterator[str]:
        return iter(self._json)

    def __len__(self) -> int:
        return len(self._json)

    def __repr__(self) -> str:
        return f"Variables of {', '.join(self._json) or 'no name'}"  # never values: they must not come into logs


class View(Mapping[str, Value]):
    """Several mappings seen as one; the first that has a name gives its value.

    They are asked for when the first name is, and shown as they are then: most views are handed over and never read.
    """

    __slots__ = ("_given", "_seen")

    def __init__(self, maps: Iterable[Mapping[str, Value]]) -> None:
        self._given = maps
        self._seen: tuple[Mapping[str, Value], ...] | None = None

    @property
    def _maps(self) -> tuple[Mapping[str, Value], ...]:
        if self._seen is None:
            self._seen = tuple(self._given)
        return self._seen

    def __getitem__(self, key: str) -> Value:
        for part in self._maps:
            if key in part:
                return part[key]
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(key in part for part in self._maps)

    def keys(self) -> KeysView[str]:
        """The names, those of the outermost mapping first."""
        names: dict[str, None] = {}
        for part in reversed(self._maps):
            names.update(dict.fromkeys(part))
        return names.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __repr__(self) -> str:
        return f"View of {', '.join(self) or 'no name'}"
