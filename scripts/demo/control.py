"""The emulator's control interface over HTTP, as any program in any language would use it."""

from typing import Any

import httpx


class Control:
    """Controls the default world of a served emulator for one vendor.

    Args:
        server: where the emulator is served, for example `http://127.0.0.1:8080`.
        vendor: the vendor's name.
    """

    def __init__(self, server: str, vendor: str) -> None:
        self._vendor = vendor
        self._http = httpx.Client(base_url=f"{server}/_emulator/worlds/default", trust_env=False)

    def act(self, action: str, **arguments: Any) -> Any:
        """Make something happen outside of the vendor's API, such as a candidate completing a test."""
        return self._post(f"/{self._vendor}/{action}", arguments)

    def advance(self, **units: float) -> None:
        """Move the clock on by days, hours, minutes, seconds."""
        self._post("/clock", {"advance": units})

    def subscribe(self, url: str, *events: str, **options: Any) -> None:
        """Have the vendor's webhooks posted to a URL."""
        body = {"vendor": self._vendor, "events": list(events), "url": url, "options": options}
        self._post("/webhooks/subscriptions", body)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _post(self, path: str, body: Any) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()
