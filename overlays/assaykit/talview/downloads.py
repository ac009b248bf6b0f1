"""Files behind the addresses that Talview's objects hold: recordings, resumes, reports, pictures."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

import httpx

from assaykit.core import config
from assaykit.core.downloads import download, download_async
from assaykit.core.errors import ApiError, ConfigurationError
from assaykit.core.partial import Downloaded, Progress
from assaykit.core.redaction import redact_logs_about

if TYPE_CHECKING:
    from talview_client.operation import Operation

    from .client import AsyncTalview, Talview

_NAME: Final = "file_download"  # what errors and logs call a request that is no operation of Talview's interface
_REDIRECTS: Final = 5  # followed at most


class HasResource(Protocol):
    """An object that says where its file is."""

    @property
    def resource_url(self) -> Any:
        """Address of the file; unset or None where there is none."""


def download_file(
    api: Talview,
    file: HasResource | str,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download the file of an object into a file of ours, without holding it in memory.

    The token goes along only if the address is on the host of the interface; storage on other hosts, which has its
    permission in the address, gets neither token nor headers, also where the interface redirects to it. The file
    appears under its name only when it is complete and on disk. A download that breaks off is taken up again, where the
    host allows it at the same place.

    Args:
        api: The client.
        file: An object with ``resource_url``, such as ``api.files.get(…)``, or an address.
        path: The file to write; its folder must exist.
        progress: Called after each piece with the bytes on disk and the bytes expected, None if unknown.
        overwrite: Whether a file that is there already is replaced.

    Returns:
        Path, media type and size in bytes.

    Raises:
        ConfigurationError: There is no address, or it would be fetched without TLS.
        ApiError: The host refused, or did not answer.
        FileExistsError: The file is there and must not be replaced.
        OSError: The file cannot be written.

    Source:
        Talview API v4, "File", field resourceUrl
    """
    session = api.session
    place = _Place(session.base_url)
    begin = place.of(file)

    def ask(url: httpx.URL, headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        if place.is_ours(url):
            return session.caller.stream(*_with_token(url, headers))
        return session.caller.stream_anonymously(_NAME, _without_token(url, headers))

    @contextmanager
    def send(headers: dict[str, str]) -> Iterator[httpx.Response]:
        url, left = begin, _REDIRECTS
        while True:
            try:
                with ask(url, headers) as response:
                    yield response
                    return
            except ApiError as error:
                url, left = place.after(error, left), left - 1

    return download(
        send,
        path,
        failures=session.failures,
        operation=_NAME,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


async def download_file_async(
    api: AsyncTalview,
    file: HasResource | str,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Download the file of an object; see ``download_file``. Disk work does not block the event loop."""
    session = api.session
    place = _Place(session.base_url)
    begin = place.of(file)

    def ask(url: httpx.URL, headers: dict[str, str]) -> AbstractAsyncContextManager[httpx.Response]:
        if place.is_ours(url):
            return session.caller.stream(*_with_token(url, headers))
        return session.caller.stream_anonymously(_NAME, _without_token(url, headers))

    @asynccontextmanager
    async def send(headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        url, left = begin, _REDIRECTS
        while True:
            try:
                async with ask(url, headers) as response:
                    yield response
                    return
            except ApiError as error:
                url, left = place.after(error, left), left - 1

    return await download_async(
        send,
        path,
        failures=session.failures,
        operation=_NAME,
        sleep=session.sleep,
        max_retries=session.max_retries,
        progress=progress,
        overwrite=overwrite,
    )


class _Place:
    """Where files are, as seen from an interface.

    Args:
        base_url: The interface's address, as checked.
    """

    def __init__(self, base_url: str) -> None:
        self._base = httpx.URL(base_url)

    def of(self, file: HasResource | str) -> httpx.URL:
        """The address of a file.

        Raises:
            ConfigurationError: There is none, or it may not be fetched.
        """
        text = file if isinstance(file, str) else file.resource_url
        if not isinstance(text, str) or not text:
            raise ConfigurationError("file", "has no address", "read the object again later; it may still be stored")
        try:
            return self._checked(self._base.join(text))
        except (httpx.InvalidURL, ConfigurationError) as error:
            problem = error.problem if isinstance(error, ConfigurationError) else "has an address that is no URL"
        # Outside the except: the cause holds the address, and that a permission.
        raise ConfigurationError("file", problem, "give an object with resource_url, or an https address")

    def after(self, error: ApiError, left: int) -> httpx.URL:
        """The address that an answer redirects to.

        Args:
            error: What was made of the answer.
            left: Redirects that may still be followed.

        Raises:
            ApiError: ``error`` itself, if it is of another kind or the address may not be fetched.
        """
        response = error.response
        if response is None or not response.has_redirect_location or left < 1:
            raise error
        try:
            return self._checked(response.url.join(response.headers["Location"]))
        except (httpx.InvalidURL, ConfigurationError):
            raise error from None

    def is_ours(self, url: httpx.URL) -> bool:
        """Whether an address is on the host of the interface, so that the token may go there."""
        return (url.scheme, url.host, url.port) == (self._base.scheme, self._base.host, self._base.port)

    def _checked(self, url: httpx.URL) -> httpx.URL:
        """An address that may be fetched and will not be logged."""
        url = url.copy_with(fragment=None)
        if not self.is_ours(url):
            trusted = self._base.host if self._base.scheme == "http" else ()
            config.base_url(str(url.copy_with(query=None)), trusted)
            redact_logs_about(url.host)
        return url


def _with_token(url: httpx.URL, headers: dict[str, str]) -> tuple[Operation, dict[str, Any]]:
    from talview_client.operation import Operation

    operation = Operation(
        id=_NAME,
        tag="files",
        name="download",
        method="GET",
        path=url.path,
        idempotent=True,
        secured=True,
        success=(200, 206),
    )
    return operation, {"method": "GET", "url": url, "headers": headers, "extensions": {"operation": _NAME}}


def _without_token(url: httpx.URL, headers: dict[str, str]) -> httpx.Request:
    return httpx.Request("GET", url, headers={"User-Agent": config.user_agent(), **headers})
