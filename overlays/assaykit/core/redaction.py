"""What may be logged. Names not listed here are treated as secrets."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

import httpx

from .secrets import HIDDEN

PLAIN_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "accept-ranges", "age", "allow", "cache-control", "connection",
        "content-disposition", "content-encoding", "content-language", "content-length", "content-range",
        "content-type", "date", "etag", "expires", "host", "if-range", "keep-alive", "last-modified", "range",
        "request-id", "retry-after", "server", "strict-transport-security", "transfer-encoding", "user-agent",
        "vary", "via", "www-authenticate", "x-amzn-requestid", "x-correlation-id", "x-ms-request-id",
        "x-ratelimit-limit", "x-ratelimit-remaining", "x-request-id",
    }
)  # fmt: skip
"""Headers whose values may be logged."""

PLAIN_FIELDS = frozenset(
    {
        "enddate", "expand", "fields", "format", "limit", "normid", "offset", "order", "page", "pagesize",
        "perpage", "reportid", "reportids", "roleprofileid", "skip", "sort", "startdate", "status", "testid",
        "top",
    }
)  # fmt: skip
"""Query parameters and body fields whose values may be logged, in lower case without punctuation.

Names of people, addresses and free text are not here: what is personal is not for logs either.
"""


def _is_plain_field(name: str) -> bool:
    return re.sub(r"[^a-z0-9]", "", name.lower()) in PLAIN_FIELDS


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers fit for a log: the values of names that are not known to be harmless are hidden."""
    return {name: value if name.lower() in PLAIN_HEADERS else HIDDEN for name, value in headers.items()}


def redact_fields(document: object) -> object:
    """A JSON document fit for a log: values are hidden unless their field's name is known to be harmless."""
    if isinstance(document, dict):
        return {
            name: value if _is_plain_field(name) and not isinstance(value, dict | list) else redact_fields(value)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [redact_fields(item) for item in document]
    return document if document is None or isinstance(document, bool) else HIDDEN


def redact_url(url: str | httpx.URL) -> str:
    """A URL fit for a log: no user name or password, no fragment, query values hidden unless harmless."""
    parts = urlsplit(str(url))
    network = parts.netloc.rpartition("@")[2]
    query = "&".join(
        f"{quote(name)}={quote(value) if _is_plain_field(name) else HIDDEN}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    return urlunsplit((parts.scheme, network, parts.path, query, ""))


_HEADER_PAIR = re.compile(r"""\(b(['"])(?P<name>[^'"]+)\1, b(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)""")


class RedactingFilter(logging.Filter):
    """Takes secrets out of the log lines that httpx and httpcore write about our vendors' hosts.

    httpx logs every URL whole at INFO, and httpcore every response header at DEBUG. Lines of httpx about hosts
    that nobody registered are left as they are: they belong to other users of httpx in the same process.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hosts: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def register(self, host: str) -> None:
        """Redact the lines about ``host`` from now on."""
        with self._lock:
            self._hosts |= {host.lower()}

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops one."""
        if isinstance(record.args, tuple) and record.args:
            record.args = tuple(
                redact_url(arg) if isinstance(arg, httpx.URL) and arg.host in self._hosts else arg
                for arg in record.args
            )
        elif record.name.startswith("httpcore") and isinstance(record.msg, str) and "(b" in record.msg:
            # Here the host is unknown: httpcore formats its line before it logs it.
            record.msg = _HEADER_PAIR.sub(_redact_pair, record.msg)
        return True


def _redact_pair(match: re.Match[str]) -> str:
    name = match["name"]
    return match[0] if name.lower() in PLAIN_HEADERS else f"(b'{name}', b'{HIDDEN}')"


_FILTER = RedactingFilter()
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


def redact_logs_about(host: str) -> None:
    """Keep secrets in requests to ``host`` out of httpx's own log lines, from now on in this process."""
    _FILTER.register(host)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)
