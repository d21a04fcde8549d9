"""What a part of a pack is to its pages: its name, the fields of its entries, and how an entry is told in a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.web.studio.pack_fields import Field, Options
from engine.language import say
from engine.operations.drafting.pack_choices import Around
from engine.packs.shape import KEY


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a pack. `listed`: a `[[table]]`, else a table by key; `whole`: one page without entries of its own."""

    key: str
    title: str
    one: str
    help: str
    fields: tuple[Field, ...]
    listed: bool = False
    whole: bool = False
    #: what a key looks like
    pattern: str = KEY
    #: (head, how an entry is told under it) for the list
    columns: tuple[tuple[str, Callable[[Mapping[str, Any], Around], str]], ...] = ()
    #: the order counts, so entries can be moved
    ordered: bool = False
    #: where it stands in the file, when not at the top under its key
    at: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The keys from the top of the file to the part."""
        return self.at or (self.key,)


def fixed(words: Mapping[str, str]) -> Callable[[Around], Options]:
    """The same choices everywhere."""
    return lambda around: tuple((str(key), say(label)) for key, label in words.items())


def told(name: str) -> Callable[[Mapping[str, Any], Around], str]:
    """An entry told by one of its texts."""
    return lambda entry, around: str(entry.get(name, ""))


def named(options: Options, key: object) -> str:
    """What a choice is called; its key when it is not there any more."""
    return next((label for one, label in options if one == key), str(key))
