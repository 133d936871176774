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
    """The state that continues a training bit for bit.

    Shuffling has no state beyond the seed and the iteration. The moments of Adam are the paper's,
    divided by 1 - beta1 and 1 - beta2 (see `core.training.optimizers`).
    """

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
    plateaus: int = 0
    """How often the schedule has made the steps smaller, where it follows the watched loss."""
    flat: int = 0
    """Epochs since then, or since the watched loss was last lowered."""
    best_iteration: int = 0
    """The iteration after which the parameters were `best_parameters`."""
    best_accuracy: float | None = None
    """The watched accuracy there; None without classes."""
    initial_loss: float | None = None
    """The mean loss of the training samples after iteration 0; None where it was not measured."""
    late_loss: float | None = None
    """The same after nine tenths of the iterations."""

    def layers(self, specification: TrainingConfig) -> tuple[Layer, ...]:
        """The network of the training: the best one where the loss was watched, else the last.

        It takes and gives numbers as they are, with the scaling folded in.
        """
        return _folded(self.inner_layers(specification), specification)

    def last_layers(self, specification: TrainingConfig) -> tuple[Layer, ...]:
        """The network after the last iteration, with the scaling folded in."""
        last = unflatten(self.parameters, specification.sizes, specification.activation_functions)
        return _folded(last, specification)

    def inner_layers(self, specification: TrainingConfig) -> tuple[Layer, ...]:
        """The network of the training as the trainer has it, on scaled numbers."""
        best = self.best_parameters if len(self.best_parameters) else self.parameters
        return unflatten(best, specification.sizes, specification.activation_functions)

    def to_bytes(self) -> bytes:
        """A line of JSON, then every bit of the three arrays: as fast as copying them."""
        head = {
            "iteration": self.iteration,
            "best_loss": float(self.best_loss).hex(),
            "best_iteration": self.best_iteration,
            "best_accuracy": _to_hex(self.best_accuracy),
            "initial_loss": _to_hex(self.initial_loss),
            "late_loss": _to_hex(self.late_loss),
            "stale": self.stale,
            "plateaus": self.plateaus,
            "flat": self.flat,
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
            plateaus=head.get("plateaus", 0),
            flat=head.get("flat", 0),
            best_iteration=head.get("best_iteration", 0),
            best_accuracy=_from_hex(head.get("best_accuracy")),
            initial_loss=_from_hex(head.get("initial_loss")),
            late_loss=_from_hex(head.get("late_loss")),
        )


def late_iteration(iterations: int) -> int:
    """After which iteration `Checkpoint.late_loss` is measured: nine tenths of them."""
    return iterations - max(1, iterations // 10)


def _folded(layers: tuple[Layer, ...], specification: TrainingConfig) -> tuple[Layer, ...]:
    return specification.scaling.fold(layers) if specification.scaling else layers


def _to_hex(value: float | None) -> str | None:
    return None if value is None else float(value).hex()


def _from_hex(text: str | None) -> float | None:
    return None if text is None else float.fromhex(text)


def first_checkpoint(specification: TrainingConfig, layers: Sequence[Layer]) -> Checkpoint:
    """Iteration 0: the parameters as given, moments of zero."""
    parameters = flatten(layers, specification.dtype)
    return Checkpoint(
        iteration=0,
        parameters=parameters,
        moments=np.zeros((specification.optimizer.moments, len(parameters)), specification.dtype),
        best_parameters=np.empty(0, specification.dtype),
    )
