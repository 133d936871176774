"""Mistakes in E and in its derivative by the output."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from core.solutions.calculation.functions import ABSOLUTE, SQUARE, Numbers
from core.solutions.calculation.losses import HALF, times_log
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import (
    Mistake,
    Mistaken,
    family,
    mistake,
    permuted,
    swaps,
    times,
)

LN_10 = Decimal(10).ln()


def _over_samples(right: Numbers, per_sample: Numbers) -> Numbers:
    """E of the only sample, or of each."""
    return per_sample.sum(axis=0) if np.shape(right) == () else per_sample


def _mean_of_squares(f: Formula, v: Values) -> Numbers:
    return f(v) * 2 / v["y"].shape[1]


def _without_square(f: Formula, v: Values) -> Numbers:
    return _over_samples(f(v), HALF * (v["x"] - v["y"]).sum(axis=-1))


def _neither_squared_nor_halved(f: Formula, v: Values) -> Numbers:
    return _over_samples(f(v), (v["x"] - v["y"]).sum(axis=-1))


def _absolute_times(factor: Decimal) -> Mistaken:
    return lambda f, v: _over_samples(f(v), ABSOLUTE(v["x"] - v["y"]).sum(axis=-1) * factor)


def _absolute(v: Values) -> Iterator[Mistaken]:
    """The sum of the absolute differences, or half of it."""
    return map(_absolute_times, (HALF, Decimal(1)))


def _targets_exchanged(v: Values) -> Iterator[Mistaken]:
    return (permuted("y", order) for order in swaps(int(v["y"].shape[-1])))


def _label_off_by_one(v: Values) -> Iterator[Mistaken]:
    """The 1 of the target one place further, or one place before."""
    width = int(v["y"].shape[-1])
    for step in (1, -1) if width > 2 else ():
        yield permuted("y", [(i - step) % width for i in range(width)])


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
        "neither_squared_nor_halved",
        "The differences were added, neither squared nor halved.",
        "loss losses",
        _neither_squared_nor_halved,
        functions="squared",
        needs="x y",
    ),
    family(
        "absolute_instead_of_squared",
        "The absolute differences were taken instead of their squares.",
        "loss losses",
        _absolute,
        functions="squared",
        needs="x y",
    ),
    family(
        "label_off_by_one",
        "The target is off by one class.",
        "loss losses x_gradient delta",
        _label_off_by_one,
        functions="cross_entropy",
        needs="x y",
    ),
    family(
        "targets_exchanged",
        "Two targets are exchanged.",
        "loss losses x_gradient delta",
        _targets_exchanged,
        needs="x y",
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
