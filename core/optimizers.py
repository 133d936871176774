"""How a gradient becomes a step: one entry of `OPTIMIZERS` is one optimizer.

A step works in place on flat vectors: the parameters, their gradient (used up by the step) and
the optimizer's moments, one row each, which start at zero and belong to a checkpoint.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.arrays import Array
from core.errors import OutOfDomain, Place

# A block of each of Adam's four vectors fits the second-level cache.
BLOCK = 8192


@dataclass(frozen=True)
class GradientDescent:
    """w ← w - eta ∂E/∂w."""

    moments: ClassVar[int] = 0
    name: Literal["gradient_descent"] = "gradient_descent"
    eta: float = 0.01

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _require_positive(self.eta, ("eta",))

    def step(self, parameters: Array, gradient: Array, moments: Array, iteration: int) -> None:
        """One iteration; `iteration` counts from 1."""
        np.multiply(gradient, self.eta, out=gradient)
        np.subtract(parameters, gradient, out=parameters)


@dataclass(frozen=True)
class Momentum:
    """v ← momentum v + ∂E/∂w, w ← w - eta v (Polyak 1964, with the step size outside)."""

    moments: ClassVar[int] = 1
    name: Literal["momentum"] = "momentum"
    eta: float = 0.01
    momentum: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _require_positive(self.eta, ("eta",))
        _require_share(self.momentum, ("optimizer", "momentum"))

    def step(self, parameters: Array, gradient: Array, moments: Array, iteration: int) -> None:
        """One iteration; `iteration` counts from 1."""
        velocity = moments[0]
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
        np.multiply(velocity, self.eta, out=gradient)
        np.subtract(parameters, gradient, out=parameters)


@dataclass(frozen=True)
class Adam:
    """Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1."""

    moments: ClassVar[int] = 2
    name: Literal["adam"] = "adam"
    eta: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _require_positive(self.eta, ("eta",))
        _require_share(self.beta1, ("optimizer", "beta1"))
        _require_share(self.beta2, ("optimizer", "beta2"))
        _require_positive(self.epsilon, ("optimizer", "epsilon"))

    def step(self, parameters: Array, gradient: Array, moments: Array, iteration: int) -> None:
        """One iteration; `iteration` counts from 1."""
        rate = self.eta / (1.0 - self.beta1**iteration)
        root = (1.0 - self.beta2**iteration) ** -0.5
        # g is (1 - beta1) ∂E/∂w by then; this makes of its square (1 - beta2) (∂E/∂w)².
        square_share = (1.0 - self.beta2) / (1.0 - self.beta1) ** 2
        for block in _blocks(len(parameters)):
            g, w, mean, square = gradient[block], parameters[block], *moments[:, block]
            np.multiply(g, 1.0 - self.beta1, out=g)
            np.multiply(mean, self.beta1, out=mean)
            np.add(mean, g, out=mean)
            np.multiply(g, g, out=g)
            np.multiply(g, square_share, out=g)
            np.multiply(square, self.beta2, out=square)
            np.add(square, g, out=square)
            np.sqrt(square, out=g)
            np.multiply(g, root, out=g)
            np.add(g, self.epsilon, out=g)
            np.divide(mean, g, out=g)
            np.multiply(g, rate, out=g)
            np.subtract(w, g, out=w)


def _require_positive(value: float, place: Place) -> None:
    if not 0.0 < value < np.inf:
        raise OutOfDomain(f"{place[-1]} has to be above 0 and finite, but is {value}", place)


def _require_share(value: float, place: Place) -> None:
    if not 0.0 <= value < 1.0:
        raise OutOfDomain(f"{place[-1]} has to be in [0, 1), but is {value}", place)


def _blocks(length: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, length, BLOCK))


Optimizer = GradientDescent | Momentum | Adam
OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "adam": Adam,
}
