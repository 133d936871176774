"""Exercise sheets as files: a ZIP of documents with the keys at the end, a question bank."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from starlette.responses import Response

from core.solutions.exercises.handout import Handout
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex
from core.solutions.renderers.moodle import moodle_xml
from service.representations.documents import VARY
from service.representations.represent import Representation, Representations

ZIP, MOODLE = "application/zip", "application/vnd.moodle+xml"


def as_files(sheets: Callable[[], list[Handout]], operations: float) -> Representations:
    """A ZIP of LaTeX and HTML documents, and Moodle XML."""
    writers: dict[str, Callable[[list[Handout]], bytes]] = {
        ZIP: _zipped,
        MOODLE: lambda made: moodle_xml(made).encode(),
    }
    return {
        media_type: Representation(_responding(write, sheets, media_type), operations)
        for media_type, write in writers.items()
    }


def _responding(
    write: Callable[[list[Handout]], bytes], sheets: Callable[[], list[Handout]], media_type: str
) -> Callable[[], Response]:
    return lambda: Response(write(sheets()), media_type=media_type, headers=VARY)


def _zipped(sheets: list[Handout]) -> bytes:
    """Every sheet as sheets/CODE, then every key as keys/CODE."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for folder in ("sheets", "keys"):
            for sheet in sheets:
                document = sheet.document(with_key=False) if folder == "sheets" else sheet.key
                for ending, write in (("tex", latex), ("html", html)):
                    # A fixed date, so that the same request gives the same bytes.
                    name = ZipInfo(f"{folder}/{sheet.code}.{ending}", (1980, 1, 1, 0, 0, 0))
                    archive.writestr(name, write(document), ZIP_DEFLATED)
    return packed.getvalue()
