"""y of POST /train: numbers for each sample, or its class as a text, true or false."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import Field, Strict, Tag
from pydantic.types import Discriminator

from service.schemas.arrays import Samples

Text = Annotated[str, Field(max_length=200)]
Boolean = Annotated[bool, Strict()]


def _kind(value: Any) -> str:
    first = _first(value)
    if isinstance(first, str | bool):
        return f"({type(first).__name__})"
    nested = _first(first)
    return f"({type(nested).__name__} rows)" if isinstance(nested, str | bool) else "(numbers)"


def _first(value: Any) -> Any:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return value[0] if is_list and len(value) else None


Row = Annotated[list[Text], Field(min_length=1, max_length=1)]
BooleanRow = Annotated[list[Boolean], Field(min_length=1, max_length=1)]
Targets = Annotated[
    Annotated[Samples, Tag("(numbers)")]
    | Annotated[list[Text], Tag("(str)")]
    | Annotated[list[Boolean], Tag("(bool)")]
    | Annotated[list[Row], Tag("(str rows)")]
    | Annotated[list[BooleanRow], Tag("(bool rows)")],
    Discriminator(_kind),
]
"""Numbers, (d,) or (samples, d), or a text or boolean for each sample, flat or in rows."""

TargetValues = np.ndarray | list[Any]


def labels_of(y: TargetValues) -> list[str | bool] | None:
    """The label of each sample, flat; None for numbers."""
    if isinstance(y, np.ndarray):
        return None
    return [row[0] if isinstance(row, list) else row for row in y]
