"""A request through the emulator in process against httpx.MockTransport, sync and async."""

import asyncio
import json

import httpx

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.transport import EmulatorTransport, base_url

from .measure import Row, at_most, per_call

PARTICIPANT = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
PATH = f"/clients/client-1/participants/{PARTICIPANT}/status"


def rows() -> list[Row]:
    """Measure round trips.

    Returns:
        A row for the sync client and one for the async client.
    """
    emulator = Emulator([vendors.load("podium")])
    transport = EmulatorTransport(emulator.world("default"))
    base = base_url("podium")
    with httpx.Client(base_url=base, transport=transport) as client:
        token = client.post("/token", json={"apiKey": "assaykit-demo-key"}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.get(PATH, headers=headers).raise_for_status().content
    mock = httpx.MockTransport(
        lambda _: httpx.Response(200, content=answer, headers={"Content-Type": "application/json"})
    )
    ours = httpx.Client(base_url=base, transport=transport, headers=headers)
    peer = httpx.Client(base_url=base, transport=mock, headers=headers)
    sync = per_call(
        {"ours": lambda: json.loads(ours.get(PATH).content), "mock": lambda: json.loads(peer.get(PATH).content)}
    )
    loop = asyncio.new_event_loop()
    try:
        ours_async = httpx.AsyncClient(base_url=base, transport=transport, headers=headers)
        peer_async = httpx.AsyncClient(base_url=base, transport=mock, headers=headers)

        def batch(client: httpx.AsyncClient) -> None:
            loop.run_until_complete(_several(client))

        both = per_call({"ours": lambda: batch(ours_async), "mock": lambda: batch(peer_async)})
    finally:
        loop.close()
    return [
        at_most("emulator in process, sync", sync["ours"], sync["mock"], "MockTransport", 1.15),
        at_most("emulator in process, async", both["ours"] / _BATCH, both["mock"] / _BATCH, "MockTransport", 1.15),
    ]


_BATCH = 20


async def _several(client: httpx.AsyncClient) -> None:
    for _ in range(_BATCH):
        (await client.get(PATH)).json()
