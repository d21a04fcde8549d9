"""The rules that a program can switch: code → what happens unless the pack says otherwise, in the order they are told.

They come from what guards an editor who must not widen who sees what; what no program may switch off is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.errors import Level

RULES: Mapping[str, Level] = {
    # L2, that what a task shows can be seen by who works it
    "lint-shows-nothing": Level.WARN,
    # L3, that content is not read where flow is steered or something is sent
    "lint-content-read": Level.REFUSE,
    "lint-data-in-mail": Level.WARN,
    # L5, that what a program promised is still done
    "lint-required-missing": Level.REFUSE,
    # L6, that a report says only what may be told
    "lint-report-field": Level.REFUSE,
    # L7
    "no-due-date": Level.REFUSE,
    # L8, where the text is a time at all
    "lint-time-past": Level.REFUSE,
    # L9, that nothing goes around a promise
    "lint-way-around": Level.REFUSE,
    # L10, that everyone is asked for themselves
    "lint-asks-another": Level.REFUSE,
    # that what was drawn is ever done
    "lint-never-begun": Level.WARN,
    # that who reads another language of the program reads all of it
    "lint-translation-missing": Level.WARN,
}
