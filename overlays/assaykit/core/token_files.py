"""Tokens kept in files, so that the next process need not ask for one."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from .tokens import Token, TokenKey

_FORMAT = 1


class FileTokenStore:
    """Keeps each token in a file that only its owner can read (mode 0600), shared between processes.

    A file is replaced as a whole, so a reader sees the old token or the new one; a lock beside it orders the
    writers. A file that is damaged, or that others could have read or written, counts as absent.

    Args:
        folder: Where the files are; made with mode 0700 if absent. Default: ``assaykit`` in the user's cache
            folder (``XDG_CACHE_HOME`` or ``~/.cache``).
        lock_timeout: Seconds to wait for another process that is writing.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, lock_timeout: float = 10.0) -> None:
        self._folder = Path(folder).expanduser() if folder is not None else _user_cache() / "assaykit"
        self._lock_timeout = lock_timeout
        self._names: dict[TokenKey, str] = {}  # the fingerprint is slow on purpose

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self._folder)!r})"

    def load(self, key: TokenKey) -> Token | None:
        """The token kept under ``key``, or None."""
        return _read(self._path(key))

    def save(self, key: TokenKey, token: Token) -> None:
        """Keep ``token`` under ``key`` unless another process has meanwhile kept one that lives longer.

        Raises:
            OSError: The folder cannot be written, or the lock was not free in time.
        """
        from filelock import FileLock

        path = self._path(key)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=self._lock_timeout, mode=0o600):
            kept = _read(path)
            if kept is None or kept.obtained_at <= token.obtained_at:
                _replace(path, token)

    def _path(self, key: TokenKey) -> Path:
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = key.fingerprint()
        return self._folder / f"{name}.json"


def _user_cache() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME")
    return Path(folder) if folder else Path.home() / ".cache"


def _read(path: Path) -> Token | None:
    try:
        with path.open(encoding="utf-8") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                return None
            return _token_of(json.load(file))
    except (OSError, ValueError, RecursionError):
        return None


def _token_of(document: object) -> Token | None:
    """Read the file's content; None for anything that this version would not have written."""
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        return None
    value, scheme = document.get("value"), document.get("scheme")
    obtained_at, expires_at = document.get("obtained_at"), document.get("expires_at")
    refresh_value = document.get("refresh_value")
    if not (isinstance(value, str) and value and isinstance(scheme, str)):
        return None
    if not isinstance(obtained_at, int | float) or not isinstance(expires_at, int | float | None):
        return None
    if not isinstance(refresh_value, str | None):
        return None
    return Token(value, obtained_at, expires_at, refresh_value, scheme)


def _replace(path: Path, token: Token) -> None:
    document = {
        "format": _FORMAT,
        "scheme": token.scheme,
        "value": token.value,
        "obtained_at": token.obtained_at,
        "expires_at": token.expires_at,
        "refresh_value": token.refresh_value,
    }
    # Under the lock this process is the only writer; the file's own mode keeps the text private from birth.
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
