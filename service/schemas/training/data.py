"""data: {"x", "y"} or {"dataset", …} → rows to train on."""

from typing import Annotated, Any

import numpy as np
from pydantic import Discriminator, Tag

from core.training.config import TrainingConfig
from service.limits import Limits
from service.schemas.arrays import Samples, require_same_rank, row_count
from service.schemas.datasets import DatasetReference
from service.schemas.error_location import prefix_location
from service.schemas.request_model import RequestModel


class GivenData(RequestModel):
    """One row per sample in both."""

    x: Samples
    y: Samples

    def rows(self, limits: Limits, specification: TrainingConfig) -> tuple[np.ndarray, np.ndarray]:
        """X and y as rows in the precision of the training; raises `ShapeMismatch`."""
        limits.samples(row_count(self.x), ("data", "x"))
        with prefix_location("data"):
            require_same_rank(self.x, self.y)
        return _in_precision(np.atleast_2d(self.x), np.atleast_2d(self.y), specification)


class DrawnData(DatasetReference):
    """A toy set instead of x and y."""

    def rows(self, limits: Limits, specification: TrainingConfig) -> tuple[np.ndarray, np.ndarray]:
        """X and y in the precision of the training."""
        limits.samples(self.samples, ("data", "samples"))
        with prefix_location("data"):
            x, y = self.make()
        return _in_precision(x, y, specification)


def _in_precision(
    x: np.ndarray, y: np.ndarray, specification: TrainingConfig
) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(over="ignore"):  # what is too large for the precision is refused on its way
        return x.astype(specification.dtype), y.astype(specification.dtype)


def _data_kind(value: Any) -> str:
    named = isinstance(value, DrawnData) or (isinstance(value, dict) and "dataset" in value)
    return "(dataset)" if named else "(given)"


Data = Annotated[
    Annotated[GivenData, Tag("(given)")] | Annotated[DrawnData, Tag("(dataset)")],
    Discriminator(_data_kind),
]
