"""Words that stand in a template or a browser module as they are, so that no catalog knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

#: names of things, not sentences
_NAMES = re.compile(
    r"bpmn-js-properties-panel.*camunda-bpmn-js-behaviors|Task for ana|key to ana|^-error\"$"
    r"|Parley|SHA-256|MIT|Zero-Clause BSD|CodeMirror, Lezer, Preact, Inferno|htmx|C5\.part|\bCtrl\b|Delete|UTC"
    r"|(?:bpmn|dmn|diagram)-js"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
#: what is no text: code, what a browser does not show, and a class of the page
_CODE = re.compile(
    r"<(script|style|svg|code|kbd|pre|textarea)\b.*?</\1>|\{% block (?:main_class|body_class) %\}.*?\{% endblock %\}|\{#.*?#\}", re.DOTALL
)
_READ_OUT = re.compile(r"\b(?:aria-label|placeholder|title|alt|data-label)=(?:\"([^\"]*)\"|'([^']*)')")
_SAYS = {"_", "_n", "noted"}
_SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")
#: before what is said, or read by people who write scripts
_NOT_SHOWN = ("say(", "from", "import", "Error(", "console.warn(")
_SHOWN = re.compile(r"(?:\b(?:textContent|innerText|ariaLabel|placeholder)\s*=|\"(?:aria-label|title|placeholder|alt)\",)\s*$")


def of_template(text: str) -> list[str]:
    """Words of a template that nothing says: between tags, in attributes that are read out, and as a value of an expression."""
    plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\x00", _CODE.sub("", text), flags=re.DOTALL)
    read_out = [one or other for one, other in _READ_OUT.findall(plain)]
    shown = re.sub(r"<[^<>]*>", "\n", plain.replace("\x00=", "").replace("<\x00", "<"))
    lines = [line.strip() for line in re.split(r"[\n\x00]", shown) if '="' not in line]
    return [line for line in (*lines, *read_out, *_values(text)) if _WORD.search(_NAMES.sub("", line))]


def _values(text: str) -> Iterator[str]:
    tree = Environment(autoescape=True).parse(text)
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name in _SAYS]
    said = {id(one) for call in calls for one in call.find_all(nodes.Const)}
    for one in tree.find_all(nodes.Const):
        if isinstance(one.value, str) and id(one) not in said and _SENTENCE.match(one.value):
            yield one.value


def of_script(text: str) -> list[str]:
    """Words of a browser module that nothing says: what looks like a sentence, and what is put where people read."""
    code = _COMMENT.sub("", text)
    found = []
    for one in _STRING.finditer(code):
        before, words = code[: one.start()].rstrip(), re.sub(r"\$\{[^}]*\}", "0", one[1] if one[1] is not None else one[2])
        sentence = re.match(r"(?:0 )?[A-Za-z]+ [a-z]+ [a-z]+", words) if one[1] is None else _SENTENCE.match(words)
        key, spoken = code[one.end() :].lstrip().startswith(":"), before.endswith(_NOT_SHOWN) or "say(" in one[0]
        shown = sentence or (_SHOWN.search(before) and _WORD.search(words))
        if shown and not key and not spoken:
            found.append(words)
    return found
