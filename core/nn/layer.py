"""One layer: x^(l) = σ(w^(l) x^(l-1) + b^(l))."""

from dataclasses import dataclass

from jaxtyping import Float
from numpy.typing import DTypeLike

from core.arrays import Array, require_finite
from core.errors import ShapeMismatch, counted
from core.nn.activations import Activation


@dataclass(frozen=True, eq=False)
class Layer:
    """Weights as in docs/exercise-sheet.md, one row per unit.

    Raises `ShapeMismatch`, `NotFinite`.
    """

    weights: Float[Array, "d_out d_in"]
    biases: Float[Array, "entries"]  # not "d_out": the check below must get its chance
    activation: Activation

    def __post_init__(self) -> None:
        """Refuse what does not fit."""
        if not (self.d_out and self.d_in):
            raise ShapeMismatch(f"weights are {self.d_out} × {self.d_in}", ("weights",))
        if len(self.biases) != self.d_out:
            raise ShapeMismatch(
                f"got {counted(len(self.biases), 'bias', 'biases')}, "
                f"but weights has {counted(self.d_out, 'row')}",
                ("biases",),
            )
        require_finite(self.weights, "weights", ("weights",))
        require_finite(self.biases, "biases", ("biases",))

    @property
    def d_out(self) -> int:
        """The number of units."""
        return int(self.weights.shape[0])

    @property
    def d_in(self) -> int:
        """The number of inputs of each unit."""
        return int(self.weights.shape[1])

    def astype(self, dtype: DTypeLike) -> "Layer":
        """The same layer in another precision."""
        return Layer(self.weights.astype(dtype), self.biases.astype(dtype), self.activation)
