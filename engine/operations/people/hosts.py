"""Hosts that webhooks may call: administrators alone say which."""

from __future__ import annotations

import ipaddress
import re

from engine import clock, store
from engine.jobs import HTTPS
from engine.model.access import Actor
from engine.model.errors import FieldError, Forbidden, Invalid
from engine.model.ids import new_id
from engine.model.outside import Host
from engine.operations import trail
from engine.operations.scope import within
from engine.store import UnitOfWork

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def allow(uow: UnitOfWork, actor: Actor, name: str, port: int | None = None, *, private: bool = False) -> Host:
    """Let webhooks call a host; once more changes nothing but `private`.

    `private` also lets them call it where its address is private or loopback, and without TLS. Raises Forbidden, Invalid.
    """
    _require_administrator(actor)
    host, wanted = _name(name), HTTPS if port is None else port
    if not 0 < wanted < 65_536:
        raise Invalid("A port is a number from 1 to 65535.", (FieldError("/port", "port", "A port is a number from 1 to 65535."),))
    known = store.hosts.find(uow, actor.program_id, host, wanted)
    if known is not None and known.private == private:
        return known
    if known is not None:
        store.hosts.delete(uow, known.id)
    now = clock.now()
    made = Host(new_id(now), actor.program_id, host, wanted, private, now, actor.person_id or None)
    store.hosts.insert(uow, made)
    trail.note(uow, actor, "host_allowed", host=host, port=wanted, private=private)
    return made


def forbid(uow: UnitOfWork, actor: Actor, host_id: str) -> None:
    """Let webhooks call a host no longer; what waits becomes an incident when it is tried. Raises Forbidden, NotFound."""
    _require_administrator(actor)
    host = within(actor.program_id, store.hosts.get(uow, host_id))
    store.hosts.delete(uow, host.id)
    trail.note(uow, actor, "host_forbidden", host=host.name, port=host.port)


def all(uow: UnitOfWork, actor: Actor) -> tuple[Host, ...]:
    """The allowed hosts, by name. Raises Forbidden."""
    _require_administrator(actor)
    return store.hosts.all(uow, actor.program_id)


def _require_administrator(actor: Actor) -> None:
    if not actor.administrator:
        raise Forbidden("Only administrators say which hosts webhooks may call.")


def _name(text: str) -> str:
    name = text.strip().lower().rstrip(".").strip("[]")
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        if len(name) <= 253 and _NAME.fullmatch(name):
            return name
    message = "Give the name of a host such as hooks.example.org, without https:// and without a path."
    raise Invalid(message, (FieldError("/name", "host-name", message),))
