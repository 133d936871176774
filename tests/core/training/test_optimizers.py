"""Each optimizer is its paper's formula, to the last digits, for any length of vector."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import SEEDS
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

from core.errors import OutOfDomain
from core.training.optimizers import BLOCK, OPTIMIZERS, Adam, GradientDescent, Momentum

STEPS = 7
# On both sides of the blocks in which long vectors are worked through.
LENGTHS = st.sampled_from([1, 2, 17, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5])
ETA = st.floats(1e-4, 1.0)
SHARE = st.floats(0.0, 0.999)


def gradients_for(length, seed):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(STEPS, length)), generator.normal(size=length)


def stepped(optimizer, gradients, start):
    """The parameters after each step."""
    parameters = start.copy()
    moments = np.zeros((optimizer.moments, len(start)), start.dtype)
    gradient = np.empty_like(start)
    step = optimizer.bind(parameters, gradient, moments)
    path = []
    for iteration, now in enumerate(gradients, start=1):
        gradient[:] = now
        step(iteration)
        path.append(parameters.copy())
    return path


def assert_same_path(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@given(length=LENGTHS, eta=ETA, seed=SEEDS)
def test_gradient_descent_goes_against_the_gradient(length, eta, seed):
    gradients, start = gradients_for(length, seed)
    expected = start - eta * np.cumsum(gradients, axis=0)
    assert_same_path(stepped(GradientDescent(eta=eta), gradients, start), expected)


@given(length=LENGTHS, eta=ETA, momentum=SHARE, seed=SEEDS)
def test_momentum_is_polyaks_heavy_ball(length, eta, momentum, seed):
    # Polyak 1964, equation 9: w_{n+1} = w_n - eta g_n + momentum (w_n - w_{n-1}).
    gradients, start = gradients_for(length, seed)
    path = [start, start]
    for gradient in gradients:
        path.append(path[-1] - eta * gradient + momentum * (path[-1] - path[-2]))
    ours = stepped(Momentum(eta=eta, momentum=momentum), gradients, start)
    assert_same_path(ours, path[2:])


@given(length=LENGTHS, eta=ETA, beta1=SHARE, beta2=SHARE, seed=SEEDS)
def test_adam_is_algorithm_1_of_kingma_and_ba(length, eta, beta1, beta2, seed):
    gradients, w = gradients_for(length, seed)
    start, m, v, path = w, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - eta * m_hat / (np.sqrt(v_hat) + 1e-8)
        path.append(w)
    assert_same_path(stepped(Adam(eta=eta, beta1=beta1, beta2=beta2), gradients, start), path)


@given(length=st.integers(1, 50), eta=ETA, seed=SEEDS)
def test_adam_is_scikit_learns_but_for_where_epsilon_stands(length, eta, seed):
    # Theirs is the paper's section 2 remark: epsilon beside sqrt(v), not sqrt(v_hat).
    gradients, start = gradients_for(length, seed)
    theirs, path = start.copy(), []
    peer = AdamOptimizer([theirs], learning_rate_init=eta, epsilon=1e-300)
    for gradient in gradients:
        peer.update_params([theirs], [gradient])
        path.append(theirs.copy())
    assert_same_path(stepped(Adam(eta=eta, epsilon=1e-300), gradients, start), path)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
@given(length=LENGTHS, seed=SEEDS)
def test_float32_stays_float32_and_agrees_to_its_precision(name, length, seed):
    gradients, start = gradients_for(length, seed)
    optimizer = OPTIMIZERS[name]()
    single = stepped(optimizer, gradients.astype(np.float32), start.astype(np.float32))
    for ours, theirs in zip(single, stepped(optimizer, gradients, start), strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@given(eta=ETA, seed=SEEDS)
def test_adams_first_step_is_eta_whatever_the_gradient(eta, seed):
    # m_hat / sqrt(v_hat) = g / |g|: the step does not know the scale of the loss.
    gradients, start = gradients_for(100, seed)
    (first, *_) = stepped(Adam(eta=eta, epsilon=1e-300), gradients, start)
    np.testing.assert_allclose(start - first, eta * np.sign(gradients[0]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("iteration", [10**6, 10**9])
def test_a_late_step_of_adam_needs_no_correction(iteration):
    parameters = np.zeros(3)
    Adam(eta=0.1).bind(parameters, np.array([1.0, -2.0, 0.0]), np.zeros((2, 3)))(iteration)
    # beta^t = 0: m = (1 - beta1) g, v = (1 - beta2) g^2, so the step is eta 0.1 / sqrt(0.001).
    expected = -0.1 * 0.1 / np.sqrt(0.001) * np.array([1.0, -1.0, 0.0])
    np.testing.assert_allclose(parameters, expected, rtol=1e-6)


def test_the_table_knows_each_optimizer_by_its_name():
    assert {name: kind().name for name, kind in OPTIMIZERS.items()} == {n: n for n in OPTIMIZERS}


@pytest.mark.parametrize(
    ("kind", "parameters", "sentence", "place"),
    [
        (GradientDescent, {"eta": 0.0}, "eta has to be above 0 and finite, but is 0.0", ("eta",)),
        (Momentum, {"eta": -1.0}, "eta has to be above 0 and finite, but is -1.0", ("eta",)),
        (Adam, {"eta": np.inf}, "eta has to be above 0 and finite, but is inf", ("eta",)),
        (Adam, {"eta": np.nan}, "eta has to be above 0 and finite, but is nan", ("eta",)),
        (
            Momentum,
            {"momentum": 1.0},
            "momentum has to be in [0, 1), but is 1.0",
            ("optimizer", "momentum"),
        ),
        (
            Adam,
            {"beta1": -0.1},
            "beta1 has to be in [0, 1), but is -0.1",
            ("optimizer", "beta1"),
        ),
        (Adam, {"beta2": 1.0}, "beta2 has to be in [0, 1), but is 1.0", ("optimizer", "beta2")),
        (
            Adam,
            {"epsilon": 0.0},
            "epsilon has to be above 0 and finite, but is 0.0",
            ("optimizer", "epsilon"),
        ),
    ],
)
def test_a_parameter_out_of_range_is_named(kind, parameters, sentence, place):
    with pytest.raises(OutOfDomain) as refusal:
        kind(**parameters)
    assert refusal.value.detail == sentence
    assert refusal.value.place == place
