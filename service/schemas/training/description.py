"""Description of a job: its network, data and optimizer, and warnings about the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.training.compiled.arithmetic import NUMPY, Arithmetic


@dataclass(frozen=True)
class DataResponse:
    """What is trained on: arrays of the request, a toy set, or a data set by its id.

    `features` and `target` are columns of a data set. `classes` is null for a regression.
    """

    kind: Literal["arrays", "toy", "dataset"]
    dataset: str | None
    samples: int
    features: list[str]
    target: list[str]
    classes: int | None


@dataclass(frozen=True)
class TrainingResponse:
    """The network, the loss by its name, the optimizer by its name, and the data.

    `arithmetic` decides about the last bits: `numpy` gives those of NumPy and its BLAS on the
    machine that trains, `lanes-1` the same bits on every machine that has the compiled kernels.
    """

    sizes: list[int]
    activations: list[str]
    loss: str
    optimizer: str
    arithmetic: Arithmetic
    data: DataResponse

    @staticmethod
    def of(description: Mapping[str, Any] | None) -> "TrainingResponse | None":
        """None for a job of an earlier release, and for an approximation."""
        if description is None:
            return None
        return TrainingResponse(
            sizes=description["sizes"],
            activations=description["activations"],
            loss=description["loss"],
            optimizer=description["optimizer"],
            arithmetic=description.get("arithmetic", NUMPY),
            data=DataResponse(**description["data"]),
        )
