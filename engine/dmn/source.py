"""One DMN file while it is read: its names and types, and the problems found so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine import feel
from engine.dmn.model import ValueType
from engine.dmn.types import KINDS, type_name
from engine.dmn.xml import attribute, characters, child, children, content, local
from engine.feel import Expression, Kind, TypeName
from engine.language import kept
from engine.model.errors import Problem

#: Types that may be made of each other in a row.
MAX_TYPES_IN_A_ROW = 40
_SPEAKS_OF_TYPES = re.compile(r"\binstance\s+of\b|\bfunction\b")


@dataclass(frozen=True, slots=True)
class Source:
    """Reads expressions and types of one file. `names` are all names in it; what is wrong is added to `problems`.

    Types are read once: they may be made of each other in ways that would take for ever to write out.
    """

    file: str
    problems: list[Problem]
    names: frozenset[str]
    types: Mapping[str, etree._Element]
    known: dict[str, ValueType] = field(default_factory=dict)
    named: dict[str, TypeName] = field(default_factory=dict)

    def problem(self, element: str, code: str, message: str) -> None:
        """One more thing that is wrong; `element` is empty when the whole file is meant."""
        self.problems.append(Problem(self.file, element or None, code, message))

    def expression(self, text: str, owner: str, what: str, node: etree._Element | None = None) -> Expression:
        """An expression; one that is missing or cannot be read is a problem of `owner`."""
        if node is not None:
            self.language(node, owner)
        if not text:
            self.problem(owner, "dmn-no-expression", kept("{what} is empty; write an expression.", what=what))
            text = "null"
        try:
            return self._typed(feel.compile(text, self.names), owner)
        except feel.FeelError as error:
            self.problem(owner, error.code, kept("{what} cannot be read: {problem}", what=what, problem=error.message))
            return feel.compile("null")

    def tests(self, text: str, owner: str, what: str) -> Expression | None:
        """Unary tests; None for an empty text or a dash, which always hold."""
        if text in ("", "-"):
            return None
        try:
            return self._typed(feel.compile_unary(text, self.names), owner)
        except feel.FeelError as error:
            self.problem(owner, error.code, kept("{what} cannot be read: {problem}", what=what, problem=error.message))
            return None

    def _typed(self, found: Expression, owner: str) -> Expression:
        """The expression with the file's own types, where it speaks of types at all."""
        if not self.types or not _SPEAKS_OF_TYPES.search(found.text):
            return found
        return feel.with_types(found, lambda name: self._named(name, owner) if name in self.types else None)

    def _named(self, name: str, owner: str) -> TypeName:
        if name not in self.named:
            self.named[name] = type_name(self.type(name, owner), {})
        return self.named[name]

    def language(self, node: etree._Element, owner: str) -> None:
        """Refuses what says that it is written in another language than FEEL."""
        written = attribute(node, "expressionLanguage")
        if written and "feel" not in written.lower():
            self.problem(owner, "dmn-language", kept("This is written in {written}; write it in FEEL.", written=written))

    def type(self, name: str, owner: str) -> ValueType:
        """The type of this name: one of FEEL's, or one that the file defines. DMN 1.1 puts a prefix before either."""
        if name not in self.types and ":" in name:
            name = name.rpartition(":")[2]
        return self._type(name, owner, frozenset())

    def result_type(self, name: str, owner: str) -> ValueType:
        """The type that a function of this type gives."""
        node = self.types.get(name)
        function = None if node is None else child(node, "functionItem")
        return ValueType() if function is None else self.type(attribute(function, "outputTypeRef"), owner)

    def parameter_types(self, name: str, owner: str) -> dict[str, ValueType]:
        """The types of what a function of this type takes, by name."""
        node = self.types.get(name)
        function = None if node is None else child(node, "functionItem")
        found = () if function is None else children(function, "parameters")
        return {attribute(entry, "name"): self.type(attribute(entry, "typeRef"), owner) for entry in found}

    def _type(self, name: str, owner: str, seen: frozenset[str]) -> ValueType:
        if name in KINDS:
            return ValueType(KINDS[name])
        if name in ("", "Any", "null", "Null"):
            return ValueType()
        if name in self.known:
            return self.known[name]
        node = self.types.get(name)
        if node is None or name in seen:
            self.problem(
                owner, "dmn-type", kept("There is no type {name}; use a FEEL type such as string, number, boolean or date.", name=name)
            )
            return ValueType()
        if len(seen) >= MAX_TYPES_IN_A_ROW:
            self.problem(
                owner,
                "dmn-type",
                kept(
                    "More than {max_types_in_a_row} types are made of each other in a row; name the base directly.",
                    max_types_in_a_row=MAX_TYPES_IN_A_ROW,
                ),
            )
            return ValueType()
        found = self.known[name] = self._defined(node, owner, seen | {name})
        return found

    def _defined(self, node: etree._Element, owner: str, seen: frozenset[str]) -> ValueType:
        reference = child(node, "typeRef")
        components = list(children(node, "itemComponent"))
        if reference is not None:
            found = self._type(characters(reference).rpartition(":")[2], owner, seen)
        elif child(node, "functionItem") is not None:
            found = ValueType(Kind.FUNCTION)
        else:
            entries = tuple((attribute(entry, "name"), self._defined(entry, owner, seen)) for entry in components)
            found = ValueType(Kind.CONTEXT if entries else None, entries=entries)
        allowed = self.tests(
            content(child(node, "allowedValues")), owner, kept("The allowed values of {node}", node=attribute(node, "name"))
        )
        many = found.many or attribute(node, "isCollection") == "true"
        return replace(found, many=many, allowed=allowed or found.allowed)


def names_in(root: etree._Element) -> frozenset[str]:
    """All names in a file, so that those with operators in them can be read in expressions."""
    found = (attribute(node, key) for node in root.iter(etree.Element) for key in ("name", "label", "iteratorVariable"))
    return frozenset(name for name in found if name)


def types_in(root: etree._Element) -> dict[str, etree._Element]:
    """The types that a file defines, by name."""
    return {attribute(node, "name"): node for node in children(root) if local(node) == "itemDefinition"}
