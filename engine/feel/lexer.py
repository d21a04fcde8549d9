"""Text to tokens. FEEL's names have spaces, so which words belong together is decided here (DMN 1.5, 10.3.1.4).

No two names can stand side by side in FEEL, so a run of words up to the next keyword is one name. Only names that hold
a keyword or an operator (`date and time`, `risk-level`) need to be known beforehand; the longest known one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lark import Token

from engine.feel.errors import FeelLimit, FeelSyntaxError
from engine.feel.limits import MAX_BRACKETS, MAX_EXPRESSION
from engine.language import kept

_START = r"(?:[^\W\d]|[\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\uFDF0-\uFFFD\U00010000-\U000EFFFF])"
_PART = r"[\w\u00B7\u0300-\u036F\u200C\u200D\u203F-\u2040\u2070-\u218F\u2C00-\u2FEF\uFDF0-\uFFFD\U00010000-\U000EFFFF]"
# Possessive throughout: what was read as a part of a word is never tried as something else, so that no text takes long.
_WORD = rf"{_START}{_PART}*+(?:'{_PART}++)*+"
_SCANNER = re.compile(
    rf"""(?P<SPACE>(?:\s|\u180E|\uFEFF|//[^\n]*|/\*.*?\*/)+)
    |(?P<NUMBER>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<AT>@"(?:\\.|[^"\\\n])*")
    |(?P<STRING>"(?:\\.|[^"\\])*")
    |(?P<WORD>{_WORD}|\?)
    |(?P<SYMBOL>\.\.|\*\*|!=|<=|>=|->|[-+*/=<>.,:()\[\]{{}}])""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"(?:\s|\u180E|\uFEFF)+")
_MORE = re.compile(rf"(?:\s|\u180E|\uFEFF)+((?:{_WORD})|\d\w*(?![.\w]))")
#: A key of a context, up to its colon: there, operators and keywords are parts of the name.
_KEY = re.compile(rf"(?:{_WORD})(?>\s*+(?:{_WORD}|[-+*/.]|\d++))*+(?=\s*+:)")
_TAIL = re.compile(r"[\w']")

_KEYWORDS = {
    "if": "_IF", "then": "_THEN", "else": "_ELSE", "for": "_FOR", "in": "IN", "return": "_RETURN", "some": "SOME",
    "every": "EVERY", "satisfies": "_SATISFIES", "and": "AND", "or": "OR", "between": "_BETWEEN", "true": "TRUE",
    "false": "FALSE", "null": "NULL", "function": "FUNCTION", "instance": "", "external": "",
}  # fmt: skip
_SYMBOLS = {
    "..": "_DOTS", "**": "POWER", "!=": "NE", "<=": "LE", ">=": "GE", "->": "_ARROW", "-": "MINUS", "+": "PLUS",
    "*": "STAR", "/": "SLASH", "=": "EQ", "<": "LT", ">": "GT", ".": "_DOT", ",": "_COMMA", ":": "_COLON",
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "_LBRACE", "}": "_RBRACE",
}  # fmt: skip
#: Tokens after which an operand is complete, so that what follows is an operator or a closing bracket.
_OPERAND_ENDS = frozenset({"NUMBER", "STRING", "AT", "NAME", "TRUE", "FALSE", "NULL", "RPAR", "RSQB", "_RBRACE", "OPEN_HIGH"})
_AFTER_RANGE = re.compile(r"\s*(?:$|[,)\]}=<>!]|(?:and|or|then|else|return|satisfies|in|instance|between)\b)")
_TYPE_PLACES = frozenset({"_INSTANCE_OF", "_COLON", "LT", "_COMMA", "_ARROW"})
#: The standard's own names that hold a keyword.
BUILT_IN_NAMES = frozenset({"date and time", "years and months duration", "days and time duration"})


@lru_cache(maxsize=4096)
def needs_help(name: str) -> bool:
    """Whether a name can only be told from an operation when it is known beforehand."""
    return not re.fullmatch(rf"(?:{_WORD})(?: (?:{_WORD}|\d\w*))*", name) or bool(_KEYWORDS.keys() & set(name.split()))


