"""Each activation is what it says, to the last digits, written as in a textbook or in place."""

import autograd_network
import mpmath
import numpy as np
import pytest
import scipy.special
from autograd import elementwise_grad, jacobian
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from random_networks import HIDDEN

from core.errors import UnknownName
from core.nn.activations import ACTIVATIONS, LEAK, get_activation
from core.nn.kernels import run_kernels

EVERY = sorted(ACTIVATIONS)
DTYPES = [np.float64, np.float32]
EXAMPLES = 30
"""Of a law that is checked for each entry of a table."""
KINKED = {"relu", "leaky_relu"}


def columns(dtype, bound=30.0):
    """(units, samples), as the training loop lays them out."""
    # 2^-20 of the bound is a number of both precisions.
    finite = st.integers(-(2**20), 2**20).map(lambda whole: whole * bound / 2**20)
    shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=5)
    return arrays.arrays(dtype, shapes, elements=finite.map(lambda s: float(dtype(s))))


REFERENCES = {
    "sigmoid": scipy.special.expit,
    "relu": lambda s: s * (s > 0),
    "tanh": np.tanh,
    "identity": lambda s: s,
    "leaky_relu": lambda s: np.where(s > 0, s, LEAK * s),
    "softplus": lambda s: np.logaddexp(0.0, s),
    "softmax": lambda s: scipy.special.softmax(s, axis=-1),
}


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=EXAMPLES)
@given(s=columns(np.float64, bound=700.0))
def test_values_are_scipys_to_the_last_digits(name, s):
    eps = np.finfo(np.float64).eps
    # softmax subtracts numbers of up to 1400, and e^s has the relative error of s.
    tolerance = 2000 * eps if name == "softmax" else 8 * eps
    np.testing.assert_allclose(
        ACTIVATIONS[name].value(s), REFERENCES[name](s), rtol=tolerance, atol=1e-320
    )


@pytest.mark.parametrize("name", HIDDEN)
@settings(max_examples=EXAMPLES)
@given(s=columns(np.float64))
def test_slopes_are_autograds(name, s):
    # At a kink, where there is no derivative, autograd takes the same side by luck or not.
    s = np.where(s == 0.0, 0.5, s) if name in KINKED else s
    theirs = elementwise_grad(autograd_network.ACTIVATIONS[name])(s)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(s), theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=EXAMPLES)
@given(s=columns(np.float64), seed=st.integers(0, 2**32))
def test_pulling_back_applies_the_transposed_jacobian(name, s, seed):
    s = np.where(s == 0.0, 0.5, s) if name in KINKED else s
    d_x = np.random.default_rng(seed).normal(size=s.shape)
    pulled = ACTIVATIONS[name].vjp(d_x, s)
    for row in range(len(s)):
        # One sample at a time: softmax couples the units of a sample, not the samples.
        theirs = d_x[row] @ jacobian(autograd_network.ACTIVATIONS[name])(s[row])
        np.testing.assert_allclose(pulled[row], theirs, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=EXAMPLES)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_in_place_they_are_the_textbooks(name, dtype, data, seed):
    activation, s = ACTIVATIONS[name], data.draw(columns(dtype))
    d_x = np.random.default_rng(seed).normal(size=s.shape).astype(dtype)
    x, delta, scratch = s.copy(), d_x.copy(), np.full_like(s, np.nan)
    with np.errstate(all="ignore"):
        run_kernels(activation.forward_kernels(x))
        run_kernels(activation.backward_kernels(delta, x, scratch))
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(x, activation.value(s.T).T, rtol=50 * eps, atol=2 * eps)
    np.testing.assert_allclose(delta, activation.vjp(d_x.T, s.T).T, rtol=50 * eps, atol=50 * eps)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_sigmoid_in_place_keeps_its_digits_in_both_tails(dtype, data):
    # NumPy's e^s is wrong by up to 2.52 units in the last place in float32, the sum and the
    # quotient by half a unit each; e^-s may have twice their unit.
    s = data.draw(columns(dtype, bound=80.0))
    x = s.copy()
    run_kernels(ACTIVATIONS["sigmoid"].forward_kernels(x))
    with mpmath.workdps(40):
        for computed, at in zip(x.flat, s.flat, strict=True):
            exact = 1 / (1 + mpmath.exp(-mpmath.mpf(float(at))))
            ulp = float(np.spacing(computed))
            assert abs(mpmath.mpf(float(computed)) - exact) <= 4 * ulp


