"""The whole state of a training between two iterations."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from core.arrays import Array
from core.layer import Layer
from core.parameters import flatten, unflatten
from core.specification import Specification


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Enough to go on bit for bit: shuffling needs no state beyond the seed and the iteration."""

    iteration: int
    parameters: Array
    """(p,), as `parameters.flatten` orders them."""
    moments: Array
    """(moments of the optimizer, p)."""
    best_parameters: Array
    """(p,), or (0,) before anything was watched."""
    best_loss: float = np.inf
    stale: int = 0
    """Epochs since the watched loss was last lowered."""

    def layers(self, specification: Specification) -> tuple[Layer, ...]:
        """The network to hand out: the best one where the loss was watched, else the latest."""
        best = self.best_parameters if len(self.best_parameters) else self.parameters
        return unflatten(best, specification.sizes, specification.activation_functions)

    def to_bytes(self) -> bytes:
        """NumPy's npz format, with every bit of every number."""
        buffer = BytesIO()
        np.savez(buffer, allow_pickle=False, **vars(self))
        return buffer.getvalue()

    @staticmethod
    def from_bytes(content: bytes) -> "Checkpoint":
        """The inverse of `to_bytes`."""
        with np.load(BytesIO(content), allow_pickle=False) as arrays:
            return Checkpoint(
                iteration=int(arrays["iteration"]),
                parameters=arrays["parameters"],
                moments=arrays["moments"],
                best_parameters=arrays["best_parameters"],
                best_loss=float(arrays["best_loss"]),
                stale=int(arrays["stale"]),
            )


def first_checkpoint(specification: Specification, layers: Sequence[Layer]) -> Checkpoint:
    """Iteration 0: the parameters as given, moments of zero."""
    parameters = flatten(layers, specification.dtype)
    return Checkpoint(
        iteration=0,
        parameters=parameters,
        moments=np.zeros((specification.optimizer.moments, len(parameters)), specification.dtype),
        best_parameters=np.empty(0, specification.dtype),
    )
