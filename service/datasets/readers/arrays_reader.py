"""JSON and `.npz` as tables: x and y, records, or an array for each column."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import MathematicalError, Place, counted
from core.tables.column import Column
from core.tables.table import Table
from service.datasets.errors import InvalidDataset
from service.datasets.readers.columns import TextColumn
from service.datasets.readers.csv_reader import MAX_COLUMNS, MAX_NAME, ReadTable
from service.serialization.json_parser import parse

DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for a damaged or encrypted archive."""

Require = Callable[[int, int], None]
Named = tuple[Column, Float64[Array, " rows"]]


def read_json(body: bytes, require: Require) -> ReadTable:
    """Read {"x", "y"}, {"columns": {name: values}}, {"records": [object, …]} or such an array.

    Raises `InvalidJson`, and `InvalidDataset` with the place of a wrong value.
    """
    value = parse(body)
    if isinstance(value, list):
        return _from_records(value, (), require)
    if isinstance(value, dict) and set(value) == {"records"}:
        return _from_records(value["records"], ("records",), require)
    if isinstance(value, dict) and set(value) == {"columns"}:
        return _from_columns(value["columns"], ("columns",), require)
    if isinstance(value, dict) and "x" in value and set(value) <= {"x", "y"}:
        return _from_columns(value, (), require)
    raise InvalidDataset(
        'a data set in JSON is {"x": …, "y": …}, {"columns": {name: values, …}}, '
        '{"records": [{name: value, …}, …]} or an array of such objects'
    )


def read_npz(body: bytes, require: Require) -> ReadTable:
    """Read the arrays of an `.npz` file; nothing in it is unpickled. Raises `InvalidDataset`."""
    arrays: dict[str, Array] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for entry in archive.infolist():
                name = entry.filename.removesuffix(".npy")
                with archive.open(entry) as file:
                    arrays[name] = _array(file, name, require)
    except MathematicalError:
        raise
    except DAMAGED as error:
        raise InvalidDataset(f"this is not an .npz file: {error}") from None
    if not arrays:
        raise InvalidDataset("the .npz file has no arrays")
    return _from_columns(arrays, (), require)


def _array(file: Any, name: str, require: Require) -> Array:
    """An array whose size is checked before it is read."""
    try:
        version = np.lib.format.read_magic(file)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if read_header is None:
            raise ValueError(f"version {version} of the format")
        shape, is_fortran, dtype = read_header(file)
    except ValueError as error:
        raise InvalidDataset(f"array {name!r} cannot be read: {error}") from None
    if dtype.kind not in "fiubU" or len(shape) not in (1, 2):
        raise InvalidDataset(
            f"array {name!r} is {dtype} with {counted(len(shape), 'axis', 'axes')}; expected "
            "numbers, booleans or texts with one axis, or numbers with two"
        )
    require(shape[0], shape[1] if len(shape) == 2 else 1)
    if dtype.itemsize > 4 * MAX_NAME and dtype.kind == "U":
        raise InvalidDataset(f"the texts of array {name!r} have more than {MAX_NAME} characters")
    content = file.read(int(np.prod(shape)) * dtype.itemsize)
    if len(content) != int(np.prod(shape)) * dtype.itemsize:
        raise InvalidDataset(f"array {name!r} ends too soon")
    array = np.frombuffer(content, dtype)
    return array.reshape(shape, order="F" if is_fortran else "C")


def _from_columns(values: Any, place: Place, require: Require) -> ReadTable:
    if not isinstance(values, Mapping) or not values:
        raise InvalidDataset("expected an object of columns", place)
    columns = [
        column for name, one in values.items() for column in _expanded(name, one, (*place, name))
    ]
    lengths = {column.name: len(numbers) for column, numbers in columns}
    if len(set(lengths.values())) > 1:
        (first, rows), (other, more) = next(
            (pair, one)
            for pair in list(lengths.items())[:1]
            for one in lengths.items()
            if one[1] != pair[1]
        )
        raise InvalidDataset(
            f"{first!r} has {counted(rows, 'row')}, but {other!r} has {more}", place
        )
    return _table(columns, require, place)


