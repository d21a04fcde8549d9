"""The languages in which people are spoken to: one notion of which is spoken now, and every sentence in it.

Sentences stand in English in the code and are their own keys (as gettext has it); `languages/TAG.po` beside this file, and
in the folders that `add_texts` names, hold them in other languages. They are read when a language is first spoken.
Values stand in braces: `say("Case {number} is closed.", number=…)`. What is stored never holds a sentence that was said
to one person; it holds codes and values, or a sentence made for its recipient.

Programs (REST, the command line, the log) are spoken to in English: nothing but a page says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from gettext import c2py
from pathlib import Path
from typing import TypeVar

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_datetime
from babel.messages.pofile import read_po

_T = TypeVar("_T")
#: the language that the code is written in
SOURCE = "en"


class Pattern(StrEnum):
    """How moments are written (CLDR's letters). A catalog may give each another pattern."""

    SHORT = "EEE d MMM, HH:mm"
    SHORT_OF_YEAR = "EEE d MMM y, HH:mm"
    WEEKDAY = "EEE d MMM"
    WEEKDAY_OF_YEAR = "EEE d MMM y"
    FULL = "EEEE d MMMM y, HH:mm"
    DAY = "d MMM y"
    MONTH = "MMMM"
    LONG_WEEKDAY = "EEEE"
    TIME = "HH:mm"


@dataclass(frozen=True, slots=True)
class Book:
    """A language: what it calls itself, whose dates it writes, and its texts by the English one."""

    name: str
    locale: str
    #: gives the text for an English one, or the forms of a plural; None where it has none
    find: Callable[[str], str | tuple[str, ...] | None]
    #: which of the forms of a plural stands with a number
    form: Callable[[int], int]


_NAMES = {SOURCE: "English", "es": "Español"}
_folders = [Path(__file__).parent / "languages"]
_books: dict[str, Book] = {}
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def names() -> dict[str, str]:
    """Every language by its tag, with what it calls itself."""
    return {**_NAMES, **{tag: book.name for tag, book in _books.items()}}


def called(tag: str) -> str:
    """What a language is called in the one that is spoken now, "Spanish" for es; its tag when nobody knows it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(Locale.parse(_book().locale, sep="-")) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def known() -> dict[str, str]:
    """Languages that have a name in the one that is spoken now: tag → name, in the order of the names."""
    spoken = Locale.parse(_book().locale, sep="-").languages
    found = {code.replace("_", "-"): name for code, name in spoken.items() if code != "root" and localedata.exists(code)}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def tag_of(name: str) -> str:
    """The tag of a language by its name, in the language that is spoken now or in its own; what is no name stays as it is."""
    asked = name.strip().casefold()
    by_name = {said.casefold(): tag for tag, said in (*names().items(), *known().items())}
    return by_name.get(asked, name.strip())


def add_texts(folder: Path) -> None:
    """Read catalogs in this folder too; the ways in bring their own texts."""
    if folder not in _folders:
        _folders.append(folder)
        _books.clear()


def teach(tag: str, book: Book) -> None:
    """Speak one language more, or another way, until the process ends or `forget`."""
    _books[tag] = book


def forget(tag: str) -> None:
    """Take back what was taught; a language that has catalogs is read again."""
    _books.pop(tag, None)


def current() -> str:
    """The tag of the language that is spoken now."""
    return _current.get()


def use(tag: str) -> None:
    """Speak a language from here on in this request or thread. What is no language of ours is English."""
    _current.set(tag if tag in names() else SOURCE)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language inside the block, such as a recipient's."""
    before = _current.set(tag if tag in names() else SOURCE)
    try:
        yield
    finally:
        _current.reset(before)


def fitting(wanted: Iterable[str]) -> str:
    """The first of the wanted languages that is spoken here, es for es-MX too; else English."""
    known = {tag.casefold(): tag for tag in names()}
    for one in wanted:
        tag = one.replace("_", "-").casefold()
        found = known.get(tag) or known.get(tag.partition("-")[0])
        if found is not None:
            return found
    return SOURCE


def direction() -> str:
    """Where lines of the current language begin: ltr or rtl, as HTML's `dir` has it."""
    return Locale.parse(_book().locale, sep="-").text_direction


@dataclass(frozen=True, slots=True)
class LanguageName:
    """What a language is called, as a value of a sentence: in the language of whoever reads that."""

    tag: str

    def __str__(self) -> str:
        return called(self.tag)


class Kept(str):
    """A sentence in English that remembers what it was made of, so that whoever reads it is told it in their own language."""

    __slots__ = ("sentence", "values")
    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, values: Mapping[str, object]) -> Kept:
        """`values` stand in the braces of the sentence; a sentence without values may hold braces."""
        with speaking(SOURCE):
            made = super().__new__(cls, sentence.format(**values) if values else sentence)
        made.sentence, made.values = sentence, values
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]  # a text has one, this has two
        """What a copy is made of."""
        return self.sentence, self.values


