"""The elementary functions of lanes keep to their bound, in both precisions, against mpmath."""

import ctypes
from functools import cache

import mpmath
import numpy as np
import pytest

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from numba import cfunc, types

from core.training.compiled.lanes import exponentials, logarithms
from core.training.compiled.lanes.memory import lane_count, load, store

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e5, -1e5, 5e-324, 1e-310]
MAX_ULP = 2.0
# name -> (exact function, lowest, highest argument)
FUNCTIONS = {
    "exp": (mpmath.exp, -80.0, 80.0),
    "expm1": (mpmath.expm1, -80.0, 80.0),
    "sigmoid": (lambda s: 1 / (1 + mpmath.exp(-s)), -80.0, 80.0),
    "tanh": (mpmath.tanh, -25.0, 25.0),
    "softplus": (lambda s: mpmath.log1p(mpmath.exp(s)), -80.0, 80.0),
    "log": (mpmath.log, 1e-6, 1e6),
    "log1p": (mpmath.log1p, 0.0, 1.0),
}
CODES = {name: code for code, name in enumerate(FUNCTIONS)}

exp, expm1, sigmoid, tanh = (
    exponentials.exp,
    exponentials.expm1,
    exponentials.sigmoid,
    exponentials.tanh,
)
softplus, log, log1p = logarithms.softplus, logarithms.log, logarithms.log1p


def _apply(code, x, y, count):
    n = lane_count(x)
    for at in range(0, count, n):
        s = load(x, at)
        if code == 0:
            s = exp(s)
        elif code == 1:
            s = expm1(s)
        elif code == 2:
            s = sigmoid(s)
        elif code == 3:
            s = tanh(s)
        elif code == 4:
            s = softplus(s)
        elif code == 5:
            s = log(s)
        else:
            s = log1p(s)
        store(y, at, s)


@cache
def compiled_for(precision):
    """All functions in one call of C."""
    numbers = types.CPointer(getattr(types, precision))
    return cfunc(types.void(types.int64, numbers, numbers, types.int64), error_model="numpy")(
        _apply
    )


def computed(name, arguments):
    """The function at any number of arguments, whole lanes at a time."""
    padded = np.resize(arguments, -(-len(arguments) // 16) * 16)
    values = np.empty_like(padded)
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)(
        compiled_for(padded.dtype.name).address
    )
    call(CODES[name], padded.ctypes.data, values.ctypes.data, len(padded))
    return values[: len(arguments)]


def arguments_of(name, dtype):
    """All of the interval, and what is near 0."""
    _, low, high = FUNCTIONS[name]
    generator = np.random.default_rng(7)
    small = 10.0 ** generator.uniform(-12.0, 0.0, 800) * generator.choice([-1.0, 1.0], 800)
    everywhere = np.concatenate(
        [generator.uniform(low, high, 800), generator.normal(size=800), small]
    )
    return np.clip(everywhere, low, high).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_right_to_two_units_in_the_last_place(name, dtype):
    exact = FUNCTIONS[name][0]
    arguments = arguments_of(name, dtype)
    values = computed(name, arguments)
    with mpmath.workdps(40):
        for argument, value in zip(arguments, values, strict=True):
            true = exact(mpmath.mpf(float(argument)))
            ulp = float(np.spacing(np.abs(dtype(float(true)))))
            error = abs(mpmath.mpf(float(value)) - true)
            assert error <= MAX_ULP * ulp, (argument, value, float(error / ulp))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_not_finite_or_hardly_a_number_has_its_limit(dtype):
    special = np.array(SPECIAL, dtype)
    smallest, largest = np.finfo(dtype).smallest_normal, np.finfo(dtype).max
    for name in FUNCTIONS.keys() - {"log"}:  # the loss has NaN from s as well as from log Σe^s
        assert np.isnan(computed(name, special)[0])
    exps = computed("exp", special)
    assert exps[1] > largest / 10 > 1 / largest * 10 > exps[2] > smallest / 10
    np.testing.assert_array_equal(exps[3:5], 1.0)
    np.testing.assert_array_equal(exps[7:], 1.0)
    tanhs = computed("tanh", special)
    np.testing.assert_array_equal(tanhs[1:3], [1.0, -1.0])
    np.testing.assert_array_equal(tanhs[7:], special[7:])
    sigmoids = computed("sigmoid", special)
    assert sigmoids[1] == 1.0
    assert 0.0 <= sigmoids[2] < 10 * smallest
    assert computed("softplus", special)[1] == np.inf
    assert computed("expm1", special)[2] == -1.0
    np.testing.assert_array_equal(computed("expm1", special)[7:], special[7:])


def chebyshev(function, low, high, degree):
    """The coefficients of the polynomial through the function's values at the Chebyshev nodes."""
    nodes = [mpmath.cos(mpmath.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    points = [(low + high) / 2 + (high - low) / 2 * node for node in nodes]
    powers = mpmath.matrix(degree + 1, degree + 1)
    for row, x in enumerate(points):
        for column in range(degree + 1):
            powers[row, column] = x**column
    solved = mpmath.lu_solve(powers, mpmath.matrix([function(x) for x in points]))
    return tuple(float(value) for value in solved)


def test_the_coefficients_are_those_of_the_chebyshev_interpolants():
    with mpmath.workdps(60):
        half = mpmath.log(2) / 2 * mpmath.mpf("1.0001")

        def q(r):
            return (mpmath.exp(r) - 1 - r) / r**2 if abs(r) > 1e-12 else mpmath.mpf(1) / 2

        def series(z):
            s = mpmath.sqrt(z)
            return (mpmath.log((1 + s) / (1 - s)) - 2 * s) / (s * z)

        s = (mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)
        near_zero, above = mpmath.mpf("1e-30"), s**2 * mpmath.mpf("1.001")
        assert chebyshev(q, -half, half, 9) == exponentials.Q64
        assert chebyshev(q, -half, half, 4) == exponentials.Q32
        assert chebyshev(series, near_zero, above, 6) == logarithms.R64
        assert chebyshev(series, near_zero, above, 3) == logarithms.R32
