"""GET /datasets and GET /datasets/{name}: the toy sets, and a draw from one of them."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from core.datasets import Dataset, dataset
from service.schemas.arrays import Matrix
from service.schemas.request_model import DatasetName, RequestModel, Seed

SampleCount = Annotated[int, Field(ge=2, description="how many samples")]
Noise = Annotated[
    float,
    Field(ge=0, le=1e6, allow_inf_nan=False, description="standard deviation added to each x"),
]
Classes = Annotated[int, Field(ge=2, le=10, description="more than two only for blobs")]


class Draw(BaseModel):
    """The query of a draw; a query's values are texts, so it is not strict."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    samples: SampleCount = 200
    noise: Noise = 0.1
    seed: Annotated[int, Field(ge=0, le=2**53 - 1, description="of what is random")] = 0
    classes: Classes = 2


class DatasetReference(RequestModel):
    """A toy set instead of x and y."""

    dataset: DatasetName
    samples: SampleCount = 200
    noise: Noise = 0.1
    seed: Seed = 0
    classes: Classes = 2

    def make(self) -> tuple[np.ndarray, np.ndarray]:
        """X and y; equal references give equal numbers in every release. Raises `OutOfDomain`."""
        generator = np.random.default_rng(self.seed)
        return dataset(self.dataset).make(self.samples, self.noise, generator, self.classes)


@dataclass(frozen=True)
class DatasetResponse:
    """One of the toy sets."""

    name: str
    title: str
    description: str
    max_classes: int

    @staticmethod
    def of(dataset: Dataset) -> "DatasetResponse":
        """Say what the core's table says."""
        return DatasetResponse(
            dataset.name, dataset.title, dataset.description, dataset.max_classes
        )


@dataclass(frozen=True)
class DatasetSamplesResponse:
    """A draw; y is (samples, 1) of 0 and 1, or one-hot for more than two classes."""

    name: str
    samples: int
    noise: float
    seed: int
    classes: int
    x: Matrix
    y: Matrix
