"""Description of a job: name, tags, network, data and training."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.training.compiled.arithmetic import NUMPY, Arithmetic


@dataclass(frozen=True)
class DataDescription:
    """The data of a training: arrays of the request, a toy set, or a data set by its id."""

    kind: Literal["arrays", "toy", "dataset"]
    dataset: str | None
    samples: int
    features: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    classes: int | None = None


@dataclass(frozen=True)
class JobDescription:
    """The constant part of a job; `schema` is a `TableSchema` document."""

    name: str | None
    tags: tuple[str, ...]
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    optimizer: str
    data: DataDescription
    warnings: tuple[str, ...]
    arithmetic: Arithmetic = NUMPY
    schema: Mapping[str, Any] | None = None

    def to_document(self) -> dict[str, Any]:
        """Plain dictionaries and lists, as JSON writes them."""
        return asdict(self)

    def labels(self) -> set[tuple[str, str]]:
        """The labels to find the job by: pairs of name and value."""
        return {
            *(("tag", tag) for tag in self.tags),
            ("optimizer", self.optimizer),
            ("loss", self.loss),
            *([("name", self.name)] if self.name else []),
            *([("dataset", self.data.dataset)] if self.data.dataset else []),
        }
