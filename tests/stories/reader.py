"""What a story asks of whoever reads the pages: open, follow, fill in, press, see. Two kinds of readers answer to it,
one without script and without a browser, one in a real browser, so that a story is told once and walked twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Named:
    """An answer that is chosen by its words, not by its code: a person in a list."""

    words: str


Value: TypeAlias = str | int | bool | Named | Sequence[str] | Sequence[Mapping[str, "Value"]]
#: what is filled in, by the names of a form's fields
Answers: TypeAlias = Mapping[str, Value]
#: one input by its name: a text, a choice by code, several, or a choice by its words
Typed: TypeAlias = dict[str, str | list[str] | Named]


class Reader(Protocol):
    """One person at the pages, with cookies of their own."""

    @property
    def path(self) -> str:
        """Where the reader is: the address without its host."""
        ...

    def opens(self, path: str) -> None:
        """Go to an address."""
        ...

    def follows(self, words: str, beside: str = "") -> None:
        """Follow the link that says this; `beside` are words of the line it stands in."""
        ...

    def fills(self, typed: Typed) -> Typed:
        """Fill in what the page has inputs for; gives what it has none for (yet)."""
        ...

    def presses(self, button: str = "", beside: str = "") -> None:
        """Press the button that says this; without words the one that stands out."""
        ...

    def text(self) -> str:
        """The words of the page's main part, in one line."""
        ...

    def picture(self, name: str, at: str = "") -> None:
        """A picture for the help, with these words in the middle of it; where there is nothing to look at, nothing."""
        ...


def typed(answers: Answers) -> Typed:
    """Answers as the inputs of a page have them."""
    return dict(_inputs(answers))


def _inputs(answers: Answers) -> Iterator[tuple[str, str | list[str] | Named]]:
    for name, value in answers.items():
        if isinstance(value, Named | str):
            yield name, value
        elif isinstance(value, bool | int):
            yield name, str(value).lower()
        elif all(isinstance(one, str) for one in value):
            yield name, [str(one) for one in value]
        else:
            for number, row in enumerate(value):
                assert isinstance(row, Mapping)
                yield from ((f"{name}-{number}-{key}", kept) for key, kept in _inputs(row))
