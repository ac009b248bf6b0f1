"""Token files: shared between processes, private, never in the way."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assaykit.core.secrets import Secret
from assaykit.core.token_files import FileTokenStore
from assaykit.core.tokens import Token, TokenKey, token
from tests.core.support import API_KEY, Clock, Server, jwt

KEY = TokenKey("acme", "https://acme.example", Secret(API_KEY))
TOKEN = Token("t-1", 100.0, 3700.0, "r-1")


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    FileTokenStore(tmp_path).save(KEY, TOKEN)

    assert FileTokenStore(tmp_path).load(KEY) == TOKEN


def test_keys_differ_by_vendor_address_and_credential(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path)
    store.save(KEY, TOKEN)

    assert store.load(TokenKey("other", KEY.base_url, KEY.credential)) is None
    assert store.load(TokenKey("acme", "https://eu.acme.example", KEY.credential)) is None
    assert store.load(TokenKey("acme", KEY.base_url, Secret("another"))) is None


def test_files_are_private_and_named_without_the_secret(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    FileTokenStore(folder).save(KEY, TOKEN)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert API_KEY not in path.name
    assert API_KEY not in only_file(folder).read_text()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"text"',
        "{}",
        '{"format": 2}',
        json.dumps({"format": 1, "scheme": "Bearer", "value": 5, "obtained_at": 1, "expires_at": 2}),
        json.dumps({"format": 1, "scheme": "Bearer", "value": "t", "obtained_at": "x", "expires_at": 2}),
        json.dumps({"format": 1, "scheme": "Bearer", "value": "t", "obtained_at": 1, "expires_at": "x"}),
        json.dumps(
            {"format": 1, "scheme": "Bearer", "value": "t", "obtained_at": 1, "expires_at": 2, "refresh_value": 3}
        ),
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "[" * 100_000,
    ],
)
def test_damaged_file_counts_as_absent_and_is_replaced(tmp_path: Path, content: str) -> None:
    store = FileTokenStore(tmp_path)
    store.save(KEY, TOKEN)
    only_file(tmp_path).write_text(content)

    assert store.load(KEY) is None
    store.save(KEY, TOKEN)
    assert store.load(KEY) == TOKEN


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_file_that_others_can_read_counts_as_absent(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path)
    store.save(KEY, TOKEN)
    only_file(tmp_path).chmod(0o644)

    assert store.load(KEY) is None


def test_newer_token_of_another_process_is_not_overwritten(tmp_path: Path) -> None:
    newer = Token("t-2", 200.0, 3800.0)
    FileTokenStore(tmp_path).save(KEY, newer)
    FileTokenStore(tmp_path).save(KEY, TOKEN)

    assert FileTokenStore(tmp_path).load(KEY) == newer


def test_lock_that_stays_taken_is_an_oserror(tmp_path: Path) -> None:
    from filelock import FileLock

    store = FileTokenStore(tmp_path, lock_timeout=0.01)
    store.save(KEY, TOKEN)
    lock = only_file(tmp_path).with_suffix(".lock")
    with FileLock(lock), pytest.raises(OSError, match="lock"):
        store.save(KEY, TOKEN)


def test_no_temporary_file_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        FileTokenStore(tmp_path).save(KEY, TOKEN)

    assert not [path for path in tmp_path.iterdir() if path.suffix != ".lock"]


def test_default_folder_is_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert repr(FileTokenStore()) == f"FileTokenStore({str(tmp_path / 'assaykit')!r})"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert ".cache" in repr(FileTokenStore())


PROGRAM = """
import sys
from tests.core.support import Clock, Server
from assaykit.core.token_files import FileTokenStore
server = Server(Clock(float(sys.argv[2])))
server.valid.update(sys.argv[3:])
with server.client(token_store=FileTokenStore(sys.argv[1])) as api:
    api.things.get()
print(len(server.token_requests), *server.valid)
"""


def test_second_process_uses_the_first_ones_token(tmp_path: Path) -> None:
    def run(now: float, *valid: str) -> tuple[int, list[str]]:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(now), *valid]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        count, *tokens = done.stdout.split()
        return int(count), tokens

    fetched, tokens = run(1000.0)
    assert fetched == 1
    assert run(1001.0, *tokens)[0] == 0  # reused
    assert run(9000.0, *tokens)[0] == 1  # expired


def test_client_reads_back_what_it_kept(tmp_path: Path) -> None:
    server = Server(Clock())
    for _ in range(2):
        with server.client(token_store=FileTokenStore(tmp_path)) as api:
            api.things.get()

    assert len(server.token_requests) == 1


@pytest.mark.parametrize(
    ("value", "expires_at"),
    [
        ("opaque", 160.0),
        (jwt(exp=500.0), 500.0),
        (jwt(iat=400.0, exp=500.0), 200.0),
        (jwt(iat=400.0), 160.0),
        ("a.b", 160.0),
        ("a.b.c", 160.0),
        ("a.bnVsbA.c", 160.0),  # null
        ("eyJh.eyJleHAiOiAic29vbiJ9.c", 160.0),  # {"exp": "soon"}
        ("eyJh.eyJleHAiOiB0cnVlfQ.c", 160.0),  # {"exp": true}
        ("eyJh.eyJleHAiOiBOYU59.c", 160.0),  # {"exp": NaN}
        ("eyJh.eyJleHAiOiAxZTk5OX0.c", 160.0),  # {"exp": 1e999}
        ("eyJhbGciOiJIUzI1NiIsInR5scCI6IkpXVCJ9.eyJzdWIsiOiIxMjM0NTY3ODkswIiwib.SflKxwRJSMeKKF2QT4fsvwpMeJf", 160.0),
    ],
)
def test_expiry_is_the_tokens_own_where_it_has_one(value: str, expires_at: float) -> None:
    assert token(value, now=100.0, lifetime=60.0).expires_at == expires_at


def test_repr_shows_no_secret() -> None:
    assert "t-1" not in repr(TOKEN)
    assert "r-1" not in repr(TOKEN)
    assert API_KEY not in repr(KEY)
    assert API_KEY not in f"{KEY.credential}{KEY.credential!r}"
