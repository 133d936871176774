"""The dialect of a CSV file: delimiter, decimal mark and header, from its first lines."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

DELIMITERS = (",", ";", "\t", "|")
MAX_SNIFFED_ROWS = 200

_NUMBER = re.compile(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*")
_WITH_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*")
_WITH_POINT = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*")

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
"""Texts that stand for a missing value, in any case."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written; None is found out from its first lines."""

    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None

    def rows(self, lines: Sequence[str]) -> list[list[str]]:
        """Split lines into fields; blank lines are left out."""
        reader = csv.reader(lines, delimiter=self.delimiter or ",")
        return [row for row in reader if row]


def sniff(lines: Sequence[str], given: Dialect) -> Dialect:
    """Complete the dialect by the first lines of the file, which are whole."""
    lines = lines[:MAX_SNIFFED_ROWS]
    delimiter = given.delimiter or max(DELIMITERS, key=lambda mark: _consistency(lines, mark))
    dialect = replace(given, delimiter=delimiter)
    rows = dialect.rows(lines)
    if dialect.decimal is None:
        dialect = replace(dialect, decimal=_decimal(rows))
    if dialect.header is None:
        dialect = replace(dialect, header=_has_header(rows))
    return dialect


def _consistency(lines: Sequence[str], delimiter: str) -> tuple[float, float, int]:
    """The share of the lines with the most frequent width, that of numbers, and the width."""
    rows = Dialect(delimiter).rows(lines)
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0, 0.0, 0
    width, count = widths.most_common(1)[0]
    if width == 1:
        return 0.0, 0.0, 1
    cells = [cell for row in rows for cell in row]
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in cells)
    return count / widths.total(), numbers / len(cells), width


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    cells = [cell for row in rows for cell in row]
    commas = sum(_WITH_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum(_WITH_POINT.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """A header has a different name for each column, and none of them is a number."""
    if not rows:
        return False
    names = [cell.strip() for cell in rows[0]]
    if any(_NUMBER.fullmatch(name) for name in names):
        return False
    named = [name for name in names if name]
    return bool(named) and len(set(named)) == len(named) and len(rows) > 1
