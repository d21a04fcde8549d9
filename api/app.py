"""The web application: REST and pages over one store, with the headers and limits that hold for both."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from api import auth, rest, web
from api.errors import Unexpected, from_http, status_of
from api.rest import problems
from api.running import Config, Parley, attach, running
from engine.language import say
from engine.model.errors import NotFound, ParleyError, TooLarge
from engine.operations.people import walls
from engine.store import Store

#: the largest request that is read, in bytes
MAX_REQUEST = 5 * 1024 * 1024
#: the largest text fields of one posted page together, in bytes
MAX_FORM = 2 * 1024 * 1024
_MEGA = 1_000_000

_CSP = "; ".join(
    [
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the diagram viewer sets inline styles
        "img-src 'self' data:",
        "font-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HSTS = "max-age=31536000; includeSubDomains"
_LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]

#: where problem details are read rather than a page
_FOR_PROGRAMS = (auth.API_PREFIX, "/health/", "/metrics")

_log = logging.getLogger(__name__)


def create_app(store: Store, config: Config) -> Flask:
    """The application over a store. What a process adds (scheduler, sandbox clock) it sets on `running()`'s Parley."""
    return create_app_of(Parley(store, config))


def create_app_of(parley: Parley) -> Flask:
    """The application over a running system that was put together before."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    config = parley.config
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST, MAX_FORM_MEMORY_SIZE=MAX_FORM)
    if config.local:
        # A name that a hostile page points at loopback (DNS rebinding) is not answered.
        app.config["TRUSTED_HOSTS"] = _LOOPBACK_NAMES
    if config.public_url:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    attach(app, parley)
    web.begin(app)
    auth.init_app(app, config)
    rest.register(app)
    web.register(app)
    _handle_errors(app)
    _add_headers(app, config)
    return app


def _handle_errors(app: Flask) -> None:
    @app.errorhandler(ParleyError)
    def known(error: ParleyError) -> Response:
        if isinstance(error, NotFound) and error.walled is not None:
            _note_try(error.walled)
        if status_of(error) >= 500:
            _log_error(error)
        return _render(error)

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response | HTTPException:
        if error.code is not None and error.code < 400:
            return error  # a redirect
        if isinstance(error, SecurityError):
            return _wrong_name()  # before any address is known here, so no page can be made
        if isinstance(error, RequestEntityTooLarge):
            # The room's own words for it, which errors of ours find by themselves.
            return app.make_response(app.handle_user_exception(_too_large()))
        answer = _render(from_http(error))
        if "Allow" in (headers := dict(error.get_headers())):
            answer.headers["Allow"] = headers["Allow"]
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        _log_error(error)
        return _render(Unexpected())


def _render(error: ParleyError) -> Response:
    if request.path.startswith(_FOR_PROGRAMS):
        return problems.render(error)
    return web.error_page(error, status_of(error))


def _too_large() -> TooLarge:
    """What of the request was too large, and the limit; the measures are those that werkzeug applied to it."""
    sent, most = request.content_length, request.max_content_length or MAX_REQUEST
    if sent is not None and sent > most:
        told = {"sent": -(-sent // _MEGA), "most": most // _MEGA}
        return TooLarge(say("What you sent has {sent} MB; at most {most} MB can be taken at once, files included.", **told))
    text = say("The form holds too much text or too many answers; at most {most} MB of text can be taken at once.", most=MAX_FORM // _MEGA)
    return TooLarge(text)


def _note_try(case_id: str) -> None:
    """Write down who ran into a wall; the answer is that of an address where nothing is, whatever comes of it."""
    try:
        with running().unit_of_work() as uow:
            if walls.met(uow, auth.current_actor(uow), case_id, f"{request.method} {request.endpoint}"):
                uow.commit()
    except ParleyError as failure:
        _log.warning("a try to reach a case behind a wall was not written down: %s", failure.code)


def _wrong_name() -> Response:
    return Response("This answers to localhost only; open it under that name.\n", status=400, mimetype="text/plain")


def _log_error(error: Exception) -> None:
    """Where it went wrong, without the error's own text: that may hold what somebody typed."""
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("%s while answering %s %s\n  %s", type(error).__name__, request.method, request.url_rule, "\n  ".join(places))


def _add_headers(app: Flask, config: Config) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if config.https:
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        if "Cache-Control" not in response.headers:
            # Nothing about a case may stay in a browser's or a proxy's cache.
            response.headers["Cache-Control"] = "no-store"
        return response
