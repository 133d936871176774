"""Loss and accuracy of samples at the present parameters."""

from typing import NamedTuple

from core.activations import Activation
from core.metrics import labels, share_right
from core.workspace import Workspace


class Measure(NamedTuple):
    """Mean E, and the share of samples put into the right class; None without classes."""

    loss: float
    accuracy: float | None


class Evaluation:
    """Samples that are looked at again and again."""

    def __init__(self, workspace: Workspace, activation: Activation) -> None:
        """`activation` is the last layer's."""
        self.workspace = workspace
        self._labels = labels(activation, workspace.samples.y.T)

    def measure(self) -> Measure:
        """Raise nothing: a loss beyond the floats is inf or nan."""
        loss, output = self.workspace.measure()
        return Measure(loss, None if self._labels is None else share_right(output, self._labels))