def kept(sentence: str, /, **values: object) -> str:
    """A sentence about what is kept, stored or found by whoever comes first: English until `told` says it to a reader.

    Values that are such sentences, or failures with one, are told with it. Interpolated into another text it is plain English.
    """
    return Kept(sentence, {name: _inner(value) for name, value in values.items()})


def told(text: str) -> str:
    """What was `kept` in the current language; any other text as it is."""
    return say(text.sentence, **text.values) if isinstance(text, Kept) else text


def reason(failure: Exception) -> str:
    """What a failure says, to be `told`."""
    first = failure.args[0] if failure.args else None
    return first if isinstance(first, Kept) else str(failure)


def _inner(value: object) -> object:
    if isinstance(value, Kept | LanguageName | int):
        return value
    return reason(value) if isinstance(value, Exception) else str(value)


def say(text: str, /, **values: object) -> str:
    """A sentence in the current language, with values for what stands in braces; in English where there is no translation.

    What was `kept` is told, as a sentence and as a value.
    """
    if isinstance(text, Kept) and not values:
        return told(text)
    found = text if _current.get() == SOURCE else _book().find(text)
    said = found if isinstance(found, str) and found else text
    return said.format(**{name: told(value) if isinstance(value, Kept) else value for name, value in values.items()}) if values else said


def retold(stored: str, sentences: Iterable[str], told: Callable[[str], str] = str) -> str:
    """What was stored as said in English with one of these sentences, in the current language; anything else as it is.

    `told` says what stands in braces.
    """
    if _current.get() == SOURCE:
        return stored
    for sentence in sentences:
        parts = (re.escape(part) if number % 2 == 0 else f"(?P<{part}>.+)" for number, part in enumerate(re.split(r"{(\w+)}", sentence)))
        found = re.fullmatch("".join(parts), stored)
        if found:
            return say(sentence, **{name: told(value) for name, value in found.groupdict().items()})
    return stored


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """The sentence that goes with a number, which stands for `{n}`: `say_many("{n} task", "{n} tasks", 3)`."""
    found = None if _current.get() == SOURCE else _book().find(one)
    if isinstance(found, tuple) and all(found):
        said = found[min(_book().form(abs(number)), len(found) - 1)]
    else:
        said = one if number == 1 else many
    return said.format(n=number, **values)


def noted(constant: _T) -> _T:
    """Unchanged: marks a constant that is said later, so that catalogs hold it; of a table all texts that are no keys."""
    return constant


def dated(local: datetime, pattern: Pattern) -> str:
    """A moment, in the time zone that it has, as the current language writes it."""
    return str(format_datetime(local, say(pattern), locale=Locale.parse(_book().locale, sep="-")))


def _book() -> Book:
    tag = _current.get()
    found = _books.get(tag)
    if found is None:
        found = _books[tag] = _read(tag)
    return found


def _read(tag: str) -> Book:
    texts: dict[str, str | tuple[str, ...]] = {}
    form: Callable[[int], int] = c2py("n != 1")
    for path in (folder / f"{tag}.po" for folder in _folders):
        if not path.is_file():
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=tag)
        form = c2py(catalog.plural_expr)
        for message in catalog:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return Book(_NAMES.get(tag, tag), tag, texts.get, form)