def tokens(text: str, names: frozenset[str] = frozenset(), inner: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of an expression.

    `names` are known names of variables that need help, `inner` those of entries, known only behind a dot or in
    brackets. Raises FeelSyntaxError for a character that no token begins with, FeelLimit when it is too long or deep.
    """
    if len(text) > MAX_EXPRESSION:
        raise FeelLimit(kept("The expression has more than {max_expression} characters; split it.", max_expression=f"{MAX_EXPRESSION:,}"))
    return list(_Lexer(text, names, inner).run())


class _Lexer:
    """One pass over one text."""

    def __init__(self, text: str, names: frozenset[str], inner: frozenset[str]) -> None:
        self.text = text
        self.at = 0
        self.last = ""
        self.open: list[str] = []  # the opening brackets, and ".." behind one that turned out to be a range
        self.names = _known(names)
        self.inner = _known(inner | names)

    def run(self) -> Iterator[Token]:
        while self.at < len(self.text):
            found = _SCANNER.match(self.text, self.at)
            if not found:
                raise self.error(self.at, self.why_not())
            match found.lastgroup:
                case "SPACE":
                    self.at = found.end()
                case "WORD":
                    yield self.word(found)
                case "SYMBOL":
                    yield self.symbol(found)
                case other:
                    yield self.token(str(other), found[0], found.end())

    def token(self, kind: str, value: str, end: int) -> Token:
        line, column = _position(self.text, self.at)
        made = Token(kind, value, start_pos=self.at, line=line, column=column)
        self.at = end
        self.last = kind
        return made

    def word(self, found: re.Match[str]) -> Token:
        key = _KEY.match(self.text, self.at) if self.at_key() else None
        if key:
            return self.key(key)
        known = self.known_name()
        word = found[0]
        if known:
            return self.run_of_words(known, self.at + len(known))
        if word in _KEYWORDS and self.last != "_DOT":
            keyword = self.keyword(word, found.end())
            if keyword:
                return keyword
        return self.run_of_words(word, found.end())

    def at_key(self) -> bool:
        return self.last in ("_LBRACE", "_COMMA") and bool(self.open) and self.open[-1] == "{"

    def key(self, found: re.Match[str]) -> Token:
        """The key of an entry; from here on it is a known name."""
        name = " ".join(found[0].split())
        if needs_help(name):
            self.names = (*_known(frozenset({name})), *self.names)
            self.inner = (*_known(frozenset({name})), *self.inner)
        return self.token("NAME", name, found.end())

    def known_name(self) -> str:
        names = self.inner if self.last == "_DOT" or "[" in self.open else self.names
        for pattern in names:
            found = pattern.match(self.text, self.at)
            if found and self.allowed(found[0], found.end()):
                return found[0]
        return ""

    def allowed(self, name: str, end: int) -> bool:
        if " ".join(name.split()) not in BUILT_IN_NAMES:
            return True
        return self.last in _TYPE_PLACES or re.match(r"\s*\(", self.text[end:]) is not None

    def keyword(self, word: str, end: int) -> Token | None:
        rest = self.text[end:]
        if word == "instance":
            of = re.match(r"\s+of\b", rest)
            return self.token("_INSTANCE_OF", "instance of", end + of.end()) if of and self.last in _OPERAND_ENDS else None
        if word == "external":
            return self.token("EXTERNAL", word, end) if re.match(r"\s*\{", rest) and self.last == "RPAR" else None
        return self.token(_KEYWORDS[word], word, end)

    def run_of_words(self, name: str, end: int) -> Token:
        words = [name]
        more = _MORE.match(self.text, end)
        while more and not (more[1] in _KEYWORDS and self.stops(more[1], more.end())):
            words.append(more[1])
            end = more.end()
            more = _MORE.match(self.text, end)
        return self.token("NAME", " ".join(" ".join(words).split()), end)

    def stops(self, word: str, end: int) -> bool:
        return word not in ("instance", "external") or re.match(r"\s+of\b|\s*\{", self.text[end:]) is not None

    def symbol(self, found: re.Match[str]) -> Token:
        symbol = found[0]
        if symbol == "/" and self.text.startswith("/*", self.at):
            raise self.error(self.at, kept("This comment has no end; end it with */."))
        kind = _SYMBOLS[symbol]
        if symbol == "]" and ((self.last not in _OPERAND_ENDS and self.last != "LSQB") or not self.open):
            kind = "OPEN_LOW"
        elif symbol == "[" and self.closes_range(found.end()):
            kind = "OPEN_HIGH"
        self.track(kind, symbol)
        return self.token(kind, symbol, found.end())

    def closes_range(self, end: int) -> bool:
        inside = bool(self.open) and self.open[-1] == ".."
        return inside and self.last in _OPERAND_ENDS and _AFTER_RANGE.match(self.text[end:]) is not None

    def track(self, kind: str, symbol: str) -> None:
        if kind in ("LPAR", "LSQB", "_LBRACE", "OPEN_LOW"):
            self.open.append(symbol)
            if len(self.open) > MAX_BRACKETS:
                raise FeelLimit(kept("The expression nests more than {max_brackets} brackets; split it.", max_brackets=MAX_BRACKETS))
        elif kind == "_DOTS" and self.open:
            self.open[-1] = ".."
        elif kind in ("RPAR", "RSQB", "_RBRACE", "OPEN_HIGH") and self.open:
            self.open.pop()

    def why_not(self) -> str:
        character = self.text[self.at]
        if character == '"' or self.text.startswith('@"', self.at):
            return kept('This text has no closing quotation mark; end it with ".')
        if character == "'":
            return kept("Texts are written in double quotation marks.")
        return kept("{character} means nothing here; remove it or put the text in double quotation marks.", character=f"{character!r}")

    def error(self, at: int, message: str) -> FeelSyntaxError:
        return FeelSyntaxError(self.text, *_position(self.text, at), message)


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@lru_cache(maxsize=256)
def _known(names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    longest_first = sorted(names | BUILT_IN_NAMES, key=lambda name: (-len(name), name))
    return tuple(
        re.compile(r"\s+".join(re.escape(word) for word in name.split()) + (r"(?![\w'])" if _TAIL.match(name[-1]) else ""))
        for name in longest_first
        if name.strip()
    )
