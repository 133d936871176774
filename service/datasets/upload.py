"""The body of an upload: streamed to disk, then read by the reader of its media type."""

import codecs
import io
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TextIO

from service.datasets.readers.arrays_reader import Require, read_json, read_npz
from service.datasets.readers.csv_reader import ReadTable, read_csv
from service.datasets.readers.dialect import Dialect
from service.errors import BodyTooLong, UnsupportedMediaType
from service.http.content_encoding import WINDOW_BITS, inflated

MEMORY_BYTES = 2**20
"""Of an upload; what is longer goes to disk."""
ENCODINGS = ("utf-8", "utf-16", "iso8859-1", "cp1252", "ascii")


@dataclass(frozen=True)
class MediaType:
    """`text/csv; charset=utf-8` as its name and its charset."""

    name: str
    charset: str

    @staticmethod
    def parse(header: str) -> "MediaType":
        """Raise `UnsupportedMediaType` for another type than those of `READERS`, or charset."""
        name, *parameters = (part.strip() for part in header.lower().split(";"))
        charset = "utf-8"
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "charset":
                charset = value.strip().strip('"')
        try:
            encoding = codecs.lookup(charset).name
        except (LookupError, ValueError):
            encoding = ""
        if name not in READERS:
            raise UnsupportedMediaType(
                f"a data set is sent as {', '.join(READERS)}; "
                f"the Content-Type is {name[:80] or 'missing'}"
            )
        if encoding not in ENCODINGS:
            raise UnsupportedMediaType(
                f"the charset is {charset[:40]}; it may be {', '.join(ENCODINGS)}"
            )
        return MediaType(name, encoding)


class Upload:
    """A received body, in memory while it is short; `close` removes it."""

    def __init__(self, directory: Path, media_type: MediaType, max_bytes: int) -> None:
        self.media_type = media_type
        self.bytes = 0
        self._max_bytes = max_bytes
        self._digest = sha256()
        self._file = SpooledTemporaryFile(MEMORY_BYTES, dir=str(directory))  # noqa: SIM115

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return self._digest.hexdigest()

    async def receive(self, chunks: AsyncIterator[bytes], coding: str) -> None:
        """Write the body as it arrives, inflated.

        Raises `BodyTooLong`, `UnsupportedMediaType` for a content coding that is not known, and
        `InvalidContentEncoding`.
        """
        if coding != "identity" and coding not in WINDOW_BITS:
            raise UnsupportedMediaType(
                f"the body is encoded with {coding[:40]}; send it as it is, with gzip or deflate"
            )
        async for chunk in chunks if coding == "identity" else inflated(chunks, coding):
            self.bytes += len(chunk)
            if self.bytes > self._max_bytes:
                raise BodyTooLong(self._max_bytes)
            self._digest.update(chunk)
            self._file.write(chunk)

    def read(self, dialect: Dialect, require: Require) -> ReadTable:
        """The table in the body; raises `InvalidDataset`, `InvalidJson` and what `require` does."""
        return READERS[self.media_type.name](self, dialect, require)

    def whole(self) -> bytes:
        """The body in memory."""
        self._file.seek(0)
        return self._file.read()

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The body from its start, as text with plain line ends."""
        self._file.seek(0)
        charset = self.media_type.charset
        encoding = "utf-8-sig" if charset == "utf-8" else charset
        text = io.TextIOWrapper(self._file, encoding=encoding)
        try:
            yield text
        finally:
            text.detach()

    def close(self) -> None:
        """Remove the file."""
        self._file.close()


Reader = Callable[[Upload, Dialect, Require], ReadTable]


def _csv(upload: Upload, dialect: Dialect, require: Require) -> ReadTable:
    return read_csv(upload.text, dialect, require)


def _tsv(upload: Upload, dialect: Dialect, require: Require) -> ReadTable:
    return read_csv(upload.text, Dialect("\t", dialect.decimal, dialect.header), require)


def _json(upload: Upload, dialect: Dialect, require: Require) -> ReadTable:
    return read_json(upload.whole(), require)


def _npz(upload: Upload, dialect: Dialect, require: Require) -> ReadTable:
    return read_npz(upload.whole(), require)


CSV, TSV, JSON, NPZ = (
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/x-npz",
)
READERS: Mapping[str, Reader] = {CSV: _csv, TSV: _tsv, JSON: _json, NPZ: _npz}
"""By media type."""
IN_MEMORY = (JSON, NPZ)
"""Read as a whole, and held to the largest request body."""
