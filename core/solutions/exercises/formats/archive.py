"""ZIP files that are the same for the same content."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file, so that the same request gives the same bytes."""


def zipped(files: Iterable[tuple[str, str]]) -> bytes:
    """A ZIP of (name, text), in order."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(ZipInfo(name, _DATE), text, ZIP_DEFLATED)
    return packed.getvalue()
