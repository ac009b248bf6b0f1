"""TestDome's error bodies: a cause with closer ones inside, and at the token operation what OAuth 2.0 demands.

No source shows an error; the shapes are those that the specification settles on.
"""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply
from assaykit.emulator.engine.rejection import FAULT, Rejected

_OUTER: Final = {
    400: ("badRequest", "The request does not fit its description."),
    401: ("unauthorized", "The request is not authenticated."),
    403: ("forbidden", "The request is not allowed."),
    404: ("notFound", "There is nothing here."),
    405: ("methodNotAllowed", "The method is not possible here."),
    409: ("conflict", "The state of the resource does not allow this."),
    413: ("tooLarge", "The body is too large."),
    415: ("unsupportedMediaType", "The media type is not supported."),
    429: ("tooManyRequests", "There were too many requests."),
    500: ("internalError", "The server failed."),
    503: ("unavailable", "The server is not available."),
}
"""Code and message of the outermost error, by status."""
_BETWEEN: Final = {"noInvitesLeft": ("planNotAuthorized", "The plan does not allow this.")}
"""What stands between the outermost error and the closest cause, by the cause's code."""
_USUAL: Final = {"bad_syntax": "malformedBody", "invalid": "invalidProperty", "unauthorized": "tokenMissing"}
"""Closest cause where the behaviour named none."""
_NO_CLOSER: Final = frozenset({405, 413, 415, 429})
"""Statuses whose outermost error says it all."""
_GRANT: Final = "body.grant_type"


def write_error(rejected: Rejected) -> Reply:
    """Return the body; a 401 names the scheme to authenticate with."""
    headers = [("Content-Type", "application/json"), *rejected.headers]
    if rejected.status == 401 and all(name != "WWW-Authenticate" for name, _ in headers):
        headers.append(("WWW-Authenticate", "Bearer"))
    if rejected.operation == "tokens_create" and rejected.status in (400, 401):
        return Reply(rejected.status, headers, dumps(_of_token(rejected)))
    return Reply(rejected.status, headers, dumps({"error": _nested(_chain(rejected))}))


def _of_token(rejected: Rejected) -> dict[str, str]:
    code = rejected.code
    if code == FAULT:
        code = "invalid_client" if rejected.status == 401 else "invalid_request"
    elif code in ("bad_syntax", "invalid"):
        code = "invalid_request"
        wrong = [field for field in rejected.fields if field.name == _GRANT]
        if wrong and wrong[0].message.startswith("must be "):
            code = "unsupported_grant_type"
    return {"error": code, "error_description": _told(rejected)}


def _told(rejected: Rejected) -> str:
    """Return the cause in words, with the parts of the request that are wrong where they are known."""
    if rejected.status == 400 and rejected.fields:
        return "; ".join(f"{field.name} {field.message}" for field in rejected.fields) + "."
    return rejected.message


def _chain(rejected: Rejected) -> list[tuple[str, str]]:
    """Return code and message of each error, the outermost first."""
    if rejected.kind == FAULT:
        # A rule may order codes that nobody knows yet, the outermost first, with `>` between them.
        usual = _OUTER.get(rejected.status, ("unknown", ""))[0]
        codes = [usual] if rejected.code == FAULT else rejected.code.split(">")
        return [(code.strip(), rejected.message) for code in codes]
    outer, message = _OUTER[rejected.status]
    if rejected.status in _NO_CLOSER:
        return [(outer, rejected.message)]
    code = _USUAL.get(rejected.code, rejected.code)
    if code == rejected.kind:
        return [(outer, rejected.message)]
    return [(outer, message), *([_BETWEEN[code]] if code in _BETWEEN else []), (code, _told(rejected))]


def _nested(chain: list[tuple[str, str]]) -> dict[str, Any]:
    (code, message), *closer = chain
    return {"code": code, "message": message} | ({"innerError": _nested(closer)} if closer else {})
