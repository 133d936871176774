"""The file of API keys: one line for each, read again when it has changed."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from service.auth.api_keys import StoredKey, id_of, new_key

_NO_KEY = StoredKey("", "0" * 64, "none")
"""The hash of no key: comparing with it takes as long as with the hash of a key."""


class KeyFile:
    """The keys in the file at `path`. Reading raises `OSError` and `ValueError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: Mapping[str, StoredKey] = {}

    def holder(self, presented: str) -> str | None:
        """The name of the key's owner; None for an unknown key."""
        self._refresh()
        key = self._keys.get(id_of(presented), _NO_KEY)
        return key.name if key.matches(presented) else None

    def entries(self) -> list[StoredKey]:
        """Return the keys in the order of the file."""
        return list(self._read().values())

    def add(self, name: str) -> str:
        """Create a key for that name and return it; raises `ValueError` if the name has one."""
        keys = self._read() if self._path.exists() else {}
        if any(key.name == name for key in keys.values()):
            raise ValueError(f"{name} already has a key; revoke it first")
        key, stored = new_key(name)
        self._write([*keys.values(), stored])
        return key

    def revoke(self, name: str) -> None:
        """Delete the key of that name, which is refused from now on.

        Raises `ValueError` if it has none.
        """
        keys = self._read()
        kept = [key for key in keys.values() if key.name != name]
        if len(kept) == len(keys):
            raise ValueError(f"{name} has no key")
        self._write(kept)

    def _refresh(self) -> None:
        state = self._path.stat()
        seen = (state.st_mtime_ns, state.st_ino, state.st_size)
        if seen != self._seen:
            self._keys = self._read()
            self._seen = seen

    def _read(self) -> Mapping[str, StoredKey]:
        lines = self._path.read_text("utf-8").splitlines()
        keys = [StoredKey.read(line) for line in lines if line.strip()]
        return {key.id: key for key in keys}

    def _write(self, keys: list[StoredKey]) -> None:
        """Replace the file atomically, readable by its owner only."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._path.parent, delete=False) as file:
            file.write("".join(f"{key.line}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        if self._path.exists():
            keep = self._path.stat()
            os.chmod(file.name, keep.st_mode)
            os.chown(file.name, keep.st_uid, keep.st_gid)
        os.replace(file.name, self._path)
