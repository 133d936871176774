"""The samples of a training, split into those to train on and those kept for validation."""

from typing import Literal, NamedTuple

from jaxtyping import Float, Int

from core.arrays import Array
from core.nn.metrics import class_labels
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig

Part = Literal["training", "validation"]
"""The samples to train on, or those kept for validation."""


class Subset(NamedTuple):
    """Samples, with the classes of their targets before label smoothing; None without classes."""

    samples: SampleBuffer
    labels: Int[Array, "samples"] | None

    def cut(self, start: int, stop: int) -> "Subset":
        """A view of the samples from `start` to `stop`."""
        labels = None if self.labels is None else self.labels[start:stop]
        return Subset(self.samples.cut(start, stop), labels)


def training_subsets(
    config: TrainingConfig, x: Float[Array, "samples d_x"], y: Float[Array, "samples d_y"]
) -> dict[Part, Subset]:
    """Copies of both parts; the targets to train on are smoothed as configured."""
    last = config.activation_functions[-1]
    training, validation = (
        SampleBuffer.of(x, y, rows, config.dtype) for rows in config.split(len(x))
    )
    subsets: dict[Part, Subset] = {
        "training": Subset(training, class_labels(last, config.targets(training.y.T))),
        "validation": Subset(validation, class_labels(last, config.targets(validation.y.T))),
    }
    if config.label_smoothing:
        training.y[...] = config.smooth_labels(training.y.T).T
    return subsets
