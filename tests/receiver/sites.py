"""A receiver mounted in each framework, served on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import flask
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Route
from werkzeug.serving import WSGIRequestHandler, make_server

from assaykit.receiver import Receiver

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOOK = "/hooks/acme"
Site = Callable[[Receiver[Any]], AbstractContextManager[str]]
"""Serves a receiver; yields the URL of the hook, without the secret."""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def serve_wsgi(app: WSGIApplication) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def serve_asgi(app: Any) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(app, ws="none", lifespan="off", log_level="warning", access_log=False, log_config=None)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _mount(app: Starlette, receiver: Receiver[Any]) -> Starlette:
    if receiver.secret.in_path:
        app.mount(HOOK, receiver.asgi())
    else:
        app.router.routes.append(Route(HOOK, receiver.asgi()))
    return app


@contextmanager
def starlette(receiver: Receiver[Any]) -> Iterator[str]:
    with serve_asgi(_mount(Starlette(), receiver)) as url:
        yield url + HOOK


@contextmanager
def fastapi(receiver: Receiver[Any]) -> Iterator[str]:
    with serve_asgi(_mount(FastAPI(), receiver)) as url:
        yield url + HOOK


@contextmanager
def flask_app(receiver: Receiver[Any]) -> Iterator[WSGIApplication]:
    app = flask.Flask(__name__)
    app.register_blueprint(receiver.flask_blueprint(HOOK))
    yield app


@contextmanager
def flask_blueprint(receiver: Receiver[Any]) -> Iterator[str]:
    with flask_app(receiver) as app, serve_wsgi(app) as url:
        yield url + HOOK


def _django_settings(receiver: Receiver[Any]) -> Any:
    settings = import_module("django.conf").settings
    if not settings.configured:
        settings.configure(
            ALLOWED_HOSTS=["127.0.0.1"],
            MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware", "django.middleware.common.CommonMiddleware"],
            LOGGING_CONFIG=None,
        )
    path = import_module("django.urls").path
    pattern = HOOK[1:] + ("/<str:secret>" if receiver.secret.in_path else "")
    return import_module("django.test.utils").override_settings(ROOT_URLCONF=(path(pattern, receiver.django_view()),))


@contextmanager
def django_app(receiver: Receiver[Any]) -> Iterator[WSGIApplication]:
    with _django_settings(receiver):
        app: WSGIApplication = import_module("django.core.handlers.wsgi").WSGIHandler()
        yield app


@contextmanager
def django_wsgi(receiver: Receiver[Any]) -> Iterator[str]:
    with django_app(receiver) as app, serve_wsgi(app) as url:
        yield url + HOOK


@contextmanager
def django_asgi(receiver: Receiver[Any]) -> Iterator[str]:
    with (
        _django_settings(receiver),
        serve_asgi(import_module("django.core.handlers.asgi").ASGIHandler()) as url,
    ):
        yield url + HOOK


SITES: tuple[Site, ...] = (starlette, fastapi, flask_blueprint, django_wsgi, django_asgi)
EVENT_LOOP: tuple[Site, ...] = (starlette, fastapi, django_wsgi, django_asgi)
"""Those that take an async handler; Django runs one under WSGI too."""
