"""Values, losses, derivatives and gradient checks against mpmath, from |s| = 1e-300 to 1e4."""

from functools import cache
from itertools import product

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from core.errors import MathematicalError
from core.gradient_check.check import gradient_check
from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES

BOUND = {np.float64: 1e-14, np.float32: 1e-5}
SMALLEST = {np.float64: 1e-300, np.float32: 1e-30}
PAIRS = list(product(sorted(ACTIVATIONS), sorted(LOSSES)))
SQUARES = {
    "squared": lambda d: 0.5,
    "squared_sum": lambda d: 1.0,
    "mean_squared": lambda d: 1 / mpf(d),
}
"""The factor of Σ(ŷ - y)² for d outputs."""
TARGETS = dict.fromkeys(SQUARES, (0.0, 1.0, -1.0, 0.3)) | {
    "binary_cross_entropy": (0.0, 1.0, 0.25),
    "cross_entropy": (1.0, 2.5),
}
LEAK = ACTIVATIONS["leaky_relu"].value(np.array([-1.0]))[0] * -1.0

# The textbook's formulas; with enough digits nothing in them cancels.
VALUES = {
    "sigmoid": lambda s: 1 / (1 + mpmath.exp(-s)),
    "relu": lambda s: max(s, mpf(0)),
    "tanh": lambda s: mpmath.tanh(s),
    "identity": lambda s: s,
    "leaky_relu": lambda s: s if s > 0 else mpf(float(LEAK)) * s,
    "softplus": lambda s: mpmath.log(1 + mpmath.exp(s)),
}
DERIVATIVES = {
    "sigmoid": lambda s: mpmath.exp(-s) / (1 + mpmath.exp(-s)) ** 2,
    "relu": lambda s: mpf(1) if s > 0 else mpf(0),
    "tanh": lambda s: 1 - mpmath.tanh(s) ** 2,
    "identity": lambda s: mpf(1),
    "leaky_relu": lambda s: mpf(1) if s > 0 else mpf(float(LEAK)),
    "softplus": lambda s: 1 / (1 + mpmath.exp(-s)),
}


def _log(x):
    return mpmath.log(x) if x > 0 else mpf("-inf")


def _term(factor, value):
    return mpf(0) if factor == 0 else factor * value


ENDS = {"sigmoid": (0, 1), "tanh": (-1, 1)}
"""Where σ saturates: there σ(s) - y has every digit, elsewhere it is as good as σ(s)."""


def arguments(dtype):
    """Numbers of both signs and every magnitude, and some where σ is about to saturate."""
    generator = np.random.default_rng(0)
    smallest = np.log10(SMALLEST[dtype])
    powers = np.concatenate([np.linspace(smallest, 0.0, 12), np.linspace(-1.0, 4.0, 14)])
    special = [8.0, 15.0, 19.0, 30.0, 37.5, 88.0, 690.0, 709.5, 745.0]
    magnitudes = np.append(10.0**powers * generator.uniform(0.5, 1.0, len(powers)), special)
    return np.concatenate([magnitudes, -magnitudes]).astype(dtype)


def digits(s):
    """Enough for 1 + 1e-300 and for 1 - e^-10000 to differ from 1."""
    return 60 + int(max(abs(float(s)), abs(np.log10(abs(float(s))))))


@cache
def unit(name, s):
    """σ(s), σ′(s), log σ(s) and log(1 - σ(s))."""
    with mpmath.workdps(digits(s)):
        x = VALUES[name](mpf(s))
        return x, DERIVATIVES[name](mpf(s)), _log(x), _log(1 - x)


def expected(loss, x, slope, log_x, log_rest, y):
    """E and ∂E/∂s, and the sum of the absolute values of the terms of either."""
    if loss in SQUARES:
        factor = SQUARES[loss](1)
        return factor * (x - y) ** 2, 2 * factor * (x - y) * slope, None
    rising = 0 if y == 0 else y / x
    falling = 0 if loss == "cross_entropy" or y == 1 else (1 - y) / (1 - x)
    terms = [_term(y, log_x), _term(0 if loss == "cross_entropy" else 1 - y, log_rest)]
    scale = (sum(map(abs, terms)), (abs(rising) + abs(falling)) * slope)
    return -sum(terms), (falling - rising) * slope, scale


