"""A class set as a ZIP of documents: every sheet, then every key."""

from collections.abc import Sequence

from core.solutions.exercises.formats.archive import zipped
from core.solutions.exercises.handout import Sheet
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex

_WRITERS = {"tex": latex, "html": html}


def documents_zip(sheets: Sequence[Sheet]) -> bytes:
    """Every sheet as sheets/CODE, then every key as keys/CODE, in LaTeX and HTML."""
    documents = [(f"sheets/{sheet.code}", sheet.document(with_key=False)) for sheet in sheets]
    documents += [(f"keys/{sheet.code}", sheet.key) for sheet in sheets]
    return zipped(
        (f"{name}.{ending}", write(document))
        for name, document in documents
        for ending, write in _WRITERS.items()
    )
