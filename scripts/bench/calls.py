"""A typed call against raw httpx and json, and against the stock generator's client, through one mock transport."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from assaykit.podium import Podium
from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.generate import build

from .measure import Row, at_most, per_call

SPEC = Path(__file__).with_name("specs") / "records"
BASE = "http://127.0.0.1:9"
SMALL = {"id": "record-1", "name": "Ada Sample", "score": 18}


def rows(work: Path) -> list[Row]:
    """Measure calls.

    Args:
        work: folder for the generated packages.

    Returns:
        Rows for a small object and for a page of 100 records of 20 fields, and for the whole Podium client.
    """
    ours, stock = _packages(work)
    answers = {f"{BASE}/records/record-1": _bytes(SMALL), f"{BASE}/records": _bytes(_page())}
    transport = httpx.MockTransport(lambda request: _json(answers[str(request.url)]))
    raw = httpx.Client(base_url=BASE, transport=transport)
    facade = ours.Facade(ours.ClientCaller(ours.Client(BASE, httpx_args={"transport": transport})))
    plain = stock.Client(BASE, httpx_args={"transport": transport}).__enter__()
    stock_get = importlib.import_module(f"{stock.__name__}.api.records.records_get")
    stock_list = importlib.import_module(f"{stock.__name__}.api.records.records_list")
    small = per_call(
        {
            "ours": lambda: facade.records.get("record-1"),
            "raw": lambda: raw.get("/records/record-1").json(),
            "stock": lambda: stock_get.sync("record-1", client=plain),
        }
    )
    page = per_call(
        {
            "ours": lambda: facade.records.list(),
            "raw": lambda: raw.get("/records").json(),
            "stock": lambda: stock_list.sync(client=plain),
        }
    )
    whole = per_call(_podium_contenders())
    return [
        at_most("typed call, small object", small["ours"], small["raw"], "raw httpx", 1.3),
        at_most("typed call, small object", small["ours"], small["stock"], "stock client", 1.0),
        at_most("typed call, page of 100 x 20", page["ours"], page["raw"], "raw httpx", 2.0),
        at_most("typed call, page of 100 x 20", page["ours"], page["stock"], "stock client", 0.8),
        at_most("Podium client, token and retries", whole["ours"], whole["raw"], "raw httpx", 1.3),
    ]


def _podium_contenders() -> dict[str, Callable[[], object]]:
    answers = {"/token": _bytes({"token": "header.payload.signature"})}
    credits = _bytes({"creditTotal": 100})
    transport = httpx.MockTransport(lambda request: _json(answers.get(request.url.path, credits)))
    api = Podium(api_key="bench", base_url=BASE, transport=transport)
    raw = httpx.Client(base_url=BASE, transport=transport, headers={"Authorization": "Bearer token"})
    return {
        "ours": lambda: api.credits.get("client-1"),
        "raw": lambda: raw.get("/clients/client-1/credits").json(),
    }


def _packages(work: Path) -> tuple[Any, Any]:
    work.mkdir(parents=True, exist_ok=True)
    source = bundle(SPEC).to_json()
    stamp = work / "records.json"
    if not stamp.exists() or stamp.read_text("utf-8") != source:
        for stale in (work / "records_client", work / "stock_client"):
            subprocess.run(["rm", "-rf", str(stale)], check=True)
        build("records", SPEC, work / "records_client")
        stamp.write_text(source, "utf-8")
        command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(stamp)]
        command += ["--meta", "none", "--output-path", str(work / "stock_client")]
        subprocess.run(command, check=True, capture_output=True)
    sys.path.insert(0, str(work))
    ours, stock = importlib.import_module("records_client"), importlib.import_module("stock_client")
    return ours, stock


def _page() -> dict[str, Any]:
    record = {
        "firstName": "Ada",
        "lastName": "Sample",
        "email": "ada.sample@example.com",
        "phone": "+44 20 7946 0000",
        "city": "London",
        "country": "GB",
        "stage": "invited",
        "source": "website",
        "jobId": 10,
        "score": 18.5,
        "rank": 3,
        "createdAt": "2026-01-05T09:30:00Z",
        "updatedAt": "2026-02-05T09:30:00Z",
        "archived": False,
        "notes": None,
        "language": "EN",
        "attempts": 1,
        "percentile": 99,
        "externalId": "x-1",
    }
    return {"items": [{"id": f"record-{number}", **record} for number in range(100)], "total": 100}


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def _json(body: bytes) -> httpx.Response:
    return httpx.Response(200, content=body, headers={"Content-Type": "application/json"})
