"""API keys: a public id, a secret, and a file that knows the hash alone.

A key has 256 bits of chance in it, so its SHA-256 says nothing about it, and need not be slow.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

PREFIX = "chainrule"
ID_BYTES, SECRET_BYTES = 6, 32


@dataclass(frozen=True)
class StoredKey:
    """What is kept of a key: a line of the file."""

    id: str
    digest: str
    name: str

    @property
    def line(self) -> str:
        """Id, hash and name."""
        return f"{self.id} {self.digest} {self.name}"

    @staticmethod
    def read(line: str) -> "StoredKey":
        """Raise `ValueError` for anything but a line of ours."""
        key_id, digest, name = line.split(maxsplit=2)
        if len(bytes.fromhex(digest)) != sha256().digest_size:
            raise ValueError(f"{digest!r} is no SHA-256")
        return StoredKey(key_id, digest, require_name(name))

    def matches(self, presented: str) -> bool:
        """Whether this is the key, in a time that does not tell how much of it is right."""
        return compare_digest(self.digest, _digest(presented))


def new_key(name: str) -> tuple[str, StoredKey]:
    """A key for the one with this name, and what is kept of it; raises `ValueError` for no name."""
    key_id = secrets.token_hex(ID_BYTES)
    key = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    return key, StoredKey(key_id, _digest(key), require_name(name))


def id_of(key: str) -> str:
    """The public part; of what is no key of ours, nothing."""
    parts = key.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX else ""


def require_name(name: str) -> str:
    """Raise `ValueError` unless it can stand in a line of the file and in a column of a table."""
    if not (name.isprintable() and name.strip() == name and 0 < len(name) <= 64):
        raise ValueError("a name has 1 to 64 printable characters, and no space around them")
    return name


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
