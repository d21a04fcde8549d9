"""Stories that are brought to another drawing of their process."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn import Compiled, compile, migrate, restore
from engine.model.execution import Closure
from engine.model.migration import Fate, Outcome
from tests.bpmn import drawing
from tests.bpmn.drawing import Story


def version(*files: bytes, key: str = "p") -> Compiled:
    """Another version, ready to run."""
    sources = {name: model.normalised for name, model in drawing.models(*files).items()}
    return compile(Closure(key, f"version {next(drawing._numbers)}", sources, {}))


def look(story: Story, *files: bytes, mapping: Mapping[str, str] | None = None) -> Outcome:
    """What would become of a story."""
    return migrate(story.compiled, version(*files), story.env, story.turn.state, mapping or {})


def bring(story: Story, *files: bytes, mapping: Mapping[str, str] | None = None) -> Outcome:
    """Bring a story to another version and go on with it there."""
    compiled = version(*files)
    found = migrate(story.compiled, compiled, story.env, story.turn.state, mapping or {})
    assert found.state is not None, found.fates
    story.compiled = compiled
    story.execution = restore(compiled, story.env, found.state)
    story._turn()
    return found


def said(outcome: Outcome) -> dict[str, str]:
    """What happens to each element: `moved to x`, `stranded: gone` ..."""
    words = {}
    for one in outcome.fates:
        word = str(one.fate)
        word += f" to {one.to}" if one.fate is Fate.MOVED else f": {one.why}" if one.why else ""
        words[one.element_id] = word
    return words
