"""The edge between a request and the engine's verbs: one transaction a request, ETags, idempotency keys, lost races.

A write runs in one unit of work: actor, If-Match, an earlier answer for the same Idempotency-Key, the act, the answer
kept for that key, one commit. Two writers that meet lose nothing: the later one is run again on what the first left,
and only an act that is no longer possible is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema

from api.auth import API_PREFIX, current_actor, signed_in
from api.rest.dumping import dump
from api.rest.reading import StrictParser, encode
from api.running import running
from engine.model.access import Actor
from engine.model.errors import BadRequest, NotSignedIn, PreconditionFailed, StaleVersion
from engine.model.views import Page
from engine.operations import repeats
from engine.store import UnitOfWork

T = TypeVar("T")
Verb = Callable[[UnitOfWork, Actor], T]
Stamp = Callable[[Any], str]

PREFIX = f"{API_PREFIX}v1"
#: how often an act is tried again after somebody else's came first
_TRIES = 4
_MAX_KEY = 200


class _Resource(Blueprint):
    """A blueprint whose schemas are made once: making one takes longer than reading a request with it."""

    def arguments(self, schema: Any, **more: Any) -> Any:
        """As Blueprint's, for a schema or its class."""
        return super().arguments(_made(schema), **more)


@cache
def _made_of(kind: type[Schema]) -> Schema:
    return kind()


def _made(schema: Schema | type[Schema]) -> Schema:
    return _made_of(schema) if isinstance(schema, type) else schema


def blueprint(name: str, description: str) -> Blueprint:
    """The blueprint of one resource: signed-in callers only, strict bodies."""
    made = _Resource(name, name, url_prefix=PREFIX, description=description)
    made.ARGUMENTS_PARSER = StrictParser()
    made.before_request(_require_credentials)
    return made


def _require_credentials() -> None:
    if not signed_in():
        raise NotSignedIn


def read(schema: Schema | type[Schema], query: Verb[Any], *, stamp: Stamp | None = None) -> Response:
    """Answer a question. `stamp` gives what of it If-Match is about; an If-None-Match that still holds answers 304."""
    with running().reading() as uow:
        found = query(uow, current_actor(uow))
        body = dump(_made(schema), found)
    return _tagged(encode(body), stamp(found) if stamp is not None else "")


def plain(query: Verb[object]) -> Response:
    """Answer with plain JSON that no schema describes."""
    with running().reading() as uow:
        body = query(uow, current_actor(uow))
    return _tagged(encode(body), "")


def rehearsed(schema: Schema | type[Schema], act: Verb[Any]) -> Response:
    """Answer with what an act would give; nothing of it is kept."""
    with running().unit_of_work() as uow:
        body = dump(_made(schema), act(uow, current_actor(uow)))
    return Response(encode(body), mimetype="application/json")


def _tagged(body: bytes, mark: str) -> Response:
    response = Response(body, mimetype="application/json")
    response.set_etag(etag(mark, body))
    response.make_conditional(request)
    return response


def listed(schema: Schema | type[Schema], query: Verb[Page[Any]]) -> Response:
    """Answer one page of a list as `{items, next}`."""
    with running().reading() as uow:
        page = query(uow, current_actor(uow))
        body = {"items": dump(_made(schema), page.items, many=True), "next": page.next}
    return Response(encode(body), mimetype="application/json")


def write(
    schema: Schema | type[Schema] | None,
    act: Verb[Any],
    *,
    status: int = 200,
    current: Verb[Any] | None = None,
    stamp: Stamp | None = None,
    secret: str | None = None,
    tagged: bool = True,
) -> Response:
    """Do an act and answer with what it gave.

    `current` reads the resource, so that its `stamp` can be compared with If-Match; `stamp` also makes the answer's
    ETag, unless it is not `tagged` because the answer is not the resource. `secret` names a field that is told once
    only, never again for the same Idempotency-Key. Without `schema` the answer has no body.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return _write_once(_Write(None if schema is None else _made(schema), act, status, current, stamp, secret, tagged))
        except StaleVersion:
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class _Write:
    """The parts of one write, as `write` takes them."""

    schema: Schema | None
    act: Verb[Any]
    status: int
    current: Verb[Any] | None
    stamp: Stamp | None
    secret: str | None
    tagged: bool


def _write_once(asked: _Write) -> Response:
    key = _idempotency_key()
    fingerprint = _fingerprint() if key is not None else ""
    with running().unit_of_work() as uow:
        actor = current_actor(uow)
        if key is not None:
            earlier = repeats.earlier(uow, actor, key, fingerprint)
            if earlier is not None:
                return _answer(earlier.body, earlier.status, None)
        if request.if_match and asked.current is not None and asked.stamp is not None:
            _match(asked.stamp(asked.current(uow, actor)))
        result = asked.act(uow, actor)
        body = {} if asked.schema is None else dump(asked.schema, result)
        mark = asked.stamp(result) if asked.stamp is not None and asked.tagged else None
        if key is not None:
            kept = {name: value for name, value in body.items() if name != asked.secret}
            repeats.remember(uow, actor, key, fingerprint, asked.status, kept)
        uow.commit()
    return _answer(body, asked.status, mark)


def file(mimetype: str, act: Verb[str]) -> Response:
    """Answer with a file of text that an act makes; what the act writes down is kept."""
    with running().unit_of_work() as uow:
        text = act(uow, current_actor(uow))
        uow.commit()
    return Response(text.encode(), mimetype=mimetype)


def _answer(body: object, status: int, mark: str | None) -> Response:
    if status == 204:
        return Response(status=status)
    encoded = encode(body)
    response = Response(encoded, status=status, mimetype="application/json")
    if mark is not None:
        response.set_etag(etag(mark, encoded))
    return response


def etag(stamp: str, body: bytes) -> str:
    """An entity tag in two parts: the resource's state, which If-Match is about, and all that the answer shows.

    So a list of people or a draft beside a task makes the answer a new one, and does not make a write too late.
    """
    return f"{_digest(stamp.encode())}-{_digest(body)}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _match(stamp: str) -> None:
    states = {tag.partition("-")[0] for tag in request.if_match.as_set()}
    if not request.if_match.star_tag and _digest(stamp.encode()) not in states:
        raise PreconditionFailed


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.strip() or len(key) > _MAX_KEY or not key.isascii() or not key.isprintable():
        raise BadRequest(f"An Idempotency-Key is 1 to {_MAX_KEY} printable ASCII characters, best a random UUID.")
    return key


def _fingerprint() -> str:
    """What was asked for, keyed, so that a stored fingerprint tells nothing of a password in it."""
    secret = current_app.config["SECRET_KEY"]
    digest = hmac.new(secret, f"{request.method} {request.path}\0".encode(), hashlib.sha256)
    for name, content in _content():
        digest.update(f"{len(name)}:{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _content() -> list[tuple[str, bytes]]:
    """The body's parts; a repeated upload draws another boundary, so files count by name and content."""
    if not request.files:
        return [("", request.get_data(cache=True))]
    parts = []
    for upload in request.files.getlist("files"):
        upload.stream.seek(0)  # it may have been read by a try before
        parts.append((upload.filename or "", upload.stream.read()))
        upload.stream.seek(0)
    return sorted(parts)