@pytest.mark.parametrize("dtype", [*DTYPES, np.complex128])
@pytest.mark.parametrize("name", EVERY)
def test_the_precision_is_kept(name, dtype):
    activation = ACTIVATIONS[name]
    if dtype is np.complex128 and not activation.analytic:
        return
    s = np.array([[-1.0, 2.0], [0.5, 1.0]], dtype)
    assert activation.value(s).dtype == dtype
    if dtype is not np.complex128:
        assert activation.vjp(s, s).dtype == dtype
        assert activation.derivative is None or activation.derivative(s).dtype == dtype


@pytest.mark.parametrize("name", [name for name in EVERY if ACTIVATIONS[name].analytic])
@settings(max_examples=EXAMPLES)
@given(s=columns(np.float64, bound=1000.0))
def test_the_complex_step_differentiates_what_is_analytic(name, s):
    # Along the direction (1, 2, …), so that softmax's coupling is seen too.
    direction = np.broadcast_to(np.arange(1.0, 1.0 + s.shape[-1]), s.shape)
    with np.errstate(under="ignore"):
        derivative = ACTIVATIONS[name].value(s + 1e-20j * direction).imag / 1e-20
    expected = ACTIVATIONS[name].vjp(direction, s)
    if ACTIVATIONS[name].derivative is None:
        assert np.isfinite(derivative).all()
        return
    np.testing.assert_allclose(derivative, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", EVERY)
def test_nothing_overflows_at_a_thousand(name, dtype):
    activation = ACTIVATIONS[name]
    s = np.array([[-1000.0, 1000.0]], dtype)
    d_x = np.ones_like(s)
    assert np.isfinite(activation.value(s)).all()
    assert np.isfinite(activation.vjp(d_x, s)).all()
    if activation.derivative is not None:
        assert np.isfinite(activation.derivative(s)).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_far_out_sigmoid_tanh_and_softplus_are_their_limits(dtype):
    s = np.array([-1000.0, 1000.0], dtype)
    np.testing.assert_array_equal(ACTIVATIONS["sigmoid"].value(s), [0.0, 1.0])
    np.testing.assert_array_equal(ACTIVATIONS["tanh"].value(s), [-1.0, 1.0])
    np.testing.assert_array_equal(ACTIVATIONS["softplus"].value(s), [0.0, 1000.0])


def test_the_slope_of_relu_at_zero_is_zero_and_of_leaky_relu_its_leak():
    zero = np.array([0.0, -0.0])
    np.testing.assert_array_equal(ACTIVATIONS["relu"].derivative(zero), 0.0)
    np.testing.assert_array_equal(ACTIVATIONS["leaky_relu"].derivative(zero), LEAK)
    for name, slope in (("relu", 0.0), ("leaky_relu", LEAK)):
        delta, x, scratch = np.ones((2, 1)), zero[:, None].copy(), np.empty((2, 1))
        run_kernels(ACTIVATIONS[name].forward_kernels(x))
        run_kernels(ACTIVATIONS[name].backward_kernels(delta, x, scratch))
        np.testing.assert_array_equal(delta, slope)


@given(s=columns(np.float64), shift=st.integers(-500, 500))
def test_softmax_is_a_distribution_that_no_common_shift_changes(s, shift):
    x = ACTIVATIONS["softmax"].value(s)
    np.testing.assert_allclose(x.sum(axis=-1), 1.0, rtol=1e-14)
    assert (x >= 0.0).all()
    np.testing.assert_allclose(ACTIVATIONS["softmax"].value(s + shift), x, rtol=1e-12)


def test_an_unknown_activation_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match="no activation 'signum'; there are sigmoid, relu, tanh"):
        get_activation("signum")