def close(ours, exact, dtype, scale=None):
    """Whether a number is the exact one, up to rounding relative to `scale` or itself."""
    tiny = np.finfo(dtype).smallest_subnormal
    error = abs(mpf(float(ours)) - exact)
    allowed = BOUND[dtype] * (abs(exact) if scale is None else scale)
    return error <= allowed + 4 * mpf(float(tiny)) or abs(exact) > float(np.finfo(dtype).max)


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_and_derivatives_have_every_digit(name, dtype):
    s = arguments(dtype)
    with np.errstate(all="ignore"):
        values, derivatives = ACTIVATIONS[name].value(s), ACTIVATIONS[name].derivative(s)
    for argument, value, derivative in zip(s, values, derivatives, strict=True):
        x, slope, *_ = unit(name, float(argument))
        assert close(value, x, dtype), argument
        assert close(derivative, slope, dtype), argument


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize(("name", "loss"), [pair for pair in PAIRS if pair[0] != "softmax"])
def test_losses_and_delta_of_a_unit_have_every_digit(name, loss, dtype):
    s = arguments(dtype)
    low, high = LOSSES[loss].bounds
    compared = 0
    for target in TARGETS[loss]:
        y = np.full((len(s), 1), target, dtype)
        with np.errstate(all="ignore"):
            losses = LOSSES[loss].value_of_s(ACTIVATIONS[name], s[:, None], y)
            delta = LOSSES[loss].delta(ACTIVATIONS[name], s[:, None], y)[:, 0]
        for row, argument in enumerate(s):
            x, slope, *logs = unit(name, float(argument))
            # 0 and 1 belong to the domain, but not with a logarithm of them; near softplus(s) = 1
            # its logarithm is as good as softplus(s).
            outside = loss not in SQUARES and (x in (0, 1) or not low <= x <= high)
            if outside or (loss not in SQUARES and name == "softplus" and abs(x - 1) < 0.02):
                continue
            goal = mpf(float(y[row, 0]))
            with mpmath.workdps(digits(argument)):
                value, gradient, scale = expected(loss, x, slope, *logs, goal)
                if scale is None:
                    rounding = 0 if goal in ENDS.get(name, (0,)) else max(abs(x), abs(goal))
                    difference = max(abs(x - goal), rounding)
                    scale = (difference**2, 2 * difference * slope)
                assert close(losses[row], value, dtype, scale[0]), (argument, target)
                assert close(delta[row], gradient, dtype, scale[1]), (argument, target)
            compared += 1
    assert compared >= len(s) / 4


def softmax(s):
    peak = mpf(float(max(s)))
    powers = [mpmath.exp(mpf(float(argument)) - peak) for argument in s]
    return [power / sum(powers) for power in powers]


def softmax_expected(loss, x, y):
    """E, ∂E/∂s, and the sums of the absolute values of the terms of either."""
    if loss in SQUARES:
        factor = SQUARES[loss](len(x))
        value = factor * sum((a - b) ** 2 for a, b in zip(x, y, strict=True))
        d_x = [2 * factor * (a - b) for a, b in zip(x, y, strict=True)]
    elif loss == "cross_entropy":
        value = -sum(_term(b, _log(a)) for a, b in zip(x, y, strict=True))
        d_x = [-_term(b, 1 / a) for a, b in zip(x, y, strict=True)]
    else:
        value = -sum(
            _term(b, _log(a)) + _term(1 - b, _log(1 - a)) for a, b in zip(x, y, strict=True)
        )
        d_x = [_term(1 - b, 1 / (1 - a)) - _term(b, 1 / a) for a, b in zip(x, y, strict=True)]
    numbers = range(len(x))
    delta = [x[k] * sum(x[j] * (d_x[k] - d_x[j]) for j in numbers) for k in numbers]
    scale = [
        sum(abs(x[k] * x[j]) * (abs(d_x[k]) + abs(d_x[j])) for j in numbers if j != k)
        for k in numbers
    ]
    return value, delta, scale


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_softmax_has_every_digit(loss, dtype):
    generator = np.random.default_rng(1)
    for power in (-300, -20, 0, 1, 2, 2.8):
        if dtype is np.float32 and power == -300:
            continue
        # The gaps between the units are what counts; small ones are rounded by the format of s.
        s = (10.0**power * generator.normal(size=(3, 3))).astype(dtype)
        y = np.array([[1, 0, 0], [0, 1, 0], [0.25, 0.5, 0.25]], dtype)
        with np.errstate(all="ignore"):
            losses = LOSSES[loss].value_of_s(ACTIVATIONS["softmax"], s, y)
            delta = LOSSES[loss].delta(ACTIVATIONS["softmax"], s, y)
        for row in range(3):
            with mpmath.workdps(digits(2.0 * np.abs(s).max())):
                x = softmax(s[row])
                goal = [mpf(float(entry)) for entry in y[row]]
                value, gradient, scale = softmax_expected(loss, x, goal)
                # e^s has the relative error of s in any implementation.
                assert close(losses[row], value, dtype), (s[row], y[row])
                for ours, exact, terms in zip(delta[row], gradient, scale, strict=True):
                    allowed = terms * max(1, float(np.abs(s[row]).max()) / 50)
                    assert close(ours, exact, dtype, allowed), (s[row], y[row])


CHAINS = list(product(sorted(VALUES), sorted(ACTIVATIONS), sorted(LOSSES)))


@pytest.mark.parametrize("chain", range(len(CHAINS)), ids=["-".join(names) for names in CHAINS])
def test_no_right_gradient_is_called_wrong(chain):
    """Chains of units with s of every magnitude, also under weights that are large."""
    hidden, name, loss = CHAINS[chain]
    compared = 0
    # Each chain takes every twelfth argument, another one first, so that together they take all.
    for s, weight in product(arguments(np.float64)[chain % 12 :: 12], (1.0, 1e12, 1e-12)):
        for target in TARGETS[loss][:2]:
            d_out = 3 if name == "softmax" else 1
            y = np.full((1, d_out), 0.0)
            y[0, 0] = target
            network = NeuralNetwork.from_parameters(
                [[[1.0]], np.linspace(weight, -weight, d_out)[:, None]],
                [[0.0], np.linspace(0.5, 0.25, d_out)],
                [hidden, name],
            )
            x = np.array([[s]])
            try:
                backpropagation = network.backprop(x, y, LOSSES[loss])
            except MathematicalError:  # outside the domain, or beyond the floats
                continue
            check = gradient_check(network.layers, x, y, LOSSES[loss], backpropagation)
            assert check.max_relative_error < 1e-12, (s, weight, target, check)
            compared += 1
    assert compared >= 3
