"""Static files from memory: strong validators, gzip, and names that change with the content."""

import asyncio
import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.http.conditional_requests import conditional_response, etag
from service.http.scope import get_header

REVALIDATE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
"""For a name that no other content will ever have."""
MIN_COMPRESSED_BYTES = 500
DIGEST_CHARS = 16

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip may be sent (RFC 9110, 12.5.3); of `*` and weights only that of gzip counts."""
    for offer in accept_encoding.lower().split(","):
        coding, _, weight = offer.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False


@dataclass(frozen=True)
class StaticFile:
    """A file as it was when the process began to serve it."""

    content: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """Of the content, in hexadecimal."""
        return sha256(self.content).hexdigest()[:DIGEST_CHARS]

    @cached_property
    def gzipped(self) -> bytes | None:
        """The content in gzip; None where that saves nothing."""
        if not self.media_type.startswith(COMPRESSIBLE) or len(self.content) < MIN_COMPRESSED_BYTES:
            return None
        return gzip.compress(self.content, 9, mtime=0)

    async def response(
        self, scope: Scope, cache_control: str, headers: dict[str, str] | None = None
    ) -> Response:
        """All of the file, in the coding that the client takes, or 304; `Range` is ignored."""
        coded = None
        if accepts_gzip(get_header(scope["headers"], b"accept-encoding")):
            # The first time it takes as long as a hundred requests.
            compressed = "gzipped" in self.__dict__
            coded = self.gzipped if compressed else await asyncio.to_thread(lambda: self.gzipped)
        coding = {} if coded is None else {"Content-Encoding": "gzip"}
        response = conditional_response(
            etag(self.digest, "gzip" if coding else ""),
            get_header(scope["headers"], b"if-none-match") or None,
            lambda: Response(coded or self.content, media_type=self.media_type, headers=coding),
        )
        vary = {"Vary": "Accept-Encoding", "Cache-Control": cache_control}
        response.headers.update(vary | (headers or {}))
        return response


@cache
def files_below(directory: Path) -> dict[str, StaticFile]:
    """Every file of a directory by its relative path; nothing else can be asked for."""
    return {
        path.relative_to(directory).as_posix(): StaticFile(
            path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        )
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def digest_of(directory: Path) -> str:
    """A digest of all files and their names."""
    parts = (f"{name} {file.digest}\n" for name, file in files_below(directory).items())
    return sha256("".join(parts).encode()).hexdigest()[:DIGEST_CHARS]


class StaticFiles:
    """ASGI application: the files of a directory, to be mounted."""

    def __init__(self, directory: Path, cache_control: str = REVALIDATE) -> None:
        self._directory = directory
        self._cache_control = cache_control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one of them; raises the `HTTPException` 404 or 405."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        mounted = scope.get("root_path", "")
        name = scope["path"].removeprefix(mounted).removeprefix("/")
        file = files_below(self._directory).get(name)
        if file is None:
            raise HTTPException(404)
        response = await file.response(scope, self._cache_control)
        await response(scope, receive, send)
