"""Losses and their derivatives by ŷ, digit by digit: one entry of `LOSSES_BY_HAND` per loss."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.solutions.calculation.functions import LOGARITHM, SQUARE, Numbers, noted
from core.solutions.calculation.intervals.interval import Interval

HALF = Decimal("0.5")
_ZERO = 1e-12
"""Below this 1 - y is the error of a float, and y is 1."""


@dataclass(frozen=True, eq=False)
class HandLoss:
    """E of each sample from ŷ and y, one row each; `delta` is ∂E/∂s under the `partner` only."""

    name: str
    value: Callable[..., Numbers]
    """Of ŷ and y, and of s where `of_s` says so."""
    gradient: Callable[[Numbers, Numbers], Numbers]
    partner: str | None = None
    """The activation with which ∂E/∂ŷ times the slope simplifies to a difference."""
    delta: Callable[[Numbers, Numbers], Numbers] | None = None
    of_s: bool = False


def _squared(output: Numbers, y: Numbers) -> Numbers:
    return HALF * noted(SQUARE(output - y)).sum(axis=-1)


def _squared_sum(output: Numbers, y: Numbers) -> Numbers:
    return noted(SQUARE(output - y)).sum(axis=-1)


def _mean_squared(output: Numbers, y: Numbers) -> Numbers:
    return _squared_sum(output, y) / y.shape[-1]


def _mean_squared_gradient(output: Numbers, y: Numbers) -> Numbers:
    return 2 * (output - y) / y.shape[-1]


def _difference(output: Numbers, y: Numbers) -> Numbers:
    return output - y


def times_log(y: Numbers, x: Numbers) -> Numbers:
    """The product y ln x, which is 0 for y = 0 also where ln x is not finite."""
    if isinstance(x, Interval):
        logarithm = LOGARITHM(x)
        undefined = x.high <= 0.0
        logarithm = Interval(
            np.where(undefined, np.nan, logarithm.low),
            np.where(undefined, np.nan, logarithm.high),
            x.rounding,
        )
        return _zero_where(y, (y * logarithm.noted()).noted())
    return np.frompyfunc(lambda y, x: y * x.ln() if y else Decimal(0), 2, 1)(y, x)


def _zero_where(y: Interval, product: Interval) -> Interval:
    """The product with y, which is 0 where y is, whatever the other factor."""
    zero = np.maximum(np.abs(y.low), np.abs(y.high)) < _ZERO
    return Interval(
        np.where(zero, 0.0, product.low), np.where(zero, 0.0, product.high), product.rounding
    )


def _over(y: Numbers, x: Numbers) -> Numbers:
    """The quotient y / x, which is 0 for y = 0 also where x is 0."""
    if isinstance(x, Interval):
        return _zero_where(y, (y / x).noted())
    return np.frompyfunc(lambda y, x: y / x if y else Decimal(0), 2, 1)(y, x)


def _binary_cross_entropy(output: Numbers, y: Numbers) -> Numbers:
    return -(times_log(y, output) + times_log(1 - y, noted(1 - output))).sum(axis=-1)


def _binary_cross_entropy_gradient(output: Numbers, y: Numbers) -> Numbers:
    return _over(1 - y, noted(1 - output)) - _over(y, output)


def _cross_entropy(output: Numbers, y: Numbers) -> Numbers:
    return -times_log(y, output).sum(axis=-1)


def _cross_entropy_gradient(output: Numbers, y: Numbers) -> Numbers:
    return -_over(y, output)


def _softmax_difference(output: Numbers, y: Numbers) -> Numbers:
    # The numbers of y sum to 1 where they are a distribution, and need not.
    return output * y.sum(axis=-1, keepdims=True) - y


def _perceptron(output: Numbers, y: Numbers, s: Numbers) -> Numbers:
    return noted((output - y) * s).sum(axis=-1)


LOSSES_BY_HAND: dict[str, HandLoss] = {
    loss.name: loss
    for loss in (
        HandLoss("squared", _squared, _difference),
        HandLoss("squared_sum", _squared_sum, lambda output, y: 2 * (output - y)),
        HandLoss("mean_squared", _mean_squared, _mean_squared_gradient),
        HandLoss(
            "binary_cross_entropy",
            _binary_cross_entropy,
            _binary_cross_entropy_gradient,
            partner="sigmoid",
            delta=_difference,
        ),
        HandLoss(
            "cross_entropy",
            _cross_entropy,
            _cross_entropy_gradient,
            partner="softmax",
            delta=_softmax_difference,
        ),
        HandLoss("none", lambda output, y: output.sum(axis=-1), lambda output, y: output * 0 + 1),
        HandLoss(
            "perceptron", _perceptron, _difference, partner="step", delta=_difference, of_s=True
        ),
    )
}
