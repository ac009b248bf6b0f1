"""Django. It ships no types; what is used of it is written down here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol, TypeVar

import httpx

from .answers import Answer
from .receiver import Receiver
from .requests import read_headers, read_limited

View = TypeVar("View", bound=Callable[..., Any])


class HttpRequest(Protocol):
    """What is read of Django's request."""

    method: str
    META: Mapping[str, Any]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes of the body, also if somebody has read it before."""


class HttpResponse(Protocol):
    """What is set of Django's response."""

    _has_been_logged: bool


def view(receiver: Receiver[Any]) -> Callable[..., Any]:
    """Make a view that takes the request and, where the route has one, the secret.

    Args:
        receiver: What to serve.
    """

    def receive(request: HttpRequest, secret: str | None = None) -> HttpResponse:
        headers = read_headers(request.headers.items())
        body = _body(receiver, request, headers, secret)
        return _response(body if isinstance(body, Answer) else receiver.receive(headers, body))

    async def receive_async(request: HttpRequest, secret: str | None = None) -> HttpResponse:
        headers = read_headers(request.headers.items())
        body = _body(receiver, request, headers, secret)
        return _response(body if isinstance(body, Answer) else await receiver.receive_async(headers, body))

    return _decorated(receive_async) if receiver.is_async else _decorated(receive)


def _decorated(function: View) -> View:
    csrf_exempt: Callable[[View], View] = import_module("django.views.decorators.csrf").csrf_exempt
    non_atomic: Callable[[View], View] = import_module("django.db.transaction").non_atomic_requests
    return csrf_exempt(non_atomic(function))


def _body(receiver: Receiver[Any], request: HttpRequest, headers: httpx.Headers, secret: str | None) -> bytes | Answer:
    refused = receiver.refusal(request.method, headers, secret)
    if refused is not None:
        return refused
    read = request.read
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        # Django takes a request without Content-Length for an empty one, though the server knows where it ends.
        read = request.META["wsgi.input"].read
    body = read_limited(read, receiver.max_bytes)
    return receiver.too_large() if body is None else body


def _response(answer: Answer) -> HttpResponse:
    make: Callable[..., HttpResponse] = import_module("django.http").HttpResponse
    response = make(answer.body, status=answer.status, headers=answer.headers)
    # Django logs the path of every answer from 400 on, and the path may hold the secret.
    response._has_been_logged = True
    return response
