"""L-BFGS: a quasi-Newton step with a line search, its memory in the moments of the checkpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import OutOfDomain

MAX_EVALUATIONS = 40
"""Of one line search: the interval is a 2^-40th of the first step by then."""
SUFFICIENT_DECREASE, CURVATURE = 1e-4, 0.9
"""c₁ and c₂ of the Wolfe conditions (Nocedal and Wright, section 3.1)."""


@dataclass(frozen=True)
class LBFGS:
    """Nocedal and Wright, Numerical optimization, 2006, algorithm 7.5, on all samples at once.

    The step length is that of a line search, so `eta` has no part in it.
    """

    name: Literal["lbfgs"] = "lbfgs"
    eta: float = 0.01
    memory: int = 10
    tolerance: float = 1e-8

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if not 1 <= self.memory <= 100:
            raise OutOfDomain(
                f"memory has to be in [1, 100], but is {self.memory}", ("optimizer", "memory")
            )
        if not 0.0 <= self.tolerance < 1.0:
            raise OutOfDomain(
                f"tolerance has to be in [0, 1), but is {self.tolerance}",
                ("optimizer", "tolerance"),
            )

    @property
    def moments(self) -> int:
        """The pairs (s, y) of the memory, the newest first: rows of s, then rows of y."""
        return 2 * self.memory

    def bind(self, parameters: Array, gradient: Array, moments: Array) -> Callable[[int], None]:
        """Do nothing: a step needs the loss along a line, see `line_search_step`."""
        return lambda iteration: None


@dataclass(frozen=True, eq=False)
class SearchStep:
    """The outcome of one iteration of L-BFGS."""

    loss: float
    """The objective before the step."""
    next_loss: float
    """The objective after it, with its gradient where the search looked for it."""
    converged: bool
    """Whether no step lowers the objective any more: the parameters are as before."""


def line_search_step(
    optimizer: LBFGS,
    evaluate: Callable[[], float],
    known_loss: float | None,
    parameters: Float[Array, " p"],
    gradient: Float[Array, " p"],
    moments: Float[Array, "moments p"],
) -> SearchStep:
    """Move the parameters along the quasi-Newton direction to a point of the Wolfe conditions.

    `evaluate` gives the objective at the present parameters and leaves its gradient in `gradient`;
    `known_loss` says that both are current. A loss that is not finite is given back without
    a step.
    """
    loss = evaluate() if known_loss is None else known_loss
    largest = float(np.abs(gradient).max())
    if not isfinite(loss) or largest <= optimizer.tolerance:
        return SearchStep(loss, loss, converged=isfinite(loss))
    start, slopes = parameters.copy(), gradient.copy()
    direction = _direction(slopes, moments, optimizer.memory)
    slope = float(np.dot(direction, slopes))
    if not slope < 0.0:  # rounding has spoilt the memory
        moments[...] = 0.0
        direction = -slopes / sqrt(float(np.dot(slopes, slopes)))
        slope = float(np.dot(direction, slopes))
    found = _search(evaluate, loss, slope, start, direction, parameters, gradient)
    if found is None:
        parameters[...] = start
        had_memory = bool(moments.any())
        moments[...] = 0.0
        return SearchStep(loss, evaluate(), converged=not had_memory)
    _remember(parameters - start, gradient - slopes, moments, optimizer.memory)
    return SearchStep(loss, found, converged=False)


def _direction(gradient: Array, moments: Array, memory: int) -> Array:
    """Minus the inverse Hessian of the memory times the gradient, by two loops."""
    direction = -gradient
    steps, changes = moments[:memory], moments[memory:]
    pairs = [(s, y, float(np.dot(s, y))) for s, y in zip(steps, changes, strict=True) if y.any()]
    if not pairs:
        return direction / max(1.0, sqrt(float(np.dot(gradient, gradient))))
    shares = []
    for s, y, product in pairs:
        shares.append(float(np.dot(s, direction)) / product)
        direction -= shares[-1] * y
    _, newest, product = pairs[0]
    direction *= product / float(np.dot(newest, newest))
    for (s, y, product), share in zip(reversed(pairs), reversed(shares), strict=True):
        direction += (share - float(np.dot(y, direction)) / product) * s
    return direction


def _search(
    evaluate: Callable[[], float],
    loss: float,
    slope: float,
    start: Array,
    direction: Array,
    parameters: Array,
    gradient: Array,
) -> float | None:
    """A step length of the weak Wolfe conditions by bisection; the objective there.

    Lewis and Overton, Nonsmooth optimization via quasi-Newton methods, 2013, algorithm 2.6. None
    where no length lowers the objective enough.
    """
    low, high, length = 0.0, np.inf, 1.0
    for _ in range(MAX_EVALUATIONS):
        parameters[...] = start + length * direction
        value = evaluate()
        if not value <= loss + SUFFICIENT_DECREASE * length * slope:
            high = length
        elif float(np.dot(gradient, direction)) < CURVATURE * slope:
            low = length
        else:
            return value
        length = 0.5 * (low + high) if high < np.inf else 2.0 * low
    if low == 0.0:
        return None
    parameters[...] = start + low * direction
    return evaluate()


def _remember(s: Array, y: Array, moments: Array, memory: int) -> None:
    """Put the pair in front where its curvature is above 0 by more than rounding."""
    product = float(np.dot(s, y))
    scale = sqrt(float(np.dot(s, s)) * float(np.dot(y, y)))
    if product <= np.finfo(s.dtype).eps * scale:
        return
    for rows, newest in ((moments[:memory], s), (moments[memory:], y)):
        rows[1:] = rows[:-1].copy()
        rows[0] = newest
