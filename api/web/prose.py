"""Texts of a program's authors as pages show them: Markdown without HTML, images or headings. The only door to markdown-it."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

#: paragraphs, lists, emphasis and links; what is not named stays as it was typed
_READER = MarkdownIt("zero", {"html": False}).enable(["list", "emphasis", "link", "newline", "escape"])


def shown(text: str) -> Markup:
    """A text as HTML: every other character escaped, and addresses only those that the library takes as harmless."""
    return Markup(_READER.render(text))  # noqa: S704  # the reader escapes what it does not know
