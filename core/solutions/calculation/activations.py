"""Activations and their slopes, digit by digit: one entry of `BY_HAND` per activation."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from core.arrays import Array
from core.nn import activations as floats
from core.solutions.calculation.functions import EXPONENTIAL, Function, Numbers
from core.solutions.calculation.intervals.interval import Interval, between

LEAK = Decimal("0.01")


@dataclass(frozen=True, eq=False)
class HandActivation:
    """σ and σ′ as computed by hand; `slope_from` is the argument of σ′, s or x = σ(s)."""

    name: str
    value: Callable[[Numbers], Numbers]
    slope: Function | None = None
    slope_from: Literal["s", "x"] = "s"


def _sigmoid(s: Decimal) -> Decimal:
    power = (-abs(s)).exp()
    return (1 if s >= 0 else power) / (1 + power)


def _tanh(s: Decimal) -> Decimal:
    power = (-2 * abs(s)).exp()
    return ((1 - power) / (1 + power)).copy_sign(s)


def _softplus(s: Decimal) -> Decimal:
    power = (-abs(s)).exp()
    # ln(1 + e) is e - e²/2 to all 40 digits long before 1 + e loses e.
    rest = (1 + power).ln() if power > Decimal("1e-13") else power - power * power / 2
    return max(s, Decimal(0)) + rest


def _softmax(s: Numbers) -> Numbers:
    if isinstance(s, Interval):
        return _softmax_range(s.through(_bounded_power).noted())
    # Only differences count, and those of large s have no powers.
    powers = EXPONENTIAL(s - s.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _softmax_range(powers: Interval) -> Interval:
    """Each share is least where its own power is lowest and the others are highest."""
    low, high = np.fmax(powers.low, 0.0), powers.high
    least = low.sum(axis=-1, keepdims=True) - low + high
    most = high.sum(axis=-1, keepdims=True) - high + low
    # The sum may have been noted after each of its terms.
    rounds = range(low.shape[-1] - 1)
    for _ in rounds:
        least = between(least, least, powers.rounding).noted().low
        most = between(most, most, powers.rounding).noted().high
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = between(
            np.nan_to_num(low / most, nan=0.0),
            np.nan_to_num(high / least, nan=1.0),
            powers.rounding,
        )
    return shares.widened(1e-15)


def _bounded_power(s: Array) -> Array:
    return np.exp(np.clip(s, -700.0, 700.0))


def _power_of_minus(s: Array) -> Array:
    return np.exp(-s)


def _one_more(power: Array) -> Array:
    return 1.0 + power


SIGMOID_VALUE = Function(_sigmoid, (_power_of_minus, _one_more, np.reciprocal))
TANH_VALUE = Function(_tanh, (np.tanh,))
RELU_VALUE = Function(lambda s: max(s, Decimal(0)), (floats.RELU.value,))
LEAKY_RELU_VALUE = Function(lambda s: s if s > 0 else LEAK * s, (floats.LEAKY_RELU.value,))
SOFTPLUS_VALUE = Function(_softplus, (np.exp, _one_more, np.log))
STEP_VALUE = Function(lambda s: Decimal(int(s >= 0)), (lambda s: np.where(s >= 0.0, 1.0, 0.0),))
IDENTITY_VALUE = Function(lambda s: s, (lambda s: s,))

SIGMOID_SLOPE = Function(
    lambda x: x * (1 - x),
    (lambda x: x * (1.0 - x),),
    turn=0.5,
    inside=lambda x, half: np.abs(x) * half(np.abs(1.0 - x)),
)
TANH_SLOPE = Function(
    lambda x: 1 - x * x,
    (lambda x: (1.0 - x) * (1.0 + x),),
    turn=0.0,
    inside=lambda x, half: half(x * x),
)
RELU_SLOPE = Function(lambda s: Decimal(int(s > 0)), (lambda s: np.where(s > 0.0, 1.0, 0.0),))
LEAKY_RELU_SLOPE = Function(
    lambda s: Decimal(1) if s > 0 else LEAK, (lambda s: np.where(s > 0.0, 1.0, float(LEAK)),)
)
IDENTITY_SLOPE = Function(lambda s: Decimal(1), (np.ones_like,))

BY_HAND: dict[str, HandActivation] = {
    activation.name: activation
    for activation in (
        HandActivation("sigmoid", SIGMOID_VALUE, SIGMOID_SLOPE, "x"),
        HandActivation("relu", RELU_VALUE, RELU_SLOPE),
        HandActivation("tanh", TANH_VALUE, TANH_SLOPE, "x"),
        HandActivation("identity", IDENTITY_VALUE, IDENTITY_SLOPE),
        HandActivation("leaky_relu", LEAKY_RELU_VALUE, LEAKY_RELU_SLOPE),
        HandActivation("softplus", SOFTPLUS_VALUE, SIGMOID_VALUE),
        HandActivation("softmax", _softmax),
        HandActivation("step", STEP_VALUE),
    )
}
