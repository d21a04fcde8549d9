"""What of a form's answers a reader may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.model.forms import Form


def redact(form: Form, values: Mapping[str, object], readable: Callable[[str], bool]) -> dict[str, object]:
    """The answers whose class the reader may read; names that the form does not know are left out too.

    `readable` says whether the reader may read a class of these very records.
    """
    classes = form.class_of
    return {name: value for name, value in values.items() if name in classes and readable(classes[name])}
