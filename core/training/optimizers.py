"""How a gradient becomes a step: one entry of `OPTIMIZERS` is one optimizer.

`bind` prepares a step. It works in place on flat vectors: the parameters, their gradient (used
up by the step) and the optimizer's moments, one row each, which start at zero and belong to a
checkpoint. A step takes its iteration, counted from 1.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, Literal

import numpy as np

from core.arrays import Array
from core.errors import OutOfDomain, Place
from core.nn.kernels import Kernel, run_kernels, scalar_array
from core.training.compiled import cache
from core.training.compiled.machine_code import address, kernel
from core.training.updates.lbfgs import LBFGS

Step = Callable[[int], None]

# Long enough for a call to be cheap, short enough for a block of Adam's four vectors to stay near.
BLOCK = 16384
MIN_FUSED_PARAMETERS = 2**16
"""From here on Adam's step is compiled, where the kernels are. To load them takes 0.1 s. With
535,000 parameters a step takes 0.36 of the time of the NumPy calls."""


@dataclass(frozen=True)
class GradientDescent:
    """w ← w - eta ∂E/∂w."""

    moments: ClassVar[int] = 0
    name: Literal["gradient_descent"] = "gradient_descent"
    eta: float = 0.01

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _require_positive(self.eta, ("eta",))

    def bind(self, parameters: Array, gradient: Array, moments: Array) -> Step:
        """Prepare a step."""
        eta = scalar_array(self.eta, parameters)
        return _always(
            call
            for w, g in _blocks(parameters, gradient)
            for call in ((np.multiply, (g, eta, g)), (np.subtract, (w, g, w)))
        )


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

    def bind(self, parameters: Array, gradient: Array, moments: Array) -> Step:
        """Prepare a step."""
        eta, momentum = scalar_array(self.eta, parameters), scalar_array(self.momentum, parameters)
        return _always(
            call
            for w, g, velocity in _blocks(parameters, gradient, *moments)
            for call in (
                (np.multiply, (velocity, momentum, velocity)),
                (np.add, (velocity, g, velocity)),
                (np.multiply, (velocity, eta, g)),
                (np.subtract, (w, g, w)),
            )
        )


@dataclass(frozen=True)
class Nesterov:
    """v ← momentum v + ∂E/∂w, w ← w - eta (∂E/∂w + momentum v) (Nesterov 1983).

    In the form of Sutskever, Martens, Dahl and Hinton, On the importance of initialization and
    momentum in deep learning, ICML 2013, at the point they look ahead to.
    """

    moments: ClassVar[int] = 1
    name: Literal["nesterov"] = "nesterov"
    eta: float = 0.01
    momentum: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _require_positive(self.eta, ("eta",))
        _require_share(self.momentum, ("optimizer", "momentum"))

    def bind(self, parameters: Array, gradient: Array, moments: Array) -> Step:
        """Prepare a step."""
        eta, momentum = scalar_array(self.eta, parameters), scalar_array(self.momentum, parameters)
        scratch = np.empty(min(BLOCK, len(parameters)), parameters.dtype)
        return _always(
            call
            for w, g, velocity in _blocks(parameters, gradient, *moments)
            for ahead in (scratch[: len(w)],)
            for call in (
                (np.multiply, (velocity, momentum, velocity)),
                (np.add, (velocity, g, velocity)),
                (np.multiply, (velocity, momentum, ahead)),
                (np.add, (ahead, g, g)),
                (np.multiply, (g, eta, g)),
                (np.subtract, (w, g, w)),
            )
        )


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

    def bind(self, parameters: Array, gradient: Array, moments: Array) -> Step:
        """Prepare a step.

        The moments are the paper's m / (1 - beta1) and v / (1 - beta2), so that a gradient enters
        them as it is. With c² = (1 - beta2) / (1 - beta2^t) its step is then
        eta (1 - beta1) / (1 - beta1^t) / c · m / (√v + epsilon / c).
        """
        if len(parameters) >= MIN_FUSED_PARAMETERS and cache.is_ready():
            run = _fused(parameters, gradient, moments, self)
        else:
            run = _in_ten_passes(parameters, gradient, moments, self)

        def step(iteration: int) -> None:
            c = sqrt((1.0 - self.beta2) / (1.0 - self.beta2**iteration))
            run(self.eta * (1.0 - self.beta1) / (1.0 - self.beta1**iteration) / c, self.epsilon / c)

        return step


def _in_ten_passes(
    parameters: Array, gradient: Array, moments: Array, adam: Adam
) -> Callable[[float, float], None]:
    """Adam's step from rate and shift."""
    beta1, beta2 = scalar_array(adam.beta1, parameters), scalar_array(adam.beta2, parameters)
    rate, shift = np.empty((), parameters.dtype), np.empty((), parameters.dtype)
    calls: list[Kernel] = []
    for w, g, m, v in _blocks(parameters, gradient, *moments):
        calls += [
            (np.multiply, (m, beta1, m)),
            (np.add, (m, g, m)),
            (np.multiply, (v, beta2, v)),
            (np.multiply, (g, g, g)),
            (np.add, (v, g, v)),
            (np.sqrt, (v, g)),
            (np.add, (g, shift, g)),
            (np.divide, (m, g, g)),
            (np.multiply, (g, rate, g)),
            (np.subtract, (w, g, w)),
        ]

    def run(rate_now: float, shift_now: float) -> None:
        rate[...], shift[...] = rate_now, shift_now
        run_kernels(calls)

    return run


def _fused(
    parameters: Array, gradient: Array, moments: Array, adam: Adam
) -> Callable[[float, float], None]:
    """The same step in one pass, with the same bits."""
    adapt = kernel("adapt", parameters.dtype.name)
    vectors = [address(vector) for vector in (parameters, gradient, *moments)]

    def run(rate: float, shift: float) -> None:
        adapt(len(parameters), *vectors, adam.beta1, adam.beta2, rate, shift)

    return run


def _require_positive(value: float, place: Place) -> None:
    if not 0.0 < value < np.inf:
        raise OutOfDomain(f"{place[-1]} has to be above 0 and finite, but is {value}", place)


def _require_share(value: float, place: Place) -> None:
    if not 0.0 <= value < 1.0:
        raise OutOfDomain(f"{place[-1]} has to be in [0, 1), but is {value}", place)


def _always(calls: Iterable[Kernel]) -> Step:
    """A step that does not depend on its iteration."""
    ready = tuple(calls)
    return lambda iteration: run_kernels(ready)


def _blocks(*vectors: Array) -> Iterator[tuple[Array, ...]]:
    """The vectors cut alike."""
    for start in range(0, len(vectors[0]), BLOCK):
        yield tuple(vector[start : start + BLOCK] for vector in vectors)


Optimizer = GradientDescent | Momentum | Nesterov | Adam | LBFGS
OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adam": Adam,
    "lbfgs": LBFGS,
}
