"""A reader without script and without a browser: the pages as an old phone gets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.stories.reader import Named, Typed

_ROW = re.compile(r"(.+?)-\d+-")


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


class PlainReader:
    """One person at the pages without script. `settle` does what became due after each press, as the scheduler would."""

    def __init__(self, app: Flask, settle: Callable[[], None]) -> None:
        self._client, self._settle = app.test_client(), settle
        self._page: Any = None
        self.path = ""

    def opens(self, path: str) -> None:
        """Go to an address, after any redirects."""
        self._arrive(self._client.get(path, follow_redirects=True))

    def follows(self, words: str, beside: str = "") -> None:
        """Follow the first link that says this, in a line that says `beside`."""
        links = [one for one in self._page.xpath("//a[@href]") if words in _words(one) and _stands_beside(one, beside)]
        assert links, f"No link “{words}” beside “{beside}” on {self.path}: {self.text()[:1500]}"
        self.opens(links[0].get("href"))

    def fills(self, typed: Typed) -> Typed:
        """Fill in what the page has inputs for; rows of a repeat are added as they are needed."""
        return {name: value for name, value in typed.items() if not self._fill(name, value)}

    def presses(self, button: str = "", beside: str = "") -> None:
        """Press a button, with what stands in its form."""
        self._send(self._button(button, beside))
        self._settle()

    def text(self) -> str:
        """The words of the page's main part, in one line."""
        return _words(self._page.xpath("//main")[0])

    def picture(self, name: str, at: str = "") -> None:
        """Nothing to look at here; but the words that it is of are there."""
        assert at in _words(self._page), f"{name}: “{at}” is not on {self.path}"

    def _arrive(self, answer: TestResponse) -> None:
        self.path = answer.request.full_path.rstrip("?")
        assert answer.status_code in (200, 422), f"{self.path}: {answer.status_code}\n{answer.text[:800]}"
        self._page = html.fromstring(answer.text)

    def _named(self, name: str) -> list[Any]:
        return [one for one in self._page.xpath("//*[@name=$name]", name=name) if one.getparent().tag != "template"]

    def _adder(self, name: str) -> Any:
        return next(iter(self._page.xpath("//button[@name='_add'][@value=$name]", name=name)), None)

    def _fill(self, name: str, value: str | list[str] | Named) -> bool:
        row = _ROW.match(name)
        if row and not self._named(name) and (adder := self._adder(row[1])) is not None:
            self._send(adder)
        inputs = [one for one in self._named(name) if one.get("type") != "hidden"]
        if not inputs:
            return False
        kind = inputs[0].get("type") if inputs[0].tag == "input" else inputs[0].tag
        if kind in ("radio", "checkbox"):
            wanted = value if isinstance(value, list) else [value]
            for one in inputs:
                _tick(one, any(_is(one, _words(one.getparent()), each) for each in wanted))
            assert any(one.get("checked") for one in inputs), f"{name} has no answer {value} on {self.path}"
        elif kind == "select":
            chosen = [one for one in inputs[0].xpath(".//option") if _is(one, _words(one), value)]
            assert chosen, f"{name} has no answer {value} on {self.path}"
            inputs[0].value = chosen[0].get("value")
        else:
            assert isinstance(value, str)
            inputs[0].value = value
        return True

    def _button(self, words: str, beside: str) -> Any:
        found = self._page.xpath("//main//form//button" if words else "//main//form//button[contains(@class, 'primary')]")
        fitting = [one for one in found if words in _words(one) and _stands_beside(one, beside)]
        assert fitting, f"No button “{words}” on {self.path}: {self.text()[:1500]}"
        return fitting[0]

    def _send(self, button: Any) -> None:
        form = next(button.iterancestors("form"), None)
        data = MultiDict(form.form_values())
        if button.get("name"):
            data.add(button.get("name"), button.get("value") or "")
        target = button.get("formaction") or form.get("action") or self.path
        if form.method == "GET":
            self._arrive(self._client.get(target, query_string=data, follow_redirects=True))
        else:
            self._arrive(self._client.post(target, data=data, follow_redirects=True))


def _is(choice: Any, label: str, value: str | list[str] | Named) -> bool:
    return value.words in label if isinstance(value, Named) else choice.get("value") == value


def _tick(choice: Any, yes: bool) -> None:
    if yes:
        choice.set("checked", "checked")
    elif "checked" in choice.attrib:
        del choice.attrib["checked"]


def _stands_beside(element: Any, words: str) -> bool:
    """Whether the line, row or part of the page that an element stands in says something."""
    if not words:
        return True
    around = next((one for one in element.iterancestors() if one.tag in ("tr", "li", "section", "article", "main")), None)
    return around is not None and words in _words(around)
