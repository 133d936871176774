"""CSV files as tables, a piece at a time.

Pieces of numbers alone are read by simdjson (see `number_lines`), others by NumPy's `loadtxt`;
where that refuses a piece, the `csv` module of the standard library finds the line, or the column
that holds texts. Measured with 10⁶ rows of 10 numbers, seconds of processor time and memory:
simdjson 1.0 s, loadtxt 1.9 s and 116 MB, `csv` with `float` 6.2 s, pandas 2.0 s and 387 MB with
1.2 s of them its import, Polars 1.1 s and 236 MB on two cores. pandas and Polars would add 46 and
175 MB to the installation. `benchmarks/csv_upload.py` measures the reader.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from typing import TextIO

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import counted
from core.tables.column import Column
from core.tables.table import Table
from service.datasets.errors import InvalidDataset, line_place
from service.datasets.readers.columns import TextColumn, is_missing, numbers_in
from service.datasets.readers.dialect import MAX_SNIFFED_ROWS, Dialect, sniff
from service.datasets.readers.number_lines import read_numbers

OpenText = Callable[[], AbstractContextManager[TextIO]]
"""Opens the file at its start."""

PIECE_CHARACTERS = 2**19
"""About ten milliseconds of work, in which no other thread runs."""
MAX_QUOTED_CHARACTERS = 2**22
MAX_COLUMNS = 10_000
MAX_NAME = 200
NUMERIC_SHARE = 0.8
"""Share of numbers in a category column from which its first other text is reported."""


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table with the dialect it was written in and what is odd about it."""

    table: Table
    dialect: Dialect | None = None
    warnings: tuple[str, ...] = ()


