"""Flask."""

from __future__ import annotations

import re
from typing import Any, Final

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from assaykit.core.errors import ConfigurationError

from .answers import Answer
from .receiver import Receiver
from .requests import read_headers
from .secret import PATH_PART


class View:
    """A receiver as a Flask view.

    Args:
        receiver: What to serve.
        name: The endpoint's name.

    Raises:
        ConfigurationError: The handler is async.
    """

    # Flask reads these two. All methods come here, so that a path without the secret looks like none at all.
    methods: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
    provide_automatic_options: Final = False

    def __init__(self, receiver: Receiver[Any], name: str) -> None:
        receiver.require_sync("Flask")
        self.__name__ = name
        self._receiver = receiver

    def __call__(self, **path_parts: str) -> flask.Response:
        """Answer the request at hand."""
        answer = self._answer(path_parts.get(PATH_PART))
        return flask.Response(answer.body, answer.status, answer.headers)

    def _answer(self, path_part: str | None) -> Answer:
        request = flask.request
        headers = read_headers(request.headers.items())
        refused = self._receiver.refusal(request.method, headers, path_part)
        if refused is not None:
            return refused
        # One byte more than allowed, since werkzeug ends a chunked body at its limit without saying so.
        request.max_content_length = limit = self._receiver.max_bytes + 1
        try:
            body = request.get_data()
        except RequestEntityTooLarge:
            return self._receiver.too_large()
        return self._receiver.too_large() if len(body) >= limit else self._receiver.receive(headers, body)


def blueprint(receiver: Receiver[Any], path: str) -> flask.Blueprint:
    """Make a blueprint with one rule.

    Args:
        receiver: What to serve.
        path: The address, to which the path's secret is added.

    Raises:
        ConfigurationError: The handler is async, or the path does not begin with a slash.
    """
    if not path.startswith("/"):
        raise ConfigurationError("path", f"{path!r} does not begin with a slash", "such as /hooks/podium")
    name = re.sub(r"\W+", "_", path).strip("_") or "root"
    made = flask.Blueprint(f"assaykit_{name}", __name__)
    rule = f"{path.rstrip('/')}/<{PATH_PART}>" if receiver.secret.in_path else path
    made.add_url_rule(rule, view_func=View(receiver, "webhook"))
    return made
