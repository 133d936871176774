"""data: {"x", "y"}, a data set of one's own, or a toy set, to train on."""

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from service.schemas.arrays import Samples
from service.schemas.datasets import DatasetReference
from service.schemas.request_model import RequestModel
from service.schemas.training.targets import Targets

ColumnName = Annotated[str, Field(min_length=1, max_length=200)]
Missing = Literal["refuse", "drop", "mean"]
STORED_ID = re.compile("[0-9a-f]{32}")


class GivenData(RequestModel):
    """One row per sample in both; a flat y has a number or a label for each row of x."""

    x: Samples
    y: Targets
    weights: Samples | None = Field(
        None, description="a number for each sample that multiplies its loss; null: 1 for each"
    )


class StoredData(RequestModel):
    """A data set of yours: which column is the target, and which are features."""

    dataset: Annotated[str, Field(pattern=f"^{STORED_ID.pattern}$")] = Field(
        description="the id that POST /datasets gave"
    )
    target: ColumnName | Annotated[list[ColumnName], Field(min_length=1, max_length=100)] | None = (
        Field(None, description="what to predict; null: what the data set says; several: numbers")
    )
    features: Annotated[list[ColumnName], Field(min_length=1)] | None = Field(
        None, description="what to predict it from; null: all other columns"
    )
    leave_out: list[ColumnName] = Field([], description="columns that are no features")
    weights: ColumnName | None = Field(
        None, description="the column of numbers that multiply the losses of their rows"
    )
    missing: Missing = Field(
        "refuse",
        description="what becomes of a missing value: `refuse` the request with its place, `drop` "
        "the row, or take the `mean` of the training rows; a missing category has no indicator",
    )


class DrawnData(DatasetReference):
    """A toy set instead of x and y."""


def _data_kind(value: Any) -> str:
    name = value.get("dataset") if isinstance(value, dict) else getattr(value, "dataset", None)
    if name is None and not (isinstance(value, dict) and "dataset" in value):
        return "(given)"
    return "(stored)" if isinstance(name, str) and STORED_ID.fullmatch(name) else "(dataset)"


Data = Annotated[
    Annotated[GivenData, Tag("(given)")]
    | Annotated[StoredData, Tag("(stored)")]
    | Annotated[DrawnData, Tag("(dataset)")],
    Discriminator(_data_kind),
]
