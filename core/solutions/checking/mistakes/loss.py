"""Mistakes in E and in its derivative by the output."""

from decimal import Decimal

import numpy as np

from core.solutions.calculation.functions import SQUARE, Numbers
from core.solutions.calculation.losses import HALF, times_log
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import Mistake, mistake, times

LN_10 = Decimal(10).ln()


def _over_samples(right: Numbers, per_sample: Numbers) -> Numbers:
    """E of the only sample, or of each."""
    return per_sample.sum(axis=0) if np.shape(right) == () else per_sample


def _mean_of_squares(f: Formula, v: Values) -> Numbers:
    return f(v) * 2 / v["y"].shape[1]


def _without_square(f: Formula, v: Values) -> Numbers:
    return _over_samples(f(v), HALF * (v["x"] - v["y"]).sum(axis=-1))


def _without_second_logarithm(f: Formula, v: Values) -> Numbers:
    return _over_samples(f(v), -times_log(v["y"], v["x"]).sum(axis=-1))


IN_THE_LOSS: tuple[Mistake, ...] = (
    mistake(
        "half_forgotten",
        "The factor ½ of the loss is missing.",
        "loss losses",
        times(2),
        functions="squared",
    ),
    mistake(
        "mean_over_outputs",
        "The mean of the squares was taken instead of half their sum.",
        "loss losses",
        _mean_of_squares,
        functions="squared",
    ),
    mistake(
        "square_forgotten",
        "The differences were not squared.",
        "loss losses",
        _without_square,
        functions="squared",
    ),
    mistake(
        "decimal_logarithm",
        "The logarithm to base 10 was taken instead of the natural one.",
        "loss losses",
        times(1 / LN_10),
        functions="binary_cross_entropy cross_entropy",
    ),
    mistake(
        "second_logarithm_forgotten",
        "The term (1 - y) ln(1 - ŷ) is missing.",
        "loss losses",
        _without_second_logarithm,
        functions="binary_cross_entropy",
    ),
)

IN_ITS_DERIVATIVE: tuple[Mistake, ...] = (
    mistake(
        "difference_turned",
        "The sign is turned: y - ŷ instead of ŷ - y.",
        "x_gradient delta",
        times(-1),
        needs="x y",
    ),
    mistake(
        "factor_two",
        "There is a factor 2, as from a loss without ½.",
        "x_gradient delta",
        times(2),
        needs="x y",
    ),
    mistake(
        "target_forgotten",
        "y was not subtracted.",
        "x_gradient delta",
        lambda f, v: v["x"],
        functions="squared",
        needs="x y",
    ),
    mistake(
        "squared_instead_of_differentiated",
        "The difference was squared instead of being the derivative of its square.",
        "x_gradient",
        lambda f, v: SQUARE(v["x"] - v["y"]),
        functions="squared",
        needs="x y",
    ),
    mistake(
        "slope_not_cancelled",
        "σ′ was multiplied in, but for this loss it cancels.",
        "delta",
        lambda f, v: f(v) * (v["x"] * (1 - v["x"])),
        needs="x y",
    ),
)
