"""Runs migrations on the connection that engine.store.migrating hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from engine.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=True)
context.run_migrations()