def _expanded(name: str, values: Any, place: Place) -> list[Named]:
    """A column of the name, or for rows of several numbers a column for each: name1, name2, …."""
    if isinstance(values, list) and values and all(isinstance(row, list) for row in values):
        values = _matrix(values, place)
    if not isinstance(values, list | np.ndarray):
        raise InvalidDataset(f"{name!r} has to be an array", place)
    if isinstance(values, np.ndarray) and values.ndim == 2:
        if values.dtype.kind == "U":
            raise InvalidDataset(f"{name!r} has texts in rows; send a column for each", place)
        names = [f"{name}{number}" for number in range(1, values.shape[1] + 1)]
        if len(names) == 1:
            names = [name]
        return [_column(each, values[:, k], place) for k, each in enumerate(names)]
    return [_column(name, values, place)]


def _matrix(rows: Sequence[Any], place: Place) -> Any:
    """Rows of numbers as an array; rows of one text or boolean each as a list of these."""
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]) or not row:
            raise InvalidDataset(
                f"row {number + 1} has {counted(len(row), 'value')}, but row 1 has {len(rows[0])}",
                (*place, number),
            )
    if len(rows[0]) == 1:
        return [row[0] for row in rows]
    for number, row in enumerate(rows):
        for k, value in enumerate(row):
            if isinstance(value, bool) or not isinstance(value, int | float | None):
                raise InvalidDataset(
                    f"row {number + 1} has {str(value)[:40]!r}, expected a number or null",
                    (*place, number, k),
                )
    return np.array([[_number(value, place) for value in row] for row in rows])


def _from_records(records: Any, place: Place, require: Require) -> ReadTable:
    if not isinstance(records, list) or not records:
        raise InvalidDataset("expected an array of objects", place)
    names: dict[str, None] = {}
    for number, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise InvalidDataset(f"record {number + 1} has to be an object", (*place, number))
        names.update(dict.fromkeys(record))
    if not names:
        raise InvalidDataset("the records have no keys", place)
    require(len(records), len(names))
    columns = [
        _column(name, [record.get(name) for record in records], place, by_row=True)
        for name in names
    ]
    return _table(columns, require, place)


def _column(name: str, values: Any, place: Place, *, by_row: bool = False) -> Named:
    """One column; every value that is not null is of one kind."""
    if isinstance(values, np.ndarray):
        if values.dtype.kind != "U":
            kind = "boolean" if values.dtype.kind == "b" else "number"
            numbers = values.astype(np.float64)
            if np.isinf(numbers).any():
                row = int(np.argmax(np.isinf(numbers)))
                raise InvalidDataset(f"{name!r}, row {row + 1}: not a finite number", (*place, row))
            return Column(name, "boolean" if kind == "boolean" else "number"), numbers
        values = values.tolist()
    first = next((value for value in values if value is not None), None)
    expected = _kind(first)
    for row, value in enumerate(values):
        if value is not None and (_kind(value) != expected or expected is None):
            where = (*place, row, name) if by_row else (*place, row)
            said = f"a {_kind(value)}" if _kind(value) else "not a number, a text or a boolean"
            other = f", but others of {name!r} are a {expected}" if expected else ""
            raise InvalidDataset(f"{name!r}, row {row + 1}: this is {said}{other}", where)
    if expected == "text":
        texts = TextColumn()
        texts.add("" if value is None else value for value in values)
        column, numbers = texts.finish(name)
        return column, numbers
    numbers = np.array([_number(value, place) for value in values])
    return Column(name, "boolean" if expected == "boolean" else "number"), numbers


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else None


def _number(value: float | None, place: Place) -> float:
    try:
        number = np.nan if value is None else float(value)
    except OverflowError:
        number = np.inf
    if value is not None and not isfinite(number):
        raise InvalidDataset("a number is beyond what a float can hold", place)
    return number


def _table(columns: Sequence[Named], require: Require, place: Place) -> ReadTable:
    names = [column.name for column, _ in columns]
    if len(names) > MAX_COLUMNS:
        raise InvalidDataset(f"{len(names):,} columns; at most {MAX_COLUMNS:,} are allowed", place)
    for number, name in enumerate(names):
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise InvalidDataset(
                f"a name of a column has 1 to {MAX_NAME} printable characters", (*place, name)
            )
        if name in names[:number]:
            raise InvalidDataset(f"two columns are called {name!r}", place)
    rows = len(columns[0][1])
    require(rows, len(columns))
    if not rows:
        raise InvalidDataset("there are no rows", place)
    values = np.column_stack([numbers for _, numbers in columns])
    return ReadTable(Table(tuple(column for column, _ in columns), values))
