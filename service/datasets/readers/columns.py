"""Columns under construction: pieces of a file become numbers, categories or booleans."""

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.tables.column import Column
from service.datasets.readers.dialect import MISSING


def numbers_in(texts: Sequence[str], decimal: str = ".") -> Float64[Array, " n"] | None:
    """Numbers of a piece of a column, NaN where one is missing; None where one is not a number.

    An infinite number stays infinite.
    """
    joined = "\n".join(texts)
    if "_" in joined or not joined.isascii():  # 1_000 and ١ are numbers to Python only
        return None
    if decimal == ",":
        if "." in joined:
            return None
        texts = joined.replace(",", ".").split("\n")
    try:
        return np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        pass
    try:
        return np.array([np.nan if is_missing(text) else float(text) for text in texts])
    except ValueError:
        return None


def is_missing(text: str) -> bool:
    """Whether a field stands for a missing value."""
    return text.strip().lower() in MISSING


class TextColumn:
    """The texts of a column, each kept once, and its index in every row."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._pieces: list[Array] = []

    def add(self, texts: Iterable[str]) -> None:
        """Append the next rows."""
        codes = self._codes
        piece = [codes.setdefault(text, len(codes)) for text in texts]
        self._pieces.append(np.array(piece, np.int32))

    def finish(self, name: str) -> tuple[Column, Float64[Array, " rows"]]:
        """Give the column of sorted categories, or of true and false, and its values."""
        texts = [text.strip() for text in self._codes]
        missing = [is_missing(text) for text in texts]
        present = sorted({text for text, gone in zip(texts, missing, strict=True) if not gone})
        is_boolean = len(present) > 0 and {text.lower() for text in present} <= {"true", "false"}
        if is_boolean:
            column = Column(name, "boolean")
            place = {text: float(text.lower() == "true") for text in present}
        else:
            column = Column(name, "category", tuple(present))
            place = {text: float(number) for number, text in enumerate(present)}
        values = np.array(
            [np.nan if gone else place[text] for text, gone in zip(texts, missing, strict=True)]
        )
        codes = np.concatenate(self._pieces) if self._pieces else np.empty(0, np.int32)
        return column, values[codes] if len(values) else np.empty(0)
