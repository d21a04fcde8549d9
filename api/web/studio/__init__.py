"""The studio: procedures as they are live, and changes from the first edit to the second person's approval."""

from __future__ import annotations

from api.web.studio import (
    changes,
    compare,
    conditions,
    diagram_room,
    files,
    form_room,
    knowledge,
    migrations,
    models,
    pack_calendar_days,
    pack_reminders,
    pack_room,
    pack_settings,
    plain,
    procedures,
    scenario_mending,
    scenario_room,
    scenario_writing,
    translations,
)

blueprints = (
    procedures.blueprint,
    changes.blueprint,
    compare.blueprint,
    plain.blueprint,
    files.blueprint,
    diagram_room.blueprint,
    conditions.blueprint,
    knowledge.blueprint,
    migrations.blueprint,
    models.blueprint,
    form_room.blueprint,
    pack_calendar_days.blueprint,
    pack_settings.blueprint,
    pack_reminders.blueprint,
    pack_room.blueprint,
    scenario_mending.blueprint,
    scenario_room.blueprint,
    scenario_writing.blueprint,
    translations.blueprint,
)

__all__ = ["blueprints"]
