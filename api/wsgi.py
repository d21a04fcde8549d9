"""For a WSGI server of one's own, several processes on PostgreSQL: `gunicorn 'api.wsgi:application()'`.

The scheduler is not started here: one `parley serve` beside it, or one process of its own, does what is due.
"""

from __future__ import annotations

import os

from flask import Flask

from api import places
from api.app import create_app
from api.running import Config, Mode
from engine import store


def application() -> Flask:
    """The application as the environment describes it: PARLEY_DATA, PARLEY_DATABASE, PARLEY_URL, PARLEY_SCAN."""
    data = places.data_folder(os.environ.get("PARLEY_DATA"), "program")
    config = Config(Mode.SERVE, places.session_secret(data), data, os.environ.get("PARLEY_URL"), places.mail_server(), places.scanner())
    return create_app(store.open(places.database_url(data)), config)
