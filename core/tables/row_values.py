"""Values as rows have them, and values of another table, as a column stores them."""

from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import OutOfDomain, Place
from core.tables.column import Column, Kind, text_of


def stored_value(
    name: str, kind: Kind, categories: tuple[str, ...], value: Any, place: Place
) -> float:
    """A value of a row as a table stores it; raises `OutOfDomain`."""
    if value is None:
        return np.nan
    if kind == "category":
        if not isinstance(value, str):
            raise OutOfDomain(f"{name!r} is a text, but here it is {value!r}", place)
        return float(categories.index(value)) if value in categories else -1.0
    if kind == "boolean" and isinstance(value, bool):
        return float(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean" and not (is_number and value in (0, 1)):
        raise OutOfDomain(f"{name!r} is true or false, but here it is {value!r}", place)
    if not is_number:
        raise OutOfDomain(f"{name!r} is a number, but here it is {value!r}", place)
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise OutOfDomain(f"{name!r} has to be a finite number", place)
    return number


def recoded(kind: Kind, categories: tuple[str, ...], found: Column, values: Array) -> Array:
    """Values of a column by the categories of the schema; unknown ones become -1."""
    if kind == "number" or (kind == "boolean" and found.kind == "boolean"):
        return values
    places = {text: float(place) for place, text in enumerate(categories)}
    if kind == "boolean":
        # A file of zeros and ones is a number column.
        valid = np.isnan(values) | np.isin(values, (0.0, 1.0))
        if found.kind != "number" or not valid.all():
            raise OutOfDomain(f"column {found.name!r} is a {found.kind}, expected true or false")
        return values
    texts = [text_of(found.label(value)) for value in values.tolist()]
    return np.array([np.nan if text == "" else places.get(text, -1.0) for text in texts])
