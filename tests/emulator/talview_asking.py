"""Requests made of the examples of the specification, and worlds to send them to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx

from assaykit.emulator import vendors
from assaykit.emulator.engine.contract import load_document
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from assaykit.emulator.vendors.talview.credentials import (
    CLIENT_ID,
    CLIENT_SECRET,
    EVALUATOR_NAME,
    EVALUATOR_PASSWORD,
    OTHER_NAME,
    OTHER_PASSWORD,
    PASSWORD,
    USER_NAME,
)

DEMO = (USER_NAME, PASSWORD)
EVALUATOR = (EVALUATOR_NAME, EVALUATOR_PASSWORD)
OTHER = (OTHER_NAME, OTHER_PASSWORD)
METHODS = ("get", "put", "post", "delete", "patch")


@cache
def emulator() -> Emulator:
    """Return a Talview whose replies are compared with its specification."""
    return Emulator([vendors.load("talview")], check_replies=True)


@contextmanager
def signed_in(world: World, who: tuple[str, str] = DEMO) -> Iterator[httpx.Client]:
    """Open a client in process with the token of a user."""
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("talview")) as client:
        client.headers["Authorization"] = f"Bearer {token(client, *who).json()['access_token']}"
        yield client


def token(client: httpx.Client, username: str, password: str) -> httpx.Response:
    """Exchange a password for a token."""
    application = {"grant_type": "password", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    return client.post("/oauth2/token", json={**application, "username": username, "password": password})


def operations(*tags: str, starting: str = "") -> dict[str, tuple[str, str, Mapping[str, Any]]]:
    """Return method, path and declaration of the operations of tags, by their ids.

    Args:
        *tags: The tags.
        starting: What further tags begin with.
    """
    found: dict[str, tuple[str, str, Mapping[str, Any]]] = {}
    for path, item in load_document("talview")["paths"].items():
        for method in METHODS:
            tag = item[method]["tags"][0] if method in item else ""
            if tag in tags or (starting and tag.startswith(starting)):
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                found[item[method]["operationId"]] = (method, path, {**item[method], "parameters": parameters})
    return found


def request_of(
    method: str, path: str, operation: Mapping[str, Any], given: Mapping[str, Any], body: Any = None
) -> httpx.Request:
    """Return the request that the examples of an operation make.

    Args:
        method: Its method.
        path: Its path.
        operation: Its declaration.
        given: Values of parameters that take the place of examples.
        body: What takes the place of the example of a body.
    """
    parameters = [_followed(one) for one in operation["parameters"]]
    values = {one["name"]: given.get(one["name"], one.get("example")) for one in parameters if one["in"] == "path"}
    query = {
        one["name"]: given.get(one["name"], one.get("example"))
        for one in parameters
        if one["in"] == "query" and (one.get("required") or one["name"] in given)
    }
    filled = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), path)
    media = operation.get("requestBody", {}).get("content", {})
    if "application/json" in media:
        examples = media["application/json"]["examples"]
        sent = {**next(_followed(one)["value"] for one in examples.values()), **(body or {})}
        return httpx.Request(method, filled, params=query, json=sent)
    files = {"file": ("picture.png", b"\x89PNG", "image/png")} if "multipart/form-data" in media else None
    return httpx.Request(method, filled, params=query, files=files)


def _followed(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = load_document("talview")
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
