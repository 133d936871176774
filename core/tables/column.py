"""A column of a table: a name, a kind, and for categories their texts."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "category", "boolean"]
"""What the values of a column are."""

Label = str | int | float | bool
"""A value as it came in: the text of a category, a number, true or false."""


@dataclass(frozen=True)
class Column:
    """Name and kind; the values themselves are numbers in a `Table`.

    A number stands for itself, a boolean is 0 or 1, a category its index in `categories`, and NaN
    a missing value.
    """

    name: str
    kind: Kind = "number"
    categories: tuple[str, ...] = ()
    """The texts of a category column, in increasing order."""

    def label(self, value: float) -> Label | None:
        """Turn a stored number back into what stood in the file; None where it is missing."""
        if value != value:
            return None
        if self.kind == "category":
            return self.categories[int(value)]
        if self.kind == "boolean":
            return bool(value)
        return as_number(value)


def as_number(value: float) -> int | float:
    """Give a whole number below 2^53 as an integer, any other as it is."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def text_of(label: Label | None) -> str:
    """A label as a CSV has it; the empty text for None."""
    if label is None:
        return ""
    return str(label).lower() if isinstance(label, bool) else str(label)
