"""Errors of data sets."""

from core.errors import MathematicalError, Place


class InvalidDataset(MathematicalError):
    """A file that is no table; the sentence names line and column, counted from 1."""


class StoredDatasetNotFound(Exception):
    """No data set has this identifier, or it was deleted."""

    def __init__(self, dataset_id: str) -> None:
        super().__init__(f"there is no data set {dataset_id!r}")


def line_place(line: int, column: int | None = None) -> Place:
    """Where in a text file something is wrong, as a JSON pointer writes it."""
    return ("line", line) if column is None else ("line", line, "column", column)
