"""Reports as files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import httpx

from assaykit.core import config
from assaykit.core.downloads import download, download_async
from assaykit.core.errors import ConfigurationError
from assaykit.core.partial import Downloaded, Progress
from assaykit.core.redaction import redact_logs_about

from .links import SecureLink

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from .client import AsyncPodium, Podium

_LINK = "secure_link_download"  # what errors and logs call a request that is no operation of Podium's interface


def download_report(
    api: Podium,
    client_id: str,
    report_queue_id: str,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download a generated report into a file, without holding it in memory.

    The file appears under its name only when it is complete and on disk; whatever fails before, nothing of it
    stays behind. A download that breaks off is taken up again, where Podium allows it at the same place.

    Args:
        api: The client.
        client_id: Id of the Podium client.
        report_queue_id: Id of the report in the queue.
        path: The file to write; its folder must exist.
        progress: Called after each piece with the bytes on disk and the bytes expected, None if unknown.
        overwrite: Whether a file that is there already is replaced.

    Returns:
        Path, media type (one document, or application/zip for several) and size in bytes.

    Raises:
        ApiError: For example Conflict while the report is not generated, or Gone a year later.
        FileExistsError: The file is there and must not be replaced.
        OSError: The file cannot be written.

    Source:
        Podium Developer API, "Download a Report"
    """
    from podium_client.api.reports import reports_download

    session = api.session
    request = reports_download._get_kwargs(client_id, report_queue_id)

    def send(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        return session.caller.stream(reports_download.OPERATION, {**request, "headers": headers})

    return download(
        send,
        path,
        failures=session.failures,
        operation=reports_download.OPERATION.id,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


async def download_report_async(
    api: AsyncPodium,
    client_id: str,
    report_queue_id: str,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download a generated report into a file; see ``download_report``. Disk work does not block the event loop."""
    from podium_client.api.reports import reports_download

    session = api.session
    request = reports_download._get_kwargs(client_id, report_queue_id)

    def send(headers: dict[str, str]) -> AbstractAsyncContextManager[httpx.Response]:
        return session.caller.stream(reports_download.OPERATION, {**request, "headers": headers})

    return await download_async(
        send,
        path,
        failures=session.failures,
        operation=reports_download.OPERATION.id,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


def download_secure_link(
    api: Podium,
    link: SecureLink,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download a report by its secure link. The link is the credential: neither token nor headers go with it.

    Args:
        api: The client, for its connections, retries and clock.
        link: What ``secure_report_link`` returned.
        path: The file to write; its folder must exist.
        progress: Called after each piece with the bytes on disk and the bytes expected, None if unknown.
        overwrite: Whether a file that is there already is replaced.

    Returns:
        Path, media type and size in bytes.

    Raises:
        ConfigurationError: The link has expired, or would be fetched without TLS.
        ApiError: The host of the link refused, or did not answer.
        FileExistsError: The file is there and must not be replaced.
        OSError: The file cannot be written.

    Source:
        Podium Developer API, "Getting a Secure Report Download Link"
    """
    session = api.session
    _check(link, session.base_url, session.clock())

    def send(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        return session.caller.stream_anonymously(_LINK, _request(link, headers))

    return download(
        send,
        path,
        failures=session.failures,
        operation=_LINK,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


async def download_secure_link_async(
    api: AsyncPodium,
    link: SecureLink,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download a report by its secure link; see ``download_secure_link``."""
    session = api.session
    _check(link, session.base_url, session.clock())

    def send(headers: dict[str, str]) -> AbstractAsyncContextManager[httpx.Response]:
        return session.caller.stream_anonymously(_LINK, _request(link, headers))

    return await download_async(
        send,
        path,
        failures=session.failures,
        operation=_LINK,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


def _check(link: SecureLink, base_url: str, now: float) -> None:
    """Refuse a link that cannot work, and keep the others out of the logs."""
    if link.is_expired(now):
        raise ConfigurationError("link", f"expired at {link.expires_at.isoformat()}", "ask for a new one")
    try:
        host = httpx.URL(link.url).host
        config.base_url(link.url.partition("?")[0], httpx.URL(base_url).host)
    except (httpx.InvalidURL, ConfigurationError) as error:
        problem = error.problem if isinstance(error, ConfigurationError) else "not a URL"
        raise ConfigurationError("link", problem, "ask for a new one") from None
    redact_logs_about(host)


def _request(link: SecureLink, headers: dict[str, str]) -> httpx.Request:
    return httpx.Request("GET", link.url, headers={"User-Agent": config.user_agent(), **headers})
