"""gzip (RFC 1952) and deflate (RFC 1950) a piece at a time, so that no bomb goes off at once."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""By content coding, as zlib names them: a window of 32 KiB, and 16 more for gzip's own head."""
PIECE_BYTES = 256 * 1024
"""About a millisecond's work."""


class InvalidContentEncoding(ValueError):
    """Bytes that are not what the content coding says."""


async def inflated(chunks: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """The body before it was coded, as it arrives; raises `InvalidContentEncoding`."""
    inflater = Inflater(coding)
    async for chunk in chunks:
        for piece in inflater.pieces(chunk):
            yield piece
            await asyncio.sleep(0)  # others want the event loop too
    inflater.finish()


class Inflater:
    """Takes the body as it arrives, gives it as it was; several gzip members are one body."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._stream = self._begin()
        self._empty = True

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What `data` adds; raises `InvalidContentEncoding`."""
        self._empty = self._empty and not data
        while data or not self._stream.eof:
            if self._stream.eof:
                if self._coding == "deflate":
                    raise InvalidContentEncoding(
                        "there are bytes after the end of the deflated body"
                    )
                self._stream = self._begin()
            try:
                piece = self._stream.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise InvalidContentEncoding(f"the body is not {self._coding}: {error}") from None
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if len(piece) < PIECE_BYTES and not self._stream.eof:
                return

    def finish(self) -> None:
        """Raise `InvalidContentEncoding` unless the body is whole."""
        if not (self._stream.eof or self._empty):
            raise InvalidContentEncoding(f"the body ends before its {self._coding} does")

    def _begin(self) -> "zlib._Decompress":
        return zlib.decompressobj(WINDOW_BITS[self._coding])
