"""Loss and accuracy of samples at the present parameters."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, runtime_checkable

from jaxtyping import Int

from core.arrays import Array
from core.nn.metrics import count_correct
from core.training.compute.blocked_passes import BlockedPasses


class Metrics(NamedTuple):
    """Mean E, and the share of samples put into the right class; None without classes."""

    loss: float
    accuracy: float | None


class PartialMetrics(NamedTuple):
    """What some samples contribute to a measure."""

    loss: float
    """To the mean E: their sum of E, divided by the number of all samples."""
    right: int | None
    """How many of them are put into the right class; None without classes."""
    samples: int


@runtime_checkable
class Evaluator(Protocol):
    """A data subset on which loss and accuracy are evaluated."""

    @property
    def is_single_block(self) -> bool:
        """Whether an evaluation is a forward pass that an iteration can reuse."""

    def measure(self) -> Metrics:
        """Raise nothing: a loss beyond the floats is inf or nan."""


class LocalEvaluator:
    """An `Evaluator` of samples in this process."""

    def __init__(self, workspace: BlockedPasses, labels: Int[Array, "samples"] | None) -> None:
        """`labels` are what `metrics.labels` says of them."""
        self.workspace = workspace
        self._labels = labels

    @property
    def is_single_block(self) -> bool:
        """See `Evaluator`."""
        return self.workspace.is_single_block

    def measure(self) -> Metrics:
        """See `Evaluator`."""
        return combine([self.sums()])

    def sums(self) -> PartialMetrics:
        """Sums that `combine` adds to those of other parts."""
        loss, output = self.workspace.measure()
        right = None if self._labels is None else count_correct(output, self._labels)
        return PartialMetrics(loss, right, len(output))


def combine(parts: Iterable[PartialMetrics]) -> Metrics:
    """Add up in the order of the parts; there are classes when all parts have them."""
    loss, right, samples, has_classes = 0.0, 0, 0, True
    for part in parts:
        loss += part.loss
        samples += part.samples
        right += part.right or 0
        has_classes = has_classes and part.right is not None
    return Metrics(loss, right / samples if has_classes else None)
