"""API keys: a public id, a secret, and a file that has only the hash.

A key has 256 random bits, so an unsalted, fast hash (SHA-256) is enough.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

PREFIX = "chainrule"
ID_BYTES, SECRET_BYTES = 6, 32


@dataclass(frozen=True)
class StoredKey:
    """What is stored of a key: a line of the file."""

    id: str
    digest: str
    name: str

    @property
    def line(self) -> str:
        """Id, hash and name."""
        return f"{self.id} {self.digest} {self.name}"

    @staticmethod
    def read(line: str) -> "StoredKey":
        """Parse a line of the key file; raises `ValueError`."""
        key_id, digest, name = line.split(maxsplit=2)
        if len(bytes.fromhex(digest)) != sha256().digest_size:
            raise ValueError(f"{digest!r} is not a SHA-256 hash")
        return StoredKey(key_id, digest, require_name(name))

    def matches(self, presented: str) -> bool:
        """Whether this is the key; compares in constant time."""
        return compare_digest(self.digest, _digest(presented))


def new_key(name: str) -> tuple[str, StoredKey]:
    """Create a key for this name, and its line for the file.

    Raises `ValueError` for an invalid name.
    """
    key_id = secrets.token_hex(ID_BYTES)
    key = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    return key, StoredKey(key_id, _digest(key), require_name(name))


def id_of(key: str) -> str:
    """The public part of a key, empty for text of another form."""
    parts = key.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX else ""


def require_name(name: str) -> str:
    """Raise `ValueError` for a name that does not fit into the file or a database column."""
    if not (name.isprintable() and name.strip() == name and 0 < len(name) <= 64):
        raise ValueError("a name has 1 to 64 printable characters, and no space around them")
    return name


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
