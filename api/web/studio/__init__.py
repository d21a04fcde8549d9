"""The studio: procedures as they are live, and changes from the first edit to the second person's approval."""

from __future__ import annotations

from api.web.studio import changes, files, procedures

blueprints = (procedures.blueprint, changes.blueprint, files.blueprint)

__all__ = ["blueprints"]
