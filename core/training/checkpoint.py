"""The whole state of a training between two iterations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.nn.layer import Layer
from core.nn.parameters import flatten, unflatten
from core.training.config import TrainingConfig


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

    def layers(self, specification: TrainingConfig) -> tuple[Layer, ...]:
        """The network to hand out: the best one where the loss was watched, else the latest.

        It takes and gives numbers as they are, with the scaling folded in.
        """
        best = self.best_parameters if len(self.best_parameters) else self.parameters
        layers = unflatten(best, specification.sizes, specification.activation_functions)
        return specification.scaling.fold(layers) if specification.scaling else layers

    def to_bytes(self) -> bytes:
        """A line of JSON, then every bit of the three arrays: as fast as copying them."""
        head = {
            "iteration": self.iteration,
            "best_loss": float(self.best_loss).hex(),
            "stale": self.stale,
            "dtype": self.parameters.dtype.str,
            "lengths": [len(self.parameters), len(self.moments), len(self.best_parameters)],
        }
        arrays = (self.parameters, self.moments, self.best_parameters)
        bits = (np.ascontiguousarray(array).data for array in arrays)
        return b"".join([json.dumps(head).encode(), b"\n", *bits])

    @staticmethod
    def from_bytes(content: bytes) -> "Checkpoint":
        """The inverse of `to_bytes`; the arrays are views of `content` and cannot be written."""
        end = content.index(b"\n")
        head = json.loads(content[:end])
        length, moments, best = head["lengths"]
        numbers = np.frombuffer(content, head["dtype"], offset=end + 1)
        return Checkpoint(
            iteration=head["iteration"],
            parameters=numbers[:length],
            moments=numbers[length : length * (1 + moments)].reshape(moments, length),
            best_parameters=numbers[length * (1 + moments) :][:best],
            best_loss=float.fromhex(head["best_loss"]),
            stale=head["stale"],
        )


def first_checkpoint(specification: TrainingConfig, layers: Sequence[Layer]) -> Checkpoint:
    """Iteration 0: the parameters as given, moments of zero."""
    parameters = flatten(layers, specification.dtype)
    return Checkpoint(
        iteration=0,
        parameters=parameters,
        moments=np.zeros((specification.optimizer.moments, len(parameters)), specification.dtype),
        best_parameters=np.empty(0, specification.dtype),
    )