@dataclass
class _Piece:
    """Whole lines of the file, the first of them line `first`."""

    first: int
    lines: list[str]

    def rows(self, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
        """The fields of each row with the number of its first line."""
        reader = csv.reader(self.lines, delimiter=dialect.delimiter or ",")
        line = self.first
        for row in reader:
            if row:
                yield line, row
            line = self.first + reader.line_num


@dataclass
class _Reading:
    """One pass over the file: the columns in `text` are read as texts from the start."""

    dialect: Dialect
    names: tuple[str, ...]
    text: set[int]
    as_text: set[int] = field(default_factory=set)
    """Columns whose pieces come as texts; numbers with gaps among them."""
    late: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Columns of numbers in which a text was met: its line, and the text."""


def read_csv(open_file: OpenText, given: Dialect, require: Callable[[int, int], None]) -> ReadTable:
    """Read the file that `open_file` opens from its start, each time it is called.

    `require(rows, columns)` raises where a table may not be as large. Raises `InvalidDataset` with
    line and column.
    """
    with open_file() as file:
        head = list(chain.from_iterable(piece.lines for piece in _first(_pieces(file))))
    dialect = sniff(head, given)
    names = _names(head, dialect)
    require(0, len(names))
    text = _text_columns(head, dialect, len(names))
    reading = _Reading(dialect, names, text)
    columns = _read(open_file, reading, require)
    if reading.late:  # the texts of earlier rows are gone: once more
        del columns
        columns = _read(open_file, _Reading(dialect, names, text | set(reading.late)), require)
    return _table(columns, reading, dialect)


def _first(pieces: Iterator[_Piece]) -> list[_Piece]:
    piece = next(pieces, None)
    if piece is None or not any(line.strip() for line in piece.lines):
        raise InvalidDataset("the file is empty", line_place(1))
    return [piece]


def _pieces(file: TextIO) -> Iterator[_Piece]:
    line = 1
    while True:
        try:
            lines = file.readlines(PIECE_CHARACTERS)
            _close_quotes(lines, line, file)
        except UnicodeDecodeError as error:
            raise InvalidDataset(
                f"after line {line} something is not {error.encoding}: send the file in UTF-8, or "
                "name its encoding as in Content-Type: text/csv; charset=windows-1252",
                line_place(line),
            ) from None
        if not lines:
            return
        yield _Piece(line, lines)
        line += len(lines)


def _close_quotes(lines: list[str], first: int, file: TextIO) -> None:
    """Append lines until every quote is closed: a line break within quotes ends no row."""
    is_open = "".join(lines).count('"') % 2
    length = 0
    while is_open and (more := file.readline()):
        lines.append(more)
        length += len(more)
        is_open ^= more.count('"') % 2
        if length > MAX_QUOTED_CHARACTERS:
            raise InvalidDataset(
                f"a quote that opens after line {first} is not closed within "
                f"{MAX_QUOTED_CHARACTERS:,} characters",
                line_place(first),
            )


def _names(head: Sequence[str], dialect: Dialect) -> tuple[str, ...]:
    """The header, or x1, x2, …; raises `InvalidDataset`."""
    first = next(iter(dialect.rows(head)))
    if len(first) > MAX_COLUMNS:
        raise InvalidDataset(f"{len(first):,} columns; at most {MAX_COLUMNS:,} are allowed")
    if not dialect.header:
        return tuple(f"x{number}" for number in range(1, len(first) + 1))
    names = [cell.strip() or f"column {number}" for number, cell in enumerate(first, start=1)]
    for number, name in enumerate(names, start=1):
        if len(name) > MAX_NAME or not name.isprintable():
            raise InvalidDataset(
                f"the name of column {number} is longer than {MAX_NAME} characters, or has "
                "characters that cannot be printed",
                line_place(1, number),
            )
        if name in names[: number - 1]:
            earlier = names.index(name) + 1
            raise InvalidDataset(
                f"columns {earlier} and {number} are both called {name!r}", line_place(1, number)
            )
    return tuple(names)


def _text_columns(head: Sequence[str], dialect: Dialect, width: int) -> set[int]:
    """Columns without a number in the first rows."""
    rows = dialect.rows(head[:MAX_SNIFFED_ROWS])[int(bool(dialect.header)) :]
    found = set()
    for place in range(width):
        cells = [row[place] for row in rows if len(row) > place and not is_missing(row[place])]
        if cells and all(numbers_in([cell], dialect.decimal or ".") is None for cell in cells):
            found.add(place)
    return found


def _read(
    open_file: OpenText, reading: _Reading, require: Callable[[int, int], None]
) -> list[tuple[Column, Float64[Array, " rows"]]]:
    texts = {place: TextColumn() for place in range(len(reading.names))}
    numbers: dict[int, list[Array]] = {place: [] for place in texts}
    rows, skip = 0, bool(reading.dialect.header)
    reading.as_text |= reading.text
    with open_file() as file:
        for piece in _pieces(file):
            if skip:
                piece, skip = _without_header(piece), False
            columns = _columns(piece, reading)
            rows += len(columns[0]) if columns else 0
            require(rows, len(reading.names))
            for place, values in enumerate(columns):
                if place in reading.text:
                    texts[place].add(values)
                elif place in reading.late:
                    continue
                else:
                    found = _as_numbers(values, reading.dialect)
                    if found is None:
                        reading.late[place] = _first_text(piece, place, reading.dialect)
                        numbers[place] = []
                    else:
                        _require_finite(found, piece, place, reading)
                        numbers[place].append(found)
    if not rows:
        raise InvalidDataset("there are no rows below the header", line_place(2))
    return [
        texts[place].finish(name)
        if place in reading.text
        else (Column(name), np.concatenate([*numbers[place], np.empty(0)]))
        for place, name in enumerate(reading.names)
    ]


def _without_header(piece: _Piece) -> _Piece:
    reader = csv.reader(piece.lines)
    while not next(reader):
        pass
    return _Piece(piece.first + reader.line_num, piece.lines[reader.line_num :])


def _columns(piece: _Piece, reading: _Reading) -> list[Sequence[str] | Array]:
    """Each column of the piece, as numbers where it can be, else as texts."""
    if not any(line.strip() for line in piece.lines):
        return []
    dialect, as_text = reading.dialect, reading.as_text
    lines = piece.lines
    if not as_text:
        numbers = read_numbers(
            lines, len(reading.names), dialect.delimiter or ",", dialect.decimal or "."
        )
        if numbers is not None:
            return list(numbers.T)
    if dialect.decimal == ",":
        if dialect.delimiter != "," and not as_text:
            lines = [line.replace(",", ".") for line in lines]
        else:
            as_text = set(range(len(reading.names)))
    kinds = [
        (f"{place}", object if place in as_text else np.float64)
        for place in range(len(reading.names))
    ]
    try:
        found = np.loadtxt(
            lines,
            dtype=np.dtype(kinds),
            delimiter=dialect.delimiter,
            quotechar='"',
            comments=None,
            ndmin=1,
        )
    except ValueError:
        return _columns_slowly(piece, reading)
    return [
        found[name].tolist() if found[name].dtype == object else found[name] for name, _ in kinds
    ]


def _columns_slowly(piece: _Piece, reading: _Reading) -> list[Sequence[str] | Array]:
    width = len(reading.names)
    rows = []
    for line, row in piece.rows(reading.dialect):
        if len(row) != width:
            quoted = any("\n" in text for text in row)
            advice = "; is a quote there that is not closed?" if quoted else ""
            raise InvalidDataset(
                f"line {line} has {counted(len(row), 'field')}, "
                f"but there {'is 1 column' if width == 1 else f'are {width} columns'}{advice}",
                line_place(line, min(len(row), width)),
            )
        rows.append(row)
    columns = [list(column) for column in zip(*rows, strict=True)]
    reading.as_text |= {
        place for place, texts in enumerate(columns) if any(map(_is_not_plain, texts))
    }
    return list(columns)


def _is_not_plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return True
    return False


def _as_numbers(values: Sequence[str] | Array, dialect: Dialect) -> Array | None:
    if isinstance(values, np.ndarray):
        return values
    return numbers_in(values, dialect.decimal or ".")


def _first_text(piece: _Piece, place: int, dialect: Dialect) -> tuple[int, str]:
    for line, row in piece.rows(dialect):
        if numbers_in([row[place]], dialect.decimal or ".") is None:
            return line, row[place].strip()
    raise AssertionError("one of the texts is not a number")


def _require_finite(values: Array, piece: _Piece, place: int, reading: _Reading) -> None:
    infinite = np.isinf(values)
    if infinite.any():
        row = int(np.argmax(infinite))
        line, fields = list(piece.rows(reading.dialect))[row]
        raise InvalidDataset(
            f"line {line}, column {reading.names[place]!r}: {fields[place].strip()[:40]} is not a "
            "finite number",
            line_place(line, place + 1),
        )


def _table(
    columns: Sequence[tuple[Column, Array]], reading: _Reading, dialect: Dialect
) -> ReadTable:
    kept, warnings = [], []
    for place, (column, values) in enumerate(columns):
        unnamed = dialect.header and column.name == f"column {place + 1}"
        if unnamed and np.isnan(values).all():
            continue  # every line ends with a delimiter
        kept.append((column, values))
        if place in reading.late and column.kind == "category":
            warnings += _mixed(column, values, *reading.late[place])
    table = Table(tuple(column for column, _ in kept), np.column_stack([v for _, v in kept]))
    return ReadTable(table, dialect, tuple(warnings))


def _mixed(column: Column, values: Array, line: int, text: str) -> list[str]:
    """Say so where a column of numbers has become one of texts by a few of them."""
    numeric = np.array([numbers_in([category]) is not None for category in column.categories])
    present = values[~np.isnan(values)].astype(np.intp)
    count = int(np.count_nonzero(numeric[present]))
    if count < NUMERIC_SHARE * len(present) or is_missing(text):
        return []
    return [
        f"column {column.name!r} is a category, because line {line} has {text[:40]!r}; "
        f"{count:,} of its {len(present):,} values are numbers"
    ]
